"""The treatments in order."""

from collections.abc import Sequence

from msgspec import structs

from tts_pipeline.document.reading import code, groups, spans, tables
from tts_pipeline.document.reading.phrases import Phrases, phrases
from tts_pipeline.model import Block, BlockKind, Document, Omission, Reading


def for_ear(document: Document, reading: Reading, language: str) -> Document:
    """The document as it will be spoken in `language`; every word stays in it or is an omission."""
    say = phrases(language)
    blocks, omissions = _treated(document.blocks, reading, say)
    notes = []
    for note in document.notes:
        treated, more = _treated(note, reading, say)
        notes.append(treated)
        omissions += more
    return structs.replace(
        document, blocks=blocks, notes=tuple(notes), omissions=(*document.omissions, *omissions)
    )


def _treated(
    blocks: Sequence[Block], reading: Reading, say: Phrases
) -> tuple[tuple[Block, ...], list[Omission]]:
    in_rows, omissions = tables.rows(blocks, reading, say)
    said: list[Block] = []
    for block in in_rows:
        if block.kind is BlockKind.CODE:
            made, more = code.block(block, reading, say)
            omissions += more
        else:
            made = [block]
        for piece in made:
            treated, more = spans.treat(piece, reading, say)
            omissions += more
            if not spans.is_silent(treated):
                said.append(treated)
    announced, more = groups.announce(_ruled(said), reading, say)
    return tuple(announced), omissions + more


def _ruled(blocks: Sequence[Block]) -> list[Block]:
    """A rule only between blocks, and only one at a time."""
    kept: list[Block] = []
    for block in blocks:
        if block.kind is not BlockKind.RULE or (kept and kept[-1].kind is not BlockKind.RULE):
            kept.append(block)
    while kept and kept[-1].kind is BlockKind.RULE:
        kept.pop()
    return kept
