"""What became of the posts of a run, and who is told."""

import logging
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from tts_pipeline.casting import why
from tts_pipeline.episode import record
from tts_pipeline.errors import (
    OutputError,
    PipelineError,
    SpeechError,
    SpentError,
    UnavailableError,
)
from tts_pipeline.model import Episode, Fallback, Noun, Report, Voice
from tts_pipeline.pipeline import Source
from tts_pipeline.speech.task import Answer, Failure

log = logging.getLogger(__name__)


class Outcome(Noun):
    """What became of one post."""

    source: str
    status: Literal["made", "unchanged", "copy", "failed", "due"]
    """`due` in a dry run: it would be made."""
    title: str | None = None
    path: str | None = None
    """The episode's folder."""
    audio: str | None = None
    duration_ms: int = 0
    chapters: int = 0
    words: int = 0
    spoken: int = 0
    left_out: int = 0
    things: dict[str, int] = msgspec.field(default_factory=dict)
    """How many of each kind were left out."""
    fallbacks: tuple[Fallback, ...] = ()
    copy_of: str | None = None
    """Of a copy: the post that stands for it, as the user names it."""
    reason: str | None = None
    """Why it is a copy: a clause."""
    score: float | None = None
    """How alike the two are, 0 to 1."""
    error: str | None = None
    later: bool = False
    """Whether the post is not at fault: the next run may have what this one wanted."""


class Watcher(Protocol):
    """Told how a run goes on."""

    def planned(self, number: int, segments: int) -> None:
        """Post `number` is to be made, of so many segments."""

    def spoken(self, number: int, spoken: "Share") -> None:
        """A further share of post `number` has been spoken or was in the cache."""

    def finished(self, number: int, outcome: Outcome) -> None:
        """Post `number` is done."""


class Share(Noun):
    """A part of an episode."""

    part: float
    """Of the whole, 0 to 1."""
    segments: int
    seconds: float = 0.0
    """Its sound."""


def there(
    source: Source,
    status: Literal["made", "unchanged"],
    episode: Episode,
    report: Report,
    folder: Path,
) -> Outcome:
    """Of a post whose episode is in this folder."""
    return Outcome(
        source=source.label,
        status=status,
        title=episode.title,
        path=str(folder),
        audio=episode.audio,
        duration_ms=episode.duration_ms,
        chapters=len(episode.chapters),
        words=report.words,
        spoken=report.spoken,
        left_out=report.left_out,
        things=record.things(report),
        fallbacks=report.fallbacks,
    )


def failed(source: Source, error: Exception) -> Outcome:
    """Of a post that cannot be made, with a sentence that names it."""
    if isinstance(error, PipelineError):
        told = str(error)
    else:
        log.debug("%s failed", source.label, exc_info=error)
        told = (
            f"{source.label} met a fault of the program, please report it with the post: "
            f"{type(error).__name__}: {error}"
        )
    if source.label not in told:
        told = f"{source.label}: {told}"
    later = isinstance(error, SpentError | UnavailableError | OutputError)
    return Outcome(source.label, "failed", error=told, later=later)


def unspoken(voice: Voice, answer: Answer) -> SpeechError:
    """What the post is told that waits for a passage in vain."""
    reason = why(answer)
    if isinstance(answer, Failure) and answer.unavailable:
        return UnavailableError(
            f"the voice {voice.name!r} does not work at present: {reason}. Run the same command "
            "again later, or give the voice a `fallback`; the rest of the post's speech is kept"
        )
    return SpeechError(
        f"a sentence cannot be spoken: {reason}. Change the sentence or the voice, or give the "
        "voice a `fallback`; the rest of the post's speech is kept"
    )
