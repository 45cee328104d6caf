"""Records with words in time, and a site made of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec

from tests.feed.making import NOW, RATE, episode, store, tree
from tts_pipeline.feed import cover
from tts_pipeline.model import (
    AudioFormat,
    ChapterRecord,
    Episode,
    Omission,
    Report,
    Role,
    SegmentRecord,
    SegmentTiming,
    Show,
    Timing,
    WordTime,
)
from tts_pipeline.site import build

WORD = RATE // 2
"""Samples: half a second each."""


def spoken(
    slug: str, *chapters: tuple[str, Sequence[Sequence[str]]], **changes: Any
) -> tuple[Episode, Timing]:
    """An episode of chapters: (title, paragraphs of sentences); each word lasts half a second."""
    at = passage = 0
    made: list[ChapterRecord] = []
    segments: list[SegmentRecord] = []
    timings: list[SegmentTiming] = []
    for number, (title, paragraphs) in enumerate(chapters):
        first = at
        for sentences in paragraphs:
            for written in sentences:
                words = written.split()
                end = at + WORD * max(1, len(words))
                ms = [position * 1000 // RATE for position in (at, end)]
                segments.append(
                    SegmentRecord(
                        written=written, spoken=written, start=at, end=end, start_ms=ms[0],
                        end_ms=ms[1], chapter=number, passage=passage, voice="tone", role=Role.TEXT,
                    )
                )  # fmt: skip
                times = [
                    WordTime(word, at + place * WORD, at + (place + 1) * WORD)
                    for place, word in enumerate(words)
                ]
                timings.append(SegmentTiming(at, end, 1.0, False, tuple(times)))
                at = end
            passage += 1
        made.append(
            ChapterRecord(
                title=title, link=None, image=None, start=first, end=at,
                start_ms=first * 1000 // RATE, end_ms=at * 1000 // RATE,
            )
        )  # fmt: skip
    given = episode(
        slug, chapters=tuple(made), segments=tuple(segments), samples=at,
        duration_ms=at * 1000 // RATE, **changes,
    )  # fmt: skip
    timing = Timing(
        sample_rate=RATE, samples=at, audio=AudioFormat(), gains={}, passages=(),
        segments=tuple(timings),
    )  # fmt: skip
    return given, timing


def keep(out: Path, made: Episode, timing: Timing | None = None, *left_out: Omission) -> Path:
    """Lay an episode out as the pipeline does; its folder."""
    store(out, made)
    folder = out / "episodes" / made.slug
    if timing:
        (folder / "timing.json").write_bytes(msgspec.json.encode(timing))
    if left_out:
        report = Report(words=100, spoken=90, left_out=10, omissions=left_out, changes=())
        (folder / "report.json").write_bytes(msgspec.json.encode(report))
    return folder


def picture(show: Show) -> bytes:
    """Stands for a cover; drawing one has tests of its own."""
    return f"cover of {show.title}".encode()


def make(out: Path, *shows: Show) -> build.Result:
    with mock.patch.object(cover, "embedded", picture):
        return build.build(shows, out, now=NOW)


def pages(out: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with the time it was written, but those that only remember what was read."""
    return {name: what for name, what in tree(out).items() if not name.startswith("library/")}
