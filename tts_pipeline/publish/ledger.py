"""What was published to one target, and when: OUT/library/published-TARGET.jsonl.

A line a file, written whole or not at all: once before anything is sent, with what is about to
go, and once at the end. A run that was killed leaves what was about to go, and the next one asks
the target which of it has arrived. Lost, the ledger is made anew from what lies here and what the
target holds.
"""

import fcntl
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tts_pipeline import files
from tts_pipeline.errors import OutputError, PublishFailed
from tts_pipeline.model import Noun
from tts_pipeline.publish.entry import Entry, Ledger


class _Head(Noun):
    to: str
    version: int = 1


def path(out: Path, to: str) -> Path:
    """Where the ledger of a target lies."""
    plain = re.sub(r"[^a-z0-9]+", "-", to.lower()).strip("-")[-60:]
    return (
        out / "library" / f"published-{plain}-{hashlib.sha256(to.encode()).hexdigest()[:8]}.jsonl"
    )


def read(out: Path, to: str) -> Ledger:
    """What is known; nothing if what there is cannot be read."""
    try:
        head, *lines = path(out, to).read_bytes().splitlines()
        if msgspec.json.decode(head, type=_Head) != _Head(to):
            return {}
        entries = [_ENTRY.decode(line) for line in lines]
    except (OSError, ValueError):  # msgspec's are ValueErrors
        return {}
    return {entry.name: entry for entry in entries}


def write(out: Path, to: str, entries: Mapping[str, Entry]) -> None:
    """Keep it.

    Raises:
        OutputError: it cannot be written.
    """
    files.write_lines(path(out, to), _lines(to, (entries[name] for name in sorted(entries))))


@contextmanager
def held(out: Path, to: str) -> Iterator[None]:
    """One run at a time from one output directory to one target.

    Raises:
        PublishFailed: another one is going on.
        OutputError: the output directory cannot be written.
    """
    lock = path(out, to).with_suffix(".lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("wb")
    except OSError as error:
        raise OutputError(f"{lock} cannot be written: {error.strerror or error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishFailed(
                f"another run is publishing {out} to {to}; wait until it has ended"
            ) from error
        yield


_ENTRY = msgspec.json.Decoder(Entry)


def _lines(to: str, entries: Iterable[Entry]) -> Iterator[bytes]:
    yield msgspec.json.encode(_Head(to))
    for entry in entries:
        yield msgspec.json.encode(entry)
