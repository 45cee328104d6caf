"""Chapters in a feed's words, in its tags, and in the file beside a sound."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from tts_pipeline.check.rules import at

LIMIT = 5_000_000
"""Bytes of a file of chapters."""

_LONGEST = 1e9
"""Seconds."""
_NOTES = 100_000
"""Characters of a description in which timestamps are looked for."""

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})(\.\d{1,9})?")
_NOTED = re.compile(r"^\W{0,3}\(?((?:\d{1,2}:)?\d{1,3}:\d\d)\)?[\s:–-]+\S", re.MULTILINE)
_BREAKS = re.compile(r"<(?:/p|/li|br|/div|/h\d)\b[^<>]{0,200}>", re.I)
_TAGS = re.compile(r"<[^<>]{0,2000}>")


def seconds(written: str) -> float | None:
    """`1:02:03.5`, `62:03` or `3723`; None for anything else."""
    match = _CLOCK.fullmatch(written.strip())
    if match is None:
        return None
    hours, minutes, secs, part = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(secs) + float(part or 0)


def noted(html: str) -> list[float]:
    """The timestamps that begin lines of a description."""
    lines = _TAGS.sub("", _BREAKS.sub("\n", html[:_NOTES]))
    return [second for one in _NOTED.findall(lines) if (second := seconds(one)) is not None]


def listed(body: bytes) -> list[float]:
    """The starts in a JSON file of chapters.

    https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md

    Raises:
        ValueError: it is none; the end of a sentence.
    """
    try:
        told: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"is not JSON ({error})") from error
    chapters = told.get("chapters") if isinstance(told, dict) else None
    if not isinstance(chapters, list) or not chapters:
        raise ValueError("has no list called `chapters` with anything in it")
    if not told.get("version"):
        raise ValueError("has no `version`, such as 1.2.0")
    starts: list[float] = []
    for number, one in enumerate(chapters, 1):
        start: Any = one.get("startTime") if isinstance(one, dict) else None
        if type(start) not in (int, float) or not 0 <= start < _LONGEST:
            raise ValueError(f"has no `startTime` in seconds for chapter {number}")
        starts.append(start)
    return starts


def disorder(starts: Sequence[float]) -> str | None:
    """Which chapter begins before the one that it follows, as a clause."""
    for number, (one, other) in enumerate(pairwise(starts), 2):
        if other <= one:
            return f"chapter {number} begins at {_at(other)}, and the one before at {_at(one)}"
    return None


def beyond(starts: Sequence[float], duration: float | None) -> str | None:
    """Which chapter begins after the end, as a clause."""
    for number, start in enumerate(starts, 1):
        # A duration in the feed is in whole seconds.
        if duration and start > duration + 1:
            return (
                f"chapter {number} begins at {_at(start)}, and the episode ends at {_at(duration)}"
            )
    return None


def _at(second: float) -> str:
    return at(round(second * 1000), 1000)
