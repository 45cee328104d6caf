"""The post's own words in time."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import intern

import msgspec

from tts_pipeline.episode.timeline import Timeline
from tts_pipeline.model import (
    AudioFormat,
    Mark,
    PassageTiming,
    Segment,
    SegmentTiming,
    StingTiming,
    Timing,
    WordTime,
)

Point = tuple[int, int]
"""A place in one text or in time, and the place in another that answers it."""


def timing(
    timeline: Timeline,
    *,
    audio: AudioFormat,
    gains: Mapping[str, float],
    music: Sequence[str | None],
) -> Timing:
    """The words of every segment, and the passages that they were spoken in.

    Args:
        timeline: the episode laid out.
        audio: how it is encoded.
        gains: in dB, by the voice's name.
        music: for each clip, the SHA-256 of what is laid under it.
    """
    passages, segments, stings = [], [], []
    placed = iter(timeline.segments)
    for clip, start, under in zip(timeline.clips, timeline.starts, music, strict=True):
        if not clip.segments:
            stings.append(StingTiming(clip.key, start, clip.samples, under or ""))
            continue
        for segment, mark in zip(clip.segments, clip.marks, strict=True):
            place = next(placed)
            segments.append(
                SegmentTiming(
                    start=place.start,
                    end=place.end,
                    pace=segment.pace,
                    estimated=not mark.words,
                    words=tuple(words(segment, mark, place.start)),
                )
            )
        passages.append(PassageTiming(clip.key, clip.segments[0].voice, start, clip.samples, under))
    return Timing(
        sample_rate=audio.rate,
        samples=timeline.samples,
        audio=audio,
        gains=dict(gains),
        passages=tuple(passages),
        segments=tuple(segments),
        stings=tuple(stings),
    )


def encode(timing: Timing) -> Iterator[bytes]:
    """JSON in one line, in parts: the words of a long post are large at once."""
    whole = msgspec.json.encode(msgspec.structs.replace(timing, segments=()))
    before, key, after = whole.partition(b'"segments":[')
    yield before + key
    for place, segment in enumerate(timing.segments):
        yield b"," * (place > 0) + msgspec.json.encode(segment)
    yield after + b"\n"


def words(segment: Segment, mark: Mark, start: int) -> Iterator[WordTime]:
    """Each written word of a segment that begins at sample `start`.

    A written word is found in the spoken text by its letters, and the spoken text in time by the
    engine's word times, or else by its share of the whole.
    """
    written = segment.written
    tokens = _tokens(written)
    places = [place for token in tokens for place in token]
    if written != segment.spoken:
        places = _along(_letters_of(segment), places, len(written), len(segment.spoken))
    times = iter(_along(mark.points, places, len(segment.spoken), mark.end - mark.start))
    for (first, end), begins, ends in zip(tokens, times, times, strict=True):
        # A text has few words that stand once: each is kept in memory once.
        word = intern(" ".join(written[first:end].split()))
        yield WordTime(word, start + begins, start + ends)


_WORD = re.compile(r"\S+")


def _tokens(text: str) -> list[Point]:
    """Start and end of each word; what holds no letter clings to the word before it."""
    found: list[Point] = []
    bare = False
    for match in _WORD.finditer(text):
        token = match[0]
        alone = not (token.isalnum() or any(map(str.isalnum, token)))
        if found and (alone or bare):
            found[-1] = (found[-1][0], match.end())
            bare = bare and alone
        else:
            found.append(match.span())
            bare = alone
    return found


def _letters_of(segment: Segment) -> Iterator[Point]:
    """Places in the written text, and where the same is in the spoken one."""
    written, spoken = 0, 0
    end = (len(segment.written), len(segment.written), len(segment.spoken), len(segment.spoken))
    for start, stop, begins, ends in (*segment.aligned, end):
        yield written, spoken
        ours, theirs = segment.written[written:start], segment.spoken[spoken:begins]
        if ours != theirs:
            letters = _letters(ours), _letters(theirs)
            if len(letters[0]) == len(letters[1]):
                for one, two in zip(*letters, strict=True):
                    yield written + one, spoken + two
        yield start, begins
        written, spoken = stop, ends


def _letters(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character.isalnum()]


def _along(points: Iterable[Point], places: Iterable[int], length: int, whole: int) -> list[int]:
    """What answers each place, in order, on a line through the points.

    The line goes from the first point to (length, whole); points that do not rise are passed
    over.
    """
    line = [(0, 0)]
    for x, y in points:
        if x == 0 <= y <= whole:
            line = [(x, y)]
        elif line[-1][0] < x < length and line[-1][1] <= y <= whole:
            line.append((x, y))
    line.append((max(length, 1), whole))
    answers = []
    ahead = iter(line)
    (x, y), (x_next, y_next) = next(ahead), next(ahead)
    for place in places:
        while place > x_next:
            x, y = x_next, y_next
            x_next, y_next = next(ahead)
        answers.append(y + (place - x) * (y_next - y) // (x_next - x))
    return answers
