"""Whole pages of many shapes: the article is read, what surrounds it is reported."""

import pytest

from tests.document.test_golden import composed
from tts_pipeline.model import Medium

STORY = "".join(
    f"<p>Paragraph {word} of the story tells how the keeper of the lighthouse walked down to the "
    f"harbour with a {word} lantern, spoke to nobody, and came back before the tide had turned.</p>"
    for word in ("first", "second", "third", "fourth", "fifth")
)
RICH = (
    "<h2 id='boats'>Boats</h2><p>Some boats<sup><a href='#fn1'>1</a></sup> are old, and the people "
    "who row them are older than that.</p><pre><code>row()</code></pre><ul><li>oars<ul><li>two of "
    "them</li></ul></li></ul><p id='fn1'>As old as the pier.</p>"
)
NAV = "<ul>" + "".join(f"<li><a href='/{n}'>Menu {n}</a></li>" for n in range(8)) + "</ul>"
TEASERS = "".join(
    f"<div class='teaser'><h3><a href='/{n}'>Other headline {n}</a></h3><p>Short words.</p></div>"
    for n in range(4)
)
COMMENTS = (
    "<div id='comments'><h3>Comments</h3><div class='comment'><p>Reader remark: nice, thank you for "
    "writing this.</p></div></div>"
)
COOKIES = "<div class='cookie-bar'>We use cookies. <button>Accept</button></div>"

SHAPES = {
    "div soup": f"<div class='wrap'><div class='top'>{NAV}</div><div class='body'>{{}}</div>"
    f"<div class='side'>{TEASERS}</div></div>",
    "header and footer": f"<header>{NAV}</header><div class='content'>{{}}</div><footer>Colophon and "
    "imprint</footer>",
    "sidebar first": f"<div id='sidebar'>{TEASERS}</div><div id='post'><h1>The story</h1>{{}}</div>",
    "comments after": f"<div class='entry'>{{}}</div>{COMMENTS}",
    "cookies": f"{COOKIES}<div class='page'><div class='text'>{{}}</div></div>",
    "one article": f"<nav>{NAV}</nav><article>{{}}</article><aside>{TEASERS}</aside>",
    "many articles": "<div class='post'><article class='full'>{}</article></div><section>"
    + "".join(f"<article><h3>Other headline {n}</h3><p>Short words.</p></article>" for n in range(3))
    + "</section>",
    "main": f"<nav>{NAV}</nav><main>{{}}</main><footer>Colophon and imprint</footer>",
    "table layout": f"<table><tr><td width='200'>{NAV}</td><td>{{}}</td></tr></table>",
    "nested": f"<div><div><div>{NAV}</div><div><div><section>{{}}</section></div></div></div></div>",
    "related": f"<div class='content'>{{}}</div><div class='related-posts'>{TEASERS}</div>",
    "newsletter": "<div class='content'>{}</div><div class='newsletter'><h3>Newsletter</h3><form><label>"
    "Your mail</label><button>Subscribe</button></form></div>",
    "bare": "{}",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_story_is_read_and_what_surrounds_it_is_not(shape: str) -> None:
    page = f"<!doctype html><html><head><title>T</title></head><body>{SHAPES[shape].format(STORY + RICH)}</body></html>"
    document = composed(page, Medium.HTML)
    read = " ".join(block.text for block in document.blocks)
    for word in ("first", "second", "third", "fourth", "fifth"):
        assert f"Paragraph {word}" in read
    assert "Some boats are old" in read
    for around in ("Menu 3", "Other headline", "Colophon", "remark", "cookies", "Your mail"):
        assert around not in read
    kinds = [str(block.kind) for block in document.blocks]
    assert "heading" in kinds
    assert [block.anchor for block in document.blocks if block.anchor] == ["boats"]
    assert any(omission.kind == "code" for omission in document.omissions)
    assert document.notes[0][0].text == "As old as the pier."


def test_a_piece_of_a_page_is_read_whole() -> None:
    document = composed(f"<div class='side'>{TEASERS}</div><div>{STORY}</div>", Medium.HTML)
    assert "Other headline 2" in " ".join(block.text for block in document.blocks)


def test_a_short_page_is_read_whole() -> None:
    document = composed(
        "<html><body><div>Few words.</div><div>More.</div></body></html>", Medium.HTML
    )
    assert [block.text for block in document.blocks] == ["Few words.", "More."]
