"""Where a block and those behind it stand already."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tts_pipeline.document.repeats.likeness import Difference, Likeness, compare
from tts_pipeline.document.repeats.piece import Piece

_PLACES = 4
"""Earlier places remembered for each word triple."""
_TRIES = 3
"""Places from which a run is followed, beside the one where its first two blocks stand."""
_SKIP_AFTER = 3
"""Matching blocks before a paragraph or heading that does not match may be passed over."""


@dataclass(frozen=True)
class Match:
    """A block that stands earlier, among the blocks kept so far."""

    at: int
    """Its index among all blocks."""
    piece: Piece
    first: int
    """The earlier block's index among those kept."""
    earlier: Piece
    difference: Difference

    @property
    def is_exact(self) -> bool:
        """Whether it stands word for word."""
        return self.difference.likeness is Likeness.EXACT

    @property
    def is_edited(self) -> bool:
        """Whether words gave way to others."""
        return self.difference.likeness is Likeness.EDITED


Run = Sequence[Match]
"""Blocks that stand earlier, in the same order and side by side but for single blocks."""


@dataclass
class Kept:
    """The blocks kept so far, and where their neighbours and word triples stand in them."""

    pieces: list[Piece] = field(default_factory=list)
    _pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    _triples: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, piece: Piece) -> None:
        """Keep one block more."""
        place = len(self.pieces)
        if place and piece.is_prose and self.pieces[-1].is_prose:
            self._pairs.setdefault((self.pieces[-1].key, piece.key), place - 1)
        self.pieces.append(piece)
        for triple in piece.sketch:
            places = self._triples[triple]
            if len(places) < _PLACES:
                places.append(place)

    def longest(self, pieces: Sequence[Piece], here: int) -> tuple[Run, int]:
        """The longest run that begins at `here`, and how many blocks it spans, at least one."""
        best: list[Match] = []
        for first in self._starts(pieces, here):
            best = max(best, self._follow(first, pieces, here), key=len)
        return best, best[-1].at + 1 - here if best else 1

    def _starts(self, pieces: Sequence[Piece], here: int) -> list[int]:
        """Where the next two blocks may stand, the likeliest place first."""
        piece = pieces[here]
        following = pieces[here + 1] if here + 1 < len(pieces) else None
        if not piece.is_prose:
            return []
        exact = self._pairs.get((piece.key, following.key)) if following else None
        votes = Counter(self._places(piece))
        if not piece.sketch and following:
            votes = Counter(place - 1 for place in self._places(following) if place)
        near = sorted(votes, key=lambda place: (-votes[place], place))[:_TRIES]
        return near if exact is None else [exact, *(place for place in near if place != exact)]

    def _places(self, piece: Piece) -> Iterator[int]:
        for triple in piece.sketch:
            yield from self._triples.get(triple, ())

    def _follow(self, first: int, pieces: Sequence[Piece], here: int) -> list[Match]:
        """Match block by block from both places on."""
        run: list[Match] = []
        since_skip = 0
        while True:
            match = self._match(first, pieces, here)
            if match is None and run:
                match = self._beyond(first, pieces, here, any_block=since_skip >= _SKIP_AFTER)
                since_skip = 0
            if match is None:
                return run
            run.append(match)
            first, here, since_skip = match.first + 1, match.at + 1, since_skip + 1

    def _beyond(
        self, first: int, pieces: Sequence[Piece], here: int, *, any_block: bool
    ) -> Match | None:
        """The next match past one block here, there or in both; past prose only if `any_block`."""
        for old, new in ((1, 0), (0, 1), (1, 1)):
            passed = (*self.pieces[first : first + old], *pieces[here : here + new])
            if any_block or not any(piece.is_prose for piece in passed):
                match = self._match(first + old, pieces, here + new)
                if match and match.is_exact:
                    return match
        return None

    def _match(self, first: int, pieces: Sequence[Piece], here: int) -> Match | None:
        if first >= len(self.pieces) or here >= len(pieces):
            return None
        difference = compare(self.pieces[first], pieces[here])
        if difference is None:
            return None
        return Match(here, pieces[here], first, self.pieces[first], difference)
