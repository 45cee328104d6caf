"""The record and the words in time, against each other and the file that they tell of."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import msgspec

from tts_pipeline import files, seal
from tts_pipeline.check.rules import at, found
from tts_pipeline.episode.record import RECORD, TIMING
from tts_pipeline.model import Episode, Finding, SegmentRecord, SegmentTiming, Timing
from tts_pipeline.segment.chapters import cut
from tts_pipeline.units import to_ms

_ANEW = "make the episode anew"

T = TypeVar("T")


class Records:
    """What lies beside an MP3, as far as it can be read and tells of this MP3."""

    def __init__(self, path: Path) -> None:
        self.findings: list[Finding] = []
        self.episode = self._read(path.parent / RECORD, Episode)
        if self.episode and self.episode.audio != path.name:
            # An older sound of the same episode, or a stranger in its folder.
            self.episode = None
        self.timing = self._read(path.parent / TIMING, Timing) if self.episode else None
        if self.episode and self.timing is None and not self.findings:
            self.findings.append(found("record.unreadable", f"{TIMING} is missing; {_ANEW}"))

    def _read(self, path: Path, kind: type[T]) -> T | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            message = f"{path.name} cannot be read ({error}); {_ANEW}"
            self.findings.append(found("record.unreadable", message))
            return None


def of_file(path: Path, record: Episode) -> Iterator[Finding]:
    """Size and hash."""
    size = path.stat().st_size
    if size != record.bytes:
        yield found(
            "record.file", f"it has {size:,} bytes, and by the record {record.bytes:,}; {_ANEW}"
        )
    if files.sha256(path) != record.sha256:
        yield found(
            "record.file",
            f"its SHA-256 is not the record's: it was changed after it was made; {_ANEW}",
        )


def beside(folder: Path, record: Episode) -> Iterator[Finding]:
    """The other files that the record names, and the record itself, by their hashes."""
    for name, sha256 in record.files.items():
        try:
            same = files.sha256(folder / name) == sha256
        except OSError as error:
            yield found("record.beside", f"{name}: {error.strerror or error}; {_ANEW}")
            continue
        if not same:
            yield found("record.beside", f"{name} is not as it was written; {_ANEW}")
    if record.seal is not None and not seal.is_whole((folder / RECORD).read_bytes()):
        yield found("record.beside", f"{RECORD} does not agree with its seal; {_ANEW}")


def length(record: Episode, decoded: int) -> Iterator[Finding]:
    """The decoded length, to the sample."""
    if decoded != record.samples:
        off = decoded - record.samples
        yield found(
            "record.length",
            f"the sound has {decoded:,} samples, and by the record {record.samples:,}: "
            f"{abs(off) / record.sample_rate:.3f} s too {'long' if off > 0 else 'short'}; {_ANEW}",
        )
    if record.duration_ms != to_ms(record.samples, record.sample_rate):
        yield found("record.length", f"duration_ms and samples differ; {_ANEW}")


def consistent(record: Episode, timing: Timing | None) -> Iterator[Finding]:
    """The record in itself, and with the words in time."""
    yield from _segments(record)
    if timing:
        yield from _words(record, timing)


def _segments(record: Episode) -> Iterator[Finding]:
    """In order, without overlap, each in its chapter and within the episode; chapters tile."""
    rate = record.sample_rate
    edges = [0, *(chapter.end for chapter in record.chapters)]
    starts = [*(chapter.start for chapter in record.chapters), record.samples]
    if edges != starts:
        yield found("record.segments", f"the record's chapters do not tile the episode; {_ANEW}")
    for one, two in pairwise(record.segments):
        if two.start < one.end or two.passage < one.passage or two.chapter < one.chapter:
            yield found(
                "record.segments",
                f"in the record {_quote(two)} begins before {_quote(one)} ends; {_ANEW}",
                at(two.start, rate),
            )
    for segment in record.segments:
        inside = 0 <= segment.chapter < len(record.chapters) and (
            record.chapters[segment.chapter].start
            <= segment.start
            <= segment.end
            <= record.chapters[segment.chapter].end
        )
        if not inside:
            yield found(
                "record.segments",
                f"in the record {_quote(segment)} is not within its chapter; {_ANEW}",
                at(max(0, segment.start), rate),
            )


def _words(record: Episode, timing: Timing) -> Iterator[Finding]:
    """The words in time are those of the record's segments, each in its place and in order."""
    if (timing.sample_rate, timing.samples, len(timing.segments)) != (
        record.sample_rate,
        record.samples,
        len(record.segments),
    ) or any(not 0 <= s.passage < len(timing.passages) for s in record.segments):
        yield found("record.words", f"{TIMING} tells of another episode than the record; {_ANEW}")
        return
    for segment, timed in zip(record.segments, timing.segments, strict=True):
        if not _in_place(segment, timed):
            yield found(
                "record.words",
                f"the words of {_quote(segment)} are not in order within it; {_ANEW}",
                at(segment.start, record.sample_rate),
            )


def _in_place(segment: SegmentRecord, timed: SegmentTiming) -> bool:
    edges = [
        timed.start,
        *(edge for word in timed.words for edge in (word.start, word.end)),
        timed.end,
    ]
    return (
        (timed.start, timed.end) == (segment.start, segment.end)
        and edges == sorted(edges)
        and " ".join(word.text for word in timed.words) == " ".join(segment.written.split())
    )


def _quote(segment: SegmentRecord) -> str:
    return repr(cut(segment.written or segment.spoken, 60))
