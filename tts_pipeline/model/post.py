"""One source article."""

from datetime import datetime
from enum import StrEnum

from tts_pipeline.model.noun import Noun


class Omission(Noun):
    """Words of the source that are not spoken, and why. Never a silent loss."""

    kind: str
    """For programs: `duplicate`, `title`, `slate`, `metadata`, `timestamp`, `unspeakable`, ..."""
    text: str
    """The words as they stand in the source."""
    reason: str
    """For people: a clause that completes "left out: ..."."""


class Medium(StrEnum):
    """How a post's body is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


class Post(Noun):
    """One source article: its metadata, and its body not yet read."""

    source: str
    """Where it came from, as the user named it: a path, or `-`."""
    name: str
    """Its place within the show, for identity: a path relative to the show's folder."""
    medium: Medium
    body: str
    title: str
    author: str | None = None
    """As it is said: one name, or several joined."""
    authors: tuple[str, ...] = ()
    """Each by name."""
    date: datetime | None = None
    """When it was published; always with a time zone."""
    url: str | None = None
    """Its canonical address, http or https."""
    id: str | None = None
    """Its own identifier, from front matter."""
    site: str | None = None
    tag: str | None = None
    """The short name of its site, such as LW."""
    tags: tuple[str, ...] = ()
    language: str | None = None
    score: float | None = None
    """What its site's readers gave it, such as karma."""
    series: str | None = None
    """The sequence or serial that it is a part of."""
    number: int | None = None
    """Its place in the series, from 1."""
    copies: tuple[str, ...] = ()
    """Addresses of the same post elsewhere."""
    label: str | None = None
    """`excerpt` or `linkpost`, where it does not stand for itself."""
    image: str | None = None
    """Its picture, as the front matter names it: a file beside it, or an address."""
    soundbites: tuple[str, ...] = ()
    """Words of the post, with which an app may show what it is like."""
    omissions: tuple[Omission, ...] = ()
    """What the reader took for metadata, in the words of the source."""
