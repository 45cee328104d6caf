"""Written to spoken text: what is pinned stays right, and every span stays aligned."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.normalize import normalize, spoken
from tts_pipeline.segment.normalize.clean import clean
from tts_pipeline.segment.normalize.en.numerals import cardinal, ordinal, said, year
from tts_pipeline.segment.normalize.en.roman import value
from tts_pipeline.segment.normalize.pieces import rules

HERE = Path(__file__).parent
SPOKEN = [
    line.split("\t")
    for line in (HERE / "spoken.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
MIXED = """
    $5 1.5M 10-15 % 3:1 24/7 2023-01-02 Jan 5 p. #1 @pat https://example.org/a a@example.org U.S. AI
    LLMs Dr. St. VIII World War II 1e6 x^2 10^-3 ½ ² → <b> [[ ]] 😀 你好 שלום ~ < > & * _ ` \\ |
    1,000 .5 -5 5' 6" 1/2 v1.2 foo_bar
"""
UNSEEN = "\x1b\x00\u200b\u202e\ud800\ue000\ue001 "
SNIPPETS = st.sampled_from([*MIXED.split(), *UNSEEN])
WRITTEN = st.lists(SNIPPETS | st.text(max_size=8), max_size=12).map(" ".join) | st.lists(
    SNIPPETS | st.characters(), max_size=30
).map("".join)
LEXICON = Lexicon([("ai", "ay eye"), ("foo", "bar"), ("$5", "a fiver"), ("re:[0-9]+x", "times")])
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\uf8ff\ufeff]")


def say(text: str, language: str = "en-us") -> str:
    return spoken(normalize(text, language))


def test_the_pinned_set_is_large_and_without_repeats() -> None:
    assert len(SPOKEN) >= 600
    assert len({case[0] for case in SPOKEN}) == len(SPOKEN)


@pytest.mark.parametrize(("written", "expected"), SPOKEN, ids=[case[0] for case in SPOKEN])
def test_pinned_speech(written: str, expected: str) -> None:
    assert say(written) == expected


@given(WRITTEN, st.sampled_from(["en", "en-GB", "de", "zh", ""]))
@settings(max_examples=300)
def test_pieces_join_to_the_written_text_and_speech_is_clean(text: str, language: str) -> None:
    pieces = normalize(text, language, LEXICON)
    assert "".join(piece.written for piece in pieces) == text
    assert all(piece.written for piece in pieces)
    said_text = spoken(pieces)
    assert not CONTROL.search(said_text)
    assert "[[" not in said_text
    assert "]]" not in said_text
    assert "<" not in said_text
    assert "  " not in said_text
    assert said_text == said_text.strip() == clean(said_text)


@given(WRITTEN)
@settings(max_examples=200)
def test_no_figure_and_no_foreign_letter_reaches_an_english_voice(text: str) -> None:
    assert not re.search(r"[0-9\u0400-\u04ff\u0590-\u05ff\u4e00-\u9fff]", say(text))


@given(st.text())
@settings(max_examples=200)
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.sampled_from("abc def,.!?'")))
def test_a_language_without_rules_passes_through(text: str) -> None:
    assert say(text, "fr") == " ".join(text.split()).strip()


def test_another_language_keeps_its_figures_and_letters() -> None:
    assert say("12 Äpfel für 3 €", "de") == "12 Äpfel für 3 €"
    assert say("Привет", "ru") == "Привет"


def test_spans_are_aligned() -> None:
    changes = [
        (piece.written, piece.spoken)
        for piece in normalize("It cost $1.2B, i.e. 10% of it.", "en")
        if piece.written != piece.spoken
    ]
    assert changes == [
        ("$1.2B", "one point two billion dollars"),
        ("i.e.", "that is"),
        ("10%", "ten percent"),
    ]


def test_prose_without_anything_to_say_otherwise_is_one_piece() -> None:
    text = "“I don’t know,” she said — and left."
    (piece,) = normalize(text, "en")
    assert piece.written == piece.spoken == text


def test_the_lexicon_comes_before_the_rules() -> None:
    lexicon = Lexicon([("AI", "ay eye"), ("24/7", "all the time")])
    assert spoken(normalize("AI 24/7 in 2023", "en", lexicon)) == (
        "ay eye all the time in twenty twenty-three"
    )


@pytest.mark.parametrize(
    "text", ["<speak>hi</speak>", "[[f'u:]]", "a\x1bb\x01", "<", "[\u200b[", "<\x00b>"]
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_engine_markup_is_no_markup_any_more(text: str, language: str) -> None:
    said_text = say(text, language)
    assert not re.search(r"[<\x00-\x1f]|\[\[|\]\]", said_text)


def words_to_number(words: str) -> int:
    """The inverse of `cardinal`, written independently of it."""
    small = {cardinal(number): number for number in range(20)}
    tens = {cardinal(number): number for number in range(20, 100, 10)}
    scales = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
    total = group = 0
    for word in words.replace("-", " ").replace(" and ", " ").split():
        if word == "hundred":
            group *= 100
        elif word in scales:
            total, group = total + group * scales[word], 0
        else:
            group += small[word] if word in small else tens[word]
    return total + group


@given(st.integers(0, 10**15 - 1))
def test_a_number_can_be_read_back_from_its_words(number: int) -> None:
    assert words_to_number(cardinal(number)) == number


@given(st.integers(1, 3999))
def test_a_roman_numeral_can_be_read_back(number: int) -> None:
    parts = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
    numeral, rest = "", number
    for worth, letters in parts:
        count, rest = divmod(rest, worth)
        numeral += letters * count
    assert value(numeral) == number
    assert value(numeral + "IIII") is None


@given(st.integers(1000, 2999))
def test_a_year_holds_its_last_two_figures(number: int) -> None:
    rest = number % 100
    assert rest == 0 or year(number).endswith(cardinal(rest))


def test_ordinals_and_decimals() -> None:
    numbers = (1, 2, 3, 5, 8, 9, 12, 20, 21, 100)
    assert ", ".join(map(ordinal, numbers)) == (
        "first, second, third, fifth, eighth, ninth, twelfth, twentieth, twenty-first, "
        "one hundredth"
    )
    assert said("1,234.50") == "one thousand two hundred and thirty-four point five zero"
    assert said("007") == "zero zero seven"
    assert cardinal(10**40) == " ".join(["one", *["zero"] * 40])


UNITS = "1, $ ( a. 1- 1/ 1: $1 www. a_ [[ <a x^ A. AI 😀 你 ~1 -- .. 1% http://a @a # IX U.S."


@pytest.mark.parametrize("unit", [*UNITS.split(), " ", "1 ", "Dr. ", "Jan ", "a b ", "St. A "])
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        best = 1e9
        for _ in range(2):
            start = time.perf_counter()
            spoken(normalize(text, "en"))
            best = min(best, time.perf_counter() - start)
        return best

    short, long = seconds(3_000), seconds(24_000)
    # Eight times the text: a square would take 64 times as long.
    assert long < 24 * short + 0.1


def test_prose_is_read_fast() -> None:
    sentence = (
        "When they first moved to the coast in 2014, they paid $900 a month, which is 15% of what "
        "the same rooms cost now, and nobody thought that odd. It is only fair to say so here. "
    )
    assert all(rule.pattern for rule in rules("en"))
    start = time.perf_counter()
    for _ in range(200):
        spoken(normalize(sentence, "en"))
    # A loose bound for busy machines; the benchmark has the real one.
    assert 200 * len(sentence) / (time.perf_counter() - start) > 50_000
