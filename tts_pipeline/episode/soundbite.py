"""Soundbites: what a post's author quotes of it, found in its sentences and so in time.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/soundbite.md
"""

from collections.abc import Iterable, Sequence

from tts_pipeline.model import Role, SegmentRecord, Soundbite
from tts_pipeline.words import word_letters, words

SHORTEST, LONGEST = 15_000, 120_000
"""Milliseconds, as the standard recommends."""


def missing(quotes: Sequence[str], sentences: Iterable[str]) -> tuple[str, ...]:
    """The quotes that these sentences do not hold, word for word."""
    if not quotes:
        return ()
    every, _ = _numbered(sentences)
    return tuple(quote for quote in quotes if _place(_words(quote), every) is None)


def find(quotes: Sequence[str], segments: Sequence[SegmentRecord]) -> tuple[Soundbite, ...]:
    """Where each quote is heard, in whole sentences, in order of time.

    One that is too short goes on with the sentences that follow; one that is too long ends early.
    """
    if not quotes:
        return ()
    text = [segment for segment in segments if segment.role is Role.TEXT]
    every, of = _numbered(segment.written for segment in text)
    found = []
    for quote in quotes:
        sought = _words(quote)
        place = _place(sought, every)
        if place is not None:
            first, last = of[place], of[place + len(sought) - 1]
            found.append(Soundbite(quote, *_span(text, first, last)))
    return tuple(sorted(found, key=lambda bite: bite.start_ms))


def _span(text: Sequence[SegmentRecord], first: int, last: int) -> tuple[int, int]:
    """Start and duration in milliseconds."""
    start = text[first].start_ms
    while last + 1 < len(text) and text[last].end_ms - start < SHORTEST:
        last += 1
    return start, min(text[last].end_ms - start, LONGEST)


def _numbered(sentences: Iterable[str]) -> tuple[list[str], list[int]]:
    """All words, and for each the number of its sentence."""
    pairs = [(word, number) for number, one in enumerate(sentences) for word in _words(one)]
    return [word for word, _ in pairs], [number for _, number in pairs]


def _words(text: str) -> list[str]:
    """Letters and digits alone: case, marks and typography do not count."""
    return [word_letters(word) for word in words(text)]


def _place(sought: list[str], every: list[str]) -> int | None:
    size = len(sought)
    places = range(len(every) - size + 1) if sought else ()
    return next((at for at in places if every[at : at + size] == sought), None)
