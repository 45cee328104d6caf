"""Words made fit for a feed: legal in XML, on one line, within a number of bytes."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even as a reference, and controls that it discourages:
some readers take those for letters of another encoding."""
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


def legal(text: str) -> str:
    """Without control characters and whatever else XML 1.0 cannot hold; line ends are newlines."""
    if text.isprintable():
        return text
    return _ILLEGAL.sub("", _LINE_ENDS.sub("\n", text))


def line(text: str) -> str:
    """Legal, on one line, with single spaces."""
    if text.isprintable() and "  " not in text and text.strip(" ") == text:
        return text
    return " ".join(legal(text).split())


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, cut after a word and marked with an ellipsis.

    A word that is longer than all the room is cut between characters, never inside one that is
    joined from several.
    """
    if len(text) <= limit and len(text.encode()) <= limit:
        return text
    room = limit - len("…".encode())
    if room <= 0:
        return ""
    kept = text[:room].encode()[:room].decode(errors="ignore")
    words = kept if text[len(kept)].isspace() else kept[: _last_space(kept)]
    if not words.strip():
        end = len(kept)
        while end and _joined(text, end):
            end -= 1
        words = kept[:end] or kept
    return words.rstrip().rstrip(",;:-\u2013\u2014").rstrip() + "…"


def _last_space(text: str) -> int:
    return next((at for at in range(len(text) - 1, -1, -1) if text[at].isspace()), 0)


def _joined(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    here = text[at]
    return (
        unicodedata.category(here).startswith("M")
        or here in _JOINERS
        or text[at - 1] == "\u200d"
        or "\U0001f3fb" <= here <= "\U0001f3ff"
    )
