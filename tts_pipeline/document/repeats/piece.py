"""A block seen as words and sentences that can be compared."""

import heapq
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from zlib import crc32

from tts_pipeline.model import Block, BlockKind, GroupKind, SpanKind
from tts_pipeline.words import letters, word_letters

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+")
_SPEAKER = re.compile(r"\s*\W?\w[\w.'’-]*(?: \w[\w.'’-]*){0,2}\W?:\s")
_SKETCH = 6
"""Triples kept of each paragraph: the smallest by hash, so that like paragraphs keep the same."""
_SKETCH_WORDS = 10


@dataclass(frozen=True)
class Removal:
    """What a rule leaves out: a block, or a part of it."""

    at: int
    """Its index among the pieces that the rule was given."""
    text: str
    reason: str
    rest: Block | None = None
    """What stays of the block."""


@dataclass(frozen=True)
class Piece:
    """One block of a document; what is compared of it is made when it is asked for."""

    block: Block
    place: int
    """The block's index in the document."""

    @cached_property
    def text(self) -> str:
        """As written."""
        return self.block.text

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What stands between white space and holds a letter or a digit, one for each word."""
        return tuple(filter(word_letters, self.text.split()))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The tokens without case, punctuation and typography."""
        return tuple(filter(None, map(word_letters, self.text.split())))

    @cached_property
    def key(self) -> str:
        """Equal for blocks that stand word for word alike."""
        return "".join(self.words)

    @cached_property
    def written_sentences(self) -> tuple[str, ...]:
        """Roughly its sentences: cut behind every stop, so in the same way wherever they stand."""
        return tuple(_SENTENCE_END.split(self.text.strip()))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The keys of its sentences."""
        keys = (letters(sentence) for sentence in self.written_sentences)
        return tuple(key for key in keys if key)

    @cached_property
    def sketch(self) -> tuple[int, ...]:
        """Hashes of a few word triples; none for short paragraphs and what is never in a run."""
        if not self.is_prose or self.is_heading or len(self.words) < _SKETCH_WORDS:
            return ()
        words = self.words
        triples = zip(words, islice(words, 1, None), islice(words, 2, None), strict=False)
        hashes = {crc32(" ".join(triple).encode()) for triple in triples}
        return tuple(heapq.nsmallest(_SKETCH, hashes))

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading."""
        return self.block.kind is BlockKind.HEADING

    @property
    def is_prose(self) -> bool:
        """A paragraph or heading of the text itself, with a word in it."""
        kinds = (BlockKind.PARAGRAPH, BlockKind.HEADING)
        return self.block.kind in kinds and not self.block.within and bool(self.key)

    @property
    def is_paragraph(self) -> bool:
        """A paragraph of the text itself, with a word in it."""
        return self.is_prose and not self.is_heading

    @property
    def is_quote(self) -> bool:
        """A paragraph of a block quote that stands in nothing else."""
        groups = [group.kind for group in self.block.within]
        return self.block.kind is BlockKind.PARAGRAPH and groups == [GroupKind.QUOTE]

    @property
    def is_image(self) -> bool:
        """Whether an image is all that it shows."""
        spans = self.block.spans
        return any(span.kind is SpanKind.IMAGE for span in spans) and not any(
            span.kind is not SpanKind.IMAGE and span.text.strip() for span in spans
        )

    @property
    def is_question(self) -> bool:
        """Whether it ends by asking."""
        return "?" in self.text.rstrip()[-3:]

    @property
    def is_spoken(self) -> bool:
        """Whether it begins with a speaker's name and a colon."""
        return _SPEAKER.match(self.text[:80]) is not None

    @property
    def opening(self) -> str:
        """Its first words, for people."""
        first = self.text.split(maxsplit=6)
        return " ".join(first[:6]) + (" …" if len(first) > 6 else "")
