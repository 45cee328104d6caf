"""What a feed tells: its entries, in the order in which it has them."""

from datetime import datetime

from tts_pipeline.model import Noun


class Entry(Noun, kw_only=True):
    """One post as a feed tells of it."""

    key: str
    title: str
    url: str | None
    authors: tuple[str, ...]
    date: datetime | None
    tags: tuple[str, ...]
    language: str | None
    content: str
    """HTML; empty where the feed has none."""
    summary: str
    """HTML; where there is no content, it may be the whole text."""
    external: str | None = None
    """What the post is about, elsewhere."""
    fault: str | None = None
    """Why it cannot be read; nothing else of it counts."""


class Page(Noun):
    """A feed, or one page of a paged one."""

    title: str | None
    entries: tuple[Entry, ...]
    next: str | None
    """The page with older entries."""
