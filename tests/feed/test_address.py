from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feed.making import episode, show
from tts_pipeline.feed import address


@pytest.mark.parametrize(
    "url", ["https://podnews.net/rss", "http://podnews.net/rss/", "podnews.net/rss//"]
)
def test_the_podcast_guid_is_the_one_that_the_specification_gives(url: str) -> None:
    assert address.podcast_guid(url) == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_addresses_are_built_below_the_base() -> None:
    assert address.feed(show()) == "https://example.org/podcast/feeds/example.xml"
    assert address.page(show()) == "https://example.org/podcast/example/"
    assert address.page(show(), "page-2.html") == "https://example.org/podcast/example/page-2.html"
    assert address.episode_folder(show(), "é") == "https://example.org/podcast/episodes/%C3%A9/"
    assert address.cover(show(), "c.png") == "https://example.org/podcast/feeds/c.png"
    assert (
        address.audio(show(), episode("post-1"))
        == "https://example.org/podcast/episodes/post-1/post-1-0a1b2c3d.mp3"
    )


def test_names_are_percent_encoded_and_lead_back_to_the_file() -> None:
    url = address.audio(show(), episode("é #1?", audio="é 100% & more.mp3"))
    assert url.isascii()
    assert unquote(urlsplit(url).path) == "/podcast/episodes/é #1?/é 100% & more.mp3"
    assert not urlsplit(url).query
    assert not urlsplit(url).fragment


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c&d#e", "https://example.org/a?b=c&d#e"),
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.org/A", "https://example.org/A"),
        ("https://example.org:8080/", "https://example.org:8080/"),
        ("https://example.org/ä b", "https://example.org/%C3%A4%20b"),
        ("https://example.org/%C3%A4", "https://example.org/%C3%A4"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://user:secret@example.org/x", "https://example.org/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("https://example.org/a\nb", "https://example.org/ab"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/x", None),
        ("https:///x", None),
        ("https://example.org:port/", None),
        ("https://[::1/", None),
        ('https://ex"ample.org/', None),
        ("https://" + "ä" * 70 + ".example/", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_pass_and_only_in_ascii(url: str | None, expected: str | None) -> None:
    assert address.web(url) == expected


@given(st.text(max_size=30), st.sampled_from(["https://example.org/", "https://", "http:", ""]))
def test_any_address_is_none_or_plain_and_stays_so(text: str, start: str) -> None:
    url = address.web(start + text)
    if url is not None:
        assert url.isascii()
        assert url.isprintable()
        assert not set(url) & set(" <>\"'`") - {"'"}
        assert url.startswith(("http://", "https://"))
        assert address.web(url) == url
