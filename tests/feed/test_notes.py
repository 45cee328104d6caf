import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feed.making import chapters, episode, segment, segments
from tts_pipeline.feed import notes
from tts_pipeline.model import Episode, Role


class Reader(HTMLParser):
    """The words of each block, every tag and every address; unclosed tags are an error."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.blocks: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"href"}
        self.links += [value or "" for _, value in attrs]
        if tag in ("p", "li"):
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open != ["ul"]:
            self.blocks[-1] += data
        else:
            assert data.isspace()

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


MARKUP = "<script>alert(1)</script><p onclick='x()'>&lt;b&gt; <style>*{}</style> ]]> <!-- 5 < 6 & 7"


def test_a_description_has_slate_opening_link_and_chapters_in_this_order() -> None:
    made = episode(
        segments=segments("First paragraph.", "Second paragraph."),
        chapters=chapters("Slate", "Beginning", "End"),
    )
    assert notes.description(made) == (
        "<p>Welcome to the show.</p>\n"
        "<p>First paragraph. Second paragraph.</p>\n"
        '<p><a href="https://example.org/post-1">A Title</a></p>\n'
        "<p>(00:00) Slate</p>\n<p>(01:00) Beginning</p>\n<p>(02:00) End</p>"
    )


def test_an_opening_leaves_out_headings_and_ends_items_of_lists() -> None:
    made = episode(
        segments=segments("It begins.", "Beginning", "Three bottles", "a shoe;", "Then it ends."),
        chapters=chapters("Slate", "Beginning", "End"),
    )
    assert notes.opening(made, 1000) == "It begins. Three bottles. a shoe; Then it ends."
    assert notes.opening(made, 12) == "It begins. Three bottles."
    assert notes.opening(episode(segments=()), 12) == ""


def test_show_notes_keep_paragraphs_and_link_chapters_to_their_places() -> None:
    made = episode(
        segments=(
            *segments("First sentence."),
            segment("Its second.", passage=1),
            segment("Another paragraph.", passage=2),
            segment("Thanks for listening.", role=Role.OUTRO, passage=3),
        ),
        chapters=chapters("One", "Two", "Three", link="https://example.org/post-1#part"),
    )
    assert notes.show_notes(made) == (
        "<p>Welcome to the show.</p>\n"
        "<p>First sentence. Its second.</p>\n"
        "<p>Another paragraph.</p>\n"
        "<ul>\n"
        '<li>(00:00) <a href="https://example.org/post-1#part">One</a></li>\n'
        '<li>(01:00) <a href="https://example.org/post-1#part">Two</a></li>\n'
        '<li>(02:00) <a href="https://example.org/post-1#part">Three</a></li>\n'
        "</ul>\n"
        '<p><a href="https://example.org/post-1">A Title</a></p>'
    )


def test_the_post_is_quoted_as_written_not_as_spoken() -> None:
    made = episode()
    assert "spoken otherwise" not in notes.description(made) + notes.show_notes(made)


def test_a_post_without_an_address_has_no_link() -> None:
    made = episode(url=None)
    assert "<a" not in notes.description(made) + notes.show_notes(made)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_chapters_are_not_listed(count: int) -> None:
    made = episode(chapters=chapters(*"abc"[:count]))
    assert "(0" not in notes.description(made) + notes.show_notes(made)


def test_chapters_past_the_hour_have_hours_on_every_line() -> None:
    made = episode(chapters=chapters("a", "b", "c", seconds=1800))
    times = re.findall(r"\(([\d:]+)\)", notes.description(made))
    assert times == ["00:00:00", "00:30:00", "01:00:00"]


def test_chapters_that_do_not_begin_at_zero_or_share_a_second_are_not_listed() -> None:
    for wrong in (chapters("x", "a", "b", "c")[1:], chapters("a", "b", "c", seconds=0)):
        assert "(0" not in notes.description(episode(chapters=wrong))


@pytest.mark.parametrize("role", [Role.SLATE, Role.TEXT])
def test_markup_in_a_post_is_shown_as_words_and_never_as_markup(role: Role) -> None:
    made = episode(
        post_title=MARKUP,
        segments=(segment(MARKUP, role=role),),
        chapters=chapters(MARKUP, MARKUP, MARKUP, link="javascript:alert(1)"),
    )
    for html, tags in (
        (notes.description(made), {"p", "a"}),
        (notes.show_notes(made), {"p", "a", "ul", "li"}),
    ):
        read = Reader(html)
        assert read.tags == tags
        assert read.blocks[0] == MARKUP
        assert set(read.links) == {"https://example.org/post-1"}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<b>", "ftp://example.org"]
)
def test_an_address_that_is_not_of_the_web_is_not_linked(url: str) -> None:
    made = episode(url=url, chapters=chapters("a", "b", "c", link=url))
    html = notes.description(made) + notes.show_notes(made)
    assert "<a" not in html
    assert url.partition(":")[0] not in html


def test_an_address_cannot_leave_its_attribute() -> None:
    made = episode(url="https://example.org/\"onclick='x'&<b>")
    for html in (notes.description(made), notes.show_notes(made)):
        assert Reader(html).links == ["https://example.org/%22onclick='x'&%3Cb%3E"]


TEXTS = ["a", "é日", "👩\u200d👩", "&<>", "word ", "\x00\ufffe", "]]>", '"', "\u2067ב\u2069"]


@st.composite
def episodes(draw: st.DrawFn) -> Episode:
    def text(most: int) -> str:
        return draw(st.sampled_from(TEXTS)) * draw(st.integers(0, most))

    return episode(
        post_title=text(300),
        url="https://example.org/" + text(1500),
        segments=segments(text(3000), text(3000), slate=text(2000)),
        chapters=chapters(*(text(80) for _ in range(draw(st.integers(0, 120))))),
    )


@settings(max_examples=40)
@given(episodes())
def test_no_description_is_longer_than_4000_bytes_nor_cut_inside_its_markup(made: Episode) -> None:
    html = notes.description(made)
    assert len(html.encode()) <= 4000
    read = Reader(html)
    assert read.tags <= {"p", "a"}
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", html)
    assert Reader(notes.show_notes(made)).tags <= {"p", "a", "ul", "li"}


def test_chapters_take_the_room_of_the_opening() -> None:
    long = "Many words of an opening. " * 100
    few = episode(segments=segments(long), chapters=chapters(*(f"Chapter {i}" for i in range(20))))
    many = episode(
        segments=segments(long),
        chapters=chapters(*(f"Chapter {i:03} " + "x" * 20 for i in range(75))),
    )
    assert notes.description(few).count("Many words") > 20
    short = notes.description(many)
    assert short.count("Many words") < 5
    assert short.count("<p>(") == 75
    assert "Welcome to the show." in short
    assert "https://example.org/post-1" in short


def test_chapters_beyond_all_room_end_in_an_ellipsis() -> None:
    made = episode(chapters=chapters(*(f"Chapter {i:03} " + "ü" * 40 for i in range(200))))
    html = notes.description(made)
    assert html.endswith("<p>…</p>")
    times = re.findall(r"\(([\d:]+)\)", html)
    assert times == [f"{i // 60:02}:{i % 60:02}:00" for i in range(len(times))]
    assert 3 <= len(times) < 200
    assert notes.show_notes(made).count("<li>") == 200


def test_an_address_too_long_for_the_description_is_left_to_the_item() -> None:
    made = episode(url="https://example.org/" + "x" * 2000)
    assert "<a" not in notes.description(made)
    assert "First words of the text." in notes.description(made)


def test_a_megabyte_of_anything_takes_no_time() -> None:
    begin = time.process_time()
    for text in ("<" * 1_000_000, "a " * 500_000, "\x00" * 1_000_000, "👩\u200d" * 500_000):
        made = episode(
            post_title=text,
            segments=segments(text, slate=text),
            chapters=chapters(text, text, text),
        )
        notes.description(made)
        notes.show_notes(made)
    assert time.process_time() - begin < 5


def test_the_room_is_used_to_the_last_byte() -> None:
    sizes = [
        len(
            notes.description(
                episode(
                    segments=segments("é" * 600, slate="x" * (length + 300)),
                    chapters=chapters(*["A chapter that is of this length."] * 60),
                )
            ).encode()
        )
        for length in range(100)
    ]
    assert max(sizes) == 4000
