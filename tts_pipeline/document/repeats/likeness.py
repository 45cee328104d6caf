"""How alike two blocks are, and which words make the difference."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum

from tts_pipeline.document.repeats.piece import Piece

ADDED_WORDS = 3
"""New words that a copy may have, and no more than one in ten."""
GONE_WORDS = 6
"""Words that a copy may lack, and no more than one in five."""
_LEAST_WORDS = 10

_STOP = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_FIRST_PERSON = frozenset("i im ive id ill".split())
_WEIGHTY = frozenset(
    "no not never none nor neither nothing nobody nowhere without cannot cant dont doesnt didnt "
    "isnt arent wasnt werent wont wouldnt shouldnt couldnt hasnt havent hadnt aint hardly "
    "more most less least fewer few many all some any every each both either only half double "
    "zero one two three four five six seven eight nine ten eleven twelve dozen hundred thousand "
    "million billion first second third fourth fifth sixth seventh eighth ninth tenth last next "
    "before after above below under over left right up down in out on off until unless except "
    "he she him her his hers they them their we us our you your i me my mine "
    "must may might can could should shall will would if but yes "
    "morning evening day night week month year january february march april may june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday "
    "north south east west".split()
)
"""Words that turn what a sentence says."""


class Likeness(IntEnum):
    """How a later block stands to an earlier one."""

    EDITED = 1
    """A word or two gave way to others."""
    CLOSE = 2
    """A few words came or went, or are spelled another way."""
    EXACT = 3
    """Word for word; case, punctuation and typography do not count."""


@dataclass(frozen=True)
class Difference:
    """What sets a later block apart from the earlier one that it repeats."""

    likeness: Likeness
    added: tuple[str, ...] = ()
    """Words of the later block alone, as written."""
    swaps: tuple[tuple[str, str], ...] = ()
    """(earlier, later) words where one gave way to another, folded."""


@dataclass(frozen=True)
class Change:
    """Words `old` to `old_end` of one text stand as words `new` to `new_end` in the other."""

    old: int
    old_end: int
    new: int
    new_end: int


_SAME = Difference(Likeness.EXACT)


def compare(old: Piece, new: Piece) -> Difference | None:
    """What sets `new` apart from `old`; None if it is no copy, or says something else.

    Linear in the number of words: not more than nine edits are looked for.
    """
    if not (old.is_prose and new.is_prose) or old.is_heading != new.is_heading:
        return None
    if old.key == new.key:
        return _SAME
    shortest = min(len(old.words), len(new.words))
    if new.is_heading or shortest < _LEAST_WORDS:
        return None
    may_add = min(ADDED_WORDS, len(new.words) // 10)
    may_lack = min(GONE_WORDS, len(new.words) // 5)
    if not -may_lack <= len(new.words) - len(old.words) <= may_add:
        return None
    found = changes(old.words, new.words, may_add + may_lack)
    if found is None:
        return None
    added = sum(change.new_end - change.new for change in found)
    lacking = sum(change.old_end - change.old for change in found)
    if added > may_add or lacking > may_lack:
        return None
    return _judged(old, new, found)


def _judged(old: Piece, new: Piece, found: Sequence[Change]) -> Difference | None:
    likeness = Likeness.CLOSE
    added: list[str] = []
    swaps: list[tuple[str, str]] = []
    for change in found:
        before, after = range(change.old, change.old_end), range(change.new, change.new_end)
        if any(_is_weighty(old, at) for at in before) or any(_is_weighty(new, at) for at in after):
            return None
        added += (new.tokens[at] for at in after)
        if "".join(old.words[at] for at in before) == "".join(new.words[at] for at in after):
            continue  # "well being" and "well-being"
        if before and after:
            unlike = len(before) != len(after)
            for one, other in zip(before, after, strict=False):
                swaps.append((old.words[one], new.words[other]))
                unlike = unlike or not _is_spelling(*swaps[-1])
            if unlike:
                # At the head of a sentence a name cannot be told from any other word.
                if any(old.tokens[at][0].isupper() for at in before):
                    return None
                likeness = Likeness.EDITED
    return Difference(likeness, tuple(added), tuple(swaps))


def _is_weighty(piece: Piece, at: int) -> bool:
    """Whether a difference in this word is one of substance: a number, a name, a negation."""
    token, word = piece.tokens[at], piece.words[at]
    if "://" in token:
        return False
    if word in _WEIGHTY or any(character.isnumeric() for character in token):
        return True
    heads = at == 0 or _STOP.search(piece.tokens[at - 1][-4:])
    is_name = any(character.isupper() for character in token) and word not in _FIRST_PERSON
    return is_name and not (heads and token.lstrip("“\"'‘(")[1:].islower())


def _is_spelling(one: str, other: str) -> bool:
    """Whether two words look like spellings or forms of one."""
    if min(len(one), len(other)) < 4 or one[0] != other[0]:
        return False
    # Employer and employee, lessor and lessee: one letter, and the opposite.
    if one.endswith("ee") != other.endswith("ee"):
        return False
    return len(one) + len(other) < 80 and SequenceMatcher(None, one, other).ratio() >= 0.75


def changes(old: Sequence[Hashable], new: Sequence[Hashable], most: int) -> list[Change] | None:
    """The fewest words to take out and put in; None if they are more than `most`.

    Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), with D bounded by `most`.
    """
    reach = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(most + 1):
        trace.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            x = reach[diagonal + 1] if _adds(reach, diagonal, edits) else reach[diagonal - 1] + 1
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _joined(_way_back(trace, x, y))
    return None


def _adds(reach: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether the way to this diagonal puts a word in, rather than takes one out."""
    return diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])


def _way_back(trace: Sequence[dict[int, int]], x: int, y: int) -> Iterator[Change]:
    """Single edits, the last first."""
    for edits in range(len(trace) - 1, 0, -1):
        reach, diagonal = trace[edits], x - y
        if _adds(reach, diagonal, edits):
            x = reach[diagonal + 1]
            y = x - diagonal - 1
            yield Change(x, x, y, y + 1)
        else:
            x = reach[diagonal - 1]
            y = x - diagonal + 1
            yield Change(x, x + 1, y, y)


def _joined(edits: Iterator[Change]) -> list[Change]:
    """Edits with no word between them are one."""
    joined: list[Change] = []
    for edit in edits:
        if joined and (edit.old_end, edit.new_end) == (joined[-1].old, joined[-1].new):
            last = joined.pop()
            joined.append(Change(edit.old, last.old_end, edit.new, last.new_end))
        else:
            joined.append(edit)
    return joined[::-1]
