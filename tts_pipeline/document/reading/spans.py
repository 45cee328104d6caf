"""Spans: formulas, images, code, struck words and emoji, each by the show's treatment."""

import re
from collections.abc import Iterator

from msgspec import structs

from tts_pipeline.document import latex
from tts_pipeline.document.reading import code
from tts_pipeline.document.reading.phrases import Phrases, announcement
from tts_pipeline.model import Block, BlockKind, Omission, Reading, Span, SpanKind
from tts_pipeline.words import count

_FILE_NAME = re.compile(
    r"(?:[\w%.()-]+\.(?:png|jpe?g|gif|webp|svg|avif|bmp|tiff?)|(?:img|dsc|image|screen ?shot|"
    r"screenshot|photo|figure|untitled|pasted image)[\s_-]*[\d\s_.:-]*(?:at [\d.:]+)?(?: ?[ap]m)?)",
    re.I,
)


def treat(block: Block, reading: Reading, say: Phrases) -> tuple[Block, list[Omission]]:
    """The block with each span as it will be said; what is not said is an omission."""
    omissions: list[Omission] = []
    spans: list[Span] = []
    for span in block.spans:
        match span.kind:
            case SpanKind.MATH:
                spans += _formula(span, reading, say, omissions)
            case SpanKind.IMAGE:
                spans += _image(span, reading, say, omissions)
            case SpanKind.CODE if span.spoken is None:
                spans.append(structs.replace(span, spoken=code.words(span.text)))
            case SpanKind.STRUCK if reading.struck == "drop":
                omissions.append(Omission("struck", span.text.strip(), "struck out"))
            case SpanKind.TEXT if reading.emoji == "drop" and not span.text.isascii():
                spans += _without_emoji(span)
            case _:
                spans.append(span)
    return structs.replace(block, spans=_stripped(spans)), omissions


def _formula(
    span: Span, reading: Reading, say: Phrases, omissions: list[Omission]
) -> tuple[Span, ...]:
    said = latex.speak(span.text) if reading.math == "speak" and say.equation else None
    if said is not None:
        return (structs.replace(span, spoken=said),)
    reason = "a formula" if reading.math == "drop" else "a formula that cannot be said"
    omissions.append(Omission("formula", span.text, reason))
    return announcement(say.equation)


def _image(
    span: Span, reading: Reading, say: Phrases, omissions: list[Omission]
) -> tuple[Span, ...]:
    described = span.text.strip()
    if not count(described):
        omissions.append(Omission("image", described, "an image without a description"))
        return ()
    if _FILE_NAME.fullmatch(described) or described == (span.target or "").rpartition("/")[2]:
        omissions.append(Omission("image", described, "an image's file name"))
        return ()
    if reading.images == "drop":
        omissions.append(Omission("image", described, "an image's description"))
        return ()
    end = "" if described.endswith((".", "!", "?")) else "."
    return (*announcement(say.image), span, *announcement(end if say.image else ""))


def _without_emoji(span: Span) -> Iterator[Span]:
    import emoji  # noqa: PLC0415  a large table, seldom needed

    for token in emoji.analyze(span.text, non_emoji=True):
        is_emoji = not isinstance(token.value, str)
        yield structs.replace(span, text=token.chars, spoken="" if is_emoji else span.spoken)


def _stripped(spans: list[Span]) -> tuple[Span, ...]:
    """Without the white space that is left where something was taken out."""
    kept: list[Span] = []
    last = -1
    for span in spans:
        text = span.text
        before = kept[last].text if last >= 0 else " "
        if before.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if last >= 0 and before.endswith(" ") and text.startswith((",", ".", ";", ":", "!", "?")):
            kept[last] = structs.replace(kept[last], text=before.rstrip(" "))
        kept.append(span if text == span.text else structs.replace(span, text=text))
        if text:
            last = len(kept) - 1
    if last >= 0:
        kept[last] = structs.replace(kept[last], text=kept[last].text.rstrip())
    return tuple(kept)


def is_silent(block: Block) -> bool:
    """Whether nothing is left of a block to speak or to break at."""
    return block.kind is not BlockKind.RULE and not any(
        span.text.strip() or span.spoken or span.kind is SpanKind.NOTE for span in block.spans
    )
