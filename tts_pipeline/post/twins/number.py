"""Words that tell one of a series from the next: numbers, and parts of a date."""

_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf "
    "deux trois quatre cinq sept huit neuf dix uno dos tres cuatro cinco seis siete ocho "
).split()
_DATED = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter "
    "monday tuesday wednesday thursday friday saturday sunday"
).split()

NUMBERS = frozenset([*_COUNTED, *_DATED])


def is_number(word: str) -> bool:
    """Whether a word of a text, in small letters, is a number or a part of a date.

    "One" is not: it mostly stands for something else. Nor are Roman numerals: "I".

    >>> [is_number(word) for word in ("2026", "5th", "may", "one", "tide")]
    [True, True, True, False, False]
    """
    return word[:1].isdigit() or (word in NUMBERS and word != "one")
