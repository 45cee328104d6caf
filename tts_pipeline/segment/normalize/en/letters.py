"""Letters said one by one, and words that are not words of prose: names of hosts, files, tags."""

import re

from tts_pipeline.segment.normalize.en.numerals import cardinal, digits

_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^A-Za-z0-9]+")
_JOINTS = {
    ".": "dot",
    "-": "dash",
    "_": "underscore",
    "+": "plus",
    "&": "ampersand",
    "/": "slash",
    "%": "percent",
    "=": "equals",
    "#": "hash",
    "~": "tilde",
    ":": "colon",
}


def spell(letters: str, ending: str = "") -> str:
    """`L.L.M`, and with `s` `L.L.M.'s`.

    Dots make engines name each letter; a last one would end the sentence before a capital. A
    plural is written as a possessive is, so that it ends in [z] and not in another letter.
    """
    named = ".".join(letters.upper())
    if not ending:
        return named
    return f"{named}.'s" if ending.strip("'") == "s" else named + ending


def part(word: str) -> str:
    """A bare word: spelled when it holds no vowel, so that nobody could say it."""
    if word.isdigit():
        return cardinal(int(word)) if len(word) < 5 and word[0] != "0" else digits(word)
    return word if _VOWEL.search(word) or len(word) == 1 else spell(word)


def words(name: str) -> str:
    """`AISafetyCamp2024` and `snake_case` as the words that they are made of."""
    return " ".join(
        spell(found) if found.isupper() and len(found) > 1 else part(found)
        for found in _PARTS.findall(name)
        if found[0].isalnum()
    )


def address(text: str) -> str:
    """A host, e-mail address or file name: its joints named, its digits one by one."""
    said = []
    for found in _PARTS.findall(text):
        if found.isdigit():
            said.append(digits(found))
        elif found[0].isalpha():
            said.append(part(found))
        else:
            said += [_JOINTS[sign] for sign in found if sign in _JOINTS]
    return " ".join(said)
