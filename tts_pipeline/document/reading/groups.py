"""Announcements around quotes, spoilers, footnotes, polls, turns of speech and list items."""

from collections.abc import Sequence

from msgspec import structs

from tts_pipeline.document.reading.phrases import SILENT, Phrases, announcement
from tts_pipeline.model import Block, BlockKind, Group, GroupKind, Omission, Reading, Span


def announce(
    blocks: Sequence[Block], reading: Reading, say: Phrases
) -> tuple[list[Block], list[Omission]]:
    """The blocks with what is said before and after each group."""
    kept, omissions = _dropped(blocks, reading)
    introduced = {
        group for block in blocks if block.kind is BlockKind.SPEAKER for group in block.within
    }
    worded = [place for place, block in enumerate(kept) if block.kind is not BlockKind.RULE]
    before: dict[int, tuple[Span, ...]] = {}
    after: dict[int, tuple[Span, ...]] = {}
    numbered = reading.numbers == "speak" and say is not SILENT
    edges = zip([None, *worded], worded, [*worded[1:], None], strict=False)
    for previous, place, following in edges:
        block = kept[place]
        outside = set(kept[previous].within) if previous is not None else set()
        beyond = set(kept[following].within) if following is not None else set()
        opened = [group for group in block.within if group not in outside]
        closed = [group for group in reversed(block.within) if group not in beyond]
        before[place] = tuple(
            span
            for group in opened
            if group not in introduced
            for span in announcement(_opening(group, reading, say))
        )
        after[place] = tuple(
            span for group in closed for span in announcement(_closing(group, reading, say))
        )
        if block.kind is BlockKind.ITEM and block.ordinal is not None and numbered:
            before[place] += announcement(f"{block.ordinal}:")
    return [
        structs.replace(block, spans=(*before[place], *block.spans, *after[place]))
        if before.get(place) or after.get(place)
        else block
        for place, block in enumerate(kept)
    ], omissions


def _opening(group: Group, reading: Reading, say: Phrases) -> str:
    match group.kind:
        case GroupKind.QUOTE if reading.quotes == "announce":
            return say.quote
        case GroupKind.SPOILER if reading.spoilers == "announce":
            return say.spoiler
        case GroupKind.NOTE:
            return say.footnote
        case GroupKind.POLL:
            return say.poll
        case GroupKind.MESSAGE if group.label:
            return f"{group.label}:" if reading.speakers == "name" else ""
    return ""


def _closing(group: Group, reading: Reading, say: Phrases) -> str:
    match group.kind:
        case GroupKind.QUOTE if reading.quotes == "announce":
            return say.end_quote
        case GroupKind.SPOILER if reading.spoilers == "announce":
            return say.end_spoiler
        case GroupKind.NOTE:
            return say.end_footnote
    return ""


def _dropped(blocks: Sequence[Block], reading: Reading) -> tuple[list[Block], list[Omission]]:
    """Without what the show leaves out, and without a speaker who only goes on."""
    kept: list[Block] = []
    omissions: list[Omission] = []
    speaking = ""
    for block in blocks:
        message = next((g for g in block.within if g.kind is GroupKind.MESSAGE), None)
        if block.inside(GroupKind.SPOILER) and reading.spoilers == "drop":
            omissions.append(Omission("spoiler", block.text, "a spoiler"))
        elif block.inside(GroupKind.POLL) and reading.polls == "drop":
            omissions.append(Omission("poll", block.text, "a poll"))
        elif block.kind is BlockKind.SPEAKER and reading.speakers == "drop":
            omissions.append(Omission("speaker", block.text, "a speaker's name"))
        elif block.kind is BlockKind.SPEAKER and message and message.label == speaking:
            omissions.append(Omission("speaker", block.text, "a speaker who goes on"))
        else:
            kept.append(block)
        speaking = message.label if message else ""
    return kept, omissions
