"""The post's own words in time."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import msgspec

from tts_pipeline.episode.timeline import Timeline
from tts_pipeline.model import (
    AudioFormat,
    Mark,
    PassageTiming,
    Segment,
    SegmentTiming,
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
    passages, segments = [], []
    placed = iter(timeline.segments)
    for clip, under in zip(timeline.clips, music, strict=True):
        start = 0
        for segment, mark in zip(clip.segments, clip.marks, strict=True):
            place = next(placed)
            start = place.start - mark.start
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
    )


def encode(timing: Timing) -> bytes:
    """JSON in one line."""
    return msgspec.json.encode(timing) + b"\n"


def words(segment: Segment, mark: Mark, start: int) -> Iterator[WordTime]:
    """Each written word of a segment that begins at sample `start`.

    A written word is found in the spoken text by its letters, and the spoken text in time by the
    engine's word times, or else by its share of the whole.
    """
    to_spoken = _line(_letters_of(segment), len(segment.written), len(segment.spoken))
    heard = ((offset, sample) for offset, _, sample in mark.words)
    to_time = _line(heard, len(segment.spoken), mark.end - mark.start)
    tokens = list(_tokens(segment.written))
    times = accumulate(
        (_at(to_time, _at(to_spoken, place)) for token in tokens for place in token), max
    )
    for (first, end), begins, ends in zip(tokens, times, times, strict=True):
        text = " ".join(segment.written[first:end].split())
        yield WordTime(text, start + begins, start + ends)


def _tokens(text: str) -> Iterator[Point]:
    """Start and end of each word; what holds no letter clings to the word before it."""
    found: list[Point] = []
    at = 0
    for token in text.split():
        start = text.index(token, at)
        at = start + len(token)
        alone = not any(map(str.isalnum, token))
        if found and (alone or not any(map(str.isalnum, text[slice(*found[-1])]))):
            found[-1] = (found[-1][0], at)
        else:
            found.append((start, at))
    yield from found


def _letters_of(segment: Segment) -> Iterator[Point]:
    """Places in the written text, and where the same is in the spoken one."""
    written, spoken = 0, 0
    end = (len(segment.written), len(segment.written), len(segment.spoken), len(segment.spoken))
    for start, stop, begins, ends in (*segment.aligned, end):
        ours = _letters(segment.written, written, start)
        theirs = _letters(segment.spoken, spoken, begins)
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)
        yield start, begins
        yield stop, ends
        written, spoken = stop, ends


def _letters(text: str, start: int, end: int) -> list[int]:
    return [place for place in range(start, end) if text[place].isalnum()]


def _line(points: Iterator[Point], length: int, whole: int) -> list[Point]:
    """A line through the points that rise in both directions, from the first to the end."""
    line = [(0, 0)]
    for point in points:
        if point[0] == 0:
            line = [point]
        elif line[-1][0] < point[0] < length and line[-1][1] <= point[1] <= whole:
            line.append(point)
    return [*line, (max(length, 1), whole)]


def _at(line: Sequence[Point], place: int) -> int:
    """What answers a place, between the nearest two points."""
    after = min(bisect_right(line, place, key=lambda point: point[0]), len(line) - 1)
    (x, y), (x_after, y_after) = line[after - 1], line[after]
    return y + (place - x) * (y_after - y) // (x_after - x)
