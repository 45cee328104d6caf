"""What was published to one target, and when: OUT/library/published-TARGET.jsonl.

A line a file, sealed, written whole or not at all: once before anything is sent, with what is
about to go, and once at the end. A run that was killed leaves what was about to go, and the next
one asks the target which of it has arrived. Lost, the ledger is made anew from what lies here and
what the target holds.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tts_pipeline import ledger, lock
from tts_pipeline.errors import OutputError, PublishError
from tts_pipeline.publish.entry import Entry, Ledger

log = logging.getLogger(__name__)


def path(out: Path, to: str) -> Path:
    """Where the ledger of a target lies."""
    plain = re.sub(r"[^a-z0-9]+", "-", to.lower()).strip("-")[-60:]
    return (
        out / "library" / f"published-{plain}-{hashlib.sha256(to.encode()).hexdigest()[:8]}.jsonl"
    )


def read(out: Path, to: str) -> Ledger:
    """What is known; nothing if any of it is damaged, since a gap would pass for what never was."""
    place = path(out, to)
    try:
        lines = place.read_bytes().splitlines()
        values = [ledger.opened(line) for line in lines]
        entries = [_ENTRY.decode(value or b"") for value in values]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # msgspec's are ValueErrors
        log.warning("%s is damaged (%s); the target is asked what it has", place, error)
        return {}
    return {entry.name: entry for entry in entries}


def write(out: Path, to: str, entries: Mapping[str, Entry]) -> None:
    """Keep it.

    Raises:
        OutputError: it cannot be written.
    """
    ledger.write(path(out, to), (msgspec.json.encode(entries[name]) for name in sorted(entries)))


@contextmanager
def held(out: Path, to: str) -> Iterator[None]:
    """One run at a time from one output directory to one target.

    Raises:
        PublishError: another one is going on.
        OutputError: the output directory cannot be written.
    """
    place = path(out, to).with_suffix(".lock")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("wb")
    except OSError as error:
        raise OutputError(f"{place} cannot be written: {error.strerror or error}") from error
    with file:
        if not lock.take(file):
            raise PublishError(f"another run is publishing {out} to {to}; wait until it has ended")
        yield


_ENTRY = msgspec.json.Decoder(Entry)
