"""What a rule is, and the text that rules see."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tts_pipeline.segment.lexicon import PHONEMES

MASK = "\ue000"
"""Stands in place of each character that a rule has already turned into speech."""
WORD_MASK = "\ue001"
"""Stands in place of each character of a word that the lexicon says."""

Speak = Callable[[re.Match[str]], str | None]
"""The spoken form of a match; None leaves it as it is."""


@dataclass(frozen=True)
class Rule:
    """One way to say one kind of written thing.

    Its pattern must be linear in the text: a start guarded by a lookbehind, bounded repeats.
    """

    name: str
    needs: frozenset[str]
    """A text that holds none of these characters is not searched; empty means: always search."""
    written: str
    flags: int
    speak: Speak

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled for the first text that needs it; all together take as long as a short post."""
        return re.compile(self.written, self.flags)


def listed(words: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(words.split())


def rule(name: str, pattern: str, speak: Speak, needs: str = "", flags: int = 0) -> Rule:
    """A rule whose pattern is written over many lines, with `#` and spaces escaped."""
    return Rule(name, frozenset(needs), pattern, flags | re.VERBOSE, speak)


def _disguises() -> dict[int, str]:
    """Full-width forms and the letters of mathematical alphabets, to their common form."""
    table = {}
    for code in (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800)):
        common = unicodedata.normalize("NFKC", chr(code))
        if len(common) == 1 and common != chr(code):
            table[code] = common
    return table


DISGUISES = _disguises() | dict.fromkeys(map(ord, PHONEMES), " ")
"""Engines do not know these; people who like bold text write them. Nobody may write phonemes."""

_TYPOGRAPHY = (
    dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000\t\n\r\v\f\x85\u2028\u2029"), " ")
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    | dict.fromkeys(map(ord, "\u2010\u2011\ufe63"), "-")
    | dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'")
    | dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"')
    | {
        ord("\u2236"): ":",
        ord("\u2044"): "/",
        ord("\u2215"): "/",
        ord(MASK): " ",
        ord(WORD_MASK): " ",
    }
)
_PLAIN = _TYPOGRAPHY | DISGUISES


def plain(text: str) -> str:
    """`text` as rules see it: as many characters, each look-alike in its common form."""
    return text if text.isascii() and text.isprintable() else text.translate(_PLAIN)
