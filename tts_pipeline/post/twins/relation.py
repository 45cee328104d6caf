"""How two posts are related: a pure decision, with its reason."""

import re
from datetime import datetime
from enum import StrEnum

from tts_pipeline.model import Noun
from tts_pipeline.post.twins.address import host
from tts_pipeline.post.twins.likeness import likeness
from tts_pipeline.post.twins.prints import Print

NEAR = 0.4
"""Likeness from which two posts of different sites are the same."""

HARDLY_A_WORD = 0.9
"""Likeness from which two posts of one site are the same."""

_WITHIN = 0.8
"""Share of a shorter post's runs that stand in a longer one, from which it is an excerpt of it."""

_SHORTER = 0.7
"""An excerpt has at most this share of the words of the whole."""

_PREAMBLE = 150
"""Words that a copy may have besides: who wrote it, where it was first posted."""

_FEW = 25
"""Words below which equal words prove nothing: "See the thread on the other site."."""


class Kind(StrEnum):
    """How one post is related to another."""

    SAME = "same"
    EXCERPT = "excerpt"
    """It stands inside the other."""
    LINKPOST = "linkpost"
    """It leads to the other, and has words of its own."""
    APART = "apart"
    """Alike, and yet not the same; kept so that a person can see why."""


class Entry(Noun, kw_only=True):
    """A post as far as it must be known to find its twins."""

    name: str
    """Unique in the index."""
    show: str = ""
    """Whose post it is; only posts of one show have to do with each other."""
    path: str = ""
    """Its file, from the output folder."""
    part: str | None = None
    """Which chapter of a book."""
    place: str = ""
    """Its place within the show, as its episode's record names its source."""
    slug: str = ""
    """Its episode's folder."""
    guid: str | None = None
    """That of its episode, where it is not the one that its name gives."""
    stamp: str
    """Changes when the file does."""
    title: str
    url: str | None
    date: datetime | None
    keys: tuple[str, ...]
    """What it says of its identity: addresses as `same_post` gives them, and identifiers."""
    links: tuple[str, ...] = ()
    """The addresses that a linkpost leads to."""
    label: str | None = None
    """`excerpt` or `linkpost`, by its own words."""
    print: Print


class Link(Noun, frozen=True):
    """What is found of two posts."""

    one: str
    other: str
    kind: Kind
    reason: str
    score: float
    """Likeness, 0 to 1."""


def relate(one: Entry, other: Entry) -> Link | None:
    """How `one` is related to `other`; None when they have nothing to do with each other."""
    if one.show != other.show:
        return None

    def link(kind: Kind, reason: str) -> Link:
        return Link(one.name, other.name, kind, reason, round(score, 3))

    score, within = likeness(one.print, other.print)
    if one.print.digest == other.print.digest and one.print.words:
        score = within = 1.0
    if shared := sorted(set(one.keys) & set(other.keys)):
        return link(Kind.SAME, f"both say that they are {shared[0]}")
    for post, target in ((one, other), (other, one)):
        holds = within >= _WITHIN and post.print.words >= target.print.words
        led = sorted(set(post.links) & set(target.keys))
        if led and score < NEAR and not holds:
            reason = f"it leads to {led[0]}, and its words are its own"
            return Link(post.name, target.name, Kind.LINKPOST, reason, round(score, 3))
    short = min(one.print.words, other.print.words) < _FEW
    same_title = bare(one.title) == bare(other.title)
    if score == 1.0 and (same_title or not short):
        return link(Kind.SAME, "their words are equal")
    # Posts without an address stand in one person's folder, which is a site as well.
    one_site = host(one.url) == host(other.url)
    if score >= NEAR and not short:
        if _numbered_apart(one.title, other.title):
            return link(Kind.APART, "their titles differ in a number or a date")
        if one_site and score < HARDLY_A_WORD:
            return link(Kind.APART, "both stand on one site, and more than a few words differ")
        return link(Kind.SAME, f"{score:.0%} of their runs of three words are equal")
    if within < _WITHIN or short:
        return None
    less, more = sorted((one, other), key=lambda entry: entry.print.words)
    besides = more.print.words - less.print.words
    if same_title and not one_site and besides <= _PREAMBLE:
        return link(Kind.SAME, f"one is the other and {besides} words besides")
    if less.print.words > _SHORTER * more.print.words:
        return None
    reason = f"{within:.0%} of it stands in the longer post"
    return Link(less.name, more.name, Kind.EXCERPT, reason, round(within, 3))


_TOKEN = re.compile(r"\w+")
_NUMERAL = re.compile(r"\d\w*|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})|" + "|".join(
    "one two three four five six seven eight nine ten first second third fourth fifth "
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter "
    "monday tuesday wednesday thursday friday saturday sunday".split()
), re.I)  # fmt: skip


def _numbered_apart(one: str, other: str) -> bool:
    """Whether two titles name two parts of one series: Part 1 and Part 2, or May and June."""
    ours, theirs = _TOKEN.findall(one.casefold()), _TOKEN.findall(other.casefold())
    numbers = [[token for token in each if _NUMERAL.fullmatch(token)] for each in (ours, theirs)]
    rest = [[token for token in each if not _NUMERAL.fullmatch(token)] for each in (ours, theirs)]
    if numbers[0] == numbers[1]:
        return False
    # A title that has lost a year or gained "(crosspost)" is not numbered apart.
    return rest[0] == rest[1] or bool(numbers[0] and numbers[1])


_AROUND = re.compile(
    r"\s*[\[(](?:cross-?post(?:ed)?|x-?post|link(?:post)?|repost)\b[^\])]*[\])]\s*"
    r"|^\s*(?:cross-?post|link(?:post)?|repost)\s*:\s*",
    re.I,
)


def bare(title: str) -> str:
    """A title's words, without "(crosspost)" and the like."""
    return " ".join(_TOKEN.findall(_AROUND.sub(" ", title).casefold()))
