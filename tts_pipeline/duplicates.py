"""Which posts of a run are made, and which are heard in the episode of another.

Everything that makes episodes comes by `settle`. The index under OUT/library remembers each post
that was seen, so only new and changed posts are read, and a copy is found whether or not its twin
is in the same run. A post that has an episode keeps it, whatever is found later; else the earliest
of a group stands for the others, so that neither the order of files nor that of runs counts.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations, pairwise, product
from pathlib import Path
from posixpath import normpath
from typing import Any

import msgspec

from tts_pipeline import document, pipeline, post
from tts_pipeline.batch import Outcome
from tts_pipeline.episode import record
from tts_pipeline.errors import PipelineError
from tts_pipeline.model import Noun, Post, Show
from tts_pipeline.pipeline import Copied, Source
from tts_pipeline.post.twins import Decision, Entry, Index, Kind, Link, decide, same_post
from tts_pipeline.post.twins.linkpost import is_linkpost
from tts_pipeline.post.twins.relation import NEAR
from tts_pipeline.words import letters

log = logging.getLogger(__name__)

_NEVER = datetime.max.replace(tzinfo=UTC)


class Settled(Noun):
    """What becomes of the posts of a run."""

    sources: tuple[Source, ...]
    """What to make: each with its copies. A post that stands for one of the run, and has its
    episode already, comes last, so that its record names the copy."""
    copies: tuple[Outcome, ...] = ()
    """What is not made, since it is the same post as another."""
    decisions: tuple[Decision, ...] = ()
    """Of all posts that are like another, as the user names them."""
    unknown: tuple[str, ...] = ()
    """A sentence for each post that the show's [duplicates] names and nobody knows."""


class _Made(msgspec.Struct):
    """What counts here of an episode's record."""

    show: str
    source: str


def settle(
    sources: Sequence[Source],
    show: Show,
    out: Path,
    *,
    alone: bool = False,
    whole: bool = False,
    done: Callable[[int, int], None] = lambda _n, _of: None,
) -> Settled:
    """Decide for each post whether it is made, and of which others it is the copy.

    Args:
        sources: the posts.
        show: whose posts they are; posts of other shows do not count.
        out: the output folder, where the index lies.
        alone: whether a person named this one post; it is made even if it is a copy.
        whole: whether all posts that the index knows count as given.
        done: told how many posts have been looked at, and of how many.

    Raises:
        OutputError: the index cannot be written.
    """
    if show.duplicates.off:
        return Settled(tuple(sources))
    with Index(out / "library" / "posts.sqlite") as index:
        return _Desk(index, show, out).settle(sources, alone=alone, whole=whole, done=done)


class _Desk:
    """One run over the posts of one show."""

    def __init__(self, index: Index, show: Show, out: Path) -> None:
        self._index = index
        self._show = show
        self._out = out
        self._home = f"{show.name}/"
        self._stamps = {
            name: stamp for name, stamp in index.stamps().items() if name.startswith(self._home)
        }
        self._given: dict[str, Source] = {}
        """By their names in the index."""
        self._broken: set[str] = set()
        """They cannot be read, which is told where they are made."""
        self._records: dict[str, _Made | None] = {}
        self._claiming: set[str] = set()

    def settle(
        self,
        sources: Sequence[Source],
        *,
        alone: bool,
        whole: bool,
        done: Callable[[int, int], None],
    ) -> Settled:
        """See the function."""
        known = list(self._known()) if whole else []
        if not self._stamps:
            self._bring(self._published())
        given = {self._name(source): source for source in [*known, *sources] if source.path}
        for number, pair in enumerate(given.items(), 1):
            self._bring([pair])
            done(number, len(given))
        self._given = given
        same, different, unknown = self._overruled()
        near = self._near(same)
        links = [link for link in self._index.links() if {link.one, link.other} <= near]
        self._claiming = set(self._claims(links))
        decisions = decide(
            links,
            rank=self._rank,
            same=[pair for pair in same if set(pair) <= near],
            different=different,
        )
        for sentence in () if alone else unknown:
            log.warning("%s", sentence)
        settled = self._settled(sources, decisions, alone=alone)
        return msgspec.structs.replace(settled, unknown=tuple(unknown))

    def _settled(
        self, sources: Sequence[Source], decisions: Iterable[Decision], *, alone: bool
    ) -> Settled:
        of = {decision.post: decision for decision in decisions}
        copies: dict[str, list[Copied]] = {}
        for name, decision in of.items():
            source = self._source(name)
            if decision.kind is Kind.SAME and source and name not in self._broken:
                entry = self._entry(name)
                copied = Copied(source, entry.stamp, decision.reason, decision.score)
                copies.setdefault(decision.of, []).append(copied)
        make: list[Source] = []
        outcomes: list[Outcome] = []
        standing: dict[str, None] = {}
        for source in sources:
            name = self._name(source) if source.path else ""
            found = of.get(name)
            if found and found.kind is Kind.SAME and name not in self._broken:
                outcome = self._outcome(source, found)
                if not alone:
                    outcomes.append(outcome)
                    standing[found.of] = None
                    continue
                log.warning(
                    "%s is the same post as %s: %s; it is made all the same, since it was named "
                    "alone", source.label, outcome.copy_of, found.reason,
                )  # fmt: skip
            make.append(self._told(source, name, found, copies.get(name, ())))
        for name in standing:
            kept = self._source(name)
            if kept and name not in self._given:
                make.append(self._told(kept, name, of.get(name), copies[name]))
        told = [
            msgspec.structs.replace(each, post=self._label(each.post), of=self._label(each.of))
            for each in of.values()
        ]
        return Settled(tuple(make), tuple(outcomes), tuple(told))

    def _told(
        self, source: Source, name: str, decision: Decision | None, copies: Sequence[Copied]
    ) -> Source:
        """The post with what was found of it."""
        entry = self._index.entry(name)
        found = entry.label if entry else None
        if decision and decision.kind in (Kind.EXCERPT, Kind.LINKPOST):
            found = found or str(decision.kind)
        return msgspec.structs.replace(source, copies=tuple(copies), labelled=found)

    def _outcome(self, source: Source, decision: Decision) -> Outcome:
        entry, kept = self._entry(self._name(source)), self._entry(decision.of)
        reason = decision.reason
        if entry.slug != kept.slug and self._made(entry):
            reason += f"; its own episode, made before, stays in {self._folder(entry)}"
        return Outcome(
            source=source.label,
            status="copy",
            title=entry.title,
            path=str(self._folder(kept)),
            copy_of=self._label(decision.of),
            reason=reason,
            score=decision.score,
        )

    # ---- what is known ---------------------------------------------------------------------

    def _name(self, source: Source) -> str:
        part = f"#{source.part}" if source.part else ""
        return f"{self._home}{self._from_out(source)}{part}"

    def _from_out(self, source: Source) -> str:
        return os.path.relpath(source.path or "", self._out)

    def _entry(self, name: str) -> Entry:
        """What the index holds of it; not kept here, since a library's are too many."""
        entry = self._index.entry(name)
        if entry is None:
            raise KeyError(name)
        return entry

    def _source(self, name: str) -> Source | None:
        """Where the post is read from, if it is still there."""
        if name in self._given:
            return self._given[name]
        entry = self._entry(name)
        path = Path(os.path.normpath(self._out / entry.path))
        return self._at(path, entry.part) if path.is_file() else None

    @staticmethod
    def _at(path: Path, part: str | None) -> Source:
        return Source(f"{path}, {part}" if part else str(path), str(path), part=part)

    def _label(self, name: str) -> str:
        """As the user named it, or would."""
        source = self._source(name)
        return source.label if source else os.path.normpath(self._out / self._entry(name).path)

    def _known(self) -> Iterator[Source]:
        for name in sorted(self._stamps):
            if source := self._source(name):
                yield source

    def _published(self) -> Iterator[tuple[str, Source]]:
        """The posts of the episodes that are there: an index that begins anew must know them."""
        for path in sorted(self._out.glob(f"episodes/*/{record.RECORD}")):
            made = _made(path)
            if made is None or made.show != self._show.name:
                continue
            file, _, part = made.source.partition("#")
            for name, of in ((made.source, None), (file, part or None)):
                post_file = Path(self._show.root, name)
                if post_file.is_file():
                    source = self._at(Path(os.path.relpath(post_file)), of)
                    yield self._name(source), source
                    break

    def _bring(self, posts: Iterable[tuple[str, Source]]) -> None:
        """Into the index, what is new or has changed."""
        for name, source in posts:
            try:
                content = post.content(Path(source.path or ""))
                stamp = hashlib.sha256(content).hexdigest()
                if self._stamps.get(name) != stamp:
                    self._index.put(self._read(name, source, stamp))
                    self._stamps[name] = stamp
            except PipelineError as error:
                log.debug("%s is not compared with others", source.label, exc_info=error)
                self._broken.add(name)

    def _read(self, name: str, source: Source, stamp: str) -> Entry:
        from tts_pipeline.post.twins.likeness import fingerprint  # noqa: PLC0415  numpy

        read = pipeline.read_post(source, self._show)
        said = pipeline.words_of(read)
        led = is_linkpost(read.title, " ".join(said[:60])) and not read.label
        label = "linkpost" if led else read.label
        elsewhere = tuple(map(same_post, read.copies))
        is_link = label == "linkpost"
        return Entry(
            name=name,
            show=self._show.name,
            path=self._from_out(source),
            part=source.part,
            place=read.name,
            slug=record.identify(read, self._show.name).slug,
            stamp=stamp,
            title=read.title,
            url=read.url,
            date=read.date,
            keys=(*_own(read), *(() if is_link else elsewhere)),
            links=(elsewhere or _first_link(read)) if is_link else (),
            label=label,
            print=fingerprint([letters(word) for word in said]),
        )

    # ---- who stands for whom ---------------------------------------------------------------

    def _near(self, same: Iterable[tuple[str, str]]) -> set[str]:
        """The given posts and all that are linked with them, brought up to date."""
        while True:
            ways: dict[str, set[str]] = {}
            known = [pair for pair in same if set(pair) <= self._stamps.keys()]
            pairs = [*known, *((link.one, link.other) for link in self._index.links())]
            for one, other in pairs:
                ways.setdefault(one, set()).add(other)
                ways.setdefault(other, set()).add(one)
            near, ahead = set(self._given), [name for name in self._given if name in ways]
            while ahead:
                found = ways[ahead.pop()] - near
                near |= found
                ahead += found
            before = dict(self._stamps)
            for name in sorted(near - set(self._given)):
                source = self._source(name)
                if source:
                    self._bring([(name, source)])
                elif not self._made(self._entry(name)):
                    self._index.forget([name])
                    del self._stamps[name]
            if self._stamps == before:
                return near

    def _rank(self, name: str) -> tuple[Any, ...]:
        """Of the same post, the lowest stands for the others."""
        entry = self._entry(name)
        made = self._made(entry)
        return (
            made is None,
            made is None or made.source != entry.place,
            name not in self._given or name in self._broken,
            entry.label is not None,
            name in self._claiming,
            entry.date or _NEVER,
            entry.place,
        )

    def _claims(self, links: Iterable[Link]) -> Iterator[str]:
        """Posts that call another's address theirs with other words: those must not silence it."""
        for link in links:
            if link.kind is Kind.SAME and link.score < NEAR:
                one, other = self._entry(link.one), self._entry(link.other)
                for post_, of in ((one, other), (other, one)):
                    if set(post_.keys[1:]) & set(of.keys[:1]):
                        yield post_.name

    def _folder(self, entry: Entry) -> Path:
        return pipeline.episode_folder(self._out, entry.slug)

    def _made(self, entry: Entry) -> _Made | None:
        """The post's episode, if the show has made it."""
        if entry.slug not in self._records:
            made = _made(self._folder(entry) / record.RECORD)
            ours = made is not None and made.show == self._show.name
            self._records[entry.slug] = made if ours else None
        return self._records[entry.slug]

    def _overruled(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
        """(pairs that are the same, pairs that are not, what is not known), by the show."""
        given = self._show.duplicates
        if not given.same and not given.different:
            return [], [], []
        called: dict[str, list[str]] = {}
        for name in sorted(self._stamps):
            entry = self._entry(name)
            own = same_post(entry.url) if entry.url else entry.slug
            for each in {entry.slug, entry.place, entry.path, own}:
                called.setdefault(each, []).append(name)
        unknown: list[str] = []

        def named(key: str, group: Iterable[str]) -> list[list[str]]:
            found = []
            for written in group:
                plain = same_post(written) if "://" in written else normpath(written)
                if plain in called:
                    found.append(called[plain])
                else:
                    unknown.append(
                        f"[duplicates] in the show {self._show.name!r} names {written!r} in "
                        f"`{key}`, which is no post that is known; write its address, its path "
                        "within the show, or the name of its episode's folder"
                    )
            return found

        same = [
            pair
            for group in given.same
            for ones, others in pairwise(named("same", group))
            for pair in product(ones, others)
        ]
        different = [
            pair
            for group in given.different
            for ones, others in combinations(named("different", group), 2)
            for pair in product(ones, others)
        ]
        return same, different, unknown


def _own(read: Post) -> tuple[str, ...]:
    """What identifies the post, as it does its episode."""
    if read.url:
        return (same_post(read.url),)
    return (f"id {read.id}",) if read.id else ()


def _first_link(read: Post) -> tuple[str, ...]:
    found = document.links(document.read(read), read.url)
    return tuple(same_post(link.url) for link in found[:1])


def _made(path: Path) -> _Made | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Made)
    except (OSError, msgspec.MsgspecError):
        return None
