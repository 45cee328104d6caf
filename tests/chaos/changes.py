"""Every change that this process makes to the disk, told before it is made.

A change is a call that a full disk, a broken one or a kill can come before or into: a file made or
written to, a rename, an fsync, a folder made, a file removed. What Python code does goes through the
functions that are wrapped here; SQLite, which writes from C, has tests of its own.
"""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

Told = Callable[[str, str, "Part | None"], None]
"""What is done, to which path, and for a write how to do a part of it."""

Part = Callable[[], None]

_NAMED = ("replace", "rename", "unlink", "remove", "rmdir", "mkdir", "link", "symlink", "truncate")
_NUMBERED = ("fsync", "fdatasync", "ftruncate", "pwrite", "write")


class _File(io.FileIO):
    """A file each of whose writes is told."""

    told: Told

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        self.told("write", str(self.name), lambda: self._half(view))
        return super().write(data)

    def _half(self, view: memoryview) -> None:
        super().write(view[: len(view) // 2])


@contextmanager
def told(root: Path, tell: Told) -> Iterator[None]:
    """Have every change below `root` told; whatever `tell` raises, the program meets."""
    real_open, below = io.open, str(root.resolve())

    def open_(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **kw: Any) -> Any:
        if not isinstance(file, str | os.PathLike) or not set(mode) & set("wxa+"):
            return real_open(file, mode, buffering, *rest, **kw)
        if not _within(file, below):
            return real_open(file, mode, buffering, *rest, **kw)
        tell("open", os.fspath(file), None)
        raw = _File(file, mode.replace("b", "").replace("t", ""))
        raw.told = tell
        buffered: Any = raw if buffering == 0 else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *rest, **kw)

    def named(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(path: Any, *rest: Any, **kw: Any) -> Any:
            last = next((one for one in rest if isinstance(one, str | os.PathLike)), path)
            idle = os.path.lexists(last) if name == "mkdir" else not os.path.lexists(path)
            if isinstance(last, str | os.PathLike) and _within(last, below) and not idle:
                tell(name, os.fspath(last), None)
            return real(path, *rest, **kw)

        return call

    def numbered(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(fd: int, *rest: Any) -> Any:
            path = str(Path(f"/proc/self/fd/{fd}").readlink())
            if _within(path, below):
                tell(name, path, None)
            return real(fd, *rest)

        return call

    wrapped: dict[str, Any] = {name: named(name) for name in _NAMED}
    wrapped |= {name: numbered(name) for name in _NUMBERED}
    with (
        mock.patch("io.open", open_),
        mock.patch("builtins.open", open_),
        mock.patch.multiple(os, **wrapped),
    ):
        yield


def error(number: int, path: str) -> OSError:
    """As the system would raise it."""
    return OSError(number, os.strerror(number), path)


def full(path: str) -> OSError:
    return error(errno.ENOSPC, path)


def _within(path: str | os.PathLike[str], below: str) -> bool:
    return str(Path.cwd() / path).startswith(below)
