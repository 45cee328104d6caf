"""What is known of each published file."""

from datetime import datetime
from enum import StrEnum

from tts_pipeline.model import Noun


class State(StrEnum):
    """How far a file has come."""

    NEW = "new"
    """On its way to where none of its size was: if one is there, it is this one, whole."""
    AGAIN = "again"
    """On its way to where one of its size may have been: only its content tells."""
    THERE = "there"
    SETTLED = "settled"
    """There, and all that follows is done: a sound was asked for, a hub was told."""


ARRIVED = frozenset({State.THERE, State.SETTLED})


class Entry(Noun, array_like=True):
    """A file that was sent, or was about to be."""

    name: str
    size: int
    mtime_ns: int
    """Of the file here, whose content is not read again while this and its size stay."""
    sha256: str
    shows: tuple[str, ...]
    """Whose feeds or pages name it."""
    since: datetime | None
    """When it was first named by none."""
    state: State


Ledger = dict[str, Entry]
"""By name."""
