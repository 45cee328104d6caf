"""A segment whose sound does not fit its text is noticed."""

from msgspec import structs

from tts_pipeline.episode.suspects import suspects
from tts_pipeline.model import Role, SegmentRecord


def segments() -> tuple[SegmentRecord, ...]:
    texts = [f"This is sentence number {number} of many." for number in range(10)]
    places = [2000 * number for number in range(11)]
    return tuple(
        SegmentRecord(text, text, 0, 0, start, start + 1900, 0, 0, "default", Role.TEXT)
        for text, start in zip(texts, places, strict=False)
    )


def test_even_speech_has_no_suspects() -> None:
    assert suspects(segments()) == ()
    assert suspects(()) == ()


def test_swallowed_and_stretched_speech_is_named() -> None:
    given = list(segments())
    given[3] = structs.replace(given[3], end_ms=given[3].start_ms + 300)
    given[7] = structs.replace(given[7], end_ms=given[7].start_ms + 9000)
    found = suspects(tuple(given))
    assert [suspect.segment for suspect in found] == [3, 7]
    assert found[0].ratio < 0.4
    assert found[1].ratio > 2.5


def test_a_short_word_is_never_one() -> None:
    short = structs.replace(segments()[0], spoken="Oh.", end_ms=9000)
    assert suspects((*segments(), short)) == ()
