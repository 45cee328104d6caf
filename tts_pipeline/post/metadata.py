"""What the readers share: names joined, addresses and languages checked."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from tts_pipeline.words import fold

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

_LONGEST_TITLE = 60
"""Characters."""


def each(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, without what stands around it."""
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def joined(names: Iterable[str]) -> str | None:
    """Ann; Ann and Bo; Ann, Bo and Cy. Each name once; None without any."""
    named = each(names)
    if not named:
        return None
    *before, last = named
    return f"{', '.join(before)} and {last}" if before else last


def first_words(text: str) -> str:
    """A title for a post that has none: its first sentence, or as much of it as a title holds."""
    sentence = re.split(r"(?<=[.!?])\s", fold(text), maxsplit=1)[0]
    if len(sentence) <= _LONGEST_TITLE:
        return sentence.rstrip(".")
    begun = sentence[:_LONGEST_TITLE]
    return f"{(begun.rpartition(' ')[0] or begun).rstrip(',;:')} …"


def web_address(written: str, base: str = "") -> str | None:
    """The http or https address that is written, whole or relative to `base`; else None.

    An address with a space or a control character in it is none: RFC 3986 has no such characters,
    and programs that read one disagree on where it leads.
    """
    address = written.strip()
    if " " in address or not address.isprintable():
        return None
    try:
        whole = urljoin(base, address)
        parts = urlsplit(whole)
    except ValueError:
        return None
    return whole if parts.scheme in ("http", "https") and parts.hostname else None


def language_tag(written: str) -> str | None:
    """A language tag of the form of BCP 47, such as en or en-US; else None."""
    tag = written.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
