"""One feeds/NAME.toml, checked."""

from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import field

from tts_pipeline.model.document import Reading
from tts_pipeline.model.feed import Podcast, Select
from tts_pipeline.model.noun import Noun
from tts_pipeline.model.published import Publish
from tts_pipeline.model.speech import AudioFormat


class Site(Noun):
    """A host's name and short tag."""

    name: str
    tag: str | None = None


class Timestamps(StrEnum):
    """What a leading (1:30) is."""

    CHAPTER = "chapter"
    SPEAK = "speak"
    DROP = "drop"


class Duplicates(Noun, kw_only=True):
    """What a show says of posts that are alike; posts by address, path or folder of the episode."""

    off: bool = False
    """Whether each post has an episode of its own."""
    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()


class Show(Noun):
    """One feeds/NAME.toml, checked; paths are absolute."""

    name: str
    """The file's stem."""
    title: str
    author: str
    email: str | None
    description: str
    link: str | None
    language: str
    categories: tuple[tuple[str, str | None], ...]
    """Category and subcategory, by Apple's names."""
    explicit: bool
    copyright: str | None
    base_url: str
    """Where the output directory is served, without a trailing slash."""
    cover: str | None
    episode_title: str
    episode_cover: Literal["show", "title"]
    """Whose cover an episode has: the show's, or its own with its title."""
    slate: str
    outro: str | None
    voice: str
    quote_voice: str | None
    speaker_voices: tuple[str, ...]
    music: str | None
    """Under the slate."""
    outro_music: str | None
    sting: str | None
    """Before each chapter but the first."""
    timestamps: Timestamps
    reading: Reading
    lexicon: tuple[str, ...]
    """Files whose entries come after the voice's, and win."""
    sites: dict[str, Site]
    audio: AudioFormat
    root: str
    """The show's folder: the parent of feeds/."""
    code_voice: str | None = None
    notes_voice: str | None = None
    named_voices: dict[str, str] = msgspec.field(default_factory=dict)
    """By the speaker's name, in lower case."""
    type: Literal["episodic", "serial"] = "episodic"
    new_feed_url: str | None = None
    block: bool = False
    complete: bool = False
    podcast: Podcast = Podcast()
    select: Select = Select()
    duplicates: Duplicates = Duplicates()
    publish: Publish = Publish()
    theme: str | None = None
    """A folder of templates that stand in for ours on the show's pages."""
    posts: tuple[str, ...] = ()
    """Files and folders of posts, besides those of the show's sources."""
    ignore: tuple[str, ...] = ()
    """Posts that are not made: addresses, and patterns of paths."""
    links: dict[str, str] = field(default_factory=dict)
    """Where else it can be listened to: a name, and its address."""

    @property
    def makes(self) -> bool:
        """Whether it makes episodes of its own; else it selects from those of other shows."""
        return self.name in (self.select.shows or (self.name,))
