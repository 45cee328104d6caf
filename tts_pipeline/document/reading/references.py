"""Lists of references: sections of citations, which nobody wants to hear."""

import re
from collections.abc import Sequence

from tts_pipeline.model import Block, BlockKind, Omission, SpanKind
from tts_pipeline.words import count

_HEADING = re.compile(
    r"(?:\W*\d*\W*)(?:references?(?: cited| list)?|bibliography|works? cited|literature(?: cited)?|"
    r"citations?|sources|further reading|external links|links)\W*",
    re.I,
)
_CITATION = re.compile(
    r"\(\d{4}[a-z]?\)|\b(?:19|20)\d\d[a-z]?[.,;)]|\bdoi\b|arxiv|https?://|\bpp?\.\s?\d|\bet al\.|"
    r"\bvol\.|\b[A-Z][\w'’-]+, (?:[A-Z]\.\s?){1,3}",
    re.I,
)
_LEAST = 0.6
"""The share of a section's blocks that must look like citations."""
_LONG = 80
"""Words; a longer block is prose about its sources."""


def drop(blocks: Sequence[Block]) -> tuple[list[Block], list[Omission]]:
    """Without sections that are lists of references, headings included."""
    kept: list[Block] = []
    omissions: list[Omission] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        end = place + 1
        if block.kind is BlockKind.HEADING and _HEADING.fullmatch(block.text):
            while end < len(blocks) and not (
                blocks[end].kind is BlockKind.HEADING and blocks[end].level <= block.level
            ):
                end += 1
            section = [inner for inner in blocks[place + 1 : end] if inner.text.strip()]
            if section and _is_citations(section):
                reason = f"a list of {len(section)} reference{'s' if len(section) > 1 else ''}"
                omissions += [
                    Omission("reference list", inner.text, reason) for inner in (block, *section)
                ]
                place = end
                continue
        kept += blocks[place:end]
        place = end
    return kept, omissions


def _is_citations(section: Sequence[Block]) -> bool:
    cited = sum(
        1
        for block in section
        if count(block.text) <= _LONG
        and (
            _CITATION.search(block.text) or any(span.kind is SpanKind.LINK for span in block.spans)
        )
    )
    return cited >= _LEAST * len(section)
