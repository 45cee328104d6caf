"""What stands in one text and not in another, word by word."""

from collections.abc import Iterator, Sequence

from tts_pipeline.words import word_letters

_RUN = 3
"""Words of a run, as for likeness: a word is in the other text if a run that holds it is."""


def only_in(words: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The stretches of `words` of which no run of three stands in `other`.

    What was moved is not new; case and punctuation do not count.

    >>> only_in("The sea is grey, and very calm today.".split(), "the sea is grey and calm".split())
    ('very calm today.',)
    """
    ours, theirs = ([word_letters(word) for word in each] for each in (words, other))
    known = set(_runs(theirs))
    there = [False] * len(ours)
    for at, run in enumerate(_runs(ours)):
        if run in known:
            there[at : at + _RUN] = [True] * len(run)
    return tuple(_stretches(words, there))


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Each run of three; a shorter text is one run."""
    for at in range(max(1, len(words) - _RUN + 1)):
        yield tuple(words[at : at + _RUN])


def _stretches(words: Sequence[str], there: Sequence[bool]) -> Iterator[str]:
    begun: list[str] = []
    for word, known in zip(words, there, strict=True):
        if not known:
            begun.append(word)
        elif begun:
            yield " ".join(begun)
            begun = []
    if begun:
        yield " ".join(begun)
