"""The posts that a show's runs have seen: the index, brought up to date where it counts."""

import hashlib
import logging
import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from tts_pipeline import pipeline, post
from tts_pipeline.duplicates import reading
from tts_pipeline.duplicates.identity import goes_on, is_made_of, is_replaced, may_inherit
from tts_pipeline.duplicates.made import Made, made, said
from tts_pipeline.duplicates.overrules import Overrules, Pair
from tts_pipeline.episode import record
from tts_pipeline.episode.record import Identity
from tts_pipeline.errors import PipelineError
from tts_pipeline.model import Post, Show
from tts_pipeline.pipeline import Source
from tts_pipeline.post.twins import Entry, Index, Kind, Link

log = logging.getLogger(__name__)


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
        self.changed: set[str] = set()
        """Posts that this run has read, since they are new or have changed."""
        self._told: dict[str, tuple[Identity, Made]] = {}
        """What records say of posts that an index must learn anew."""
        self._replaced: dict[str, Entry] = {}
        """What files held that hold another text now."""
        self._heirs: dict[str, str] = {}
        """By the folder of an episode: the post that goes on with it under another name."""

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
        self._hand_over()

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
        there = self._record(entry.slug)
        return there if there and there.show == self.show.name else None

    def _record(self, slug: str) -> Made | None:
        if slug not in self._records:
            self._records[slug] = made(pipeline.episode_folder(self._out, slug))
        return self._records[slug]

    def near(self, overruled: Overrules) -> set[str]:
        """The given posts and all that hang together with them, as their files are now."""
        while True:
            ways: dict[str, set[str]] = {}
            pairs = [pair for pair in overruled.same if set(pair) <= self._stamps.keys()]
            for one, other in [*pairs, *((link.one, link.other) for link in self.index.links())]:
                ways.setdefault(one, set()).add(other)
                ways.setdefault(other, set()).add(one)
            near, ahead = set(self.given), [name for name in self.given if name in ways]
            while ahead:
                found = ways[ahead.pop()] - near
                near |= found
                ahead += found
            if not self._refresh(near, overruled.different):
                return near

    def _refresh(self, near: Iterable[str], different: Iterable[Pair]) -> bool:
        """Look at those again that are not given; say whether anything has changed."""
        before = dict(self._stamps)
        names = sorted(name for name in near if name in self._stamps)
        sources = {name: self.source(name) for name in names}
        self._bring(
            (name, source) for name, source in sources.items() if source and name not in self.given
        )
        self._hand_over()
        there = {self.entry(name).slug for name in names if sources[name]}
        apart = set(map(frozenset, different))
        for entry in [self.entry(name) for name in names if not sources[name]]:
            # Its episode stays, and stands for its copies, unless another post goes on with it.
            if not self.made(entry) or entry.slug in there or self._inherited(entry, apart):
                self.index.forget([entry.name])
                del self._stamps[entry.name]
        return self._stamps != before

    def _inherited(self, gone: Entry, apart: Container[frozenset[str]]) -> bool:
        """Let a new post that is the same go on with its episode, if there is one."""
        for link in self._same(gone.name):
            name = link.other if link.one == gone.name else link.one
            entry = self.entry(name)
            is_new = name in self.given and name not in self.broken and not self.made(entry)
            stays = frozenset((gone.name, name)) in apart
            if is_new and not stays and may_inherit(gone, entry, link):
                self._give(gone, entry)
                return True
        return False

    def _same(self, name: str) -> list[Link]:
        """What makes others the same post, the likest first."""
        links = (link for link in self.index.links() if name in (link.one, link.other))
        same = (link for link in links if link.kind is Kind.SAME)
        return sorted(same, key=lambda link: (-link.score, link.one, link.other))

    def _give(self, old: Entry, new: Entry) -> None:
        """The episode of a post to another, whose own it is from now on."""
        if kept := self._kept(old):
            self.index.put(msgspec.structs.replace(new, slug=kept.slug, guid=kept.guid))
            self._heirs[kept.slug] = new.name

    def _hand_over(self) -> None:
        """Episodes whose posts have left their files for others, where other posts are now."""
        for name, old in self._replaced.items():
            before = f"{name} before"
            links = self.index.put(msgspec.structs.replace(old, name=before))
            self.index.forget([before])
            for link in links:
                heir = self.entry(link.other if link.one == before else link.one)
                is_new = heir.name in self._replaced or not self.made(heir)
                if link.kind is Kind.SAME and is_new and heir.name in self.given:
                    self._give(old, heir)
                    break
        for name in self._replaced:
            source = self.source(name)
            if source and self._heirs.get(self.entry(name).slug, name) != name:
                self._put(name, source, self._stamps[name])
        self._replaced.clear()

    def _identify(self, name: str, read: Post, now: Entry) -> Identity:
        """That of the episode that it has, else by what it says of itself, if that is free."""
        if name in self._told:
            identity, told = self._told[name]
            if is_made_of(told, read):
                return identity
        before = self.index.entry(name)
        kept = self._kept(before) if before and goes_on(before, now) else None
        if kept and self._heirs.get(kept.slug, name) == name:
            return kept
        identity, number = Identity(record.identify(read, self.show.name).guid, now.slug), 1
        while (there := self._record(identity.slug)) and self._is_taken(identity.slug, there, name):
            number += 1
            again = msgspec.structs.replace(read, url=None, id=None, name=f"{read.name}~{number}")
            identity = record.identify(again, self.show.name)
        return identity

    def _kept(self, before: Entry) -> Identity | None:
        """Of the episode that is a post's own, and not that of a copy with its address."""
        if before.guid:
            return Identity(before.guid, before.slug)
        there = self.made(before)
        if there is None or there.source != before.place:
            return None
        return Identity(there.guid, before.slug)

    def _is_taken(self, slug: str, there: Made, name: str) -> bool:
        """Whether the episode is that of another post, or another show's."""
        heir = self._heirs.get(slug, name)
        return there.show != self.show.name or heir != name or self._goes_on(there, name)

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
                    before = self.index.entry(name)
                    now = self._put(name, source, stamp)
                    if before and self._kept(before) and is_replaced(before, now):
                        self._replaced[name] = before
            except PipelineError as error:
                log.debug("%s is not compared with others", source.label, exc_info=error)
                self.broken[name] = str(error)

    def _put(self, name: str, source: Source, stamp: str) -> Entry:
        path, identify = self._from_out(source), partial(self._identify, name)
        entry = reading.entry(
            source, self.show, name=name, path=path, stamp=stamp, identify=identify
        )
        self.index.put(entry)
        self._stamps[name] = stamp
        self.changed.add(name)
        return entry

    def _published(self) -> Iterator[tuple[str, Source]]:
        """The posts of the episodes that are there; if a file is gone, its record tells."""
        for path in sorted(self._out.glob(f"episodes/*/{record.RECORD}")):
            folder = path.parent
            there = made(folder)
            if there is None or there.show != self.show.name:
                continue
            for name, source in self._files(there):
                if _is_there(Path(source.path or ""), source.part):
                    self._told[name] = Identity(there.guid, folder.name), there
                    yield name, source
                    break
            else:
                *_, (name, source) = self._files(there)
                self._learn(there, folder, name, source)

    def _learn(self, there: Made, folder: Path, name: str, source: Source) -> None:
        path, part = self._from_out(source), source.part
        entry = reading.gone(there, said(folder), name=name, path=path, part=part, slug=folder.name)
        self.index.put(entry)
        self._stamps[name] = entry.stamp

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


def _is_there(path: Path, part: str | None) -> bool:
    """Whether the post is; a book that cannot be read may still hold it."""
    try:
        return path.is_file() and part in post.parts(path)
    except PipelineError:
        return True


def _at(path: Path, part: str | None) -> Source:
    return Source(f"{path}, {part}" if part else str(path), str(path), part=part)
