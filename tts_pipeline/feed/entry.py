"""An episode as feeds need it: its record without the segments, and its words in HTML."""

from msgspec import structs

from tts_pipeline.feed import notes
from tts_pipeline.model import Episode, Noun


class Entry(Noun, array_like=True):
    """What `index` remembers of a record, so that a feed costs no reading of all its sentences."""

    episode: Episode
    """Without segments."""
    description: str
    notes: str
    """Sanitized."""


def entry(episode: Episode) -> Entry:
    """The entry of a record; nothing in it depends on the feeds in which it will stand."""
    return Entry(
        structs.replace(episode, segments=()),
        notes.description(episode),
        notes.show_notes(episode),
    )
