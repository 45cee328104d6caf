"""Short texts that stand twice side by side: headings and captions."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import structs

from tts_pipeline.document.repeats.piece import Piece, Removal
from tts_pipeline.model import Block, BlockKind, Span, SpanKind
from tts_pipeline.words import letters

_ECHO_WORDS = 3
"""A heading of fewer may be taken up by a sentence: “No” and then “No.”"""
_ALT_WORDS = 3
_NO_IMAGE_OF_ITS_OWN = (
    BlockKind.CAPTION,
    BlockKind.VERSE,
    BlockKind.TABLE,
    BlockKind.CODE,
    BlockKind.ITEM,
)


def headings(pieces: Sequence[Piece]) -> Iterator[Removal]:
    """What says again the heading that it stands under."""
    for at, (heading, below) in enumerate(pairwise(pieces), 1):
        if not (heading.is_heading and heading.is_prose and below.is_prose):
            continue
        reason = f"the heading “{heading.opening}” once more"
        if below.key == heading.key and (below.is_heading or _is_no_sentence(heading, below)):
            yield Removal(at, below.text, reason)
            continue
        line, newline, _ = below.text.partition("\n")
        if newline and below.is_paragraph and letters(line) == heading.key:
            yield Removal(at, line, reason, _without_start(below.block, len(line) + 1))


def _is_no_sentence(heading: Piece, below: Piece) -> bool:
    same_stop = heading.text.strip()[-1:] == below.text.strip()[-1:]
    return same_stop or below.text.rstrip()[-1:] not in ".!?…" or len(below.words) >= _ECHO_WORDS


def _without_start(block: Block, characters: int) -> Block:
    spans: list[Span] = []
    for span in block.spans:
        if cut := span.text[characters:]:
            spans.append(structs.replace(span, text=cut))
        characters = max(0, characters - len(span.text))
    return structs.replace(block, spans=tuple(spans))


def captions(pieces: Sequence[Piece]) -> Iterator[Removal]:
    """Descriptions of images that the captions beside them say."""
    for at, piece in enumerate(pieces):
        block = piece.block
        if block.kind in _NO_IMAGE_OF_ITS_OWN or not _shows_image(block):
            continue
        beside = [pieces[near] for near in (at + 1, at - 1) if 0 <= near < len(pieces)]
        said = [
            Piece(_written(caption.block), caption.place)
            for caption in beside
            if caption.block.kind is BlockKind.CAPTION and caption.block.within == block.within
        ]
        if not said:
            continue
        gone = [n for n in range(len(block.spans)) if _is_said(block, n, said)]
        if gone:
            spans = tuple(span for n, span in enumerate(block.spans) if n not in gone)
            rest = structs.replace(block, spans=spans)
            text = " ".join(block.spans[n].text.strip() for n in gone)
            stays = rest if any(span.text.strip() for span in spans) else None
            yield Removal(at, text, "an image's description that its caption says", stays)


def _written(caption: Block) -> Block:
    """Without the images in it, which say nothing of their own."""
    spans = tuple(span for span in caption.spans if span.kind is not SpanKind.IMAGE)
    return structs.replace(caption, spans=spans)


def _shows_image(block: Block) -> bool:
    return any(span.kind is SpanKind.IMAGE for span in block.spans)


def _is_said(block: Block, at: int, captions: Sequence[Piece]) -> bool:
    span = block.spans[at]
    if span.kind is not SpanKind.IMAGE or not _stands_apart(block, at):
        return False
    said = letters(span.text)
    words = tuple(word for token in span.text.split() if (word := letters(token)))
    return bool(said) and any(
        said == caption.key or (len(words) >= _ALT_WORDS and words == caption.words[: len(words)])
        for caption in captions
    )


def _stands_apart(block: Block, at: int) -> bool:
    """Whether no word of the block is joined to this span's."""
    before = block.spans[at - 1].text if at else " "
    after = block.spans[at + 1].text if at + 1 < len(block.spans) else " "
    return before[-1:].isspace() and after[:1].isspace()
