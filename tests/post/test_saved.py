"""A post that is saved is read again as it was."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from tts_pipeline import post
from tts_pipeline.errors import PostError
from tts_pipeline.model import Medium, Post
from tts_pipeline.post import saved
from tts_pipeline.words import fold

_words = st.text(min_size=1, max_size=80).map(fold).filter(bool)
_names = st.lists(_words, max_size=4, unique=True).map(tuple)
_body = st.text(max_size=300).map(lambda text: "<p>word</p>" + text.replace("\r", ""))


@given(
    title=_words,
    authors=_names,
    tags=_names,
    body=_body,
    date=st.none()
    | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    score=st.none() | st.integers(-1000, 10_000).map(float) | st.floats(-1e6, 1e6, width=32),
    number=st.none() | st.integers(1, 10_000),
    series=st.none() | _words,
    label=st.sampled_from([None, "excerpt", "linkpost"]),
)
@example("No", (), (), "<p>wo\0rd</p>", None, None, None, None, None)
@example("No", ("null",), ("~",), "<p>word</p>", None, 1e-5, 3, "1984", None)
@example("---", ("a: b",), ("#x", "- y"), "<p>word</p>\n---\n", None, 0.0, None, "a, b", "excerpt")
def test_what_is_saved_is_read_again(
    title: str, authors: tuple[str, ...], tags: tuple[str, ...], body: str, date: datetime | None,
    score: float | None, number: int | None, series: str | None, label: str | None,
) -> None:  # fmt: skip
    told = Post(
        source="x.html", name="x.html", medium=Medium.HTML, body=body, title=title, authors=authors,
        tags=tags, date=date, url="https://example.org/a?b=c", id="x: 1", score=score,
        number=number, series=series, label=label, copies=("https://example.com/x",), language="en",
        soundbites=tags,
    )  # fmt: skip
    data = saved.encode(told, "rev 1")
    again = post.read_bytes(data, source="x.html", name="x.html", suffix=".html", sites={})
    assert structs.replace(again, author=None, body="") == structs.replace(told, body="")
    assert again.body == body.encode("utf-8", "replace").decode().replace("\0", "")


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_files_name_is_safe_whatever_a_post_says(title: str, key: str) -> None:
    told = Post("", "", Medium.HTML, "", title, url=f"https://example.org/{title}")
    name = saved.name(told, key)
    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert name == name.lower()
    assert len(name) <= 73


def test_a_saved_page_is_utf_8_whatever_it_declares() -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>Grüße</p></body></html>'
    told = Post("x.html", "x.html", Medium.HTML, page, "T")
    again = post.read_bytes(
        saved.encode(told), source="x.html", name="x.html", suffix=".html", sites={}
    )
    assert "Grüße" in again.body


def test_broken_front_matter_of_a_page_is_an_error_with_its_line() -> None:
    with pytest.raises(PostError, match=r"x\.html, line \d: the front matter cannot be read"):
        post.read_bytes(
            b"---\ntitle: [\n---\n<p>x</p>",
            source="x.html",
            name="x.html",
            suffix=".html",
            sites={},
        )
