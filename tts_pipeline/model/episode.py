"""The records of a finished episode."""

from datetime import datetime
from typing import Literal

import msgspec

from tts_pipeline.model.document import Link
from tts_pipeline.model.noun import Noun
from tts_pipeline.model.post import Omission
from tts_pipeline.model.segment import Change, Role
from tts_pipeline.model.speech import AudioFormat


class ChapterRecord(Noun):
    """A chapter with its place in time. Chapters tile the episode."""

    title: str
    link: str | None
    image: str | None
    """The address of its first figure."""
    start: int
    """Samples."""
    end: int
    start_ms: int
    end_ms: int


class SegmentRecord(Noun):
    """A segment with its place in time."""

    written: str
    spoken: str
    start: int
    """Samples."""
    end: int
    start_ms: int
    end_ms: int
    chapter: int
    passage: int
    voice: str
    role: Role
    speaker: str | None = None
    """Whose turn of a dialogue it is, as the post names them."""


class Soundbite(Noun):
    """A part of the episode that shows what it is like."""

    quote: str
    """The words by which it was found."""
    start_ms: int
    duration_ms: int


class Former(Noun):
    """A post whose file is gone, and whose episode another post goes on with."""

    url: str
    site: str | None
    tag: str | None


class Episode(Noun, kw_only=True):
    """episode.json: the record of one finished episode. The feed is made from records alone."""

    version: Literal[1] = 1
    inputs: str
    """SHA-256 of everything that shapes the episode; equal inputs, nothing to do."""
    show: str
    """The name of the show that made it: feeds/NAME.toml."""
    slug: str
    guid: str
    title: str
    """The episode's title, as apps show it."""
    post_title: str
    source: str
    """The post's place within the show."""
    url: str | None
    post_id: str | None
    author: str | None
    site: str | None
    tag: str | None
    tags: tuple[str, ...]
    authors: tuple[str, ...] = ()
    score: float | None = None
    series: str | None = None
    number: int | None = None
    copies: tuple[str, ...] = ()
    """Addresses of the same post elsewhere: those that it names, and those that were found."""
    copy_sites: tuple[str, ...] = ()
    """Names and tags of the sites of the copies that were found."""
    copy_guids: tuple[str, ...] = ()
    """Of the episodes that copies had before they were found: no feed lists them beside this."""
    former: tuple[Former, ...] = ()
    """Posts that this was the episode of before; they count among its copies."""
    label: str | None = None
    """`excerpt` or `linkpost`, where it does not stand for itself."""
    links: tuple[Link, ...] = ()
    """What the post links to, each page once, in reading order."""
    language: str
    date: datetime | None
    """When the post was published."""
    published: datetime
    """When the episode was: the post's date, or the day it was first made. Never changes."""
    audio: str
    """The MP3's file name, beside this record."""
    cover: str | None = None
    """The file name of its own cover, a JPEG beside this record; None: the show's is shown."""
    sha256: str
    """Of the whole MP3."""
    bytes: int
    samples: int
    sample_rate: int
    duration_ms: int
    voice: str
    files: dict[str, str] = msgspec.field(default_factory=dict)
    """Every other file beside this record by its name, with its SHA-256."""
    soundbites: tuple[Soundbite, ...] = ()
    chapters: tuple[ChapterRecord, ...]
    segments: tuple[SegmentRecord, ...]
    seal: str | None = None
    """SHA-256 of this file with null in the place of the seal: a bit that flips is found."""


class WordTime(Noun, array_like=True):
    """A word of the post with its place in time."""

    text: str
    """As written, with the marks that cling to it."""
    start: int
    """Samples of the episode."""
    end: int


class SegmentTiming(Noun):
    """A segment's words in time."""

    start: int
    end: int
    pace: float
    estimated: bool
    """The engine told no times; each word has its share of the segment."""
    words: tuple[WordTime, ...]
    """Joined by spaces, they are the segment's written text."""


class PassageTiming(Noun):
    """Where one passage's own sound lies, and what it was made from."""

    key: str
    """Its cache key: the SHA-256 of everything that shapes the sound."""
    voice: str
    start: int
    samples: int
    """Its own length; silence may follow."""
    music: str | None
    """SHA-256 of the music that was laid under it."""


class StingTiming(Noun):
    """Where music sounds alone, before a chapter that begins with it."""

    key: str
    """Its cache key."""
    start: int
    samples: int
    """Its own length; silence ends it."""
    music: str
    """SHA-256 of its file."""


class Timing(Noun, kw_only=True):
    """timing.json: the words of an episode in time, for transcripts and for proof."""

    version: Literal[1] = 1
    sample_rate: int
    samples: int
    audio: AudioFormat
    gains: dict[str, float]
    """dB, by the voice's name."""
    passages: tuple[PassageTiming, ...]
    segments: tuple[SegmentTiming, ...]
    """As in the record, in the same order."""
    stings: tuple[StingTiming, ...] = ()


class Suspect(Noun):
    """A segment whose sound is far longer or shorter than its text."""

    segment: int
    """Index into the record's segments."""
    written: str
    start_ms: int
    ratio: float
    """How many times the usual milliseconds a character."""


class Fallback(Noun):
    """Segments that another voice speaks than the one that was meant."""

    voice: str
    """The one that was meant."""
    instead: str
    reason: str
    segments: tuple[int, ...]
    """Indices into the record's segments."""


class Clipped(Noun):
    """A segment that the engine itself distorted: its sound was cut off at full scale."""

    segment: int
    """Index into the record's segments."""
    written: str
    start_ms: int
    times: int
    """How often at least three samples in a row stood there."""


class Copy(Noun, kw_only=True):
    """A post that has no episode of its own, since this one is of the same post."""

    source: str
    """Its place within the show."""
    url: str | None
    site: str | None
    tag: str | None
    reason: str
    """Why it is the same: a clause."""
    score: float
    """How alike the two are, 0 to 1."""
    words: int
    only: tuple[str, ...]
    """Its words that do not stand in this episode's post, stretch by stretch."""
    guid: str | None = None
    """Of the episode that it had before it was found to be a copy."""


class Report(Noun, kw_only=True):
    """report.json: where every word of the post went."""

    version: Literal[1] = 1
    words: int
    """Words of the source."""
    spoken: int
    left_out: int
    omissions: tuple[Omission, ...]
    changes: tuple[Change, ...]
    suspects: tuple[Suspect, ...] = ()
    clipped: tuple[Clipped, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    """While there are any, each run tries the voices that were meant again."""
    copies: tuple[Copy, ...] = ()
