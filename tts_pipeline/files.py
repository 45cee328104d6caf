"""Files that appear whole or not at all."""

import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from tts_pipeline import lock
from tts_pipeline.errors import OutputError

_TEMPORARY = re.compile(r"\.[0-9a-f]+\.tmp")
"""How a file is called that has no name yet; nobody lists or serves what begins with a dot."""


def plain(path: Path) -> BinaryIO:
    """A file, opened for reading; a pipe that somebody left in a folder would never answer.

    What the process was given as it started, such as /dev/stdin, may be anything.

    Raises:
        OSError: it cannot be opened, or is no file.
    """
    if path.is_relative_to("/dev"):
        return path.open("rb")
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class Pending:
    """A file without a name yet."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.name: str | None = None

    def keep(self, name: str) -> None:
        """Give it this name in its folder when the block ends without an error."""
        self.name = name


@contextmanager
def pending(folder: Path, *, durable: bool = True) -> Iterator[Pending]:
    """A new file in `folder` that gets a name, by rename, only when the block ends well.

    A kill shows the old file of that name or the new one; so does a power cut when `durable`,
    since the data is then on the disk before the name is. What a killed process left behind in
    the folder is removed by the next that writes there.

    Raises:
        OutputError: the disk is full, the folder cannot be written, and the like.
    """
    target = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        with ExitStack() as ending:
            temporary, file = _begin(folder, ending)
            with file:
                new = Pending(file)
                yield new
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            if new.name is None:
                temporary.unlink()
            else:
                target = folder / new.name
                temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}. Free some space or choose "
            "another folder, then run the same command again: finished work is kept."
        ) from error


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A new file that takes the name `path` when the block ends well; see `pending`."""
    with pending(path.parent, durable=durable) as new:
        yield new.file
        new.keep(path.name)


def write(path: Path, data: bytes, *, durable: bool = True) -> bool:
    """Put `data` at `path`, whole or not at all; say whether anything had to be written."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    with replacing(path, durable=durable) as file:
        file.write(data)
    return True


def write_lines(path: Path, lines: Iterable[bytes]) -> bool:
    """Like `write_parts`: the lines, each ended by a newline.

    Not durable: for what can be made again.
    """
    return write_parts(path, (line + b"\n" for line in lines))


def write_parts(path: Path, parts: Iterable[bytes | memoryview], *, durable: bool = False) -> bool:
    """Like `write` for what is too large to hold: the parts, one after the other."""
    with pending(path.parent, durable=durable) as new, _reading(path) as old:
        same = old is not None
        for part in parts:
            new.file.write(part)
            same = same and old is not None and old.read(len(part)) == part
        if not same or old is None or old.read(1):
            new.keep(path.name)
            return True
    return False


def sha256(path: Path) -> str:
    """Of what is in a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO | None]:
    try:
        file = path.open("rb")
    except OSError:
        yield None
        return
    with file:
        yield file


def see_writable(folder: Path) -> None:
    """Find out before hours of work that nothing could be kept.

    Raises:
        OutputError: `folder` cannot be made or written to.
    """
    with pending(folder, durable=False):
        pass


def remove(path: Path) -> None:
    """Remove a file, if it is there.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be removed: {error.strerror or error}. See to that, then run the same "
            "command again."
        ) from error


@cache
def sweep(folder: Path) -> None:
    """Remove files without a name whose process was killed; once a run, since listing costs.

    Whoever writes one holds a lock on it, which ends with the process.
    """
    if not lock.AVAILABLE:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for left in [entry.path for entry in entries if _TEMPORARY.fullmatch(entry.name)]:
            with suppress(OSError), Path(left).open("rb") as file:
                if lock.take(file):
                    _forget(Path(left))


def _begin(folder: Path, ending: ExitStack) -> tuple[Path, BinaryIO]:
    """A new file and its temporary name, locked until `ending`, which removes the name."""
    while True:
        temporary = folder / f".{secrets.token_hex(6)}.tmp"
        file = temporary.open("xb")
        ending.callback(_forget, temporary)
        # The lock outlives the file's end, up to the rename.
        held = os.dup(file.fileno())
        ending.callback(os.close, held)
        try:
            taken = lock.take(held)
        except OSError:
            return temporary, file  # a file system without locks, where nothing is swept up
        if taken and temporary.exists():
            return temporary, file
        file.close()  # taken by a sweep for one that was left behind


def _forget(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        # The folder itself is at fault, and that is already being said.
        return
