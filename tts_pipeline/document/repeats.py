"""What stands twice is spoken once.

Pages repeat themselves: an excerpt above the whole text, or the whole text again for another
layout. The rule is made for precision, since a removed refrain is a loss and a repeated
paragraph only a nuisance:

- A repeat is a run of two or more consecutive blocks that stands again, word for word, later.
- The run must be prose: at least 40 words, and 12 words for each block that is no heading. So
  refrains, captions, greetings and short lines that come back stay.
- Quotes, verse, lists, tables and code are never part of a run: there, repetition is meant.

The later run goes, and its place in the report says where it stood first. Time is linear in the
number of blocks: a run is only ever compared with the first place where its first two blocks
stand.
"""

from collections.abc import Sequence

from msgspec import structs

from tts_pipeline.document.folding import letters
from tts_pipeline.model import Block, BlockKind, Document, Omission
from tts_pipeline.words import count

RUN_WORDS = 40
BLOCK_WORDS = 12

_PROSE = (BlockKind.PARAGRAPH, BlockKind.HEADING)


def deduplicate(document: Document) -> Document:
    """Leave out later runs that stand earlier."""
    blocks = document.blocks
    keys = [_key(block) for block in blocks]
    seen: dict[tuple[str, str], int] = {}
    kept: list[Block] = []
    omissions = list(document.omissions)
    here = 0
    while here < len(blocks):
        first, length = _repeat(keys, here, seen)
        run = blocks[here : here + length]
        if length and _is_prose(run):
            reason = (
                f"{length} paragraphs that stand word for word earlier, from "
                f"“{_opening(blocks[first])}” on"
            )
            omissions += [Omission("duplicate", block.text, reason) for block in run]
        else:
            length = max(1, length)
            kept += blocks[here : here + length]
        for place in range(here, min(here + length, len(blocks) - 1)):
            one, two = keys[place], keys[place + 1]
            if one and two:
                seen.setdefault((one, two), place)
        here += length
    return structs.replace(document, blocks=tuple(kept), omissions=tuple(omissions))


def _repeat(
    keys: Sequence[str | None], here: int, seen: dict[tuple[str, str], int]
) -> tuple[int, int]:
    """(where the run at `here` stands first, how many blocks it has); (0, 0) if nowhere."""
    one, two = keys[here], keys[here + 1] if here + 1 < len(keys) else None
    first = seen.get((one, two)) if one and two else None
    if first is None:
        return 0, 0
    length = 0
    while (
        here + length < len(keys)
        and first + length < here
        and keys[here + length] is not None
        and keys[here + length] == keys[first + length]
    ):
        length += 1
    return first, length if length > 1 else 0


def _key(block: Block) -> str | None:
    """What must be equal; None for what is never part of a run."""
    if block.kind not in _PROSE or block.within:
        return None
    return f"{block.kind}:{letters(block.text)}" if letters(block.text) else None


def _is_prose(run: Sequence[Block]) -> bool:
    texts = [block for block in run if block.kind is not BlockKind.HEADING]
    words = sum(count(block.text) for block in texts)
    return words >= RUN_WORDS and words >= BLOCK_WORDS * len(texts) and len(run) > 1


def _opening(block: Block) -> str:
    words = block.text.split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")
