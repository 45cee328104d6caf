"""The nouns that the stages hand to each other: frozen, with unknown keys forbidden.

    post -> document -> script (segments) -> speech -> episode -> feed

Stages never import each other; they meet here. Everything is plain data, so that a decision can
be printed, tested, hashed and sent to another process.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Noun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Frozen, and strict when read from TOML or JSON."""


# ---- post ------------------------------------------------------------------------------------


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
    omissions: tuple[Omission, ...] = ()
    """What the reader took for metadata, in the words of the source."""


# ---- document --------------------------------------------------------------------------------


class SpanKind(StrEnum):
    """What a run of characters inside a block is."""

    TEXT = "text"
    CODE = "code"
    LINK = "link"
    IMAGE = "image"
    """Its text is the image's description, its target the image."""
    MATH = "math"
    """Its text is LaTeX without delimiters."""
    STRUCK = "struck"
    NOTE = "note"
    """Where a footnote is cited; no text of its own, its target names the note."""


class Span(Noun):
    """A run of characters inside a block."""

    text: str
    kind: SpanKind = SpanKind.TEXT
    target: str | None = None
    """A link's or an image's address, or a note's name."""
    spoken: str | None = None
    """What is said instead; None: what the language's rules make of the text. A span without
    text that is spoken is an announcement, such as "Quote:"."""


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TERM = "term"
    """A term, whose definition follows as an item."""
    VERSE = "verse"
    """Its lines are kept apart by line feeds."""
    CODE = "code"
    MATH = "math"
    CELL = "cell"
    """Of a table; becomes part of a row when the table is made ready for the ear."""
    TABLE = "table"
    """A row."""
    CAPTION = "caption"
    SPEAKER = "speaker"
    """Who says what follows."""
    RULE = "rule"
    """A line across the page; no words."""


class GroupKind(StrEnum):
    """What may enclose blocks."""

    QUOTE = "quote"
    ITEM = "item"
    """What follows the first paragraph of a list's item."""
    TABLE = "table"
    FIGURE = "figure"
    SPOILER = "spoiler"
    MESSAGE = "message"
    """One turn of a dialogue; its label is the speaker."""
    POLL = "poll"
    NOTE = "note"
    """A footnote; its label is its name."""


class Group(Noun):
    """What encloses a run of blocks."""

    kind: GroupKind
    number: int
    """Tells two neighbours of one kind apart."""
    label: str = ""


class Block(Noun):
    """One typed piece of a post, in reading order."""

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int = 0
    """A heading's level, 1 to 6; an item's depth, from 1; a cell's row, from 0."""
    ordinal: int | None = None
    """An ordered item's number; a cell's column, from 0."""
    anchor: str | None = None
    """The id by which the source can be linked to this place, without `#`."""
    within: tuple[Group, ...] = ()
    """What encloses it, outermost first."""
    label: str = ""
    """The language of code; `header` on a cell that names its column."""
    language: str | None = None
    """Where the source says it and it is not the post's."""

    @property
    def text(self) -> str:
        """Its words as written."""
        return "".join(span.text for span in self.spans)

    def inside(self, *kinds: GroupKind) -> bool:
        """Whether a group of one of these kinds encloses it."""
        return any(group.kind in kinds for group in self.within)


class Document(Noun):
    """The post as typed blocks, with what was set aside on the way."""

    blocks: tuple[Block, ...]
    omissions: tuple[Omission, ...] = ()
    notes: tuple[tuple[Block, ...], ...] = ()
    """Footnotes that are read where they are cited; the groups around a note's blocks name it."""


class Reading(Noun, kw_only=True):
    """[reading] in feeds/NAME.toml: how each kind of thing that a post may hold is treated."""

    footnotes: Literal["inline", "section", "drop"] = "inline"
    images: Literal["speak", "drop"] = "speak"
    tables: Literal["rows", "summary", "drop"] = "rows"
    table_cells: int = 60
    """A table of more cells is a summary."""
    code: Literal["announce", "speak", "drop"] = "announce"
    math: Literal["speak", "drop"] = "speak"
    quotes: Literal["announce", "plain", "voice"] = "announce"
    """`voice`: by the show's voice for quotes, without announcements."""
    spoilers: Literal["announce", "plain", "drop"] = "announce"
    speakers: Literal["name", "drop"] = "name"
    polls: Literal["speak", "drop"] = "speak"
    numbers: Literal["speak", "drop"] = "speak"
    """Of ordered lists."""
    emoji: Literal["name", "drop"] = "name"
    struck: Literal["speak", "drop"] = "drop"
    references: Literal["speak", "drop"] = "drop"
    boilerplate: Literal["speak", "drop"] = "drop"
    duplicates: Literal["speak", "drop"] = "drop"


# ---- segment ---------------------------------------------------------------------------------


class Break(StrEnum):
    """What kind of boundary follows a segment; each has its own silence."""

    CLAUSE = "clause"
    """Inside a sentence that was too long for the engine: no pause at all."""
    SENTENCE = "sentence"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    RULE = "rule"
    """A line across the page."""
    CHAPTER = "chapter"


class Role(StrEnum):
    """Which part of the episode a segment belongs to."""

    SLATE = "slate"
    TEXT = "text"
    OUTRO = "outro"


class Segment(Noun):
    """The unit sent to an engine: a sentence, or a clause of one that is too long."""

    written: str
    """The post's own words."""
    spoken: str
    """What the engine is given."""
    chapter: int
    """Index into the script's chapters."""
    passage: int
    """Segments of one passage, a block or a part of a long one, are spoken and encoded together."""
    voice: str
    after: Break
    role: Role = Role.TEXT
    pace: float = 1.0
    """How fast, against the voice's own speed."""
    aligned: tuple[tuple[int, int, int, int], ...] = ()
    """Start and end (exclusive) in `written`, and in `spoken`, of what is spoken otherwise than
    it is written; all other letters follow one another in both."""


class ScriptChapter(Noun):
    """A chapter before it has a place in time."""

    title: str
    link: str | None = None
    """Its place in the post."""
    image: str | None = None
    """The address of its first figure."""


class Change(Noun):
    """Written words that are spoken as other words."""

    written: str
    spoken: str


class Script(Noun):
    """All that will be spoken, in order, and all that will not."""

    chapters: tuple[ScriptChapter, ...]
    segments: tuple[Segment, ...]
    omissions: tuple[Omission, ...]
    changes: tuple[Change, ...]
    """Each once, in order of first use."""


# ---- speech ----------------------------------------------------------------------------------


class Voice(Noun):
    """One voices/NAME.toml, checked."""

    name: str
    engine: str
    language: str
    options: dict[str, Any]
    """The engine's own options, already checked against the engine's declaration."""
    lexicon: tuple[tuple[str, str], ...] = ()
    """Word and replacement, in the order of the files."""


class Cast(Noun):
    """Who speaks in a show's episodes."""

    narrator: Voice
    quote: Voice | None = None
    """Reads quotes, if it is another voice that does."""
    speakers: tuple[Voice, ...] = ()
    """Take the parts of a dialogue."""

    @property
    def voices(self) -> dict[str, Voice]:
        """All of them by name, the narrator first."""
        quote = (self.quote,) if self.quote else ()
        return {voice.name: voice for voice in (self.narrator, *quote, *self.speakers)}


class AudioFormat(Noun):
    """How an episode is encoded: MP3."""

    rate: int = 22050
    """Samples a second."""
    bitrate: int = 64
    """kbit/s, constant; does not count when `vbr` is given."""
    quality: int = 5
    """LAME's -q: 0 best and slowest, 9 worst and fastest."""
    vbr: int | None = None
    """LAME's -V: a variable bit rate, 0 largest and best, 9 smallest."""
    channels: int = 1
    """Two hold the same."""


class Music(Noun):
    """Sound laid under the slate."""

    path: str
    sha256: str


class Utterance(Noun):
    """A segment as an engine gets it."""

    text: str
    pause: int = 0
    """Samples of silence after it."""
    pace: float = 1.0
    """How fast, against the voice's own speed."""


class Passage(Noun, kw_only=True):
    """What is synthesized and encoded in one go, and cached: the segments of one block.

    Its speech is a pure function of these fields and of the versions in `identity`.
    """

    engine: str
    options: dict[str, Any]
    language: str
    gain_db: float
    audio: AudioFormat
    utterances: tuple[Utterance, ...]
    music: Music | None = None
    identity: dict[str, str]
    """Versions of the engine, the encoder and the chain between them."""


class Mark(Noun):
    """Where one utterance lies in its passage, in samples; `end` is exclusive."""

    start: int
    end: int
    words: tuple[tuple[int, int, int], ...] = ()
    """(character offset, character count, sample), where the engine tells; sample from `start`."""


class Speech(Noun):
    """The sound of one passage: MP3 frames that can be laid end to end with others."""

    frames: bytes
    samples: int
    """Its length: a whole number of MP3 frames."""
    marks: tuple[Mark, ...]
    """One for each utterance, in order, without overlap."""


# ---- episode ---------------------------------------------------------------------------------


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
    language: str
    date: datetime | None
    """When the post was published."""
    published: datetime
    """When the episode was: the post's date, or the day it was first made. Never changes."""
    audio: str
    """The MP3's file name, beside this record."""
    sha256: str
    """Of the whole MP3."""
    bytes: int
    samples: int
    sample_rate: int
    duration_ms: int
    voice: str
    chapters: tuple[ChapterRecord, ...]
    segments: tuple[SegmentRecord, ...]


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


class Suspect(Noun):
    """A segment whose sound is far longer or shorter than its text."""

    segment: int
    """Index into the record's segments."""
    written: str
    start_ms: int
    ratio: float
    """How many times the usual milliseconds a character."""


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


# ---- show ------------------------------------------------------------------------------------


class Site(Noun):
    """A host's name and short tag."""

    name: str
    tag: str | None = None


class Timestamps(StrEnum):
    """What a leading (1:30) is."""

    CHAPTER = "chapter"
    SPEAK = "speak"
    DROP = "drop"


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
    slate: str
    outro: str | None
    voice: str
    quote_voice: str | None
    speaker_voices: tuple[str, ...]
    music: str | None
    timestamps: Timestamps
    reading: Reading
    lexicon: tuple[str, ...]
    """Files whose entries come after the voice's, and win."""
    sites: dict[str, Site]
    audio: AudioFormat
    root: str
    """The show's folder: the parent of feeds/."""
