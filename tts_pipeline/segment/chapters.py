"""Where chapters begin: at headings, else at leading timestamps, else nowhere.

Every chapter links back to its place in the post: to the anchor that the source gives, else by
a text fragment (https://wicg.github.io/scroll-to-text-fragment/), which browsers without the
feature ignore.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from msgspec import structs

from tts_pipeline.model import Block, BlockKind, Noun, Omission, Span, SpanKind, Timestamps

TITLE_LIMIT = 120
"""Characters of a chapter's title; a longer heading is cut at a word, and spoken whole."""

TIMESTAMP_TITLE_LIMIT = 40
"""Spotify's advice for chapter titles."""

_TIMESTAMP = re.compile(r"\s*[(\[]((?:\d{1,2}:)?\d{1,3}:[0-5]\d)[)\]]\s*")


class Section(Noun):
    """A chapter's title, link and blocks; the first may have no blocks of its own."""

    title: str
    link: str | None
    blocks: tuple[Block, ...]
    image: str | None = None
    """The address of its first figure."""


def outline(
    blocks: Sequence[Block], *, title: str, url: str | None, timestamps: Timestamps
) -> tuple[tuple[Section, ...], tuple[Omission, ...]]:
    """Cut blocks into sections; what is taken off on the way is an omission.

    What stands before the first heading or timestamp is a section under the post's own title.
    """
    headed = any(block.kind is BlockKind.HEADING for block in blocks)
    timed = timestamps is Timestamps.CHAPTER and not headed and _is_timed(blocks)
    sections: list[tuple[str, str | None, list[Block]]] = [(cut(title, TITLE_LIMIT), url, [])]
    omissions: list[Omission] = []
    for block in blocks:
        stamp = None
        if timestamps is not Timestamps.SPEAK and (headed or timed or timestamps.name == "DROP"):
            block, stamp = _without_timestamp(block)  # noqa: PLW2901
        if stamp is not None:
            omissions.append(_stamp_omission(stamp, timed=timed))
        if block.kind is BlockKind.HEADING:
            sections.append((cut(block.text, TITLE_LIMIT), link_to(url, block), []))
        elif timed and stamp is not None:
            sections.append((cut(block.text, TIMESTAMP_TITLE_LIMIT), link_to(url, block), []))
        sections[-1][2].append(block)
    found = tuple(
        Section(section_title or title, link, tuple(inside), _image(inside, url))
        for section_title, link, inside in sections
        if inside
    )
    return found, tuple(omissions)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where there is one, on one line."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if text[limit - 1] != " " and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:.-–—(") + "…"


def link_to(url: str | None, block: Block) -> str | None:
    """The address of a block within its post."""
    if url is None:
        return None
    page = urldefrag(url).url
    if block.anchor:
        return f"{page}#{quote(block.anchor, safe='')}"
    words = quote(" ".join(block.text.split()[:8]), safe="").replace("-", "%2D")
    return f"{page}#:~:text={words}" if words else page


def _image(blocks: Sequence[Block], url: str | None) -> str | None:
    """The first figure's address, if it is one that can be fetched."""
    for block in blocks:
        for span in block.spans:
            if span.kind is SpanKind.IMAGE and span.target:
                try:
                    address = urljoin(url or "", span.target)
                    if urlsplit(address).scheme in ("http", "https"):
                        return address
                except ValueError:
                    continue
    return None


def _is_timed(blocks: Sequence[Block]) -> bool:
    """Two or more leading timestamps that never go back: one alone may be anything."""
    seconds = [
        _seconds(match[1])
        for block in blocks
        if block.kind is not BlockKind.CODE and (match := _TIMESTAMP.match(block.text))
    ]
    return len(seconds) > 1 and seconds == sorted(seconds)


def _seconds(stamp: str) -> int:
    total = 0
    for part in stamp.split(":"):
        total = total * 60 + int(part)
    return total


def _without_timestamp(block: Block) -> tuple[Block, str | None]:
    """The block without its leading timestamp, and the timestamp as written."""
    match = _TIMESTAMP.match(block.text)
    if match is None or match.end() == len(block.text):
        return block, None
    left = match.end()
    spans: list[Span] = []
    for span in block.spans:
        spans.append(structs.replace(span, text=span.text[left:]))
        left = max(0, left - len(span.text))
    kept = tuple(span for span in spans if span.text or span.spoken or span.kind is SpanKind.NOTE)
    return structs.replace(block, spans=kept), match[0].strip()


def _stamp_omission(stamp: str, *, timed: bool) -> Omission:
    reason = "a timestamp, which starts a chapter" if timed else "a timestamp"
    return Omission("timestamp", stamp, reason)
