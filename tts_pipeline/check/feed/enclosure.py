"""The sound of an episode, as the feed names it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tts_pipeline.check.feed.xml import attribute, every
from tts_pipeline.check.rules import found
from tts_pipeline.feed.address import web
from tts_pipeline.model import Finding
from tts_pipeline.segment.chapters import cut

TYPES = {
    "audio/mpeg": (".mp3",),
    "audio/mp3": (".mp3",),
    "audio/x-m4a": (".m4a",),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/aac": (".aac", ".m4a"),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/opus": (".opus", ".ogg"),
    "audio/flac": (".flac",),
    "audio/wav": (".wav",),
    "audio/x-wav": (".wav",),
    "video/mp4": (".mp4",),
    "video/x-m4v": (".m4v",),
    "video/quicktime": (".mov",),
    "application/pdf": (".pdf",),
    "application/epub+zip": (".epub",),
}
"""What apps play, and the names of such files."""
_APPLE = frozenset((
    "audio/mpeg", "audio/x-m4a", "video/mp4", "video/x-m4v", "video/quicktime", "application/pdf",
))  # fmt: skip
_LENGTH = re.compile(r"[0-9]{1,15}")


def of(item: Element) -> tuple[str, int | None, str]:
    """Address, length and type: empty, None or what is said, where that cannot be right."""
    url = attribute(item, "enclosure", "url")
    length = attribute(item, "enclosure", "length")
    known = int(length) if _LENGTH.fullmatch(length) else None
    return (
        url if _is_right(url) else "",
        known or None,
        attribute(item, "enclosure", "type").lower(),
    )


def declared(item: Element, known: set[str], at: str) -> Iterator[Finding]:
    """What is wrong with what the feed says of a sound.

    Args:
        item: the episode.
        known: the addresses of the sounds before it; takes this one.
        at: how the episode is named.
    """
    enclosures = every(item, "enclosure")
    if not enclosures:
        yield found(
            "enclosure.missing",
            "it has no <enclosure>, so no app can play it and Apple leaves it out: add one, or "
            "take the item out of this feed",
            at,
        )
        return
    url = enclosures[0].get("url", "").strip()
    if not _is_right(url):
        yield found(
            "enclosure.url",
            f"its sound's address is {cut(url, 100)!r}, and Apple takes http and https in "
            "ASCII: escape other characters with %",
            at,
        )
    elif url in known:
        yield found(
            "enclosure.twice",
            "its sound's address is also that of an episode before it, and Apple leaves the "
            "second out: give each its own",
            at,
        )
    known.add(url)
    yield from _declared(enclosures[0], url, at)


def _is_right(url: str) -> bool:
    return bool(url) and url.isascii() and not re.search(r"\s", url) and web(url) is not None


def _declared(enclosure: Element, url: str, at: str) -> Iterator[Finding]:
    length = enclosure.get("length", "").strip()
    if not _LENGTH.fullmatch(length) or not int(length):
        yield found(
            "enclosure.length",
            f"its enclosure's length is {cut(length, 40)!r}, and Apple requires the size in bytes: "
            "write that of the file",
            at,
        )
    kind = enclosure.get("type", "").strip().lower()
    names = TYPES.get(kind)
    path = url.partition("?")[0].partition("#")[0].lower()
    end = path[path.rfind(".") :] if "." in path.rpartition("/")[2] else ""
    if names is None:
        yield found(
            "enclosure.type",
            f"its enclosure's type is {cut(kind, 40)!r}, which is no sound that apps know: write "
            "audio/mpeg for an MP3, audio/x-m4a for an M4A",
            at,
        )
    elif kind in _APPLE and end not in names:
        yield found(
            "enclosure.type",
            f"its enclosure is called {cut(end or 'without an ending', 20)} and has the type "
            f"{kind}, and Apple wants the two to agree: name the file {names[0]}, or set the type",
            at,
        )
