"""What two titles say of their posts: one of a series each, or the same."""

import re

from tts_pipeline.post.twins.number import NUMBERS

_TOKEN = re.compile(r"\w+")
_NUMERAL = re.compile(
    r"\d\w*|(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})|" + "|".join(NUMBERS)
)
_PART = frozenset(
    "part parts pt chapter ch episode ep volume vol book issue no number season section "
    "teil kapitel folge band partie chapitre tome parte capítulo capitolo deel".split()
)
"""Words that stand before the number of a part."""

_AROUND = re.compile(
    r"\s*[\[(](?:cross-?post(?:ed)?|x-?post|link(?:post)?|repost)\b[^\])]*[\])]\s*"
    r"|^\s*(?:cross-?post|link(?:post)?|repost)\s*:\s*",
    re.I,
)


def bare(title: str) -> str:
    """A title's words, without "(crosspost)" and the like."""
    return " ".join(_TOKEN.findall(_AROUND.sub(" ", title).casefold()))


def numbered_apart(one: str, other: str, *, both: bool = False) -> bool:
    """Whether two titles name two parts of one series: Part 1 and Part 2, or May and June.

    With `both`, a title without a number is no part.

    >>> numbered_apart("The harbour", "The harbour, part 2"), numbered_apart("Volume A", "Volume B")
    (True, True)
    >>> numbered_apart("On tides in 2024", "On tides")
    False
    """
    (ours, our_rest), (theirs, their_rest) = map(_split, (one, other))
    if ours == theirs:
        return False
    if ours and theirs:
        return True
    # A title that has lost a year or gained "(crosspost)" is not numbered apart.
    return not both and our_rest == their_rest


def _split(title: str) -> tuple[list[str], list[str]]:
    """(the numbers in a title, its other words without those that stand before a number)."""
    numbers: list[str] = []
    rest: list[str] = []
    before = ""
    for token in _TOKEN.findall(title.casefold()):
        is_letter = len(token) == 1 and token.isalpha() and before in _PART
        if is_letter or _NUMERAL.fullmatch(token):
            if before in _PART and rest and rest[-1] == before:
                rest.pop()
            numbers.append(token)
        else:
            rest.append(token)
        before = token
    return numbers, rest
