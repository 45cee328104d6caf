"""The posts that a show's runs have seen: the index, brought up to date where it counts."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from tts_pipeline import pipeline, post
from tts_pipeline.duplicates import reading
from tts_pipeline.duplicates.overrules import Pair
from tts_pipeline.episode import record
from tts_pipeline.episode.record import Identity
from tts_pipeline.errors import PipelineError
from tts_pipeline.model import Post, Show
from tts_pipeline.pipeline import Source
from tts_pipeline.post.twins import Entry, Index, Kind

log = logging.getLogger(__name__)


class Made(msgspec.Struct):
    """What counts here of an episode's record."""

    show: str
    source: str
    guid: str


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
        self._told: dict[str, Identity] = {}
        """What records say of posts that an index must learn anew."""

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
        return _at(path, entry.part) if _is_there(path, entry.part) else None

    def label(self, name: str) -> str:
        """As the user named it, or would."""
        source = self.source(name)
        return source.label if source else str(self._path(self.entry(name)))

    def folder(self, entry: Entry) -> Path:
        """Where its episode lies, or would."""
        return pipeline.episode_folder(self._out, entry.slug)

    def made(self, entry: Entry) -> Made | None:
        """The post's episode, if the show has made it."""
        return self._record(entry.slug)

    def _record(self, slug: str) -> Made | None:
        if slug not in self._records:
            made = _made(pipeline.episode_folder(self._out, slug) / record.RECORD)
            ours = made is not None and made.show == self.show.name
            self._records[slug] = made if ours else None
        return self._records[slug]

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
            if not self.made(entry) or entry.slug in there or self._renamed(entry):
                self.index.forget([entry.name])
                del self._stamps[entry.name]
        return self._stamps != before

    def _renamed(self, gone: Entry) -> bool:
        """Let the post that this one has become go on with its episode, if there is one."""
        made = self.made(gone)
        links = [
            (link.score, link.other if link.one == gone.name else link.one)
            for link in self.index.links()
            if link.kind is Kind.SAME and gone.name in (link.one, link.other)
        ]
        for _, name in sorted(links, reverse=True):
            entry = self.entry(name)
            is_new = name in self.given and name not in self.broken and not self.made(entry)
            if made and is_new and _is_by_name(entry) and _is_by_name(gone):
                self.index.put(msgspec.structs.replace(entry, slug=gone.slug, guid=made.guid))
                return True
        return False

    def _identify(self, name: str, read: Post) -> Identity:
        """By what it says of itself, else as it is known, else by its name, if that is free."""
        own = identity = record.identify(read, self.show.name)
        if read.url or read.id:
            return own
        if name in self._told:
            return self._told[name]
        known = self.index.entry(name)
        if known and known.guid:
            return Identity(known.guid, known.slug)
        number = 1
        while (made := self._record(identity.slug)) and self._goes_on(made, name):
            number += 1
            again = msgspec.structs.replace(read, name=f"{read.name}~{number}")
            identity = record.identify(again, self.show.name)
        return identity

    def _goes_on(self, made: Made, name: str) -> bool:
        """Whether another post has become that of this episode."""
        others = (self.index.entry(other) for other, _ in self._files(made) if other != name)
        return any(entry is not None and entry.guid == made.guid for entry in others)

    def _bring(self, posts: Iterable[tuple[str, Source]]) -> None:
        """Into the index, what is new or has changed."""
        for name, source in posts:
            try:
                content = post.content(Path(source.path or ""))
                stamp = hashlib.sha256(content).hexdigest()
                if self._stamps.get(name) != stamp:
                    path = self._from_out(source)
                    self.index.put(
                        reading.entry(
                            source,
                            self.show,
                            name=name,
                            path=path,
                            stamp=stamp,
                            identify=partial(self._identify, name),
                        )
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
            for name, source in self._files(made):
                if _is_there(Path(source.path or ""), source.part):
                    self._told[name] = Identity(made.guid, path.parent.name)
                    yield name, source
                    break

    def _files(self, made: Made) -> Iterator[tuple[str, Source]]:
        """Where the post of an episode may be: a file, or a chapter of one."""
        file, _, part = made.source.partition("#")
        for name, of in ((made.source, None), (file, part or None)):
            source = _at(Path(os.path.relpath(Path(self.show.root, name))), of)
            yield self.name(source), source

    def _from_out(self, source: Source) -> str:
        return os.path.relpath(source.path or "", self._out)

    def _path(self, entry: Entry) -> Path:
        return Path(os.path.normpath(self._out / entry.path))


def _is_by_name(entry: Entry) -> bool:
    """Whether nothing but its file's name says which post it is."""
    return entry.url is None and not any(key.startswith("id ") for key in entry.keys)


def _is_there(path: Path, part: str | None) -> bool:
    """Whether the post is; a book that cannot be read may still hold it."""
    try:
        return path.is_file() and part in post.parts(path)
    except PipelineError:
        return True


def _at(path: Path, part: str | None) -> Source:
    return Source(f"{path}, {part}" if part else str(path), str(path), part=part)


def _made(path: Path) -> Made | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Made)
    except (OSError, ValueError):  # msgspec's are ValueErrors, and so is text in no UTF-8
        return None
