"""Words made fit for a feed: legal in XML, on one line, within a number of bytes."""

import re

from tts_pipeline.words import clings

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even as a reference, and controls that it discourages:
some readers take those for letters of another encoding."""


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
        while end and clings(text, end):
            end -= 1
        words = kept[:end] or kept
    return words.rstrip().rstrip(",;:-\u2013\u2014").rstrip() + "…"


def _last_space(text: str) -> int:
    return next((at for at in range(len(text) - 1, -1, -1) if text[at].isspace()), 0)
