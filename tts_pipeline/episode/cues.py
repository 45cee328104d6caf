"""Words become cues: short lines that follow each other in time, cut where a reader would pause."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tts_pipeline.episode.transcript import Paragraph, Word

LINES = 2
"""Of a cue."""

_ENOUGH = 0.3
"""Of a cue's room: a sentence that fills less is joined by the next."""

_CLAUSE_END = tuple(",;:.!?…—–)]”»、。，；：！？）」』،؛؟।")


class Cue(NamedTuple):
    """Lines and when they are said, in milliseconds; `end` is exclusive."""

    start: int
    end: int
    speaker: str | None
    lines: tuple[str, ...]


class _Token(NamedTuple):
    """What may not be cut further: a word, or a piece of one that is longer than a line."""

    text: str
    start: int
    end: int
    glued: bool
    """Whether it goes on the word before it, without a space."""
    ends: bool
    """Whether a sentence ends with it."""


def cues(
    said: Sequence[Paragraph], *, width: int, duration: int, named: bool = False
) -> tuple[Cue, ...]:
    """Cues of at most two lines, in order and without overlap.

    Args:
        said: the episode's paragraphs.
        width: characters of a line, at most.
        duration: milliseconds of the episode, within which the last cue ends.
        named: whether a change of speaker is told in the text, as in `Name: ...`.
    """
    found: list[Cue] = []
    speaker = None
    for paragraph in said:
        name = f"{paragraph.speaker}:" if paragraph.speaker and named else ""
        introduced = name if paragraph.speaker != speaker else ""
        speaker = paragraph.speaker
        tokens = list(_tokens(paragraph.words, introduced, width))
        for run in _cut(tokens, width):
            lines = tuple(_joined(line) for line in _balanced(run, width))
            found.append(Cue(run[0].start, run[-1].end, speaker, lines))
    return tuple(_apart(found, duration))


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


def _cut(tokens: Sequence[_Token], width: int) -> Iterator[Sequence[_Token]]:
    """Runs that fit into a cue: whole sentences where they fit, else parts of alike length."""
    first = 0
    while first < len(tokens):
        fitting = _fitting(tokens, first, width)
        sentence = next(
            (place + 1 for place in range(first, len(tokens)) if tokens[place].ends), len(tokens)
        )
        if sentence <= fitting:
            end = _with_short(tokens, first, sentence, fitting, width)
        else:
            end = _within(tokens, first, sentence, fitting, width)
        yield tokens[first:end]
        first = end


def _with_short(tokens: Sequence[_Token], first: int, end: int, fitting: int, width: int) -> int:
    """The end of a sentence, or of the next ones, while there is little of it."""
    while _length(tokens[first:end]) < _ENOUGH * LINES * width:
        following = next((p + 1 for p in range(end, fitting) if tokens[p].ends), None)
        if following is None:
            break
        end = following
    return end


def _within(tokens: Sequence[_Token], first: int, sentence: int, fitting: int, width: int) -> int:
    """Where to cut a sentence that is too long: near an even share, best where a clause ends."""
    whole = _length(tokens[first:sentence])
    share = whole / -(-whole // (LINES * width))
    best, least = fitting, float("inf")
    length = 0
    for place in range(first, fitting):
        length += _room(tokens[place], alone=place == first)
        good = width if tokens[place].text.endswith(_CLAUSE_END) else 0
        glued = width if tokens[place + 1].glued else 0
        cost = abs(length - share) - good + glued
        if cost < least:
            best, least = place + 1, cost
    return best


def _fitting(tokens: Sequence[_Token], first: int, width: int) -> int:
    """The first token that no longer fits into the cue, its lines filled one after the other."""
    lines, length = 1, 0
    for place in range(first, len(tokens)):
        room = _room(tokens[place], alone=not length)
        if length + room > width:
            lines, length, room = lines + 1, 0, len(tokens[place].text)
            if lines > LINES:
                return place
        length += room
    return len(tokens)


def _balanced(run: Sequence[_Token], width: int) -> list[Sequence[_Token]]:
    """One line where it fits, else two that fit and are the most alike."""
    whole = _length(run)
    if whole <= width:
        return [run]
    best, least, length = 1, float("inf"), 0
    for place, token in enumerate(run[:-1]):
        length += _room(token, alone=not place)
        rest = whole - length - (not run[place + 1].glued)
        if length > width or rest > width:
            continue
        good = width / 3 if token.text.endswith(_CLAUSE_END) else 0
        cost = abs(length - rest) - good
        if cost < least:
            best, least = place + 1, cost
    return [run[:best], run[best:]]


def _room(token: _Token, *, alone: bool) -> int:
    return len(token.text) + (not alone and not token.glued)


def _length(tokens: Sequence[_Token]) -> int:
    return sum(_room(token, alone=not place) for place, token in enumerate(tokens))


def _joined(tokens: Sequence[_Token]) -> str:
    return "".join(
        token.text if token.glued or not place else f" {token.text}"
        for place, token in enumerate(tokens)
    )


# ---- words that are longer than a line --------------------------------------------------------


def _tokens(words: Sequence[Word], name: str, width: int) -> Iterator[_Token]:
    """The words, each part of them as long as a line at most, with its share of the time."""
    for part in name.split():
        for text, glued in _pieces(part, width):
            yield _Token(text, words[0].start, words[0].start, glued, ends=False)
    for word in words:
        if len(word.text) <= width and " " not in word.text:
            yield _Token(word.text, word.start, word.end, glued=False, ends=word.ends)
            continue
        pieces = [piece for part in word.text.split() for piece in _pieces(part, width)]
        span, total = word.end - word.start, sum(len(text) for text, _ in pieces)
        done = 0
        for text, glued in pieces:
            start, done = done, done + len(text)
            yield _Token(
                text,
                word.start + span * start // total,
                word.start + span * done // total,
                glued,
                ends=word.ends and done == total,
            )


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
    """The last place up to `end` where no accent, joiner or emoji's part follows."""
    for place in range(end, start, -1):
        joined = _clings(word[place]) or word[place - 1] == "\u200d"
        if not joined and not (_is_flag(word[place]) and _is_flag(word[place - 1])):
            return place
    return end


def _clings(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "M"
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
