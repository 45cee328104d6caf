"""What a check comes to."""

from tts_pipeline.model import Finding, Noun


class Checked(Noun):
    """What came of the check of one thing."""

    path: str
    right: bool
    """Nothing is wrong; there may be warnings."""
    findings: tuple[Finding, ...]
    duration_ms: int | None = None
    lufs: float | None = None
    """None for silence."""
    true_peak: float | None = None
    """dBTP."""
    segments: int = 0
    """How many the record has."""
    words_checked: int = 0
    """The words of how many segments were proved to be heard."""
    words_unchecked: str | None = None
    """Why those of others were not: the end of a sentence."""
    episodes: int | None = None
    """Of a feed: how many stand in it."""
    unasked: str | None = None
    """Of a feed: what was not asked for: a clause."""
