"""A loss is seen in any alphabet, and typography is none."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.words import letters, many, missing

CJK = "".join(map(chr, range(0x4E00, 0x4E00 + 300)))


@pytest.mark.parametrize("text", ["One two.", "naïve “quotes”", CJK, "½ ﬁne"])
def test_nothing_is_missing_from_the_text_itself(text: str) -> None:
    assert missing(text, text.upper()) == ""


@pytest.mark.parametrize(
    ("whole", "parts", "lost"),
    [
        ("one two two", "one two", "two"),
        ("naïve one", "one", "naïve"),
        (CJK + " 丁丂", CJK, "丁丂"),
    ],
)
def test_what_is_missing_is_named(whole: str, parts: str, lost: str) -> None:
    assert lost in missing(whole, parts)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_loss_is_seen_as_counting_every_letter_sees_it(whole: str, parts: str) -> None:
    short = Counter(letters(whole)) - Counter(letters(parts))
    assert bool(missing(whole, parts)) == bool(short)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_compared_as_any_other(text: str) -> None:
    assert letters(text) == letters(text + "ﬁ")[:-2]


@pytest.mark.parametrize(
    ("number", "thing", "told"),
    [
        (1, "file", "1 file"),
        (0, "file", "0 files"),
        (1200, "copy", "1,200 copies"),
        (2, "day", "2 days"),
    ],
)
def test_many_things_have_a_plural(number: int, thing: str, told: str) -> None:
    assert many(number, thing) == told
