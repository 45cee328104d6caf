"""The posts that a show's runs have seen: the index, brought up to date where it counts."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from tts_pipeline import pipeline, post
from tts_pipeline.duplicates import reading
from tts_pipeline.duplicates.overrules import Pair
from tts_pipeline.episode import record
from tts_pipeline.errors import PipelineError
from tts_pipeline.model import Show
from tts_pipeline.pipeline import Source
from tts_pipeline.post.twins import Entry, Index

log = logging.getLogger(__name__)


class Made(msgspec.Struct):
    """What counts here of an episode's record."""

    show: str
    source: str


class Known:
    """Posts of one show by their names in the index; no entry is kept, a library's are too many."""

    def __init__(self, index: Index, show: Show, out: Path) -> None:
        self.index = index
        self.show = show
        self.given: dict[str, Source] = {}
        """The posts of this run."""
        self.broken: dict[str, str] = {}
        """Posts that cannot be read, each with the sentence that says why."""
        self._out = out
        self._home = f"{show.name}/"
        self._stamps = {
            name: stamp for name, stamp in index.stamps().items() if name.startswith(self._home)
        }
        self._records: dict[str, Made | None] = {}

    def give(
        self, sources: Sequence[Source], *, whole: bool, done: Callable[[int, int], None]
    ) -> None:
        """These are the posts of this run; with `whole`, so are all that are known."""
        if not self._stamps:
            # An index that begins anew must know what has been published.
            self._bring(self._published())
        known = list(filter(None, map(self.source, sorted(self._stamps)))) if whole else []
        self.given = {self.name(source): source for source in [*known, *sources] if source.path}
        for number, pair in enumerate(self.given.items(), 1):
            self._bring([pair])
            done(number, len(self.given))

    def name(self, source: Source) -> str:
        """By show, file and chapter."""
        part = f"#{source.part}" if source.part else ""
        return f"{self._home}{self._from_out(source)}{part}"

    def entry(self, name: str) -> Entry:
        """What the index holds of a post that it knows."""
        entry = self.index.entry(name)
        if entry is None:
            raise KeyError(name)
        return entry

    def entries(self) -> Iterator[Entry]:
        """All of the show."""
        return (entry for entry in self.index.entries() if entry.show == self.show.name)

    def source(self, name: str) -> Source | None:
        """Where the post is read from, if it is still there."""
        if name in self.given:
            return self.given[name]
        entry = self.entry(name)
        path = self._path(entry)
        return _at(path, entry.part) if path.is_file() else None

    def label(self, name: str) -> str:
        """As the user named it, or would."""
        source = self.source(name)
        return source.label if source else str(self._path(self.entry(name)))

    def folder(self, entry: Entry) -> Path:
        """Where its episode lies, or would."""
        return pipeline.episode_folder(self._out, entry.slug)

    def made(self, entry: Entry) -> Made | None:
        """The post's episode, if the show has made it."""
        if entry.slug not in self._records:
            made = _made(self.folder(entry) / record.RECORD)
            ours = made is not None and made.show == self.show.name
            self._records[entry.slug] = made if ours else None
        return self._records[entry.slug]

    def near(self, same: Iterable[Pair]) -> set[str]:
        """The given posts and all that hang together with them, as their files are now."""
        while True:
            ways: dict[str, set[str]] = {}
            pairs = [pair for pair in same if set(pair) <= self._stamps.keys()]
            for one, other in [*pairs, *((link.one, link.other) for link in self.index.links())]:
                ways.setdefault(one, set()).add(other)
                ways.setdefault(other, set()).add(one)
            near, ahead = set(self.given), [name for name in self.given if name in ways]
            while ahead:
                found = ways[ahead.pop()] - near
                near |= found
                ahead += found
            if not self._refresh(near):
                return near

    def _refresh(self, near: Iterable[str]) -> bool:
        """Look at those again that are not given; say whether anything has changed."""
        before = dict(self._stamps)
        there: set[str] = set()
        gone: list[Entry] = []
        for name in sorted(name for name in near if name in self._stamps):
            source = self.source(name)
            if source and name not in self.given:
                self._bring([(name, source)])
            entry = self.entry(name)
            if source:
                there.add(entry.slug)
            else:
                gone.append(entry)
        for entry in gone:
            # Its episode stays, and stands for its copies, unless a renamed file goes on with it.
            if not self.made(entry) or entry.slug in there:
                self.index.forget([entry.name])
                del self._stamps[entry.name]
        return self._stamps != before

    def _bring(self, posts: Iterable[tuple[str, Source]]) -> None:
        """Into the index, what is new or has changed."""
        for name, source in posts:
            try:
                content = post.content(Path(source.path or ""))
                stamp = hashlib.sha256(content).hexdigest()
                if self._stamps.get(name) != stamp:
                    path = self._from_out(source)
                    self.index.put(
                        reading.entry(source, self.show, name=name, path=path, stamp=stamp)
                    )
                    self._stamps[name] = stamp
            except PipelineError as error:
                log.debug("%s is not compared with others", source.label, exc_info=error)
                self.broken[name] = str(error)

    def _published(self) -> Iterator[tuple[str, Source]]:
        """The posts of the episodes that are there, as far as their files are."""
        for path in sorted(self._out.glob(f"episodes/*/{record.RECORD}")):
            made = _made(path)
            if made is None or made.show != self.show.name:
                continue
            file, _, part = made.source.partition("#")
            for name, of in ((made.source, None), (file, part or None)):
                post_file = Path(self.show.root, name)
                if post_file.is_file():
                    source = _at(Path(os.path.relpath(post_file)), of)
                    yield self.name(source), source
                    break

    def _from_out(self, source: Source) -> str:
        return os.path.relpath(source.path or "", self._out)

    def _path(self, entry: Entry) -> Path:
        return Path(os.path.normpath(self._out / entry.path))


def _at(path: Path, part: str | None) -> Source:
    return Source(f"{path}, {part}" if part else str(path), str(path), part=part)


def _made(path: Path) -> Made | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Made)
    except (OSError, ValueError):  # msgspec's are ValueErrors, and so is text in no UTF-8
        return None
