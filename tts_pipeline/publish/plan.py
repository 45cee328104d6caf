"""What goes, what stays, and what may be deleted: decided from what is known, touching nothing."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import structs

from tts_pipeline.model import Noun
from tts_pipeline.publish.contents import Contents, Phase
from tts_pipeline.publish.entry import ARRIVED, Entry, Ledger, State


class Local(Noun):
    """A file here, as it was when its content was read."""

    size: int
    mtime_ns: int
    sha256: str


class Sending(Noun):
    """A file that goes."""

    phase: Phase
    name: str
    size: int


class Plan(Noun):
    """What a run is about to do."""

    sending: tuple[Sending, ...]
    """In the order in which they go."""
    unchanged: int
    ledger: Ledger
    """As it must be kept before anything is sent."""


def plan(
    contents: Iterable[Contents],
    local: Mapping[str, Local],
    known: Ledger,
    unsure: Iterable[str] = (),
) -> Plan:
    """Compare what shall be there with what is.

    Args:
        contents: of each show.
        local: each of their files.
        known: what is there, as far as it is known; nothing in it is on its way.
        unsure: names under which the target holds something of the same size of unknown content.
    """
    unsure = set(unsure)
    ledger = dict(known)
    sending: list[Sending] = []
    phases: dict[str, Phase] = {}
    shows: dict[str, set[str]] = {}
    for each in contents:
        for name, phase in each.files.items():
            phases[name] = phase
            shows.setdefault(name, set()).add(each.show)
    for name, phase in phases.items():
        here, before = local[name], known.get(name)
        state = _state(here, before, unsure=name in unsure)
        if state not in ARRIVED:
            sending.append(Sending(phase, name, here.size))
        named = shows[name] | set(before.shows if before else ())
        ledger[name] = Entry(
            name, here.size, here.mtime_ns, here.sha256, tuple(sorted(named)), None, state
        )
    sending.sort(key=_place)
    return Plan(tuple(sending), len(phases) - len(sending), ledger)


def _place(each: Sending) -> tuple[Phase, int, str]:
    """What is named before what names it: the first page of an archive, the deepest list."""
    within = {Phase.ARCHIVE: len(each.name), Phase.LIST: -each.name.count("/")}
    return each.phase, within.get(each.phase, 0), each.name


def _state(here: Local, before: Entry | None, *, unsure: bool) -> State:
    if before is None:
        return State.AGAIN if unsure else State.NEW
    if before.sha256 == here.sha256:
        return before.state
    return State.AGAIN if before.size == here.size else State.NEW


def let_go(ledger: Ledger, finished: Iterable[Contents], now: datetime) -> Ledger:
    """The ledger once the feeds of these shows are there, which name no more than their contents.

    What a show does not name any more is no longer its own; `since` is when the last one let go.
    """
    finished = list(finished)
    named = {each.show: each.files for each in finished}
    kept: Ledger = {}
    for name, entry in ledger.items():
        shows = tuple(show for show in entry.shows if show not in named or name in named[show])
        since = entry.since if shows == entry.shows else None if shows else now
        kept[name] = structs.replace(entry, shows=shows, since=since)
    return kept


def superfluous(
    ledger: Ledger, *, keep: timedelta, now: datetime, at_once: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """What no feed or page names any more: what may be deleted, and what is too young for it.

    Args:
        ledger: what was published.
        keep: how long a file stays, for those who still hold the old feed.
        now: the time.
        at_once: whether a file, by its name, is not to be kept so long.
    """
    over, young = list[str](), list[str]()
    for name, entry in sorted(ledger.items()):
        if not entry.shows and entry.since:
            due = now - entry.since >= keep or at_once(name)
            (over if due else young).append(name)
    return over, young
