"""Numbers in English words."""

import re
from functools import lru_cache

NUMBER = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3}){1,12}|[0-9]{1,18})(?:\.[0-9]{1,20})?|(?<!\.)\.[0-9]{1,20})"
"""12, 1,234.50 or .5, bounded so that a search stays linear."""
START = r"(?<![0-9A-Za-z_])(?<![0-9][.,])"
"""Before a number: not inside a word or a longer number."""
END = r"(?![0-9A-Za-z_])(?![.,][0-9])"
"""After a number, likewise."""
DIGITS = "0123456789"

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = (
    "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
    "septillion", "octillion", "nonillion", "decillion",
)  # fmt: skip
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LARGEST = 10 ** (3 * len(_SCALES)) - 1
_LAST_WORD = re.compile(r"[a-z]+$")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_ONES[ones]}" if ones else _TENS[tens]


def _below_thousand(number: int, joint: str) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest:
        words.append(_below_hundred(rest))
    return joint.join(words)


@lru_cache(maxsize=4096)
def cardinal(number: int) -> str:
    """`two thousand three hundred and five`: "and" before the last two digits alone.

    Past decillions a number is said digit by digit.
    """
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number > LARGEST:
        return digits(str(number))
    if number == 0:
        return "zero"
    groups = []
    higher, last = divmod(number, 1000)
    scale = 1
    while higher:
        higher, group = divmod(higher, 1000)
        if group:
            groups.append(f"{_below_thousand(group, ' ')} {_SCALES[scale]}")
        scale += 1
    groups.reverse()
    if last:
        joint = "and " if groups and last < 100 else ""
        groups.append(joint + _below_thousand(last, " and "))
    return " ".join(groups)


def ordinal(number: int) -> str:
    """`twenty-first`, `one hundred twelfth`: without "and", which would part it from its noun."""
    words = cardinal(number).replace(" and ", " ")
    last = _LAST_WORD.search(words)
    word = last[0] if last else ""
    if word in _ORDINALS:
        return words[: -len(word)] + _ORDINALS[word]
    return f"{words[:-1]}ieth" if word.endswith("y") else f"{words}th"


def plural(words: str) -> str:
    """The plural of a number's last word: `nineties`, `twelfths`, `halves`."""
    if words.endswith("half"):
        return f"{words[:-1]}ves"
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("x", "s")) else f"{words}s"


def digits(text: str) -> str:
    """Each digit by itself; other characters are dropped."""
    return " ".join(_ONES[int(character)] for character in text if character in DIGITS)


def year(number: int) -> str:
    """`nineteen eighty-four`, `nineteen oh five`, `two thousand one`, `three forty`."""
    century, rest = divmod(number, 100)
    if not 1 <= century < 100:
        return cardinal(number)
    if century % 10 == 0 and rest < 10:
        return cardinal(number).replace(" and ", " ")
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def said(number: str) -> str:
    """A number as written, `1,234.50` or `007`: leading zeros and decimals digit by digit."""
    whole, point, decimals = number.replace(",", "").partition(".")
    if (len(whole) > 1 and whole[0] == "0") or (len(whole) > 15 and "," not in number):
        words = digits(whole)
    else:
        words = cardinal(int(whole)) if whole else ""
    return f"{words} point {digits(decimals)}".strip() if point and decimals else words


def is_one(number: str) -> bool:
    """Whether a number as written takes the singular: 1 alone, not 1.0."""
    return number == "1"
