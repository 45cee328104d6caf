"""What became of each segment becomes findings, one for each run of segments with one fate."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tts_pipeline.check.rules import at, found
from tts_pipeline.model import Episode, Finding, Noun
from tts_pipeline.segment.chapters import cut

_ANEW = "make the episode anew"


class Fate(Noun):
    """What became of a segment."""

    segment: int
    """Index into the record's segments."""
    shift: int | None
    """How many samples later than recorded it is heard; None if it is not."""


def findings(fates: Sequence[Fate], record: Episode) -> Iterator[Finding]:
    """What is wrong, in order of segments."""
    strays = _out_of_order(fates, record)
    for (shift, stray), group in groupby(
        fates, key=lambda fate: (fate.shift, fate.segment in strays)
    ):
        run = list(group)
        if shift == 0 and not stray:
            continue
        yield _finding(run, shift, record, stray=stray)


def _finding(run: Sequence[Fate], shift: int | None, record: Episode, *, stray: bool) -> Finding:
    first = record.segments[run[0].segment]
    number = f"segment {run[0].segment + 1}"
    if len(run) > 1:
        number = f"segments {run[0].segment + 1} to {run[-1].segment + 1}"
    which = (
        f"{number} ({cut(first.written or first.spoken, 60)!r}{', ...' if len(run) > 1 else ''})"
    )
    where = at(first.start, record.sample_rate)
    if shift is None:
        return found(
            "words.missing",
            f"{which}: not heard here nor near: missing, or other words are said; {_ANEW}",
            where,
        )
    off = f"{abs(shift) * 1000 / record.sample_rate:,.0f} ms {'late' if shift > 0 else 'early'}"
    if stray:
        return found(
            "words.order",
            f"{which}: heard {off}, out of order with what stands beside it: moved or swapped; "
            f"{_ANEW}",
            where,
        )
    return found(
        "words.place",
        f"{which}: heard {off}: something before it was {'added' if shift > 0 else 'lost'}; "
        f"{_ANEW}",
        where,
    )


def _out_of_order(fates: Sequence[Fate], record: Episode) -> set[int]:
    """Moved segments that are heard before one that should come earlier, or after a later one."""
    places = [
        (fate, record.segments[fate.segment].start + fate.shift)
        for fate in fates
        if fate.shift is not None
    ]
    strays = set()
    latest = -1
    for fate, place in places:
        if fate.shift and place < latest:
            strays.add(fate.segment)
        latest = max(latest, place)
    earliest = record.samples * 2
    for fate, place in reversed(places):
        if fate.shift and place > earliest:
            strays.add(fate.segment)
        earliest = min(earliest, place)
    return strays
