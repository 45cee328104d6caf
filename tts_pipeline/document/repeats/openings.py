"""Text that stands in front of itself: summaries of a post's opening, paragraphs cut off."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tts_pipeline.document.repeats.piece import Piece, Removal
from tts_pipeline.document.repeats.quotation import is_quoted
from tts_pipeline.model import BlockKind
from tts_pipeline.words import letters

_AT_TOP = 4
"""Blocks in which a summary begins."""
_WITHIN = 4
"""Blocks behind it in which the text begins."""
_SHORT = 12
"""Words of a byline or date that may stand between a summary and the text."""
_PART_WORDS = 10
_WHOLE_WORDS = 20
"""Words that a box needs which is the whole first paragraph, and so might be an echo."""
_CUT_WORDS = 12
_CUT_WITHIN = 6
"""Blocks behind a paragraph that is cut off in which the whole of it stands."""

_NAMES = r"\W*(?:tl\W?dr|summary|in (?:short|brief)|abstract|excerpt|standfirst|overview)"
_LABEL = re.compile(rf"{_NAMES}\W*", re.IGNORECASE)
_LABELLED = re.compile(rf"{_NAMES}\s*[:.;—–-]\s*", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"(?:…|\.{3})[\])\s]*(?P<more>read more|continue reading|keep reading|more)?\W{0,3}$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?:;…][\"'”’»)\]]*\s*$")


def summaries(pieces: Sequence[Piece]) -> Iterator[Removal]:
    """A box above the text that says its first sentences, with the heading over it."""
    stands = Counter(piece.key for piece in pieces)
    for at, box in enumerate(pieces[:_AT_TOP]):
        text = _text_behind(pieces, at) if stands[box.key] <= 2 else None
        if text is None or not _repeats_opening(box, text):
            if _is_before_text(box):
                continue
            return
        reason = f"a summary that the text begins with, from “{text.opening}” on"
        over = pieces[at - 1] if at else None
        if over is not None and over.is_heading and _LABEL.fullmatch(over.text[:80]):
            yield Removal(at - 1, over.text, "the heading of a summary that is left out")
        yield Removal(at, box.text, reason)
        return


def _text_behind(pieces: Sequence[Piece], at: int) -> Piece | None:
    """The first paragraph behind the box, past headings, pictures and bylines."""
    for piece in pieces[at + 1 : at + 1 + _WITHIN]:
        if not _is_before_text(piece):
            return piece if piece.is_paragraph else None
    return None


def _is_before_text(piece: Piece) -> bool:
    """Whether it is a heading, a picture or a line such as a byline, which has no full stop."""
    if piece.is_heading or piece.block.kind is BlockKind.CAPTION or piece.is_image:
        return True
    is_line = piece.is_paragraph and len(piece.words) <= _SHORT
    return is_line and not _STOP.search(piece.text[-8:])


def _repeats_opening(box: Piece, text: Piece) -> bool:
    if not (box.is_paragraph or box.is_quote) or box.is_question:
        return False
    sentences, words = box.sentences, len(box.words)
    if label := _LABELLED.match(box.text[:80]):
        name = letters(label[0])
        rest = sentences[0].removeprefix(name)
        sentences = (rest, *sentences[1:]) if rest else sentences[1:]
        words -= len(label[0].split())
    elif box.is_spoken:
        return False
    if not sentences or sentences != text.sentences[: len(sentences)]:
        return False
    least = _WHOLE_WORDS if len(sentences) == len(text.sentences) else _PART_WORDS
    return words >= least and not is_quoted(text, 0, len(sentences))


def cut_off(pieces: Sequence[Piece]) -> Iterator[Removal]:
    """A paragraph that ends in mid-sentence in front of the same paragraph in full.

    Between the two there may be headings, a line such as “Continue reading”, and what stood above.
    """
    above: set[str] = set()
    for at, part in enumerate(pieces):
        if part.is_paragraph and len(part.words) >= _CUT_WORDS and _is_cut(part):
            for whole in pieces[at + 1 : at + 1 + _CUT_WITHIN]:
                if whole.is_paragraph and _is_cut_from(part, whole):
                    reason = f"the paragraph “{whole.opening}”, cut off in front of the whole"
                    yield Removal(at, part.text, reason)
                    break
                if not _is_before_text(whole) and whole.key not in above:
                    break
        above.add(part.key)


def _is_cut(part: Piece) -> bool:
    tail = part.text[-60:]
    return _ELLIPSIS.search(tail) is not None or not _STOP.search(tail)


def _is_cut_from(part: Piece, whole: Piece) -> bool:
    ellipsis = _ELLIPSIS.search(part.text[-60:])
    words = part.words
    if ellipsis and ellipsis["more"]:
        words = words[: -len(ellipsis["more"].split())]
    if not _CUT_WORDS <= len(words) < len(whole.words):
        return False
    *full, last = words
    return whole.words[: len(full)] == tuple(full) and whole.words[len(full)].startswith(last)
