"""The words of a post lie where they are heard."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Workspace
from tts_pipeline.episode.timing import words
from tts_pipeline.model import Break, Mark, Segment, WordTime
from tts_pipeline.segment.normalize import align, normalize, spoken


def segment(written: str, said: str | None = None) -> Segment:
    """As the script makes it: by the rules for English, unless `said` says how."""
    pieces = normalize(written, "en")
    heard = " ".join(spoken(pieces).split()) if said is None else said
    aligned = align(pieces, heard) if said is None else ()
    return Segment(written.strip(), heard, 0, 0, "v", Break.SENTENCE, aligned=aligned)


def heard(said: str, letter: int = 100) -> Mark:
    """An engine that takes 100 samples for each character and tells where its words begin."""
    times, at = [], 0
    for word in said.split():
        at = said.index(word, at)
        times.append((at, at * letter))
        at += len(word)
    return Mark(0, len(said) * letter, Mark.packed(times))


def starts(found: list[WordTime]) -> dict[str, int]:
    return {word.text: word.start for word in found}


def test_words_as_written_begin_with_the_words_that_are_spoken_for_them() -> None:
    one = segment("Dr. Smith paid $5.50 for 3 km of rope.")
    found = starts(list(words(one, heard(one.spoken), 7000)))
    for written, said in {
        "Dr.": "Doctor", "Smith": "Smith", "paid": "paid", "$5.50": "five", "for": "for",
        "3": "three", "of": "of", "rope.": "rope",
    }.items():  # fmt: skip
        assert found[written] == 7000 + 100 * one.spoken.index(said), written


def test_each_word_ends_before_the_next_begins() -> None:
    one = segment("One, two: three.")
    found = list(words(one, heard(one.spoken), 0))
    assert [(word.start, word.end) for word in found] == [(0, 400), (500, 900), (1000, 1600)]


def test_signs_cling_to_the_word_before_them() -> None:
    one = segment("So — it goes … on", "So, it goes on")
    assert [word.text for word in words(one, heard(one.spoken), 0)] == [
        "So —",
        "it",
        "goes …",
        "on",
    ]


def test_without_word_times_each_word_has_its_share() -> None:
    found = list(words(segment("aaaa bbbb cccc"), Mark(500, 1900), 500))
    assert starts(found) == {"aaaa": 500, "bbbb": 1000, "cccc": 1500}


def test_silence_before_the_first_word_is_not_part_of_it() -> None:
    found = list(words(segment("Hello"), Mark(0, 900, Mark.packed([(0, 200)])), 0))
    assert found == [WordTime("Hello", 200, 900)]


WORDS = st.sampled_from(
    ["$5", "3rd", "Dr.", "2024-04-02", "https://example.org/a", "AI", "e.g.", "50%", "😀", "—", "(a", "b)",
     "“x”", "10:30", "IV", "1/2", "C++", "a&b", "naïve", "km", "don't", "\u200b", "[[x]]", "<b>", "#tag", "§ 4"]
)  # fmt: skip
TEXTS = st.lists(WORDS | st.text(max_size=5), min_size=1, max_size=12).map(" ".join)


@given(TEXTS)
def test_every_letter_outside_of_what_changed_has_its_own(text: str) -> None:
    one = segment(text)
    kept = (list(one.written), list(one.spoken))
    for start, end, begins, ends in reversed(one.aligned):
        del kept[0][start:end], kept[1][begins:ends]
    letters = [sum(map(str.isalnum, side)) for side in kept]
    assert letters[0] == letters[1]


@given(TEXTS, st.integers(0, 5000), st.booleans(), st.lists(st.tuples(*[st.integers(0, 99)] * 2)))
def test_no_word_is_lost_or_out_of_order(
    text: str, start: int, told: bool, lies: list[tuple[int, int]]
) -> None:
    one = segment(text)
    length = 100 * len(one.spoken)
    found = list(
        words(one, heard(one.spoken) if told else Mark(0, length, Mark.packed(lies)), start)
    )
    assert " ".join(word.text for word in found) == " ".join(one.written.split())
    for word in found:
        assert start <= word.start <= word.end <= start + length
    for word, following in pairwise(found):
        assert word.end <= following.start


@pytest.mark.parametrize("voice", ["tone", "default"])
def test_an_episode_has_the_words_of_every_segment(workspace: Workspace, voice: str) -> None:
    workspace.show(voice=voice)
    workspace.post(
        "a.md", "# Low water\n\nDr. Fenn waited 25 minutes. Nothing came.\n\n## On\n\nIt rose."
    )
    workspace.episode("posts/a.md")
    record, timing = workspace.records()[0], workspace.timing()
    assert timing["samples"] == record["samples"]
    assert len(timing["segments"]) == len(record["segments"])
    for said, timed in zip(record["segments"], timing["segments"], strict=True):
        assert (said["start"], said["end"]) == (timed["start"], timed["end"])
        assert " ".join(word for word, _, _ in timed["words"]) == said["written"]
        assert not timed["estimated"]
        assert timed["pace"] == (0.9 if said["written"] == "On" else 1.0)
    for one, two in pairwise(timing["passages"]):
        assert one["start"] + one["samples"] <= two["start"]


def test_an_episode_without_its_word_times_is_made_whole_again(workspace: Workspace) -> None:
    workspace.post("a.md", "Some words.")
    workspace.episode("posts/a.md")
    before = workspace.tree()
    next(workspace.out.glob("episodes/*/timing.json")).unlink()
    workspace.episode("posts/a.md")
    assert workspace.tree() == before
