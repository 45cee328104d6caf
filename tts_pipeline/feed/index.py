"""What was read of the records before, so that only what changed is read again.

A record holds every sentence of its post; ten thousand of them take long to read, and a feed
needs a few lines of each. OUT/library/index.jsonl keeps these lines, with the size and the time
of the record that they come from. It may be deleted at any time.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from tts_pipeline import ledger
from tts_pipeline.errors import FeedError
from tts_pipeline.feed import library
from tts_pipeline.feed.entry import Entry, entry
from tts_pipeline.model import Noun


class _Head(Noun):
    """The first line: by which program the others were written."""

    code: str


class _Line(Noun, array_like=True):
    """One record's line."""

    slug: str
    stamp: tuple[int, int]
    """Size and modification time (ns) of the record."""
    entry: Entry


class _Stamped(Noun, array_like=True):
    """A line whose entry is not looked into."""

    slug: str
    stamp: tuple[int, int]
    entry: msgspec.Raw


_ENCODER = msgspec.json.Encoder()
_LINE = msgspec.json.Decoder(_Line)
_STAMPED = msgspec.json.Decoder(_Stamped)


class Index:
    """The library's entries, in order of slugs, on disk; any one can be taken again by its place.

    One entry at a time is in memory.
    """

    def __init__(self, out: Path, code: str) -> None:
        """Bring the index up to date. `code` names the program: another one reads all anew.

        What is wrong with a record is in `problems`; the others are there all the same.

        Raises:
            OutputError: the index cannot be written.
        """
        self.problems: list[FeedError] = []
        path = out / "library" / "index.jsonl"
        if not (out / "episodes").is_dir():
            self._file: BinaryIO = BytesIO(b"\n")  # a folder that is not there stays so
            return
        fresh = self._lines(out, _Old(path, code).find)
        ledger.write(path, _chained(_ENCODER.encode(_Head(code)), fresh))
        self._file = path.open("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """(place, entry) of each, in order of slugs."""
        self._file.seek(0)
        place = len(self._file.readline())
        while data := self._file.readline():
            yield place, _decoded(data)
            place += len(data)

    def at(self, place: int) -> Entry:
        """The entry at a place that `entries` told."""
        self._file.seek(place)
        return _decoded(self._file.readline())

    def _lines(
        self, out: Path, find: Callable[[str, tuple[int, int]], bytes | None]
    ) -> Iterator[bytes]:
        for slug in library.slugs(out):
            path = out / "episodes" / slug / "episode.json"
            try:
                status = path.stat()
                stamp = status.st_size, status.st_mtime_ns
                yield find(slug, stamp) or _ENCODER.encode([slug, stamp, entry(library.read(path))])
            except FeedError as error:
                self.problems.append(error)
            except (FileNotFoundError, NotADirectoryError):
                continue  # not an episode, or one that is being made
            except OSError as error:
                self.problems.append(FeedError(f"{path} cannot be read: {error.strerror}"))


def published(out: Path, slug: str) -> datetime | None:
    """When an episode was published by the record that was there when a feed was last written."""
    for value in ledger.values(out / "library" / "index.jsonl"):
        with suppress(msgspec.MsgspecError):
            line = _LINE.decode(value)
            if line.slug == slug:
                return line.entry.episode.published
    return None


class _Old:
    """The index as it was, read along with the records, which stand in the same order."""

    def __init__(self, path: Path, code: str) -> None:
        self._lines = self._read(path, code)
        self._line: tuple[_Stamped, bytes] | None = next(self._lines, None)

    def find(self, slug: str, stamp: tuple[int, int]) -> bytes | None:
        """The line of this record, if it has not changed; slugs must be asked for in order."""
        while self._line is not None and self._line[0].slug < slug:
            self._line = next(self._lines, None)
        if self._line is None:
            return None
        known, data = self._line
        return data if (known.slug, known.stamp) == (slug, stamp) else None

    @staticmethod
    def _read(path: Path, code: str) -> Iterator[tuple[_Stamped, bytes]]:
        """Each good line; none of another program's."""
        try:
            values = ledger.values(path)
            if msgspec.json.decode(next(values, b""), type=_Head).code != code:
                return
            for data in values:
                yield _STAMPED.decode(data), data
        except msgspec.MsgspecError:
            return


def _decoded(data: bytes) -> Entry:
    value = ledger.opened(data)
    if value is None:
        raise FeedError(
            "library/index.jsonl in the output folder was damaged while it was read; run the same "
            "command again: it is made from the records"
        )
    return _LINE.decode(value).entry


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
