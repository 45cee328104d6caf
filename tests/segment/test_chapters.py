"""Chapters begin at headings, else at leading timestamps, else nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.model import Block, BlockKind, Span, SpanKind, Timestamps
from tts_pipeline.segment.chapters import cut, link_to, outline

URL = "https://forum.example.org/p?x=1#old"


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, (Span(text),))


def heading(text: str, anchor: str | None = None) -> Block:
    return Block(BlockKind.HEADING, (Span(text),), level=2, anchor=anchor)


def sections(*blocks: Block, timestamps: Timestamps = Timestamps.CHAPTER) -> list[tuple[str, int]]:
    found, _ = outline(blocks, title="Post", url=URL, timestamps=timestamps)
    return [(section.title, len(section.blocks)) for section in found]


TIMED = (
    paragraph("Before."),
    paragraph("(1:30) First things come first in any list that is of some length."),
    paragraph("(2:15) Second."),
    paragraph("Still second."),
    paragraph("(1:02:00) Last."),
)


def test_headings_win_over_timestamps() -> None:
    assert sections(paragraph("a"), heading("One"), *TIMED[1:]) == [("Post", 1), ("One", 5)]


def test_nothing_before_the_first_heading_makes_no_chapter() -> None:
    assert sections(heading("One"), paragraph("a"), heading("Two"), paragraph("b")) == [
        ("One", 2),
        ("Two", 2),
    ]


def test_no_headings_and_no_timestamps() -> None:
    assert sections(paragraph("a"), paragraph("b")) == [("Post", 2)]


def test_timestamps_start_chapters_titled_by_what_follows() -> None:
    assert sections(*TIMED) == [
        ("Post", 1),
        ("First things come first in any list…", 1),
        ("Second.", 2),
        ("Last.", 1),
    ]
    found, omissions = outline(TIMED, title="Post", url=URL, timestamps=Timestamps.CHAPTER)
    assert [omission.text for omission in omissions] == ["(1:30)", "(2:15)", "(1:02:00)"]
    assert found[2].blocks[0].text == "Second."


def test_timestamps_can_be_spoken_or_dropped() -> None:
    assert sections(*TIMED, timestamps=Timestamps.SPEAK) == [("Post", 5)]
    spoken, none = outline(TIMED, title="Post", url=None, timestamps=Timestamps.SPEAK)
    assert spoken[0].blocks == TIMED
    assert none == ()
    dropped, omissions = outline(TIMED, title="Post", url=None, timestamps=Timestamps.DROP)
    assert dropped[0].blocks[2].text == "Second."
    assert len(omissions) == 3


def test_a_footnote_stays_where_it_is_cited() -> None:
    note = Span("", SpanKind.NOTE, "1")
    block = Block(BlockKind.PARAGRAPH, (Span("(0:10) One claim."), note, Span(" More.")))
    [section], _ = outline([block], title="Post", url=URL, timestamps=Timestamps.DROP)
    assert section.blocks[0].spans == (Span("One claim."), note, Span(" More."))


def test_one_stamp_alone_or_stamps_that_go_back_are_text() -> None:
    assert sections(paragraph("(3:16) A verse."), paragraph("b")) == [("Post", 2)]
    assert sections(paragraph("(9:00) b"), paragraph("(1:00) a")) == [("Post", 2)]
    assert sections(paragraph("(1:75) b"), paragraph("(2:99) a")) == [("Post", 2)]


def test_links_lead_to_the_anchor_else_to_the_words() -> None:
    assert link_to(URL, heading("One", "a b")) == "https://forum.example.org/p?x=1#a%20b"
    assert link_to(URL, heading("Well-known & so on")) == (
        "https://forum.example.org/p?x=1#:~:text=Well%2Dknown%20%26%20so%20on"
    )
    assert link_to(None, heading("One", "a")) is None


@given(st.text(max_size=300), st.integers(2, 60))
def test_a_cut_title_is_a_beginning_and_never_too_long(text: str, limit: int) -> None:
    title = cut(text, limit)
    whole = " ".join(text.split())
    assert len(title) <= limit
    if len(whole) <= limit:
        assert title == whole
    else:
        assert title.endswith("…")
        assert whole.startswith(title[:-1])
