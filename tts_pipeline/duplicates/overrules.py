"""[duplicates] in a show's file -> pairs of posts."""

from collections.abc import Iterable
from itertools import combinations, pairwise, product
from posixpath import normpath

from tts_pipeline.model import Noun, Show
from tts_pipeline.post.twins import Entry, same_post

Pair = tuple[str, str]
"""Two posts by their names in the index."""


class Overrules(Noun):
    """What a show says of its posts."""

    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()
    unknown: tuple[str, ...] = ()
    """A sentence for each name that no post has, and for each pair that is called both."""


def overrules(show: Show, entries: Iterable[Entry]) -> Overrules:
    """The pairs that the show names; `entries` are its posts, and are looked at only if it does."""
    given = show.duplicates
    if not given.same and not given.different:
        return Overrules()
    called: dict[str, list[str]] = {}
    for entry in entries:
        address = same_post(entry.url) if entry.url else entry.slug
        for each in {entry.slug, entry.place, entry.path, address}:
            called.setdefault(each, []).append(entry.name)
    unknown: list[str] = []
    as_written: dict[str, str] = {}

    def named(key: str, group: Iterable[str]) -> list[list[str]]:
        found = []
        for written in group:
            plain = same_post(written) if "://" in written else normpath(written)
            if plain in called:
                found.append(called[plain])
                as_written.update(dict.fromkeys(called[plain], written))
            else:
                unknown.append(
                    f"[duplicates] in the show {show.name!r} names {written!r} in `{key}`, which "
                    "is no post that is known; write its address, its path within the show, or "
                    "the name of its episode's folder"
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
    unknown += [
        f"[duplicates] in the show {show.name!r} calls {as_written[one]!r} and "
        f"{as_written[other]!r} both the same and different; they are taken for different until "
        "one of the two is removed"
        for one, other in different
        if one != other and _hang_together(one, other, same)
    ]
    return Overrules(tuple(same), tuple(different), tuple(unknown))


def _hang_together(one: str, other: str, pairs: Iterable[Pair]) -> bool:
    """Whether pairs lead from one post to the other."""
    reached, ahead = {one}, [one]
    while ahead:
        at = ahead.pop()
        found = {name for pair in pairs if at in pair for name in pair} - reached
        reached |= found
        ahead += found
    return other in reached
