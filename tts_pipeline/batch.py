"""Many posts through the pipeline: workers kept busy, each episode finished as soon as it can be.

One post's failure is that post's alone. Nothing is spoken twice: not what the cache holds, and
not what another post of the same run is waiting for.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from tts_pipeline import files, pipeline
from tts_pipeline.episode import record, stitch
from tts_pipeline.errors import EpisodeError, PipelineError, ProfileError, SpeechError
from tts_pipeline.model import Cast, Episode, Noun, Report, Show, Voice
from tts_pipeline.pipeline import Plan, Source
from tts_pipeline.segment.chapters import cut
from tts_pipeline.speech import passage, registry
from tts_pipeline.speech.cache import Cache, Head
from tts_pipeline.speech.task import (
    Answer,
    Calibration,
    Failure,
    Gain,
    Setup,
    Spoken,
    Synthesis,
    Task,
)
from tts_pipeline.speech.workers import Workers
from tts_pipeline.units import clock

log = logging.getLogger(__name__)


class Outcome(Noun):
    """What became of one post."""

    source: str
    status: Literal["made", "unchanged", "failed"]
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
    error: str | None = None


class Watcher(Protocol):
    """Told how a run goes on."""

    def spoken(self, number: int, share: float) -> None:
        """A further share, 0 to 1, of post `number` has been spoken or was in the cache."""

    def finished(self, number: int, outcome: Outcome) -> None:
        """Post `number` is done."""


class _Expected(Noun):
    """What an earlier run planned for the same post under the same conditions."""

    slug: str
    inputs: str
    url: str | None


@dataclass(eq=False)
class _Draft:
    """An episode while its speech is being gathered."""

    number: int
    source: Source
    plan: Plan
    heads: dict[str, Head] = field(default_factory=dict)
    closed: bool = False
    """Finished or failed."""

    @cached_property
    def shares(self) -> dict[str, float]:
        """Cache key to the share of the post's spoken text that stands behind it."""
        total = sum(len(segment.spoken) for segment in self.plan.script.segments)
        shares: dict[str, float] = {}
        for key, segments, _ in self.plan.parts:
            length = sum(len(segment.spoken) for segment in segments)
            shares[key] = shares.get(key, 0.0) + length / total
        return shares


class Batch:
    """One run over posts of one show."""

    def __init__(
        self,
        show: Show,
        cast: Cast,
        *,
        out: Path,
        cache: Path,
        jobs: int,
        force: bool,
        now: datetime,
        watcher: Watcher,
    ) -> None:
        """`now` dates the episodes of posts that have no date; `force` speaks all anew."""
        self._show = show
        self._cast = cast
        self._out = out
        self._cache = Cache(cache)
        self._jobs = jobs
        self._force = force
        self._now = now
        self._watcher = watcher
        self._waiting: dict[str, list[_Draft]] = {}
        self._made: set[str] = set()
        self._taken: dict[str, str] = {}
        for folder in (out, cache):
            files.see_writable(folder)
        self._assets = pipeline.assets(show, cache)

    def run(self, sources: Sequence[Source]) -> None:
        """Make the episode of each source.

        Raises:
            ProfileError: the voice does not work, so that no episode can be made.
        """
        with Workers[str](self._jobs) as workers:
            gains = {
                name: measured_gain(voice, self._cache, workers)
                for name, voice in self._cast.voices.items()
            }
            expect = partial(workers.expect, passage.setup(self._cast.narrator))
            for key, answer in workers.run(self._tasks(sources, gains, expect)):
                self._take(key, answer)

    def _tasks(
        self, sources: Sequence[Source], gains: dict[str, float], expect: Callable[[], None]
    ) -> Iterator[tuple[str, Setup, Task]]:
        """What must be spoken, post after post, decided only as fast as it is worked off.

        `expect` is called when a post is not known, so that there will be something to speak.
        """
        for number, source in enumerate(sources):
            try:
                draft = self._draft(number, source, gains, expect)
            except Exception as error:
                self._fail(number, source, error)
                continue
            if draft is None:
                continue
            for key, _, part in draft.plan.parts:
                if draft.closed:
                    break
                if key in draft.heads:
                    continue
                if key in self._waiting:
                    self._waiting[key].append(draft)
                elif head := self._remembered(key):
                    self._add(draft, key, head)
                else:
                    self._waiting[key] = [draft]
                    yield key, passage.setup_of(part), Synthesis(part)
            self._finish_if_whole(draft)

    def _draft(
        self, number: int, source: Source, gains: dict[str, float], expect: Callable[[], None]
    ) -> _Draft | None:
        """The post's plan; None when its episode is there already and nothing has changed."""
        stamp = pipeline.stamp(source, self._show, self._cast, gains, self._assets)
        plan = None
        expected = None if self._force else self._expected(stamp)
        if expected is None:
            expect()
            plan = self._plan(source, gains)
            expected = _Expected(plan.identity.slug, plan.inputs, plan.post.url)
            self._cache.keep(f"plans/{stamp}.json", msgspec.json.encode(expected))
        slug = expected.slug
        if first := self._taken.get(slug):
            raise EpisodeError(
                f"{source.label} is the same post as {first}: both have the "
                f"{'address ' + expected.url if expected.url else 'same id or name'}; "
                "give one of them an address or an `id` of its own, or remove it"
            )
        self._taken[slug] = source.label
        folder = pipeline.episode_folder(self._out, slug)
        known = record.existing(folder)
        if known is not None and known.show != self._show.name:
            raise EpisodeError(
                f"{source.label} stands in {self._out} already, as an episode of the show "
                f"{known.show!r}; use another --out, or remove {folder}"
            )
        if (
            known is None
            or self._force
            or known.inputs != expected.inputs
            or (report := record.existing_report(folder)) is None
            or not record.intact(folder, known)
        ):
            return _Draft(number, source, plan or self._plan(source, gains))
        self._done(number, source, "unchanged", known, report)
        return None

    def _expected(self, stamp: str) -> _Expected | None:
        data = self._cache.kept(f"plans/{stamp}.json")
        try:
            return msgspec.json.decode(data, type=_Expected) if data else None
        except msgspec.MsgspecError:
            return None

    def _plan(self, source: Source, gains: dict[str, float]) -> Plan:
        place = f"{self._show.name}\n{source.label}\n{source.part}"
        name = f"scripts/{hashlib.sha256(place.encode()).hexdigest()}"
        memory = pipeline.memory(self._cast, self._cache.kept(name))
        plan = pipeline.plan(
            source, self._show, self._cast, gains=gains, assets=self._assets, memory=memory
        )
        self._cache.keep(name, memory.dump())
        return plan

    def _remembered(self, key: str) -> Head | None:
        return None if self._force and key not in self._made else self._cache.head(key)

    def _take(self, key: str, answer: Answer) -> None:
        """Hand a passage's speech to the drafts that wait for it."""
        drafts = self._waiting.pop(key)
        try:
            if not isinstance(answer, Spoken):
                raise SpeechError(
                    f"a sentence cannot be spoken, in two attempts: {_why(answer)}. Change the "
                    "sentence or the voice; the rest of the post's speech is kept"
                )
            head = self._cache.put(key, answer.speech)
        except PipelineError as error:
            for draft in drafts:
                self._fail(draft.number, draft.source, error, draft)
            return
        self._made.add(key)
        for draft in drafts:
            self._add(draft, key, head)
            self._finish_if_whole(draft)

    def _add(self, draft: _Draft, key: str, head: Head) -> None:
        draft.heads[key] = head
        self._watcher.spoken(draft.number, draft.shares[key])

    def _finish_if_whole(self, draft: _Draft) -> None:
        if draft.closed or len(draft.heads) < len(draft.shares):
            return
        slug = draft.plan.identity.slug
        known = record.existing(pipeline.episode_folder(self._out, slug))
        try:
            made, report = pipeline.finish(
                draft.plan,
                self._show,
                self._out,
                heads=draft.heads,
                frames=self._frames,
                picture=self._picture,
                published=draft.plan.post.date or (known.published if known else self._now),
            )
        except Exception as error:
            self._fail(draft.number, draft.source, error, draft)
            return
        draft.closed = True
        for suspect in report.suspects:
            log.warning(
                "%s: at %s the sound is %s times as long as its text suggests: %r; listen there",
                draft.source.label,
                clock(suspect.start_ms),
                suspect.ratio,
                cut(suspect.written, 80),
            )
        if clipped := report.clipped:
            log.warning(
                "%s: the engine itself clipped in %s of %s segments, first at %s; lower its volume",
                draft.source.label,
                len(clipped),
                len(made.segments),
                clock(clipped[0].start_ms),
            )
        self._done(draft.number, draft.source, "made", made, report)

    def _frames(self, key: str) -> bytes:
        frames = self._cache.frames(key)
        if frames is None:
            raise EpisodeError(
                "speech vanished from the cache while an episode was put together; run the same "
                "command again"
            )
        return frames

    def _picture(self) -> bytes:
        return self._cover

    @cached_property
    def _cover(self) -> bytes:
        name = f"covers/{pipeline.cover_name(self._show)}"
        data = self._cache.kept(name)
        if data is None:
            data = pipeline.cover_image(self._show)
            self._cache.keep(name, data)
        return data

    def _done(
        self,
        number: int,
        source: Source,
        status: Literal["made", "unchanged"],
        episode: Episode,
        report: Report,
    ) -> None:
        outcome = Outcome(
            source=source.label,
            status=status,
            title=episode.title,
            path=str(pipeline.episode_folder(self._out, episode.slug)),
            audio=episode.audio,
            duration_ms=episode.duration_ms,
            chapters=len(episode.chapters),
            words=report.words,
            spoken=report.spoken,
            left_out=report.left_out,
            things=record.things(report),
        )
        self._watcher.finished(number, outcome)

    def _fail(
        self, number: int, source: Source, error: Exception, draft: _Draft | None = None
    ) -> None:
        """One post's failure, whatever it is, is that post's alone."""
        if draft is not None:
            if draft.closed:
                return
            draft.closed = True
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
        self._watcher.finished(number, Outcome(source.label, "failed", error=told))


def preview(voice: Voice, text: str, path: Path, cache: Path) -> None:
    """Speak `text` with `voice` to an MP3 at `path`.

    Raises:
        ProfileError: the voice does not work.
        SpeechError: the text cannot be spoken.
    """
    with Workers[str](1) as workers:
        gain_db = measured_gain(voice, Cache(cache), workers)
        part = pipeline.preview_passage(voice, text, gain_db)
        [(_, answer)] = workers.run([("", passage.setup(voice), Synthesis(part))])
    if not isinstance(answer, Spoken):
        raise SpeechError(_why(answer))
    files.write(path, stitch.alone(answer.speech, part.audio))


def measured_gain(voice: Voice, cache: Cache, workers: Workers[str]) -> float:
    """The gain in dB that brings the voice to the programme's loudness: measured once.

    Raises:
        ProfileError: the voice does not work.
    """
    facts = registry.facts(voice.engine, voice.options)
    setup, identity = passage.setup(voice), passage.identity(facts)
    known = cache.gain(setup, identity)
    if known is not None:
        return known
    [(_, answer)] = workers.run([("", setup, Calibration(facts.sample_rate))])
    if not isinstance(answer, Gain):
        raise ProfileError(f"the voice {voice.name!r} cannot be measured: {_why(answer)}")
    cache.put_gain(setup, identity, answer.gain_db)
    return answer.gain_db


def _why(answer: Answer) -> str:
    return answer.message if isinstance(answer, Failure) else "the worker answered out of turn"
