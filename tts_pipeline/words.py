"""Words: how characters are made fit to be spoken and printed, and how words are counted."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

# No sound and no width: soft hyphen, zero-width space, word joiner, direction marks, BOM. The two
# joiners stay where they shape letters or emoji, and go beside Latin letters.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
    "|(?<![\u0600-\u1fff\u2c80-\U0010ffff])[\u200c\u200d]+"
)
# C0 and C1 controls but tab and line ends, lone surrogates, noncharacters: XML forbids most.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def printable(text: str) -> str:
    """`text` with a space for every control character and nothing for invisible ones.

    Lines stay; no lone surrogate survives, so the result can be encoded.
    """
    if text.isascii() and text.isprintable():
        return text
    return _BROKEN.sub(" ", _INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """Printable, on one line, with each run of white space one space and none at the ends."""
    return " ".join(printable(text).split())


def clings(text: str, at: int) -> bool:
    """Whether the character at `at` makes one letter or picture with the character before it."""
    here = text[at]
    if here in _FLAGS:  # a flag is two of them
        return bool((at - len(text[:at].rstrip(_FLAGS))) % 2)
    return (
        unicodedata.category(here)[0] == "M"
        or "\u200d" in (here, text[at - 1 : at])
        or "\U0001f3fb" <= here <= "\U0001f3ff"  # tones of skin
    )


def words(text: str) -> list[str]:
    """What stands between white space and holds a letter or a digit, as it stands."""
    return [token for token in text.split() if token.isalnum() or any(map(str.isalnum, token))]


def count(text: str) -> int:
    """How many `words` there are."""
    return len(words(text))


def many(number: int, thing: str) -> str:
    """`1 file`, `1,200 files`, `2 copies`."""
    if number == 1:
        return f"1 {thing}"
    ies = thing.endswith("y") and thing[-2] not in "aeiou"
    return f"{number:,} {thing[:-1] + 'ies' if ies else thing + 's'}"


def missing(whole: str, parts: str) -> str:
    """Some words of `whole` of which not every letter is in `parts`; empty if all are.

    Letters are counted, not words, since markup may cut and join words; case, order and
    typography do not count. So no word can be lost unless another of the same letters appears.
    """
    ours, theirs = letters(whole), letters(parts)
    if not _short(ours, theirs):
        return ""
    lost = Counter(words(whole)) - Counter(words(parts))
    return repr(" ".join(list(lost)[:8]))


def _short(ours: str, theirs: str) -> bool:
    """Whether `theirs` has fewer of a letter than `ours`."""
    alphabet = set(ours)
    if len(alphabet) > 100:
        return bool(Counter(ours) - Counter(theirs))
    return any(theirs.count(letter) < ours.count(letter) for letter in alphabet)


def letters(text: str) -> str:
    """What remains when case, white space, punctuation and typography do not count."""
    if text.isascii():
        return text.lower().translate(_NO_LETTERS)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=1 << 14)
def word_letters(word: str) -> str:
    """The `letters` of one word, each made and kept once: a text has few words that are new."""
    return letters(word)


_NO_LETTERS = {place: None for place in range(128) if not chr(place).isalnum()}
