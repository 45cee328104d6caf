"""Lists of references: sections of citations, which nobody wants to hear."""

import re
from collections.abc import Sequence

from tts_pipeline.model import Block, BlockKind, Omission, SpanKind
from tts_pipeline.words import count

_CITED = re.compile(
    r"\W*\d*\W*(?:references?(?: cited| list)?|bibliography|works? cited|literature(?: cited)?|"
    r"citations?)\W*",
    re.I,
)
_LINKED = re.compile(r"\W*\d*\W*(?:sources|further reading|external links|links)\W*", re.I)
"""Under these, people also write what they think of each."""
_CITATION = re.compile(
    r"\(\d{4}[a-z]?\)|\b(?:19|20)\d\d[a-z]?[.,;)]|\bdoi\b|arxiv|https?://|\bpp?\.\s?\d|\bet al\.|"
    r"\bvol\.|\b[A-Z][\w'’-]+, (?:[A-Z]\.\s?){1,3}",
    re.I,
)
_LEAST = 0.6
"""The share of a section's blocks, and of a link's words in its block, that make a list."""
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
        if block.kind is BlockKind.HEADING and (
            _CITED.fullmatch(block.text) or _LINKED.fullmatch(block.text)
        ):
            while end < len(blocks) and not (
                blocks[end].kind is BlockKind.HEADING and blocks[end].level <= block.level
            ):
                end += 1
            section = [inner for inner in blocks[place + 1 : end] if inner.text.strip()]
            if section and _is_citations(block, section):
                reason = f"a list of {len(section)} reference{'s' if len(section) > 1 else ''}"
                omissions += [
                    Omission("reference list", inner.text, reason) for inner in (block, *section)
                ]
                place = end
                continue
        kept += blocks[place:end]
        place = end
    return kept, omissions


def _is_citations(heading: Block, section: Sequence[Block]) -> bool:
    found = 0
    for block in section:
        words = count(block.text)
        linked = sum(count(span.text) for span in block.spans if span.kind is SpanKind.LINK)
        cited = _CITED.fullmatch(heading.text) and _CITATION.search(block.text)
        found += words <= _LONG and bool(cited or linked >= _LEAST * words)
    return found >= _LEAST * len(section)
