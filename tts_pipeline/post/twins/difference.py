"""What stands in one text and not in another, word by word."""

from collections.abc import Hashable, Iterator, Sequence

from tts_pipeline.model import Noun
from tts_pipeline.post.twins.prints import Print, traces
from tts_pipeline.words import word_letters

_RUN = 3
"""Words of a run, as for likeness: a word is in the other text if a run that holds it is."""

_PASSAGE = 8
"""Words in a row from which what differs is a passage, and no edit."""


class Own(Noun, frozen=True):
    """What stands in one text alone."""

    passages: int
    """Words of its passages, if they are most of what differs; else its words are edited here and
    there."""
    share: float
    """Those of all its words."""
    numbers: frozenset[int]
    """Numbers and parts of dates, as their traces."""


def own(one: Print, other: Print) -> Own:
    """What `one` has and `other` has not."""
    words = traces(one)
    alone = [*_alone(words, traces(other))]
    passages = sum(end - start for start, end in alone if end - start >= _PASSAGE)
    if 2 * passages < sum(end - start for start, end in alone):
        passages = 0
    # A number's trace is odd.
    numbers = frozenset(word for start, end in alone for word in words[start:end] if word % 2)
    return Own(passages, passages / max(1, len(words)), numbers)


def only_in(words: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The stretches of `words` of which no run of three stands in `other`.

    What was moved is not new; case and punctuation do not count.

    >>> only_in("The sea is grey, and very calm today.".split(), "the sea is grey and calm".split())
    ('very calm today.',)
    """
    ours, theirs = ([word_letters(word) for word in each] for each in (words, other))
    return tuple(" ".join(words[start:end]) for start, end in _alone(ours, theirs))


def _alone(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Where the stretches begin and end of which no run stands in the other text."""
    known = set(_runs(theirs))
    begun = 0
    for at, run in enumerate(_runs(ours)):
        if run in known:
            if at > begun:
                yield begun, at
            begun = max(begun, at + len(run))
    if begun < len(ours):
        yield begun, len(ours)


def _runs(words: Sequence[Hashable]) -> Iterator[tuple[Hashable, ...]]:
    """Each run of three; a shorter text is one run."""
    if len(words) < _RUN:
        return iter([tuple(words)])
    return zip(words, words[1:], words[2:], strict=False)
