"""One run at a time over one output folder: OUT/library/sync.lock.

The number of the process that stands there meanwhile is for people alone.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from tts_pipeline import lock
from tts_pipeline.errors import BusyError, OutputError


def path(out: Path) -> Path:
    """Where it lies."""
    return out / "library" / "sync.lock"


@contextmanager
def held(out: Path, *, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold it until the block ends.

    Args:
        out: the output folder.
        waiting: is told in a sentence when another run holds it, whose end is then waited for.

    Raises:
        BusyError: another run holds it, and nobody is `waiting`.
        OutputError: the folder cannot be written.
    """
    place = path(out)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("a+b", buffering=0)
    except OSError as error:
        raise OutputError(
            f"{place} cannot be written: {error.strerror or error}; choose another --out"
        ) from error
    with file:
        _take(file, place, waiting)
        _say(file, f"{os.getpid()}\n")
        try:
            yield
        finally:
            _say(file, "")


def _say(file: FileIO, who: str) -> None:
    """On a full disk nobody is told, and the lock holds all the same."""
    with suppress(OSError):
        file.truncate(0)
        file.write(who.encode())


def _take(file: FileIO, place: Path, waiting: Callable[[str], None] | None) -> None:
    try:
        if lock.take(file):
            return
        told = f"another sync is at work there{_holder(file)}: {place} is locked"
        if waiting is None:
            raise BusyError(f"{told}; run this one later, or with --wait")
        waiting(f"{told}; waiting for its end")
        lock.take(file, wait=True)
    except OSError as error:
        raise OutputError(
            f"{place} cannot be locked: {error.strerror or error}; choose an --out on a file "
            "system that has locks"
        ) from error


def _holder(file: FileIO) -> str:
    file.seek(0)
    told = file.read(20).strip()
    return f" (process {int(told)})" if told.isdigit() else ""
