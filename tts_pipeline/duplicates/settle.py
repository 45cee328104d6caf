"""Posts of a run -> what is made, with its copies, and what is not made, with the reason."""

import logging
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tts_pipeline.batch import Outcome
from tts_pipeline.duplicates import made
from tts_pipeline.duplicates.identity import former
from tts_pipeline.duplicates.known import Known
from tts_pipeline.duplicates.overrules import overrules
from tts_pipeline.episode.record import Identity
from tts_pipeline.model import Noun, Show
from tts_pipeline.pipeline import Copied, Source
from tts_pipeline.post.twins import Decision, Entry, Index, Kind, Link, decide
from tts_pipeline.post.twins.relation import NEAR

log = logging.getLogger(__name__)

Place = tuple[str, str | None]
"""A post's path from the output folder, and its chapter."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class Settled(Noun):
    """What becomes of the posts of a run."""

    sources: tuple[Source, ...]
    """What to make: each with its copies. A post that stands for one of the run, and has its
    episode already, comes last, so that its record names the copy."""
    copies: tuple[Outcome, ...] = ()
    """What is not made, since it is the same post as another."""
    news: tuple[Outcome, ...] = ()
    """Those of the copies that no record names yet."""
    decisions: tuple[Decision, ...] = ()
    """Of all posts that are like another, as the user names them."""
    unknown: tuple[str, ...] = ()
    """A sentence for each post that the show's [duplicates] names and nobody knows."""
    unread: tuple[str, ...] = ()
    """A sentence for each post that cannot be read; it is among `sources`, and fails there."""


def settle(
    sources: Sequence[Source],
    show: Show,
    out: Path,
    *,
    alone: bool = False,
    whole: bool = False,
    write: bool = True,
    ignored: Container[Place] = (),
    failing: Container[Place] = (),
    done: Callable[[int, int], None] = lambda _n, _of: None,
) -> Settled:
    """Decide for each post whether it is made, and of which others it is the copy.

    Args:
        sources: the posts.
        show: whose posts they are; posts of other shows do not count.
        out: the output folder, where the index lies.
        alone: whether a person named this one post; it is made even if it is a copy.
        whole: whether all posts that the index knows count as given.
        write: whether the index remembers what is new.
        ignored: posts that are not to be made, whatever they stand for.
        failing: posts that fail again and again, so that a copy is better than none.
        done: told how many posts have been looked at, and of how many.

    Raises:
        OutputError: the index cannot be written.
    """
    if show.duplicates.off:
        return Settled(tuple(sources))
    with Index(out / "library" / "posts.sqlite", write=write) as index:
        known = Known(index, show, out)
        known.give(sources, whole=whole, done=done)
        said = overrules(show, known.entries())
        for sentence in () if alone else said.unknown:
            log.warning("%s", sentence)
        near = known.near(said)
        links = [link for link in index.links() if {link.one, link.other} <= near]
        decisions = decide(
            links,
            rank=_Rank(known, links, failing),
            same=[pair for pair in said.same if set(pair) <= near],
            different=said.different,
        )
        settled = _settled(sources, known, decisions, ignored, alone=alone)
        unread = tuple(known.broken.values())
        return msgspec.structs.replace(settled, unknown=said.unknown, unread=unread)


class _Rank:
    """Of the same post, the lowest stands for the others."""

    def __init__(self, known: Known, links: Iterable[Link], failing: Container[Place]) -> None:
        self._known = known
        self._failing = failing
        self._claiming = set(_claiming(known, links))

    def __call__(self, name: str) -> tuple[Any, ...]:
        known, entry = self._known, self._known.entry(name)
        there = known.made(entry)
        return (
            there is None,
            # Of files with one address, one that the show has no more may be stale.
            name not in known.given or name in known.broken,
            there is None and (entry.path, entry.part) in self._failing,
            there is None or there.source != entry.place,
            entry.label is not None,
            name in self._claiming,
            entry.date or _NEVER,
            entry.place,
        )


def _claiming(known: Known, links: Iterable[Link]) -> Iterator[str]:
    """Posts that call another's address theirs with other words: those must not silence it."""
    for link in links:
        if link.kind is Kind.SAME and link.score < NEAR:
            one, other = known.entry(link.one), known.entry(link.other)
            for post, of in ((one, other), (other, one)):
                if set(post.keys[1:]) & set(of.keys[:1]):
                    yield post.name


def _settled(
    sources: Sequence[Source],
    known: Known,
    decisions: Iterable[Decision],
    ignored: Container[Place],
    *,
    alone: bool,
) -> Settled:
    found = {decision.post: decision for decision in decisions}
    copies = _copies(known, found.values())
    make: list[Source] = []
    outcomes: dict[str, Outcome] = {}
    standing: dict[str, None] = {}
    for source in sources:
        name = known.name(source) if source.path else ""
        decision = found.get(name)
        if decision and decision.kind is Kind.SAME and name not in known.broken:
            outcome = _outcome(source, known.entry(name), decision, known)
            if not alone:
                outcomes[name] = outcome
                standing[decision.of] = None
                continue
            log.warning(
                "%s is the same post as %s: %s; it is made all the same, since it was named alone",
                source.label,
                outcome.copy_of,
                decision.reason,
            )
        make.append(_told(source, name, known, decision, copies.get(name, ())))
    left = set()
    for name in standing:
        kept, entry = known.source(name), known.entry(name)
        if kept is None or (entry.path, entry.part) in ignored:
            left.add(name)
        elif name not in known.given:
            make.append(_told(kept, name, known, found.get(name), copies[name]))
    told = tuple(
        msgspec.structs.replace(each, post=known.label(each.post), of=known.label(each.of))
        for each in found.values()
    )
    news = [
        outcome for name, outcome in outcomes.items() if _is_news(name, found[name].of, known, left)
    ]
    return Settled(tuple(make), tuple(outcomes.values()), tuple(news), told)


def _is_news(copy: str, of: str, known: Known, left: Container[str]) -> bool:
    """Whether the episode does not name the copy yet; one that is left alone never will."""
    if of in left:
        return copy in known.changed
    return known.entry(copy).place not in made.copies(known.folder(known.entry(of)))


def _copies(known: Known, decisions: Iterable[Decision]) -> dict[str, list[Copied]]:
    """By the post that stands for them: those that can be read."""
    copies: dict[str, list[Copied]] = {}
    for decision in decisions:
        name = decision.post
        if decision.kind is not Kind.SAME or name in known.broken:
            continue
        if source := known.source(name):
            copied = Copied(
                source,
                known.entry(name).stamp,
                decision.reason,
                decision.score,
                _own_guid(name, decision.of, known),
            )
            copies.setdefault(decision.of, []).append(copied)
    return copies


def _own_guid(copy: str, of: str, known: Known) -> str | None:
    """Of the episode that a copy has had before it was known to be one."""
    entry, kept = known.entry(copy), known.entry(of)
    own = known.made(entry) if entry.slug != kept.slug else None
    return own.guid if own else None


def _told(
    source: Source, name: str, known: Known, decision: Decision | None, copies: Sequence[Copied]
) -> Source:
    """The post with what was found of it."""
    entry = known.index.entry(name)
    label = entry.label if entry else None
    identity = Identity(entry.guid, entry.slug) if entry and entry.guid else None
    if decision and decision.kind in (Kind.EXCERPT, Kind.LINKPOST):
        label = label or str(decision.kind)
    return msgspec.structs.replace(
        source,
        copies=tuple(copies),
        labelled=label,
        identity=identity,
        former=former(entry, known.made(entry)) if entry else (),
    )


def _outcome(source: Source, entry: Entry, decision: Decision, known: Known) -> Outcome:
    kept = known.entry(decision.of)
    reason = decision.reason
    if _own_guid(entry.name, kept.name, known):
        reason += f"; its own episode, made before, stays in {known.folder(entry)}"
        reason += ", and no feed lists both"
    elif not known.source(decision.of):
        reason += (
            f"; that file is gone and its episode stays: remove {known.folder(kept)}, and this "
            "post is made in its place"
        )
    return Outcome(
        source=source.label,
        status="copy",
        title=entry.title,
        path=str(known.folder(kept)),
        copy_of=known.label(decision.of),
        reason=reason,
        score=decision.score,
    )
