"""What is no attack is read whole."""

import pytest

from tts_pipeline.markup import sound_part


@pytest.mark.parametrize(
    "piece",
    [
        "<svg><path d='M0 0'/><circle r=1 /></svg>",
        "<ruby>漢<rp>(<rt>kan<rp>)</ruby>",
        "<ruby><b>漢</b><rt>kan</rt></ruby>",
        "<!-- <div> -->",
        "<!--><!-- > --!>",
        "<script>for (i = 0; i<n; i++) s = '<div>'</script>",
        "<script><!-- document.write('<script src=a></script>') --></script>",
        "<textarea><div></textarea>",
        "<p title='a > b'>c<br/>d",
        "<b><i>x</b></i>",
        "<div><span>x</span></div>",
        "<my-box a=1><em>x</em></my-box>",
    ],
)
def test_a_long_page_is_read_whole(piece: str) -> None:
    page = piece * 2000
    assert sound_part(page) == page


@pytest.mark.parametrize(
    "piece",
    [
        "<div><script><!--<script></script></div>--></script>",
        "<script><!--></script><div>",
        "<script><!--</script><div>",
        "<svg><![CDATA[></svg></div>]]><g>",
        "<p x'><div>'",
        "<p><ruby><p><rt>",
    ],
)
def test_what_hides_its_depth_is_cut(piece: str) -> None:
    assert len(sound_part(piece * 2000)) < len(piece) * 1025
