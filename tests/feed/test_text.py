import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.feed.text import cut, legal, line

CONTROLS = {*map(chr, range(0x7F, 0xA0)), "\r", "\u2028", "\u2029"}


@given(st.text(max_size=60))
def test_legal_text_can_be_parsed_as_xml_and_loses_nothing_that_could(text: str) -> None:
    kept = legal(text)
    escaped = kept.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
    assert (ET.fromstring(f"<a>{escaped}</a>").text or "") == kept  # noqa: S314 - our own text
    for character in set(text) - set(kept) - CONTROLS:
        with pytest.raises((ET.ParseError, UnicodeEncodeError)):
            ET.fromstring(f"<a>{character}</a>".encode())  # noqa: S314


def test_control_characters_surrogates_and_nonwords_are_dropped() -> None:
    assert legal("a\x00b\x0bc\x1bd\ufffee\ud800f\r\ng\rh\x80i\x85j") == "abcdef\ng\nhi\nj"


def test_a_line_has_single_spaces() -> None:
    assert line("  one\n\ttwo\u00a0 three\x00 ") == "one two three"


@given(st.text(alphabet="ab é日👩\u200d\u0301,.", max_size=80), st.integers(0, 60))
def test_cut_text_is_within_the_limit_and_a_beginning(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short.encode()) <= limit
    if len(text.encode()) <= limit:
        assert short == text
    else:
        assert text.startswith(short.removesuffix("…"))
        assert not short or short.endswith("…")


def test_text_is_cut_after_a_word() -> None:
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 12) == "one two…"
    assert cut("one two three", 10) == "one two…"
    assert cut("one two, three", 13) == "one two…"


def test_a_long_word_is_cut_between_characters_that_are_whole() -> None:
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert cut("日本語です", 10) == "日本…"
    assert cut("abcde\u0301fgh", 8) == "abcd…"
    assert cut(f"ab{family}cd", 15) == "ab…"
    assert cut("🇩🇪🇫🇷🇮🇹", 15) == "🇩🇪…"
    assert cut("🇩🇪🇫🇷🇮🇹", 19) == "🇩🇪🇫🇷…"


def test_cutting_a_megabyte_takes_no_time() -> None:
    begin = time.perf_counter()
    for text in (
        "x" * 1_000_000,
        "\u0301" * 1_000_000,
        " " * 1_000_000,
        "é " * 500_000,
        "🇩🇪" * 500_000,
    ):
        cut(text, 4000)
    assert time.perf_counter() - begin < 1
