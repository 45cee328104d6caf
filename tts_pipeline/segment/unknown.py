"""Words that an engine may say wrongly: neither in a dictionary nor in the lexicon.

The dictionary is that of pyspellchecker, 160,000 English words with their forms.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from tts_pipeline.model import Noun, Role, Segment
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.normalize import normalize
from tts_pipeline.segment.sentences import primary

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDING = re.compile(r"(?:['’]s|s['’]|['’])$")


class Unknown(Noun):
    """A word worth a look."""

    word: str
    count: int
    example: str
    """A sentence in which it stands."""


def unknown(segments: Iterable[Segment], language: str, lexicon: Lexicon) -> tuple[Unknown, ...]:
    """Words that no rule, no entry and no dictionary knows, the most frequent first."""
    counted: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for segment in segments:
        if segment.role is not Role.TEXT:
            continue
        for piece in normalize(segment.written, language, lexicon):
            if piece.written != piece.spoken:
                continue
            for word in _WORD.findall(piece.written):
                bare = _ENDING.sub("", word)
                if len(bare) > 1 and not _is_known(bare, primary(language)):
                    counted[bare] += 1
                    examples.setdefault(bare, segment.written)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0].casefold(), item[0]))
    return tuple(Unknown(word, number, examples[word]) for word, number in ordered)


def _is_known(word: str, language: str) -> bool:
    dictionary = _dictionary(language)
    lower = word.lower().replace("’", "'")
    # Capitals inside a word, as in a product's name, are read in many ways.
    is_mixed = word[1:] != word[1:].lower() and word != word.upper()
    return lower in dictionary and not is_mixed


@cache
def _dictionary(language: str) -> frozenset[str]:
    """The words of a language; none where there is no dictionary, so that all are worth a look."""
    from spellchecker import SpellChecker  # noqa: PLC0415  reads its dictionary when made

    try:
        return frozenset(SpellChecker(language=language).word_frequency.dictionary)
    except ValueError:
        return frozenset()
