"""Links between posts -> which post stands for which."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tts_pipeline.model import Noun
from tts_pipeline.post.twins.relation import Kind, Link

_SAID = "the show says so"


class Decision(Noun):
    """What becomes of one post that has a twin or is part of another."""

    post: str
    of: str
    """The post that stands for it, or that it is a part of."""
    kind: Kind
    reason: str
    score: float
    overruled: bool = False
    """By the show."""


def decide(
    links: Iterable[Link],
    *,
    rank: Callable[[str], Any],
    same: Sequence[tuple[str, str]] = (),
    different: Sequence[tuple[str, str]] = (),
) -> tuple[Decision, ...]:
    """One decision a post that has any, in order of their names.

    Args:
        links: what was found.
        rank: of a group of the same post, the one of the lowest rank stands for it; should prefer
            one that has an episode already, then the earliest.
        same: pairs of names that are the same post, whatever was found.
        different: pairs that are not; these come before those.
    """
    denied = {frozenset(pair) for pair in different}
    by_hand = denied | {frozenset(pair) for pair in same}
    found = sorted(
        (_denied(link) if _pair(link) in denied else link for link in links),
        key=lambda link: (-link.score, link.one, link.other),
    )
    apart = denied | {_pair(link) for link in found if link.kind is Kind.APART}
    said = [Link(one, other, Kind.SAME, _SAID, 1.0) for one, other in same]
    group: dict[str, set[str]] = {}
    because: dict[str, list[Link]] = {}
    for link in [*said, *found]:
        for name in (link.one, link.other):
            because.setdefault(name, []).append(link)
        if link.kind is Kind.SAME:
            ours, theirs = (group.get(name, {name}) for name in (link.one, link.other))
            # A third post that is like two parts of a series does not make them one.
            kept = denied if _pair(link) in by_hand else apart
            if not any(frozenset((a, b)) in kept for a in ours for b in theirs):
                joined = ours | theirs
                group.update(dict.fromkeys(joined, joined))
    groups = {id(names): names for names in group.values()}
    first = {
        name: chosen
        for names in groups.values()
        for chosen in [min(names, key=lambda each: (rank(each), each))]
        for name in names
    }
    decisions = []
    for name in sorted(because):
        chosen = first.get(name, name)
        if chosen != name:
            # The link to the chosen post itself, if there is one, says most.
            to = [
                link
                for link in because[name]
                if link.kind is Kind.SAME and {link.one, link.other} <= group[name]
            ]
            link = max(to, key=lambda each: (chosen in (each.one, each.other), each.score))
            hand = _pair(link) in by_hand
            decisions.append(Decision(name, chosen, Kind.SAME, link.reason, link.score, hand))
            continue
        others = [link for link in because[name] if link.kind is not Kind.SAME and link.one == name]
        if others:
            link = max(
                others,
                key=lambda each: (each.kind is not Kind.APART, _pair(each) in by_hand, each.score),
            )
            hand = _pair(link) in by_hand
            of = link.other if hand else first.get(link.other, link.other)
            decisions.append(Decision(name, of, link.kind, link.reason, link.score, hand))
    return tuple(decisions)


def _pair(link: Link) -> frozenset[str]:
    return frozenset((link.one, link.other))


def _denied(link: Link) -> Link:
    """What was found of two posts that the show calls different."""
    return Link(link.one, link.other, Kind.APART, _SAID, link.score)
