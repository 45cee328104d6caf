"""Runs of prose that stand again."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from tts_pipeline.document.repeats.matching import Kept, Match, Run
from tts_pipeline.document.repeats.piece import Piece, Removal

RUN_WORDS = 40
PARAGRAPH_WORDS = 12
LONE_WORDS = 80
"""What the one paragraph of a run with a heading must have."""
NEAR_WORDS = 80
"""What a run must have if it is not word for word."""
REFRAIN_WORDS = 100
"""Under so many, what stands three times is meant."""
LONG_WORDS = 200
"""Under so many, what is announced, or belongs to sections of other names, is meant."""
HEAD_BLOCKS = 6
"""Blocks at the head of a post in which an excerpt begins."""
WORDS_FOR_A_NEW_ONE = 40
EDITED_SHARE = 4
"""One word in so many may stand in paragraphs where words gave way to others."""

_COLON = re.compile(r"[:：]\W{0,3}$")


def runs(pieces: Sequence[Piece]) -> Iterator[Removal]:
    """Later runs of blocks that stand earlier, almost or quite word for word."""
    kept = Kept()
    stands = Counter(filter(None, map(_pair, pairwise(pieces))))
    judge = _Judge(pieces, kept, stands, _sections(pieces))
    here = 0
    while here < len(pieces):
        run, length = kept.longest(pieces, here)
        gone = judge.repeated(run)
        yield from _removals(gone)
        dropped = {match.at for match in gone}
        for at in range(here, here + length):
            if at not in dropped:
                kept.add(pieces[at])
        here += length


def _pair(pair: tuple[Piece, Piece]) -> tuple[str, str] | None:
    one, two = pair
    return (one.key, two.key) if one.is_prose and two.is_prose else None


def _sections(pieces: Sequence[Piece]) -> dict[int, str]:
    """The heading over each block, by the block's place; none over the first ones."""
    sections: dict[int, str] = {}
    heading = ""
    for piece in pieces:
        heading = piece.key if piece.is_heading else heading
        sections[piece.place] = heading
    return sections


@dataclass(frozen=True)
class _Judge:
    """Tells repeats from what is meant."""

    pieces: Sequence[Piece]
    kept: Kept
    stands: Counter[tuple[str, str]]
    """How often two blocks stand side by side."""
    sections: dict[int, str]

    def repeated(self, run: Run) -> Run:
        """What of a run is a repeat: all of it, or the stretches that stand word for word."""
        whole = self._without_last_headings(_between_certain(run))
        if self._is_repeat(whole):
            return whole
        gone: list[Match] = []
        for exact, stretch in groupby(run, key=lambda match: match.is_exact):
            if exact:
                every = self._without_last_headings(list(stretch))
                densest = self._without_last_headings(_densest(every))
                gone += next((part for part in (every, densest) if self._is_repeat(part)), ())
        return gone

    def _without_last_headings(self, run: Run) -> Run:
        """A heading stays with what it heads, if that is no part of the run."""
        while run and run[-1].piece.is_heading:
            behind = run[-1].at + 1
            if behind == len(self.pieces) or self.pieces[behind].is_heading:
                break
            run = run[:-1]
        return run

    def _is_repeat(self, run: Run) -> bool:
        texts = [match for match in run if not match.piece.is_heading]
        words = sum(map(_words, texts))
        if len(run) < 2 or words < (RUN_WORDS if len(texts) > 1 else LONE_WORDS):
            return False
        if words < PARAGRAPH_WORDS * len(texts) or not (_is_exact(run) or _is_near(texts, words)):
            return False
        if words < REFRAIN_WORDS and self._is_refrain(run):
            return False
        return words >= LONG_WORDS or not (self._is_shown(run) or self._is_boilerplate(run[0]))

    def _is_refrain(self, run: Run) -> bool:
        return any(self.stands[one.piece.key, two.piece.key] > 2 for one, two in pairwise(run))

    def _is_shown(self, run: Run) -> bool:
        """Whether the copy is announced, or is another version under a heading of its own."""
        first = run[0]
        if not first.at:
            return False
        before = self.pieces[first.at - 1]
        if before.is_heading:
            headed = first.first > 0 and self.kept.pieces[first.first - 1].is_heading
            return headed and not _is_exact(run)
        return before.is_paragraph and _COLON.search(before.text[-4:]) is not None

    def _is_boilerplate(self, first: Match) -> bool:
        """Whether the copies stand in two sections of which neither is the head of the post."""
        earlier, later = self.sections[first.earlier.place], self.sections[first.piece.place]
        return first.first >= HEAD_BLOCKS and earlier not in ("", later)


def _between_certain(run: Run) -> Run:
    """Without the edited blocks at its ends, which nothing holds on one side."""
    certain = [at for at, match in enumerate(run) if not match.is_edited]
    return run[certain[0] : certain[-1] + 1] if certain else ()


def _is_exact(run: Run) -> bool:
    return all(match.is_exact for match in run)


def _is_near(texts: Run, words: int) -> bool:
    added = sum(len(match.difference.added) for match in texts)
    edited = sum(_words(match) for match in texts if match.is_edited)
    swaps = [swap for match in texts for swap in match.difference.swaps]
    return (
        words >= NEAR_WORDS
        and added * WORDS_FOR_A_NEW_ONE <= words
        and edited * EDITED_SHARE <= words
        and len(swaps) == len(set(swaps))
    )


def _densest(run: Run) -> Run:
    """The stretch whose paragraphs are the furthest above the words that they need."""
    spare = [0 if match.piece.is_heading else _words(match) - PARAGRAPH_WORDS for match in run]
    sums = [0, *accumulate(spare)]
    best, start, ends = 0, 0, (0, 0)
    for end in range(1, len(sums)):
        if sums[end - 1] < sums[start]:
            start = end - 1
        if sums[end] - sums[start] > best:
            best, ends = sums[end] - sums[start], (start, end)
    return run[ends[0] : ends[1]]


def _words(match: Match) -> int:
    return len(match.piece.words)


def _removals(gone: Run) -> Iterator[Removal]:
    how = "word for word" if _is_exact(gone) else "almost word for word"
    for match in gone:
        reason = (
            f"{len(gone)} paragraphs that stand {how} earlier, from “{gone[0].earlier.opening}” on"
        )
        if new := ", ".join(f"“{word}”" for word in match.difference.added):
            reason += f", this one but for: {new}"
        yield Removal(match.at, match.piece.text, reason)
