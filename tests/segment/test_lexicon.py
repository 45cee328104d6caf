"""The lexicon: whole words, case, length, patterns, and files with their errors."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.errors import ProfileError
from tts_pipeline.segment.lexicon import Lexicon, load
from tts_pipeline.segment.normalize import normalize, spoken

SHIPPED = Path(__file__).parents[2] / "voices" / "lexicons" / "en.tsv"


def say(text: str, *entries: tuple[str, str]) -> str:
    return spoken(normalize(text, "fr", Lexicon(entries)))


def test_only_whole_words_are_said_otherwise() -> None:
    assert say("cat, cats, bobcat, cat's (cat) cat-like", ("cat", "dog")) == (
        "dog, cats, bobcat, dog's (dog) dog-like"
    )


def test_a_capital_makes_the_case_count() -> None:
    assert say("us US Us", ("US", "the states")) == "us the states Us"
    assert say("us US Us", ("us", "we")) == "we we we"


def test_the_longest_word_wins_and_of_equals_the_last() -> None:
    entries = [("big", "1"), ("big apple", "2"), ("big apple pie", "3"), ("pie", "4"), ("pie", "5")]
    assert say("a big apple pie, a big apple, a big pie", *entries) == "a 3, a 2, a 1 5"


def test_words_may_hold_or_begin_with_signs() -> None:
    entries = [("c++", "see plus plus"), (".NET", "dot net"), ("tl;dr", "in short"), ("→", "to")]
    assert say("C++ or .NET? tl;dr: a → b", *entries) == (
        "see plus plus or dot net? in short: a to b"
    )


def test_curly_and_straight_apostrophes_are_one() -> None:
    assert say("Lob’s and Lob's", ("Lob's", "Lurb's")) == "Lurb's and Lurb's"


def test_patterns_come_after_words_and_know_their_groups() -> None:
    entries = [(r"re:\b([a-z])(\d)\b", r"\1 number \2"), ("b2", "bee two")]
    assert say("a1 b2 c3", *entries) == "a number 1 bee two c number 3"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("(", "no regular expression"), (r"(a+)+b", "take forever"), (r"(?:x*)*", "take forever")],
)
def test_a_bad_pattern_is_a_sentence(pattern: str, why: str) -> None:
    with pytest.raises(ProfileError, match=why):
        Lexicon([(f"re:{pattern}", "x")])


def test_a_replacement_with_an_unknown_group_is_a_sentence() -> None:
    with pytest.raises(ProfileError, match="no regular expression"):
        Lexicon([("re:a", r"\3")])


def test_a_file_is_read_with_notes_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "en.tsv"
    path.write_text("# a comment\n\nZed\tZee\tthe letter\n re:x+ \ty\n", encoding="utf-8")
    assert load(path) == (("Zed", "Zee"), ("re:x+", "y"))


@pytest.mark.parametrize(
    ("line", "why"), [("word", "a word, a tab"), ("\tx", "a word, a tab"), ("re:(\tx", "regular")]
)
def test_an_error_names_file_and_line(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "en.tsv"
    path.write_text(f"a\tb\n# c\n{line}\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=f"{path}, line 3.*{why}"):
        load(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "en.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProfileError, match="cannot be read"):
        load(path)


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text("xyz", max_size=3)), max_size=8),
    st.text(max_size=60),
)
@settings(max_examples=150)
def test_hits_are_in_order_and_do_not_overlap(entries: list[tuple[str, str]], text: str) -> None:
    words = [entry for entry in entries if not entry[0].startswith("re:")]
    last = 0
    for start, end, said in Lexicon(words).find(text):
        assert last <= start < end <= len(text)
        assert said in {said for _, said in words}
        last = end


def test_five_thousand_entries_cost_little() -> None:
    lexicon = Lexicon([(f"word{number} tail", "x") for number in range(5000)])
    text = "Nothing here is in the lexicon, word17 tails least of all; word18 tail is. " * 2000
    start = time.perf_counter()
    assert len(lexicon.find(text)) == 2000
    assert time.perf_counter() - start < 2


def test_the_shipped_lexicon_is_large_and_changes_speech() -> None:
    entries = load(SHIPPED)
    assert len(entries) >= 300
    words = [word for word, _ in entries]
    assert len(set(words)) == len(words)
    lexicon = Lexicon(entries)
    for word, said in entries:
        assert spoken(normalize(word, "en", lexicon)) == said
        assert spoken(normalize(word, "en")) != said
