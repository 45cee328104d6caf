"""Whether the words of each segment are heard where the record says.

Each passage is spoken afresh, levelled as it was, and laid on the decoded sound. The right words
in their place agree to 0.999; one word too few, or 5 ms too late, is below 0.5. At a low bit rate
the encoder itself leaves less than that, so what disagrees is encoded as it was, and laid on again.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from pathlib import Path

import numpy as np
from msgspec import structs

from tts_pipeline.check.fates import Fate, findings
from tts_pipeline.check.heard import Heard, Signal, alike, coded, find
from tts_pipeline.errors import PipelineError, ProfileError
from tts_pipeline.model import (
    AudioFormat,
    Episode,
    Finding,
    Mark,
    Music,
    MusicUse,
    Noun,
    Passage,
    Role,
    SegmentRecord,
    Timing,
    Utterance,
    Voice,
)
from tts_pipeline.speech import cache, passage, registry
from tts_pipeline.speech.task import Answer, Rehearsal, Rehearsed, Setup, Task
from tts_pipeline.speech.workers import Workers

RIGHT = 0.99
"""Agreement from which on the words are right."""

_OVER_MUSIC = 0.9
"""The same where music lies under them that is not at hand: 20 dB below speech."""

_UNDER = {Role.SLATE: MusicUse.SLATE, Role.OUTRO: MusicUse.OUTRO}

_QUIET = 32
"""An amplitude that nobody hears: -60 dBFS."""

_REACH_S = 30
"""How far around its place a segment is looked for."""

_SEARCHES = 100
"""How many segments are looked for at most: each search costs a second."""

_MOST_REASONS = 3


class Proof(Noun):
    """What came of it."""

    findings: tuple[Finding, ...]
    checked: int
    """How many segments."""
    unchecked: str | None
    """Why others could not be: the end of a sentence."""


class _Part(Noun):
    """A passage as it can be spoken afresh."""

    first: int
    """Index of its first segment."""
    segments: tuple[SegmentRecord, ...]
    start: int
    voice: Voice
    passage: Passage
    same: bool
    """Nothing that shapes the sound has changed since it was made."""
    right: float
    """The agreement that it must reach."""


def prove(
    path: Path,
    record: Episode,
    timing: Timing,
    *,
    voice: Callable[[str], Voice],
    music: Mapping[MusicUse, Music],
    samples: int,
    jobs: int,
    tick: Callable[[int], None] = lambda _: None,
) -> Proof:
    """Speak all passages afresh, and compare.

    Args:
        path: the MP3.
        record: of this MP3, and consistent.
        timing: of the same.
        voice: a voice by its name; a ProfileError says why there is none.
        music: what may lie under slate and outro, at the record's rate.
        samples: the decoded length.
        jobs: processes that speak at once.
        tick: told how many samples more have been compared.
    """
    reasons: dict[str, str] = {}
    voices: dict[str, Voice] = {}
    for name in dict.fromkeys(segment.voice for segment in record.segments):
        try:
            voices[name] = _able(voice(name))
        except PipelineError as error:
            reasons[name] = str(error)
    parts = list(_parts(record, timing, voices, music))
    judge = _Judge(Heard(path, record.sample_rate), record, samples)
    try:
        with Workers[int](jobs) as workers:
            for number, answer in _in_order(workers.run(_tasks(parts))):
                part = parts[number]
                if isinstance(answer, Rehearsed):
                    judge.hear(part, answer)
                else:
                    reasons.setdefault(
                        part.segments[0].voice,
                        f"the engine failed: {getattr(answer, 'message', '')}",
                    )
                tick(part.segments[-1].end - part.start)
    except ProfileError as error:
        return Proof((), 0, str(error))
    fates = _without_changed_voices(judge.fates, parts, reasons)
    told = "; ".join(list(reasons.values())[:_MOST_REASONS]) or None
    return Proof(tuple(findings(fates, record)), len(fates), told)


def _able(voice: Voice) -> Voice:
    facts = registry.facts(voice.engine, voice.options)
    if not facts.deterministic:
        raise ProfileError(
            f"the engine {voice.engine} of the voice {voice.name!r} never says the same twice alike"
        )
    return voice


def _parts(
    record: Episode,
    timing: Timing,
    voices: Mapping[str, Voice],
    music: Mapping[MusicUse, Music],
) -> Iterator[_Part]:
    first = 0
    for number, group in groupby(record.segments, key=lambda segment: segment.passage):
        segments, place = tuple(group), timing.passages[number]
        known = voices.get(place.voice)
        if known and place.voice in timing.gains:
            under = music.get(_UNDER[segments[0].role]) if segments[0].role in _UNDER else None
            ends = [*(segment.start for segment in segments[1:]), segments[-1].end]
            plain = passage.alone("", known, gain_db=timing.gains[place.voice], audio=timing.audio)
            spoken = structs.replace(
                plain,
                utterances=tuple(
                    Utterance(segment.spoken, end - segment.end, timed.pace)
                    for segment, end, timed in zip(
                        segments, ends, timing.segments[first:], strict=False
                    )
                ),
                music=under if under and under.sha256 == place.music else None,
            )
            yield _Part(
                first=first,
                segments=segments,
                start=place.start,
                passage=spoken,
                same=cache.key(spoken) == place.key,
                voice=known,
                right=RIGHT if spoken.music or not place.music else _OVER_MUSIC,
            )
        first += len(segments)


def _tasks(parts: list[_Part]) -> Iterator[tuple[int, Setup, Task]]:
    for number, part in enumerate(parts):
        yield number, passage.setup(part.voice), Rehearsal(part.passage)


def _in_order(answers: Iterator[tuple[int, Answer]]) -> Iterator[tuple[int, Answer]]:
    """As they were asked for; few wait, since they are asked for only as fast as answered."""
    waiting: dict[int, Answer] = {}
    following = 0
    for number, answer in answers:
        waiting[number] = answer
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1


class _Fresh:
    """A passage spoken afresh: as it goes to the encoder, and as it comes out of it."""

    def __init__(self, pcm: bytes, audio: AudioFormat) -> None:
        self.plain: Signal = np.frombuffer(pcm, "<i2").astype(np.float32)
        self._pcm, self._audio = pcm, audio

    @cached_property
    def coded(self) -> Signal:
        return coded(self._pcm, self._audio)


class _Judge:
    """Lays what was spoken afresh on what is heard, passage after passage."""

    def __init__(self, heard: Heard, record: Episode, samples: int) -> None:
        self.fates: list[Fate] = []
        self._heard = heard
        self._record = record
        self._samples = samples
        self._shift = 0
        """How much later than recorded the last segment was found."""
        self._searches = 0
        self._proved: set[str] = set()
        """Voices that still sound as they did."""

    def hear(self, part: _Part, spoken: Rehearsed) -> None:
        """Find out what became of each segment."""
        fresh = _Fresh(spoken.pcm, part.passage.audio)
        for index, (segment, mark) in enumerate(zip(part.segments, spoken.marks, strict=True)):
            wanted = fresh.plain[mark.start : mark.end]
            shift: int | None = 0
            if wanted.size and float(np.abs(wanted).max()) > _QUIET:
                shift = self._place(fresh, mark, segment.start, part)
                if shift is not None:
                    self._shift = shift
                    self._proved.add(segment.voice)
            self.fates.append(Fate(part.first + index, shift))

    def _place(self, fresh: _Fresh, mark: Mark, start: int, part: _Part) -> int | None:
        """How much later than recorded it is heard, in samples; None if nowhere near."""
        shift = self._known(fresh.plain[mark.start : mark.end], start, part)
        if shift is not None:
            return shift
        wanted = fresh.coded[mark.start : mark.end]
        shift = self._known(wanted, start, part)
        if shift is not None:
            return shift
        alive = part.same or part.segments[0].voice in self._proved
        if not alive or self._searches >= _SEARCHES:
            return None
        self._searches += 1
        reach = _REACH_S * self._record.sample_rate
        first = max(0, start + self._shift - reach)
        last = min(start + self._shift + wanted.size + reach, self._samples)
        if last - first < wanted.size:
            return None
        place, score = find(wanted, self._heard.read(first, last))
        return first + place - start if score >= part.right else None

    def _known(self, wanted: Signal, start: int, part: _Part) -> int | None:
        """Where it should be, if it is heard there: as the segment before it, or as recorded."""
        for shift in dict.fromkeys((self._shift, 0)):
            at = start + shift
            if alike(self._heard.read(at, at + wanted.size), wanted) >= part.right:
                return shift
        return None


def _without_changed_voices(
    fates: list[Fate], parts: list[_Part], reasons: dict[str, str]
) -> list[Fate]:
    """Without the voices that now sound altogether otherwise than when the episode was made."""
    told = {fate.segment: fate for fate in fates}
    changed = {part.segments[0].voice for part in parts}
    for part in parts:
        heard = (told.get(part.first + index) for index in range(len(part.segments)))
        if part.same or any(fate and fate.shift is not None for fate in heard):
            changed.discard(part.segments[0].voice)
    for name in sorted(changed & {part.segments[0].voice for part in parts}):
        reasons.setdefault(
            name,
            f"the voice {name!r} or its engine has changed since the episode was made; make it "
            "anew, or give the show that it was made by with --show",
        )
    gone = {
        part.first + index
        for part in parts
        if part.segments[0].voice in changed
        for index in range(len(part.segments))
    }
    return [fate for fate in fates if fate.segment not in gone]
