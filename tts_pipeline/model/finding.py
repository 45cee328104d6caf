"""What a check has to say."""

from enum import StrEnum

from tts_pipeline.model.noun import Noun


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Listeners or apps will notice; a check that finds one fails."""
    WARNING = "warning"
    """Worth a look."""


class Finding(Noun):
    """One thing that is not right."""

    rule: str
    """Which rule, such as `chapters.order`; docs/checks.md explains each."""
    severity: Severity
    where: str
    """The place within what was checked, such as `1:02:03`; empty for the whole."""
    message: str
    """A sentence: what is wrong, and what to do."""
