"""What will be spoken, and what will not."""

from enum import StrEnum

from tts_pipeline.model.noun import Noun
from tts_pipeline.model.post import Omission


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
    speaker: str | None = None
    """Whose turn of a dialogue it is, as the post names them."""


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
