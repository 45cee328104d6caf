"""A feed's bytes -> its channel and items, one item at a time, from whoever wrote them.

The strictest reading, as directories do it: what is not well-formed is refused, and so is what
defines entities. However deep or wide a file is, what is held of it is bounded.
"""

import re
from collections.abc import Callable
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tts_pipeline.check.rules import found
from tts_pipeline.errors import CheckError
from tts_pipeline.model import Finding

_DEEPEST = 100
_MOST = 200_000
"""Elements of one item, and of the channel."""

_ITEMS = 100_000
"""Of one file."""

_PAGE = re.compile(rb"\s*(?:<\?xml[^>]{0,100}>\s*)?<(?:!DOCTYPE )?html\b", re.I)

_PREFIXES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://www.w3.org/2005/atom": "atom",
    "http://podlove.org/simple-chapters": "psc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/syndication/history/1.0": "fh",
}
"""Namespaces in small letters, since their cases are often confused."""


class _Pieces(BytesIO):
    """Larger ones than are asked for: expat begins a comment anew with each (CVE-2023-52425)."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(max(size or 0, 1_000_000))


class NoFeedError(CheckError):
    """Nothing of it can be judged but this."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.finding: Finding = found(rule, message)


def read(data: bytes, each: Callable[[Element], None]) -> Element:
    """The channel without its items, which `each` is given one after the other.

    Elements are called `title`, `itunes:image`, `podcast:guid`, whatever prefixes the file has.

    Raises:
        NoFeedError: it is not RSS, or not well-formed.
    """
    if _PAGE.match(data):
        raise NoFeedError(
            "feed.rss", "it is a web page: give the address of the feed, which the page may link to"
        )
    try:
        channel = _read(data, each)
    except ParseError as error:
        raise NoFeedError(
            "feed.xml",
            f"it is not well-formed XML: {error}. Apps stop reading there: see that `&` and `<` in "
            "texts and addresses are escaped, and that every tag is closed",
        ) from error
    except DefusedXmlException as error:
        raise NoFeedError(
            "feed.xml",
            "it defines entities, or takes them from elsewhere, which no app expands: write the "
            "characters themselves, and take the definitions out",
        ) from error
    except (LookupError, ValueError) as error:
        raise NoFeedError(
            "feed.xml", f"it is in an encoding that cannot be read ({error}): write UTF-8"
        ) from error
    if channel is None:
        raise NoFeedError("feed.rss", "there is no <channel> in it: see what made this file")
    return channel


def _read(data: bytes, each: Callable[[Element], None]) -> Element | None:
    channel: Element | None = None
    parent: Element | None = None
    depth = held = before = at = items = 0
    for event, element in iterparse(_Pieces(data), events=("start", "end"), forbid_entities=True):
        if event == "start":
            depth += 1
            held += 1
            if depth == 1:
                _see_rss(element)
            elif depth == 2:
                parent = element
                if element.tag == "channel" and channel is None:
                    channel = element
            elif depth == 3:
                before = held - 1
            if depth > _DEEPEST or held > _MOST:
                raise NoFeedError(
                    "feed.xml", "it is nested, or has elements, far beyond what any app reads"
                )
            continue
        if depth == 3 and channel is not None and parent is channel:
            for one in element.iter():
                one.tag = _named(one.tag)
            if element.tag == "item":
                items += 1
                if items > _ITEMS:
                    raise NoFeedError(
                        "feed.xml", f"it has more than {_ITEMS:,} items, beyond what any app reads"
                    )
                each(element)
                # The items before it are gone, and those behind it may be there already.
                del channel[at]
                held = before
            else:
                at += 1
        depth -= 1
    return channel


def _see_rss(root: Element) -> None:
    if root.tag != "rss":
        tag = root.tag.rpartition("}")[2][:40]
        raise NoFeedError(
            "feed.rss",
            f"it is not RSS: its outermost element is <{tag}>. Directories take RSS 2.0 alone: "
            "give the address of the feed, not of a page or of an Atom feed",
        )


def _named(tag: str) -> str:
    if tag[:1] != "{":
        return tag
    space, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(space.lower())
    return f"{prefix}:{local}" if prefix else tag


def text(of: Element, name: str) -> str:
    """The text of the first element of this name, without markup; empty if there is none."""
    found = next((one for one in of if one.tag == name), None)
    return "" if found is None else "".join(found.itertext()).strip()


def every(of: Element, name: str) -> list[Element]:
    """The elements of this name, without those deeper inside."""
    return [one for one in of if one.tag == name]


def attribute(of: Element, name: str, key: str) -> str:
    """An attribute of the first element of this name; empty if there is none."""
    found = next((one for one in of if one.tag == name), None)
    return "" if found is None else found.get(key, "").strip()
