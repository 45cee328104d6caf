"""What feeds/NAME.toml says of a feed beyond its show: its channel, and what stands in it."""

from datetime import date, datetime
from typing import Literal

from msgspec import field

from tts_pipeline.model.noun import Noun


class Person(Noun, kw_only=True):
    """Someone who takes part; roles and groups are those of the Podcasting 2.0 taxonomy."""

    name: str
    role: str = "host"
    group: str = "cast"
    img: str | None = None
    href: str | None = None


class Funding(Noun, kw_only=True):
    """Where listeners can support the show."""

    url: str
    text: str


class UpdateFrequency(Noun, kw_only=True):
    """How often episodes are meant to come."""

    text: str
    rrule: str | None = None
    """RFC 5545, such as `FREQ=DAILY`."""
    dtstart: datetime | None = None


class Podcast(Noun, kw_only=True):
    """[podcast]: the tags of Podcasting 2.0, the feed's pages, and old files."""

    guid: str | None = None
    """podcast:guid; None: made from the feed's address."""
    locked: bool = True
    medium: Literal[
        "podcast", "audiobook", "newsletter", "blog", "course", "music", "video", "film"
    ] = "podcast"
    ai_content: bool = True
    txt: dict[str, str] = field(default_factory=dict)
    """Purpose to text."""
    license: str | None = None
    license_url: str | None = None
    persons: tuple[Person, ...] = ()
    funding: tuple[Funding, ...] = ()
    update_frequency: UpdateFrequency | None = None
    hub: str | None = None
    """Of WebSub."""
    episodes_per_page: int = 300
    keep_days: int = 30
    """How long an MP3 stays after its episode has a new one."""


class Best(Noun, kw_only=True):
    """The highest scores of each day or week."""

    of: Literal["day", "week"]
    n: int = 1
    after_hours: int = 24
    """How long after its end a day or week is closed, and its best chosen for good."""


class Select(Noun, kw_only=True):
    """[select]: which episodes of the library stand in the feed, and in what form.

    All that is given must hold; of several values in one list any is enough.
    """

    shows: tuple[str, ...] = ()
    """Which made them; none: the show itself."""
    sites: tuple[str, ...] = ()
    """Hosts, names or tags; an episode's copies count too."""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    """Days by UTC, both inclusive."""
    score: float | None = None
    """At least."""
    min_minutes: float | None = None
    max_minutes: float | None = None
    languages: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    """In a serial show each is a season, in this order."""
    newest: int | None = None
    best: Best | None = None
    removed_authors: tuple[str, ...] = ()
    removed_authors_file: str | None = None
    """More of them, a name a line."""
    title: str | None = None
    """A template for titles in this feed; None: as they were made."""
    guid_suffix: str = ""
