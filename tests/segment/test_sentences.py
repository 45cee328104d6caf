"""Sentences and clauses: nothing lost, and scores that only go up."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.segment.sentences import clauses, split

HERE = Path(__file__).parent
PROSE = st.text(
    st.sampled_from("ab AB.!?…()\"'“”:;,—–-1 2\n\t*_[]é你😀\u200b\u0301") | st.characters(),
    max_size=200,
)


def cases(name: str) -> list[tuple[str, list[str]]]:
    """Text and its sentences: in the file a bar stands where a sentence ends."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    written = [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]
    return [
        (line.replace("|", ""), [" ".join(piece.split()) for piece in line.split("|")])
        for line in written
    ]


def right(name: str) -> int:
    return sum(
        [" ".join(piece.split()) for piece in split(text)] == expected
        for text, expected in cases(name)
    )


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("name", "count", "reached"),
    [("golden_rules.txt", 52, 50), ("forum_sentences.txt", 80, 79)],
)
def test_scores_only_go_up(name: str, count: int, reached: int) -> None:
    assert len(cases(name)) == count
    assert right(name) >= reached


@given(PROSE, st.sampled_from(["en", "en-us", "de", "ja", "xx", ""]))
@settings(max_examples=150)
def test_splitting_loses_nothing_but_white_space(text: str, language: str) -> None:
    pieces = split(text, language)
    assert bare("".join(pieces)) == bare(text)
    assert all(piece == piece.strip() and piece for piece in pieces)


@given(PROSE, st.integers(1, 60))
@settings(max_examples=150)
def test_clauses_fit_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    pieces = clauses(text, limit)
    assert bare("".join(pieces)) == bare(text)
    assert all(0 < len(piece) <= limit and piece == piece.strip() for piece in pieces)


def test_a_broken_contract_of_the_splitter_gives_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sentencex

    monkeypatch.setattr(sentencex, "segment", lambda _language, _text: ["One."])
    assert split("One word. Two words.", "de") == ["One word. Two words."]


def test_a_clause_ends_at_the_best_place() -> None:
    text = "The first part is here, and so on; the second part, which is longer, comes after it"
    assert clauses(text, 60) == [
        "The first part is here, and so on;",
        "the second part, which is longer, comes after it",
    ]
    assert clauses("we waited a long time because nobody came to the door", 40) == [
        "we waited a long time",
        "because nobody came to the door",
    ]
    assert clauses("one — two", 9) == ["one — two"]
    assert clauses("abcdefgh", 3) == ["abc", "def", "gh"]


def test_a_limit_below_one_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at most 0"):
        clauses("a", 0)


@pytest.mark.parametrize("unit", ["a", " ", "1. ", ":) A", "a; ", "—"])
def test_a_megabyte_takes_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    start = time.perf_counter()
    assert bare("".join(split(text))) == bare(text)
    assert bare("".join(clauses(text, 400))) == bare(text)
    assert time.perf_counter() - start < 20
