"""Plain text -> blocks."""

import re

from tts_pipeline.document import tex
from tts_pipeline.document.folding import fold, visible
from tts_pipeline.model import Block, BlockKind, Document, Span, SpanKind

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_RULE = re.compile(r"\W{1,3}|([*#=~_—–-])(?:\s*\1){2,80}|[⁂❦❧]")
VERSE_LINES = 3
VERSE_WIDTH = 60


def read(body: str) -> Document:
    """Paragraphs between blank lines; without any blank line, each line is a paragraph."""
    stripped = body.strip()
    blank = _BLANK.search(stripped)
    chunks = _BLANK.split(stripped) if blank else stripped.split("\n")
    return Document(tuple(_block(chunk) for chunk in map(visible, chunks) if chunk.strip()))


def _block(chunk: str) -> Block:
    lines = [fold(line).strip() for line in chunk.strip().split("\n")]
    if _RULE.fullmatch(" ".join(lines)):
        return Block(BlockKind.RULE, (Span(" ".join(lines), spoken=""),))
    verse = is_verse(lines)
    text = "\n".join(filter(None, lines)) if verse else fold(chunk).strip()
    spans = tuple(
        Span(piece, SpanKind.MATH if is_tex else SpanKind.TEXT)
        for piece, is_tex in tex.split(text)
        if piece
    )
    return Block(BlockKind.VERSE if verse else BlockKind.PARAGRAPH, spans)


def is_verse(lines: list[str]) -> bool:
    """Whether an author broke these lines: three or more, all of them short."""
    written = [line for line in lines if line.strip()]
    # Wrapped prose fills its lines; in verse they stay well short of any width.
    return len(written) >= VERSE_LINES and max(map(len, written)) <= VERSE_WIDTH
