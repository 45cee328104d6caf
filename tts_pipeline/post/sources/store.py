"""OUT/posts/NAME, where a source's posts lie, and what is remembered about the source.

The files are the record of what has been fetched: a post is known by the digits in its file's name.
So what is remembered besides, under OUT/library, only saves requests, and may be deleted.
"""

import logging
from pathlib import Path
from typing import Any

import msgspec

from tts_pipeline import files, ledger
from tts_pipeline.errors import PostError
from tts_pipeline.model import Noun, Post
from tts_pipeline.post import reader, saved
from tts_pipeline.post.frontmatter import FrontMatter, split
from tts_pipeline.post.sources.answer import Remembered
from tts_pipeline.post.sources.found import Found, Status

log = logging.getLogger(__name__)

_HEAD = 60_000
"""Bytes in which front matter ends."""
_BOOK = ".epub"
_VERSION = 2
"""Of what is remembered; another counts for nothing."""


class Visited(Noun):
    """An address that was read."""

    remembered: Remembered
    posts: tuple[str, ...]
    """The digits of the posts that came from it."""
    stamp: str | None = None
    """When it last changed, by the list that names it."""
    skipped: str | None = None
    """Why there was nothing to keep."""


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """What is remembered of a source between runs."""

    version: int = _VERSION
    settings: str = ""
    """What the source was when it was remembered; with others, nothing of it counts."""
    cursor: str | None = None
    """Up to where a long list has been read."""
    complete: bool = False
    """Whether the list has been read to its end."""
    failed: set[str] = msgspec.field(default_factory=set)
    """Ids of a forum's posts that could not be had, and are asked for once more."""
    failed_entries: dict[str, Any] = msgspec.field(default_factory=dict)
    """By their digits, a feed's entries whose pages could not be had."""
    visited: dict[str, Visited] = msgspec.field(default_factory=dict)
    """By the digits of the address."""


class Store:
    """The posts of one source."""

    def __init__(
        self,
        out: Path,
        name: str,
        *,
        settings: str,
        within: str | None = None,
        write: bool = True,
    ) -> None:
        """The posts of the source `name` below `out`.

        Args:
            out: the output folder.
            name: the source's.
            settings: the digest of all that decides which posts the run wants.
            within: that of the source itself, where the run wants fewer.
            write: false where a run is only to say what it would do.
        """
        self.folder = out / "posts" / name
        self._write = write
        remembered = out / "library" / "sources"
        own, apart = remembered / f"{name}.json", remembered / f"{name}.since.json"
        # What a run for fewer posts has read says nothing of the others.
        self._path = own if within is None else apart
        self.memory = _remembered(self._path, settings) or _remembered(own, within) or Memory()
        self.memory.settings = settings
        self._files: dict[str, Path] = {}
        if self.folder.is_dir():
            for path in sorted(self.folder.iterdir()):
                if path.suffix in (*reader.SUFFIXES, _BOOK):
                    self._files.setdefault(path.stem.rpartition("-")[2], path)

    def has(self, digits: str) -> bool:
        """Whether the post of these digits has been fetched."""
        return digits in self._files

    def kept(self, key: str) -> Post | None:
        """The post as it was fetched before."""
        path = self._files.get(saved.digits(key))
        if path is None:
            return None
        try:
            return reader.read(path, name=path.name, sites={})
        except PostError as error:
            log.warning("%s; it is fetched again", error)
            return None

    def revision(self, key: str) -> str | None:
        """Which edition of the post was fetched before."""
        path = self._files.get(saved.digits(key))
        try:
            return _front(path).text("revision") if path else None
        except (PostError, OSError):
            return None

    def keep(self, found: Found) -> tuple[Status, Path | None]:
        """Write what was found, if it is not there already.

        A post keeps the name of its file, and its address, by which its episode is known, for good.
        """
        digits = saved.digits(found.key)
        old = self._files.get(digits)
        if found.book is not None:
            data, suffix = found.book, _BOOK
            stem = saved.name(Post("", "", reader.SUFFIXES[".md"], "", found.title), found.key)
        elif found.post is not None:
            post = found.post
            if old and (before := self.kept(found.key)) and before.url:
                post = msgspec.structs.replace(post, url=before.url)
            data, suffix = saved.encode(post, found.revision), saved.suffix(post)
            stem = saved.name(post, found.key)
        else:
            return "unchanged", old
        path = self.folder / f"{old.stem if old else stem}{suffix}"
        if path == old and _holds(path, data):
            return "unchanged", path
        if self._write:
            files.write(path, data)
            if old and old != path:
                files.remove(old)
            self._files[digits] = path
        return "changed" if old else "new", path

    def visited(self, url: str) -> Visited | None:
        """What is remembered of an address, if all that came from it is still there."""
        visited = self.memory.visited.get(saved.digits(url))
        return visited if visited and all(map(self.has, visited.posts)) else None

    def visit(self, url: str, visited: Visited) -> None:
        """Remember an address."""
        self.memory.visited[saved.digits(url)] = visited

    def save(self) -> None:
        """Write what is remembered."""
        if self._write:
            ledger.write(self._path, [msgspec.json.encode(self.memory, order="deterministic")])


def _remembered(path: Path, settings: str | None) -> Memory | None:
    memory = next(ledger.read(path, Memory), None)
    known = memory and memory.version == _VERSION and memory.settings == settings
    return memory if known else None


def _front(path: Path) -> FrontMatter:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return split(head.decode("utf-8", "replace"), str(path))[0]


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False
