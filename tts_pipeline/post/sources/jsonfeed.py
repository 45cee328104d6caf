"""JSON Feed -> entries; an item that is not as it should be is a fault of its own."""

from typing import Any

import msgspec

from tts_pipeline.errors import SourceError
from tts_pipeline.post import dates
from tts_pipeline.post.metadata import each, language_tag, web_address
from tts_pipeline.post.sources.entry import Entry, Page
from tts_pipeline.post.sources.pages import paragraphs
from tts_pipeline.words import fold


class _Author(msgspec.Struct):
    name: str | None = None


class _Item(msgspec.Struct):
    id: Any = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Author | None = None
    authors: list[_Author] | None = None
    tags: list[Any] | None = None
    language: str | None = None


class _Feed(msgspec.Struct):
    version: str
    items: list[Any]
    title: str | None = None
    next_url: str | None = None
    author: _Author | None = None
    authors: list[_Author] | None = None
    language: str | None = None


def parse(text: str, url: str) -> Page:
    """The entries of a feed that was found at `url`.

    Raises:
        SourceError: it is no JSON Feed.
    """
    try:
        feed = msgspec.json.decode(text, type=_Feed)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"it is no JSON Feed: {error}") from error
    if "jsonfeed.org/version/" not in feed.version:
        raise SourceError(f"it is no JSON Feed: its version is {feed.version[:80]!r}")
    return Page(
        title=feed.title,
        entries=tuple(_entry(item, number, feed, url) for number, item in enumerate(feed.items, 1)),
        next=web_address(feed.next_url, url) if feed.next_url else None,
    )


def _entry(given: Any, number: int, feed: _Feed, base: str) -> Entry:
    try:
        return _of_item(msgspec.convert(given, _Item), feed, base)
    except msgspec.ValidationError as error:
        told = given if isinstance(given, dict) else {}
        key = next((told[name] for name in ("id", "url", "title") if told.get(name)), number)
        broken = _of_item(_Item(id=str(key)), feed, base)
        fault = f"item {number} of the feed cannot be read: {error}"
        return msgspec.structs.replace(broken, fault=fault)


def _of_item(item: _Item, feed: _Feed, base: str) -> Entry:
    link = web_address(item.url, base) if item.url else None
    # JSON Feed 1.0 has `author`, 1.1 `authors`.
    people = (item.authors or []) + [one for one in [item.author] if one]
    people = people or (feed.authors or []) + [one for one in [feed.author] if one]
    key = str(item.id) if isinstance(item.id, str | int | float) else ""
    return Entry(
        key=key or link or item.title or "",
        title=fold(item.title or ""),
        url=link,
        authors=each(fold(one.name or "") for one in people),
        date=dates.parse(item.date_published or item.date_modified or ""),
        tags=each(tag for tag in item.tags or () if isinstance(tag, str)),
        language=language_tag(item.language or feed.language or ""),
        content=item.content_html or paragraphs(item.content_text or ""),
        summary=paragraphs(item.summary or ""),
        external=web_address(item.external_url, base) if item.external_url else None,
    )
