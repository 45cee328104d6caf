"""What is kept of a post's words."""

import sys
from array import array
from collections.abc import Sequence

from tts_pipeline.model import Noun


class Print(Noun):
    """What is kept of a text."""

    words: int
    digest: bytes
    """Of all its words in order."""
    runs: int
    """How many different runs of three words it has."""
    sketch: bytes
    """The smallest hashes of its runs, ascending, 8 bytes each."""
    bands: tuple[int, ...]
    """What finds texts like it, and texts that hold it or that it holds."""
    trace: bytes
    """Its words in order, 2 bytes each: 15 bits of a hash, then whether it is a number or a part of
    a date."""


def traces(of: Print) -> Sequence[int]:
    """The trace of each word."""
    found = array("H", of.trace)
    if sys.byteorder == "big":
        found.byteswap()
    return found
