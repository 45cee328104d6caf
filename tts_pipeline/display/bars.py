"""Progress on standard error, if that is a terminal."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from tts_pipeline.units import clock

if TYPE_CHECKING:  # a bar for pages needs no engines
    from tts_pipeline.batch import Share
    from tts_pipeline.pipeline import Source


class Barred:
    """Whoever draws a bar, from entering to leaving."""

    _bar: Progress

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()


def bar(*columns: ProgressColumn, hidden: bool) -> Progress:
    """On standard error, and only if that is a terminal; gone once it is done."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        *columns,
        console=console,
        disable=hidden or not console.is_terminal,
        transient=True,
    )


def shared(*, hidden: bool) -> Progress:
    """A bar with its share, the time that is left, and a note."""
    return bar(
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        hidden=hidden,
    )


@contextmanager
def counting(what: str, *, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar: call it with (how many, of how many)."""
    columns = BarColumn(), TextColumn("{task.fields[note]}"), TimeRemainingColumn()
    with bar(*columns, hidden=as_json) as shown:
        task = shown.add_task(what, total=None, note="")
        yield lambda done, total: shown.update(
            task, completed=done, total=total, note=f"{done}/{total}"
        )


@contextmanager
def loading(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """A bar of bytes: call it with how many more have come."""
    columns = BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with bar(*columns, hidden=False) as shown:
        task = shown.add_task(what, total=size)
        yield lambda gained: shown.advance(task, gained)


class SpeakingBar(Barred):
    """How far posts have been spoken: posts, segments, hours of sound, times real time, the rest.

    Posts are looked at one after the other, so what is not known yet is told from the sizes of
    their files, after a `~`.
    """

    def __init__(self, sources: "Sequence[Source]", *, hidden: bool = False) -> None:
        """It is drawn on standard error, only if that is a terminal."""
        self._sizes = [_size(source) for source in sources]
        self._shares: dict[int, float] = {}
        self._segments: dict[int, int] = {}
        self._finished: set[int] = set()
        self._spoken, self._seconds, self._begun = 0, 0.0, time.monotonic()
        self._bar = shared(hidden=hidden)
        self._task = self._bar.add_task("speaking", total=sum(self._sizes) or 1, note="")
        self._tell()

    def planned(self, number: int, segments: int) -> None:
        """See `batch.Watcher`."""
        self._segments[number] = segments

    def spoken(self, number: int, spoken: "Share") -> None:
        """See `batch.Watcher`."""
        self._shares[number] = self._shares.get(number, 0.0) + spoken.part
        self._spoken += spoken.segments
        self._seconds += spoken.seconds
        self._bar.advance(self._task, spoken.part * self._sizes[number])
        self._tell()

    def done(self, number: int) -> None:
        """The post needs nothing more."""
        rest = max(0.0, 1 - self._shares.get(number, 0.0)) * self._sizes[number]
        self._finished.add(number)
        self._bar.advance(self._task, rest)
        self._tell()

    def _tell(self) -> None:
        told = [f"{len(self._finished)}/{len(self._sizes)} posts"]
        planned = sum(self._sizes[number] for number in self._segments)
        spoken = sum(self._sizes[number] * share for number, share in self._shares.items())
        if planned and spoken:
            known = self._segments.keys() | self._finished
            ahead = sum(size for number, size in enumerate(self._sizes) if number not in known)
            about = "~" if ahead else ""
            segments = sum(self._segments.values()) * (1 + ahead / planned)
            seconds = self._seconds * (planned + ahead) / spoken
            rate = self._seconds / max(time.monotonic() - self._begun, 0.001)
            told += [
                f"{self._spoken:,}/{about}{segments:,.0f} segments",
                f"{clock(round(self._seconds * 1000))}/~{clock(round(seconds * 1000))} of audio",
                f"{rate:.0f}x",
            ]
        self._bar.update(self._task, note=", ".join(told))


def _size(source: "Source") -> int:
    if source.path is None:
        return len(source.data or b"")
    try:
        return Path(source.path).stat().st_size
    except OSError:
        return 0
