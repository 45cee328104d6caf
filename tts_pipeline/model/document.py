"""A post as typed blocks, and how each kind is treated."""

from enum import StrEnum
from typing import Literal

from tts_pipeline.model.noun import Noun
from tts_pipeline.model.post import Omission


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


class Link(Noun):
    """A page that a post links to."""

    url: str
    """http or https, absolute."""
    text: str


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
    CODE = "code"
    """What is said of a block of code."""


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
