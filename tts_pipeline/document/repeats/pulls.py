"""Pull quotes: sentences set a second time, apart from their paragraph."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from tts_pipeline.document.repeats.piece import Piece, Removal
from tts_pipeline.document.repeats.quotation import is_quoted
from tts_pipeline.model import BlockKind

_NEAR = 3
"""Blocks between a pull quote and its paragraph, and the blocks that are looked at."""
_SENTENCES = 3
"""Two, and a stop behind an abbreviation."""
_LONGEST = 60
_QUOTE_WORDS = 6
_BARE_WORDS = 8
"""Words of a pull quote that is not marked as a quote."""
_BARE_SOURCE_WORDS = 40
_MORE_WORDS = 6
"""Words that the paragraph has beyond the quote."""
_REPLY_WORDS = 20
"""A shorter paragraph behind a quote may be a reply to it."""

_ATTRIBUTION = re.compile(r"\s*(?:[—–―~(-]|by\s|from\s|source\W)", re.IGNORECASE)
_INTRODUCES = re.compile(r"[:,;—–-]\s*$")
_REPLY = frozenset(
    "i im ive id ill you your youre youve we yes yeah yep no nope not well but so and or this that "
    "these those it its which who whose why how what when where really indeed exactly true false "
    "sure fine ok okay agree agreed disagree hmm huh oh ah here there again notice note read look "
    "consider think imagine suppose let lets quote claim sentence line words statement thanks "
    "thank good great nice fair wrong right correct maybe perhaps only even still yet because "
    "if he she they his her their my mine our says said".split()
)
"""Words with which a reply may begin; many other paragraphs do, and then both stay."""
_TALK = re.compile(r"\b(?:quot\w+|sentence|this line|these words|this claim)\b", re.IGNORECASE)


def pull_quotes(pieces: Sequence[Piece]) -> Iterator[Removal]:
    """Blocks that say one or two sentences of a paragraph nearby."""
    stands = Counter(chain.from_iterable(piece.sentences for piece in pieces))
    found = ((at, _source(pieces, at, stands)) for at in range(len(pieces)))
    sources = {at: source for at, source in found if source is not None}
    only_pulls = all(at in sources for at, piece in enumerate(pieces) if piece.is_quote)
    for at, source in sources.items():
        piece = pieces[at]
        # In a post that quotes others too, a quote behind its words may stand there to be answered.
        if piece.is_quote and source < at and not only_pulls:
            continue
        if not _is_used(pieces, at, source):
            reason = f"a pull quote from the paragraph “{pieces[source].opening}”"
            yield Removal(at, piece.text, reason)


def _source(pieces: Sequence[Piece], at: int, stands: Counter[str]) -> int | None:
    """The paragraph in which a block's sentences stand too, and stand only there."""
    piece = pieces[at]
    if not (piece.is_paragraph or piece.is_quote):
        return None
    least = _QUOTE_WORDS if piece.is_quote else _BARE_WORDS
    if len(piece.text) > 20 * _LONGEST or not least <= len(piece.words) <= _LONGEST:
        return None
    if len(piece.sentences) > _SENTENCES or any(stands[key] != 2 for key in piece.sentences):
        return None
    found = [near for near in _nearby(pieces, at) if _holds(pieces, near, at)]
    return found[0] if len(found) == 1 else None


def _nearby(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """The blocks around, no further than the section goes."""
    for places in (range(at - 1, at - 1 - _NEAR, -1), range(at + 1, at + 1 + _NEAR)):
        for near in places:
            if not 0 <= near < len(pieces) or pieces[near].is_heading:
                break
            yield near


def _holds(pieces: Sequence[Piece], source: int, at: int) -> bool:
    paragraph, piece = pieces[source], pieces[at]
    if not paragraph.is_paragraph or len(paragraph.words) < len(piece.words) + _MORE_WORDS:
        return False
    sentences, said = paragraph.sentences, piece.sentences
    if said[0] not in sentences:
        return False
    first = sentences.index(said[0])
    behind = first + len(said)
    if sentences[first:behind] != said or is_quoted(paragraph, first, len(said)):
        return False
    if piece.is_quote:
        return True
    # An echo takes up the last words before it, or is taken up by the first words behind it.
    echo = (source == at - 1 and behind == len(sentences)) or (source == at + 1 and not first)
    words = len(paragraph.words)
    return not echo and words >= max(_BARE_SOURCE_WORDS, 2 * len(piece.words))


def _is_used(pieces: Sequence[Piece], at: int, source: int) -> bool:
    """Whether something around the block needs it: an introduction, a source, a reply."""
    piece = pieces[at]
    before = pieces[at - 1] if at else None
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    if piece.is_question or piece.is_spoken or _INTRODUCES.search(piece.text[-3:]):
        return True
    if any(near is not None and not _is_plain(near) for near in (before, after)):
        return True
    if before is not None and _INTRODUCES.search(before.text[-3:]):
        return True
    if after is None or after.is_heading:
        return False
    if _ATTRIBUTION.match(after.text[:20]):
        return True
    return source != at + 1 and _may_reply(after)


def _is_plain(piece: Piece) -> bool:
    """A paragraph, heading or caption of the text itself: no other quote, no list, no speaker."""
    return piece.is_prose or (piece.block.kind is BlockKind.CAPTION and not piece.block.within)


def _may_reply(piece: Piece) -> bool:
    if len(piece.words) < _REPLY_WORDS or piece.is_spoken:
        return True
    return (
        piece.words[0] in _REPLY
        or "?" in piece.written_sentences[0]
        or _TALK.search(piece.written_sentences[0][:400]) is not None
    )
