"""What a source gives, and what became of it: decisions as data."""

from typing import Literal

from tts_pipeline.model import Noun, Post

Status = Literal["new", "changed", "unchanged", "skipped", "failed"]


class Found(Noun, kw_only=True):
    """One post that a source has; `key` is what never changes about it."""

    key: str
    title: str
    url: str | None = None
    post: Post | None = None
    """To be kept."""
    revision: str | None = None
    """Which edition of its text the source says this is."""
    book: bytes | None = None
    """To be kept as it is, instead of a post."""
    skipped: str | None = None
    """Why there is nothing to keep."""
    failed: str | None = None


class Fetched(Noun, kw_only=True):
    """What became of one post."""

    source: str
    status: Status
    title: str
    url: str | None = None
    path: str | None = None
    """Its file."""
    reason: str | None = None
    """Why it is skipped or failed, in words that complete a sentence."""
