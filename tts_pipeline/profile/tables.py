"""feeds/NAME.toml as it is written, table by table."""

from typing import Any, Literal

from msgspec import field

from tts_pipeline.model import Duplicates, Noun, Podcast, Publish, Reading, Select, Site, Timestamps


class ShowTable(Noun, kw_only=True):
    """[show] in feeds/NAME.toml."""

    title: str
    description: str
    author: str = ""
    email: str | None = None
    link: str | None = None
    language: str = "en"
    categories: list[str] = field(default_factory=lambda: ["Education"])
    explicit: bool = False
    copyright: str | None = None
    base_url: str
    cover: str | None = None
    type: Literal["episodic", "serial"] = "episodic"
    new_feed_url: str | None = None
    block: bool = False
    complete: bool = False
    sources: list[str] = field(default_factory=list)
    posts: list[str] | None = None
    ignore: list[str] = field(default_factory=list)


class EpisodeTable(Noun, kw_only=True):
    """[episode] in feeds/NAME.toml."""

    title: str = "{tag} - {title} by {author}"
    cover: Literal["show", "title"] = "show"
    slate: str = "Welcome to {show}. This is: {title}, published by {author} on {date} on {site}."
    outro: str | None = "Thanks for listening."
    voice: str = "default"
    music: str | None = None
    outro_music: str | None = None
    sting: str | None = None
    timestamps: Timestamps = Timestamps.CHAPTER
    lexicon: list[str] = field(default_factory=list)


class VoicesTable(Noun, kw_only=True):
    """[voices] in feeds/NAME.toml."""

    quote: str | None = None
    code: str | None = None
    notes: str | None = None
    speakers: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)


class AudioTable(Noun, kw_only=True):
    """[audio] in feeds/NAME.toml; what is not given is the preset's."""

    preset: Literal["native", "directory"] = "native"
    rate: int | None = None
    bitrate: int | None = None
    vbr: int | None = None
    channels: int | None = None
    quality: int | None = None


class SiteTable(Noun, kw_only=True):
    """[site] in feeds/NAME.toml."""

    theme: str | None = None
    links: dict[str, str] = field(default_factory=dict)


class ShowFile(Noun, kw_only=True):
    """feeds/NAME.toml as it is written."""

    show: ShowTable
    episode: EpisodeTable = field(default_factory=EpisodeTable)
    reading: Reading = field(default_factory=Reading)
    voices: VoicesTable = field(default_factory=VoicesTable)
    audio: AudioTable = field(default_factory=AudioTable)
    site: SiteTable = field(default_factory=SiteTable)
    sites: dict[str, Site] = field(default_factory=dict)
    podcast: Podcast = field(default_factory=Podcast)
    select: Select = field(default_factory=Select)
    duplicates: Duplicates = field(default_factory=Duplicates)
    publish: Publish = field(default_factory=Publish)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
