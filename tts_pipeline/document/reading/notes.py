"""Footnotes: read where they are cited, at their section's end, or not at all."""

import re
from collections.abc import Iterator, Sequence

from msgspec import structs

from tts_pipeline.model import (
    Block,
    BlockKind,
    Document,
    Group,
    GroupKind,
    Omission,
    Reading,
    Span,
    SpanKind,
)

_HEADINGS = frozenset(("footnotes", "footnote", "notes", "endnotes", "end notes", "foot notes"))
_TEXT_NOTE = re.compile(r"\[(?P<mark>\d{1,3}|\*{1,3})\]:?\s+(?=\S)")
_TEXT_MARK = re.compile(r"(?<=[^\s\[(])\s?\[(?P<mark>\d{1,3}|\*{1,3})\](?![(\[:])")
_DANGLING = re.compile(r"(?<=\S)\[\^[^\]\s]{1,40}\]")


def gather(document: Document, reading: Reading) -> Document:
    """Take the notes out of the running text; a note that nothing cites is read at the end."""
    document = _written_out(document)
    text: list[Block] = []
    notes: dict[str, list[Block]] = {}
    for block in document.blocks:
        name = name_of(block)
        if name is None:
            text.append(block)
        else:
            notes.setdefault(name, []).append(block)
    text = list(_without_dangling(text))
    if not notes:
        return structs.replace(document, blocks=tuple(text))
    text, omissions = _without_heading(text)
    cited = _citations(text, notes)
    uncited = [block for name in notes if name not in cited for block in notes[name]]
    match reading.footnotes:
        case "drop":
            dropped = [block for name in cited for block in notes[name]]
            omissions += [Omission("footnote", block.text, "a footnote") for block in dropped]
            text = [_without_marks(block) for block in text] + uncited
            kept: tuple[tuple[Block, ...], ...] = ()
        case "section":
            text = [*_at_section_ends(text, notes, cited), *uncited]
            kept = ()
        case _:
            text += uncited
            kept = tuple(tuple(notes[name]) for name in cited)
    return Document(tuple(text), (*document.omissions, *omissions), kept)


def name_of(block: Block) -> str | None:
    """The name of the note that a block belongs to."""
    return next((group.label for group in block.within if group.kind is GroupKind.NOTE), None)


def _citations(text: Sequence[Block], notes: dict[str, list[Block]]) -> list[str]:
    """The notes in the order in which they are first cited, also by other notes."""
    cited: dict[str, None] = {}
    pending = [name for block in text for name in _marks(block)]
    pending.reverse()
    while pending:
        name = pending.pop()
        if name in notes and name not in cited:
            cited[name] = None
            pending += [inner for block in reversed(notes[name]) for inner in _marks(block)]
    return list(cited)


def _marks(block: Block) -> list[str]:
    return [span.target or "" for span in block.spans if span.kind is SpanKind.NOTE]


def _without_marks(block: Block) -> Block:
    spans = tuple(span for span in block.spans if span.kind is not SpanKind.NOTE)
    return structs.replace(block, spans=spans)


def _at_section_ends(
    text: Sequence[Block], notes: dict[str, list[Block]], cited: Sequence[str]
) -> Iterator[Block]:
    waiting: list[str] = []
    left = set(cited)
    for block in text:
        if block.kind is BlockKind.HEADING:
            for name in waiting:
                yield from map(_without_marks, notes[name])
            waiting = []
        # A note that only another note cites follows that one.
        for name in _citations([block], notes):
            if name in left:
                left.discard(name)
                waiting.append(name)
        yield _without_marks(block)
    for name in waiting:
        yield from map(_without_marks, notes[name])


def _without_heading(text: list[Block]) -> tuple[list[Block], list[Omission]]:
    """Without a heading over nothing but notes."""
    for place in range(len(text) - 1, -1, -1):
        block = text[place]
        following = text[place + 1].kind if place + 1 < len(text) else BlockKind.HEADING
        if (
            block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH)
            and block.text.strip().strip(":").lower() in _HEADINGS
            and following in (BlockKind.HEADING, BlockKind.RULE)
        ):
            reason = "the heading of the footnotes, which are read where they are cited"
            return text[:place] + text[place + 1 :], [Omission("footnote mark", block.text, reason)]
    return text, []


# ---- notes that are only text: "[1]" in the text, "[1] ..." at its end --------------------------


def _written_out(document: Document) -> Document:
    """Make notes of paragraphs at the end that begin with "[1]" and are cited as "[1]"."""
    blocks = list(document.blocks)
    if any(name_of(block) for block in blocks):
        return document
    start = len(blocks)
    found: dict[str, int] = {}
    for place in range(len(blocks) - 1, -1, -1):
        match = _TEXT_NOTE.match(blocks[place].text) if _is_plain(blocks[place]) else None
        if match is not None:
            if match["mark"] in found:
                return document
            found[match["mark"]] = place
            start = place
        elif blocks[place].kind is BlockKind.HEADING or start - place > _BETWEEN_NOTES:
            break
    text = blocks[:start]
    cited = {match["mark"] for block in text for match in _TEXT_MARK.finditer(block.text)}
    if not found or not cited >= set(found):
        return document
    omissions: list[Omission] = list(document.omissions)
    notes: list[Block] = []
    name = None
    for place, block in enumerate(blocks[start:], start):
        match = _TEXT_NOTE.match(block.text)
        if match is not None and found.get(match["mark"]) == place:
            name = match["mark"]
            omissions.append(Omission("footnote mark", match[0].strip(), "a footnote's own mark"))
            first = block.spans[0]
            rest = structs.replace(first, text=first.text[match.end() :])
            block = structs.replace(block, spans=(rest, *block.spans[1:]))  # noqa: PLW2901
        group = Group(GroupKind.NOTE, -1 - list(found).index(name or ""), name or "")
        notes.append(structs.replace(block, within=(group, *block.within)))
    marked = []
    for block in text:
        spans: list[Span] = []
        for span in block.spans:
            spans += _with_marks(span, found, omissions)
        marked.append(structs.replace(block, spans=tuple(spans)))
    return structs.replace(document, blocks=(*marked, *notes), omissions=tuple(omissions))


_BETWEEN_NOTES = 2
"""Blocks that may stand after a note: more of it, or a line of thanks."""


def _is_plain(block: Block) -> bool:
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        and bool(block.spans)
        and block.spans[0].kind is SpanKind.TEXT
        and bool(_TEXT_NOTE.match(block.spans[0].text))
    )


def _with_marks(span: Span, found: dict[str, int], omissions: list[Omission]) -> Iterator[Span]:
    at = 0
    if span.kind is SpanKind.TEXT:
        for match in _TEXT_MARK.finditer(span.text):
            if match["mark"] in found:
                yield structs.replace(span, text=span.text[at : match.start()])
                yield Span("", SpanKind.NOTE, match["mark"])
                omissions.append(
                    Omission("footnote mark", match[0].strip(), "the mark of a footnote")
                )
                at = match.end()
    yield structs.replace(span, text=span.text[at:]) if at else span


def _without_dangling(text: Sequence[Block]) -> Iterator[Block]:
    """`[^1]` without its note is silent, and stays in the text."""
    for block in text:
        if not any("[^" in span.text for span in block.spans):
            yield block
            continue
        spans: list[Span] = []
        for span in block.spans:
            at = 0
            if span.kind is SpanKind.TEXT:
                for match in _DANGLING.finditer(span.text):
                    spans.append(structs.replace(span, text=span.text[at : match.start()]))
                    spans.append(Span(match[0], spoken=""))
                    at = match.end()
            spans.append(structs.replace(span, text=span.text[at:]) if at else span)
        yield structs.replace(
            block, spans=tuple(span for span in spans if span.text or span.target)
        )
