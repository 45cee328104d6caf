"""Everything that can be said of one MP3, with its record or without."""

import math
import mmap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import field

from tts_pipeline.audio.walk import Walk, walk
from tts_pipeline.check import levels, record, sound, stream, tags, words
from tts_pipeline.check.checked import Checked
from tts_pipeline.check.record import Records
from tts_pipeline.check.rules import found
from tts_pipeline.errors import CheckError
from tts_pipeline.model import Episode, Finding, Music, MusicUse, Noun, Severity, Voice
from tts_pipeline.units import to_ms


class Speaking(Noun):
    """How words are spoken afresh."""

    voice: Callable[[str], Voice]
    """A voice by its name; a ProfileError says why there is none."""
    music: Mapping[MusicUse, Music] = field(default_factory=dict)
    """What may lie under slate and outro, at the rate of the episodes."""
    jobs: int = 1
    """Processes that speak at once."""


def check(
    path: Path, speaking: Speaking | None, tick: Callable[[float], None] = lambda _: None
) -> Checked:
    """Check an MP3, and its record if it lies beside it.

    Args:
        path: the MP3.
        speaking: None to leave the words out.
        tick: told which further share, 0 to 1, of the work is done.

    Raises:
        CheckError: the file cannot be read.
    """
    walked = _walked(path)
    beside = Records(path)
    episode, timing = beside.episode, beside.timing
    samples = max(1, walked.audio * (walked.first.samples if walked.first else 0))
    passes = 2 if speaking and timing else 1

    def tick_samples(heard: int) -> None:
        tick(heard / samples / passes)

    findings = [*beside.findings, *stream.frames(walked)]
    findings += stream.header(walked, episode.samples if episode else None)
    heard = _heard(path, walked, tick_samples)
    if heard:
        findings += levels.levels(heard, episode)
    elif walked.first:
        findings.append(
            found("sound.decoded", "it cannot be decoded: it is damaged; make the episode anew")
        )
    findings += read_tags(path, episode, to_ms(heard.samples, heard.rate) if heard else None)
    consistent = False
    if episode:
        findings += record.of_file(path, episode)
        findings += record.beside(path.parent, episode)
        findings += record.length(episode, heard.samples if heard else 0)
        broken = list(record.consistent(episode, timing))
        findings += broken
        consistent = timing is not None and not broken
    proof = words.Proof((), 0, None)
    if episode and timing and consistent:
        findings += tags.speech(episode, timing)
        if speaking:
            proof = words.prove(
                path,
                episode,
                timing,
                voice=speaking.voice,
                music=speaking.music,
                samples=heard.samples if heard else 0,
                jobs=speaking.jobs,
                tick=tick_samples,
            )
            findings += proof.findings
    return Checked(
        path=str(path),
        right=all(finding.severity is not Severity.ERROR for finding in findings),
        findings=tuple(findings),
        duration_ms=to_ms(heard.samples, heard.rate) if heard else None,
        lufs=_finite(heard.lufs) if heard else None,
        true_peak=_finite(heard.true_peak) if heard else None,
        segments=len(episode.segments) if episode else 0,
        words_checked=proof.checked,
        words_unchecked=proof.unchecked,
    )


def _walked(path: Path) -> Walk:
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return Walk()
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return walk(data)
    except OSError as error:
        raise CheckError(f"{path} cannot be read: {error.strerror or error}") from error


def _heard(path: Path, walked: Walk, tick: Callable[[int], None]) -> sound.Sound | None:
    if walked.first is None:
        return None
    try:
        return sound.measure(
            path, rate=walked.first.rate, channels=walked.first.channels, tick=tick
        )
    except CheckError:
        return None


def read_tags(path: Path, episode: Episode | None, duration_ms: int | None) -> Iterator[Finding]:
    """What is wrong with tags and chapters."""
    id3 = tags.read(path)
    if isinstance(id3, Finding):
        yield id3
        return
    yield from tags.tags(id3, episode)
    yield from tags.chapters(id3, episode, duration_ms)


def _finite(level: float) -> float | None:
    return round(level, 2) if math.isfinite(level) else None
