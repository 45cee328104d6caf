"""How two posts are related: a pure decision, with its reason."""

from datetime import datetime
from enum import StrEnum

from tts_pipeline.model import Noun
from tts_pipeline.post.twins.address import aside, host
from tts_pipeline.post.twins.difference import own
from tts_pipeline.post.twins.likeness import likeness
from tts_pipeline.post.twins.prints import Print
from tts_pipeline.post.twins.title import bare, numbered_apart

NEAR = 0.4
"""Likeness from which two posts of different sites are the same."""

HARDLY_A_WORD = 0.9
"""Likeness from which two posts of one site are the same, whatever their titles."""

_REPOST = 0.75
"""Likeness from which two posts of one site and one title are the same: one word in twenty."""

_OWN, _OWN_TITLED = 0.2, 0.02
"""Share of words of its own, in passages, from which a post is another; the lower one for posts
that have titles of their own too."""

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


class _Alike(Noun, frozen=True):
    """How much of two texts is the same."""

    score: float
    """Their likeness."""
    within: float
    """Share of the shorter one's runs that stand in the longer one."""
    equal: bool
    """Whether their words are."""


def relate(one: Entry, other: Entry) -> Link | None:
    """How `one` is related to `other`; None when they have nothing to do with each other."""
    if one.show != other.show:
        return None
    equal = one.print.digest == other.print.digest and one.print.words > 0
    alike = _Alike(*((1.0, 1.0) if equal else likeness(one.print, other.print)), equal)
    return _by_address(one, other, alike) or _by_words(one, other, alike)


def _link(one: Entry, other: Entry, kind: Kind, reason: str, score: float) -> Link:
    return Link(one.name, other.name, kind, reason, round(score, 3))


def _by_address(one: Entry, other: Entry, alike: _Alike) -> Link | None:
    """By what the posts say of themselves."""
    shared = set(one.keys) & set(other.keys)
    is_part = _is_part(*_by_length(one, other), alike)
    if (is_part or alike.score < NEAR) and _aside(one, other):
        shared -= {one.keys[0]}
        if not shared and not is_part:
            reason = "their addresses are two places of one page, and their words are their own"
            return _link(one, other, Kind.APART, reason, alike.score)
    if shared:
        reason = f"both say that they are {min(shared)}"
        return _link(one, other, Kind.SAME, reason, alike.score)
    for post, target in ((one, other), (other, one)):
        holds = alike.within >= _WITHIN and post.print.words >= target.print.words
        led = sorted(set(post.links) & set(target.keys))
        if led and alike.score < NEAR and not holds:
            reason = f"it leads to {led[0]}, and its words are its own"
            return _link(post, target, Kind.LINKPOST, reason, alike.score)
    return None


def _by_words(one: Entry, other: Entry, alike: _Alike) -> Link | None:
    """By their titles and texts."""
    same_title = bare(one.title) == bare(other.title)
    if min(one.print.words, other.print.words) < _FEW and not (alike.equal and same_title):
        return None
    is_near, is_within = alike.score >= NEAR, alike.within >= _WITHIN
    if is_near and numbered_apart(one.title, other.title, both=alike.equal):
        reason = "their titles differ in a number or a date"
        return _link(one, other, Kind.APART, reason, alike.score)
    less, more = _by_length(one, other)
    besides = more.print.words - less.print.words
    introduced = same_title and not _one_site(one, other) and besides <= _PREAMBLE
    if _is_part(less, more, alike) and not introduced:
        reason = f"{alike.within:.0%} of it stands in the longer post"
        return _link(less, more, Kind.EXCERPT, reason, alike.within)
    if is_near:
        apart = not alike.equal and _two_posts(one, other, alike.score, same_title=same_title)
        if apart:
            return _link(one, other, Kind.APART, apart, alike.score)
        share = f"{alike.score:.0%} of their runs of three words are equal"
        reason = "their words are equal" if alike.equal else share
        return _link(one, other, Kind.SAME, reason, alike.score)
    if is_within and introduced:
        reason = f"one is the other and {besides} words besides"
        return _link(one, other, Kind.SAME, reason, alike.score)
    return None


def _by_length(one: Entry, other: Entry) -> tuple[Entry, Entry]:
    return (one, other) if one.print.words <= other.print.words else (other, one)


def _is_part(less: Entry, more: Entry, alike: _Alike) -> bool:
    """Whether the shorter post stands in the longer one, which says much more."""
    return alike.within >= _WITHIN and less.print.words <= _SHORTER * more.print.words


def _aside(one: Entry, other: Entry) -> bool:
    """Whether their own addresses are one but for what may tell two posts of one page apart."""
    if not one.url or not other.url or one.keys[:1] != other.keys[:1]:
        return False
    return aside(one.url) != aside(other.url)


def _one_site(one: Entry, other: Entry) -> bool:
    # Posts without an address stand in one person's folder, which is a site as well.
    return host(one.url) == host(other.url)


def _two_posts(one: Entry, other: Entry, score: float, *, same_title: bool) -> str:
    """Why posts that are alike are two all the same; empty if they are one.

    A copy is edited here and there, or has a passage more than the other. Posts from one template
    have a passage each, or a date each; and a site gives each a title and an address of its own.
    """
    ours, theirs = own(one.print, other.print), own(other.print, one.print)
    if not _one_site(one, other):
        most = _OWN if same_title else _OWN_TITLED
        return "each has a passage of its own" if min(ours.share, theirs.share) >= most else ""
    if score < (_REPOST if same_title else HARDLY_A_WORD):
        return "both stand on one site, and more than a few words differ"
    if one.url and other.url and not same_title:
        return "both stand on one site, and their titles and some words differ"
    if ours.passages or theirs.passages:
        return "both stand on one site, and a passage differs"
    if ours.numbers - theirs.numbers and theirs.numbers - ours.numbers:
        return "both stand on one site, and their words differ in a number or a date"
    return ""
