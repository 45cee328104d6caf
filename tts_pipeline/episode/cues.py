"""Words become cues: short lines that follow each other in time, cut where a reader would pause."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from tts_pipeline.episode.transcript import Paragraph, Transcript
from tts_pipeline.model import WordTime
from tts_pipeline.units import to_ms
from tts_pipeline.words import clings

LINES = 2
"""Of a cue."""

_ENOUGH = 0.3
"""Of a cue's room: a sentence that fills less is joined by the next."""

_CLAUSE_END = frozenset(",;:.!?…—–)]”»、。，；：！？）」』،؛؟।")


class Cue(NamedTuple):
    """Lines and when they are said, in milliseconds; `end` is exclusive."""

    start: int
    end: int
    speaker: str | None
    lines: tuple[str, ...]


def cues(transcript: Transcript, *, width: int, named: bool = False) -> tuple[Cue, ...]:
    """Cues of at most two lines, in order and without overlap, within the episode.

    Args:
        transcript: what is said.
        width: characters of a line, at most.
        named: whether a change of speaker is told in the text, as in `Name: ...`.
    """
    found: list[Cue] = []
    speaker = None
    for paragraph in transcript.paragraphs:
        name = f"{paragraph.speaker}:" if paragraph.speaker and named else ""
        row = _row(paragraph, name if paragraph.speaker != speaker else "", width)
        speaker = paragraph.speaker
        for first, end in _cut(row, width):
            start = to_ms(row.tokens[first].start, transcript.sample_rate)
            until = to_ms(row.tokens[end - 1].end, transcript.sample_rate)
            found.append(Cue(start, until, speaker, _lines(row, first, end, width)))
    return tuple(_apart(found, transcript.duration_ms))


def _apart(found: Sequence[Cue], duration: int) -> list[Cue]:
    """Each at least a millisecond long, none before the end of the last, all within `duration`."""
    placed: list[Cue] = []
    end = 0
    for cue in found:
        start = max(cue.start, end)
        end = max(cue.end, start + 1)
        placed.append(cue._replace(start=start, end=end))
    limit = duration
    for place in range(len(placed) - 1, -1, -1):
        cue = placed[place]
        if cue.end <= limit:
            break
        placed[place] = cue._replace(start=min(cue.start, limit - 1), end=limit)
        limit = placed[place].start
    return placed


# ---- where to cut -----------------------------------------------------------------------------


class _Row:
    """A paragraph on one endless line, in tokens that may not be cut further.

    A token is a word, or a piece of one that is longer than a line.
    """

    def __init__(
        self, tokens: Sequence[WordTime], clinging: Set[int], closing: Sequence[int]
    ) -> None:
        """`clinging`: tokens without a space before; `closing`: those that end a sentence."""
        self.tokens = tokens
        self.closing = closing
        self.starts: list[int] = []
        """Characters before each token."""
        self.ends: list[int] = []
        pieces: list[str] = []
        at = -1
        for place, token in enumerate(tokens):
            text = token.text
            if place in clinging:
                pieces.append(text)
            else:
                pieces.append(" " + text)
                at += 1
            self.starts.append(at)
            at += len(text)
            self.ends.append(at)
        self.text = "".join(pieces)[1:]

    def length(self, first: int, end: int) -> int:
        """Characters of tokens in one line."""
        return self.ends[end - 1] - self.starts[first]

    def glued(self, token: int) -> bool:
        """Whether it goes on the word before it, without a space."""
        return self.starts[token] == self.ends[token - 1]

    def ends_clause(self, token: int) -> bool:
        """Whether a reader would pause after it."""
        return self.text[self.ends[token] - 1] in _CLAUSE_END


def _cut(row: _Row, width: int) -> Iterator[tuple[int, int]]:
    """First and end of what makes a cue: whole sentences where they fit, else parts alike."""
    first = 0
    while first < len(row.ends):
        fitting = first
        for _ in range(LINES):
            if fitting < len(row.ends):
                fitting = bisect_right(row.ends, row.starts[fitting] + width, fitting)
        sentence = _closed(row, first)
        if sentence <= fitting:
            end = _with_short(row, first, sentence, fitting, width)
        else:
            end = _within(row, first, sentence, fitting, width)
        yield first, end
        first = end


def _closed(row: _Row, first: int) -> int:
    """The end of the sentence that a token stands in."""
    found = bisect_left(row.closing, first)
    return row.closing[found] + 1 if found < len(row.closing) else len(row.ends)


def _with_short(row: _Row, first: int, end: int, fitting: int, width: int) -> int:
    """The end of a sentence, or of the next ones, while there is little of it."""
    while end < fitting and row.length(first, end) < _ENOUGH * LINES * width:
        following = _closed(row, end)
        if following > fitting:
            break
        end = following
    return end


def _within(row: _Row, first: int, sentence: int, fitting: int, width: int) -> int:
    """Where to cut a sentence that is too long: near an even share, best where a clause ends."""
    whole = row.length(first, sentence)
    share = whole / -(-whole // (LINES * width))

    def cost(end: int) -> float:
        good = width if row.ends_clause(end - 1) else 0
        glued = width if row.glued(end) else 0
        return abs(row.length(first, end) - share) - good + glued

    return min(range(first + 1, fitting + 1), key=cost)


def _lines(row: _Row, first: int, end: int, width: int) -> tuple[str, ...]:
    """One line where it fits, else two that fit and are the most alike."""
    start, stop = row.starts[first], row.ends[end - 1]
    if stop - start <= width:
        return (row.text[start:stop],)

    def cost(place: int) -> float:
        good = width / 3 if row.ends_clause(place - 1) else 0
        return abs(row.length(first, place) - row.length(place, end)) - good

    least = bisect_left(row.starts, stop - width, first + 1, end)
    most = bisect_right(row.ends, start + width, first, end - 1)
    best = min(range(least, most + 1), key=cost)
    return row.text[start : row.ends[best - 1]], row.text[row.starts[best] : stop]


# ---- words that are longer than a line --------------------------------------------------------


def _row(paragraph: Paragraph, name: str, width: int) -> _Row:
    """The words, each part of them as long as a line at most, with its share of the time."""
    tokens: list[WordTime] = []
    clinging: set[int] = set()
    closing: list[int] = []

    def cut(word: WordTime) -> None:
        parts = [piece for part in word.text.split() for piece in _pieces(part, width)]
        total, length = sum(len(text) for text, _ in parts), word.end - word.start
        done = 0
        for text, glued in parts:
            begins = word.start + length * done // total
            done += len(text)
            if glued:
                clinging.add(len(tokens))
            tokens.append(WordTime(text, begins, word.start + length * done // total))

    if name:
        cut(WordTime(name, paragraph.start, paragraph.start))
    for sentence in paragraph.sentences:
        for word in sentence:
            if len(word.text) <= width and " " not in word.text:
                tokens.append(word)
            else:
                cut(word)
        closing.append(len(tokens) - 1)
    return _Row(tokens, clinging, closing)


_MARK = "[、。，；：！？）」』/?&=_.,;:!-]"
_AFTER_MARK = re.compile(f"(?<={_MARK})(?!{_MARK})")


def _pieces(word: str, width: int) -> Iterator[tuple[str, bool]]:
    """A word in pieces of at most `width`: after marks where there are some, never in a letter."""
    if len(word) <= width:
        yield word, False
        return
    start = 0
    while start < len(word):
        end = min(start + width, len(word))
        if end < len(word):
            marks = [m.start() for m in _AFTER_MARK.finditer(word, start + width // 2, end + 1)]
            end = marks[-1] if marks and marks[-1] <= end else _before_letter(word, start, end)
        yield word[start:end], start > 0
        start = end


def _before_letter(word: str, start: int, end: int) -> int:
    """The last place up to `end` that is inside no letter or picture."""
    piece = word[start : end + 1]
    whole = (at for at in range(len(piece) - 1, 0, -1) if not clings(piece, at))
    return start + next(whole, end - start)
