"""Plain text -> blocks."""

import re

from tts_pipeline.document.folding import fold, visible
from tts_pipeline.model import Block, BlockKind, Document, Span

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
VERSE_LINES = 3
VERSE_WIDTH = 60


def read(body: str) -> Document:
    """Paragraphs between blank lines; without any blank line, each line is a paragraph."""
    stripped = body.strip()
    blank = _BLANK.search(stripped)
    chunks = _BLANK.split(stripped) if blank else stripped.split("\n")
    return Document(
        tuple(
            Block(kind_of(chunk.split("\n")), (Span(words),))
            for chunk in map(visible, chunks)
            if (words := fold(chunk).strip())
        )
    )


def kind_of(lines: list[str]) -> BlockKind:
    """Verse if its author broke it into three or more short lines, else a paragraph."""
    written = [line.strip() for line in lines if line.strip()]
    # Wrapped prose fills its lines; in verse they stay well short of any width.
    is_verse = len(written) >= VERSE_LINES and max(map(len, written)) <= VERSE_WIDTH
    return BlockKind.VERSE if is_verse else BlockKind.PARAGRAPH
