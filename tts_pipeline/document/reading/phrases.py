"""What is said around things that a page shows by its looks, by language."""

from tts_pipeline.model import Noun, Span


class Phrases(Noun, kw_only=True):
    """Announcements; an empty one is not said."""

    quote: str = ""
    end_quote: str = ""
    spoiler: str = ""
    end_spoiler: str = ""
    footnote: str = ""
    end_footnote: str = ""
    poll: str = ""
    image: str = ""
    code: str = ""
    code_in: str = ""
    """With {language}."""
    lines: str = ""
    """With {count}, which is more than one."""
    table: str = ""
    table_of: str = ""
    """With {rows} and {columns}."""
    equation: str = ""


_ENGLISH = Phrases(
    quote="Quote:",
    end_quote="End quote.",
    spoiler="Spoiler:",
    end_spoiler="End of spoiler.",
    footnote="Footnote:",
    end_footnote="End of footnote.",
    poll="Poll:",
    image="Image:",
    code="A block of code",
    code_in="A block of code in {language}",
    lines=", {count} lines",
    table="Table:",
    table_of="A table of {rows} rows and {columns} columns",
    equation="equation omitted",
)
SILENT = Phrases()


def phrases(language: str) -> Phrases:
    """The announcements of a language; without any, a page's looks stay unsaid."""
    return _ENGLISH if language.replace("_", "-").partition("-")[0].lower() == "en" else SILENT


def announcement(said: str) -> tuple[Span, ...]:
    """A span that is spoken and has no text; nothing where nothing is to be said."""
    return (Span("", spoken=said),) if said else ()
