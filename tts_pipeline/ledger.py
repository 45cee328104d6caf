"""What is remembered between runs, a JSON value a line, each under a seal.

A line is an array of the head of a SHA-256 and of the value that it is the hash of, so that a bit
that flips in an address or a time does not pass for a fact. A line that is damaged is said, and
counts as not being there: all that is remembered can be found out anew.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from tts_pipeline import files

log = logging.getLogger(__name__)

T = TypeVar("T")

_DIGITS = 16
_START, _END = len('["') + _DIGITS + len('",'), len("]")


def write(path: Path, values: Iterable[bytes]) -> bool:
    """Put the values, each in JSON on one line, at `path`; say whether anything was new.

    Raises:
        OutputError: the disk is full, the folder cannot be written, and the like.
    """
    return files.write_lines(path, map(sealed, values))


def read(path: Path, kind: type[T]) -> Iterator[T]:
    """The values, decoded; what another version of the program wrote otherwise is left out."""
    decode = msgspec.json.Decoder(kind).decode
    for value in values(path):
        with suppress(msgspec.MsgspecError):
            yield decode(value)


def values(path: Path) -> Iterator[bytes]:
    """The values whose seals are good, in order; none if there is no file."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    except OSError as error:
        _tell(path, error.strerror or str(error))
        return
    told = False
    with file:
        for line in file:
            value = opened(line)
            if value is not None:
                yield value
            elif not told:
                told = True
                _tell(path, "a line does not agree with its seal")


def sealed(value: bytes) -> bytes:
    """The line of a value, without its newline."""
    return b'["%s",%s]' % (_seal(value), value)


def opened(line: bytes) -> bytes | None:
    """The value of a line; None if it is damaged."""
    line = line.rstrip(b"\n")
    value = line[_START:-_END]
    return value if line == sealed(value) else None


def _tell(path: Path, why: str) -> None:
    log.warning("%s is damaged (%s); what it told is found out anew", path, why)


def _seal(value: bytes) -> bytes:
    return hashlib.sha256(value).hexdigest()[:_DIGITS].encode()
