"""What a post links to."""

from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urldefrag, urljoin, urlsplit

from tts_pipeline.model import Block, Document, Link, SpanKind

LIMIT = 200
"""Links of one post."""

_OTHERS = (SpanKind.IMAGE, SpanKind.NOTE)
"""Whose targets are not links of the post."""

_LENGTH = 2000
"""Characters of an address; a longer one carries data, or harm."""


def links(document: Document, base: str | None) -> tuple[Link, ...]:
    """Each page once, in reading order, footnotes last; places within the post itself are none.

    Args:
        document: the post's blocks.
        base: the post's address, by which relative ones are resolved.
    """
    found: dict[str, Link] = {}
    own = urldefrag(base or "").url
    for block in (*document.blocks, *(block for note in document.notes for block in note)):
        for target, text in _runs(block):
            url = _absolute(target, base)
            if url and urldefrag(url).url != own and url not in found:
                found[url] = Link(url, text)
                if len(found) == LIMIT:
                    return tuple(found.values())
    return tuple(found.values())


def _runs(block: Block) -> Iterator[tuple[str, str]]:
    """(target, text) of each link; one that was cut by emphasis or code is whole again."""
    for target, spans in groupby(
        block.spans, key=lambda span: None if span.kind in _OTHERS else span.target
    ):
        if target:
            yield target, " ".join("".join(span.text for span in spans).split())


def _absolute(target: str, base: str | None) -> str | None:
    try:
        url = urljoin(base or "", target.strip())
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if known and len(url) <= _LENGTH else None
