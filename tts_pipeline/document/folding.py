"""White space and what nobody sees."""

import re

_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphen, zero-width space, word joiner, byte order mark. Zero-width joiners shape emoji and
scripts, so they stay."""

_CONTROL = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def fold(text: str) -> str:
    """Each run of white space as one space."""
    return _SPACE.sub(" ", text)


def visible(text: str) -> str:
    """Without characters that nobody sees; control characters and lone surrogates are spaces."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text))
