from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.feed.making import RATE
from tests.site.making import WORD, spoken
from tts_pipeline.model import WordTime
from tts_pipeline.site import transcript


def times(packed: str) -> list[float]:
    """As the page's script reads it."""
    at, found = 0, []
    for place in range(0, len(packed), 2):
        at += int(packed[place : place + 2], 36)
        found.append(at / 100)
    return found


@given(st.lists(st.integers(0, 12 * RATE), min_size=1, max_size=40))
def test_packed_words_are_exact_to_a_hundredth(steps: list[int]) -> None:
    at, words = 5 * RATE, []
    for step in steps:
        at += step
        words.append(WordTime("word", at, at + 1))
    read = times(transcript.packed(words, 5 * RATE, RATE))
    for word, found in zip(words, read, strict=True):
        assert abs(found - (word.start - 5 * RATE) / RATE) <= 0.0051


def test_a_step_that_is_too_long_is_made_up_for() -> None:
    words = [WordTime("a", 0, 1), WordTime("b", 20 * RATE, 1), WordTime("c", 22 * RATE, 1)]
    assert times(transcript.packed(words, 0, RATE)) == [0, 12.95, 22]


def test_a_word_that_holds_a_space_counts_for_each_of_its_parts() -> None:
    words = [WordTime("said —", 0, 1), WordTime("and", RATE, 1)]
    assert times(transcript.packed(words, 0, RATE)) == [0, 0, 1]


def test_chapters_paragraphs_and_sentences() -> None:
    made, timing = spoken(
        "a",
        ("Opening", [["Hello there.", "It rains."], ["More."]]),
        ("Boats", [["Boats"], ["Sail."]]),
    )
    opening, boats = transcript.chapters(made, timing)
    assert [[s.text for s in p.sentences] for p in opening.paragraphs] == [
        ["Hello there.", "It rains."], ["More."],
    ]  # fmt: skip
    assert opening.heading == ()
    assert opening.paragraphs[0].sentences[1].start == 1.0
    assert times(opening.paragraphs[0].sentences[1].words) == [0, WORD / RATE]
    assert [s.text for s in boats.heading] == ["Boats"]
    assert [[s.text for s in p.sentences] for p in boats.paragraphs] == [["Sail."]]


def test_without_a_timing_that_fits_the_sentences_still_have_their_place() -> None:
    made, timing = spoken("a", ("One", [["Hello there."]]))
    other = spoken("b", ("One", [["Hello there.", "Two."]]))[1]
    assert timing != other
    for given_ in (None, other):
        [chapter] = transcript.chapters(made, given_)
        assert chapter.paragraphs[0].sentences[0] == transcript.Sentence(0.0, "Hello there.", "")


def test_who_is_heard_where_several_are() -> None:
    made, timing = spoken("a", ("Night", [["Rain."], ["Ada:"], ["Did you?", "Tell me."], ["No."]]))
    [alone] = transcript.chapters(made, timing)
    assert {each.speaker for each in alone.paragraphs} == {None}
    rain, name, *said, no = made.segments
    heard = (rain, *(structs.replace(each, speaker="Ada") for each in (name, *said)),
             structs.replace(no, voice="other"))  # fmt: skip
    [chapter] = transcript.chapters(structs.replace(made, voice="tone", segments=heard), timing)
    assert [(each.speaker, each.is_name) for each in chapter.paragraphs] == [
        ("Narrator", False), ("Ada", True), ("Ada", False), ("other", False),
    ]  # fmt: skip
