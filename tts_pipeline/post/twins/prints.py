"""What is kept of a post's words."""

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
