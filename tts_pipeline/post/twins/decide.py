"""Links between posts -> which post stands for which."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tts_pipeline.model import Noun
from tts_pipeline.post.twins.relation import Kind, Link


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
        different: pairs that are not.
    """
    apart = {frozenset(pair) for pair in different}
    found = sorted(
        (link for link in links if frozenset((link.one, link.other)) not in apart),
        key=lambda link: (-link.score, link.one, link.other),
    )
    apart |= {frozenset((link.one, link.other)) for link in found if link.kind is Kind.APART}
    said = [Link(one, other, Kind.SAME, "the show says so", 1.0) for one, other in same]
    by_hand = {frozenset(pair) for pair in same}
    group: dict[str, set[str]] = {}
    because: dict[str, list[Link]] = {}
    for link in [*said, *found]:
        for name in (link.one, link.other):
            because.setdefault(name, []).append(link)
        if link.kind is Kind.SAME:
            ours, theirs = (group.get(name, {name}) for name in (link.one, link.other))
            hand = frozenset((link.one, link.other)) in by_hand
            # A third post that is like two parts of a series does not make them one.
            if hand or not any(frozenset((a, b)) in apart for a in ours for b in theirs):
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
            hand = frozenset((link.one, link.other)) in by_hand
            decisions.append(Decision(name, chosen, Kind.SAME, link.reason, link.score, hand))
            continue
        others = [link for link in because[name] if link.kind is not Kind.SAME and link.one == name]
        if others:
            link = max(others, key=lambda each: (each.kind is not Kind.APART, each.score))
            of = first.get(link.other, link.other)
            decisions.append(Decision(name, of, link.kind, link.reason, link.score))
    return tuple(decisions)
