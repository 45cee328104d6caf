"""A block's text with what is said instead of parts of it, and where its sentences lie in it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from tts_pipeline.model import Block, BlockKind, SpanKind
from tts_pipeline.segment import sentences
from tts_pipeline.segment.normalize.pieces import Change

Place = tuple[int, int]
"""Start and end (exclusive) in a line's text."""


class Line(NamedTuple):
    """One block, ready to be cut."""

    text: str
    masked: str
    """`text` with a plain word in place of what is said otherwise, as long as it was."""
    said: tuple[Change, ...]
    notes: tuple[tuple[int, str], ...]
    """Where each footnote is cited, and its name."""
    parts: tuple[Place, ...]
    """What no sentence crosses: verses, images, and the text between them."""

    @classmethod
    def of(cls, block: Block) -> "Line":
        """The line of a block."""
        said: list[Change] = []
        notes: list[tuple[int, str]] = []
        edges = {0}
        masked: list[str] = []
        at = 0
        for span in block.spans:
            end = at + len(span.text)
            if span.kind is SpanKind.NOTE:
                notes.append((at, span.target or ""))
            elif span.spoken is not None:
                said.append((at, end, span.spoken))
            if span.kind is SpanKind.IMAGE:
                edges |= {at, end}
            masked.append(span.text if span.spoken is None else _mask(len(span.text), span.spoken))
            at = end
        text = block.text
        if block.kind is BlockKind.VERSE:
            edges |= {place for place, character in enumerate(text) if character == "\n"}
        places = sorted(edges | {len(text)})
        parts = tuple(pairwise(places))
        return cls(text, "".join(masked), tuple(said), tuple(notes), parts)

    def sentences(self, language: str) -> Iterator[Place]:
        """Where each sentence lies; only white space lies between them."""
        for start, end in self.parts:
            yield from placed(sentences.split(self.masked[start:end], language), self.masked, start)

    def clauses(self, place: Place, limit: int) -> list[Place]:
        """Where the clauses of a sentence lie."""
        start, end = place
        return list(placed(sentences.clauses(self.masked[start:end], limit), self.masked, start))

    def given(self, place: Place, before: int) -> list[Change]:
        """What is said otherwise in a piece of the text, counted from its start.

        `before`: where the piece before it ends, -1 if there is none. What is said without text
        goes to the first piece that reaches it.
        """
        start, end = place
        return [
            (max(one - start, 0), max(two - start, 0), said)
            for one, two, said in self.said
            if (start <= one < two <= end) or (one == two and before < one <= end)
        ]


def placed(pieces: Iterable[str], text: str, at: int) -> Iterator[Place]:
    """Where pieces stand in the text that they were cut from, from `at` on."""
    for piece in pieces:
        start = text.index(piece, at)
        at = start + len(piece)
        yield start, at


def _mask(length: int, said: str) -> str:
    """Something of this length that is cut as a word is; what is silent clings to what it ends."""
    if not said:
        return "”" * length
    return "5" if length == 1 else "X" + "x" * (length - 1) if length else ""
