"""Many posts through the pipeline: workers kept busy, each episode finished as soon as it can be.

One post's failure is that post's alone. Nothing is spoken twice: not what the cache holds, and
not what another post of the same run is waiting for.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from tts_pipeline import casting, files, pipeline
from tts_pipeline.batch.drafts import Draft, Drafts
from tts_pipeline.batch.finishing import DamagedError, Finisher
from tts_pipeline.batch.outcome import Outcome, Watcher, failed, there, unspoken
from tts_pipeline.casting import Casting, Choice, why
from tts_pipeline.episode import record
from tts_pipeline.errors import (
    PipelineError,
    ProfileError,
)
from tts_pipeline.model import Cast, Episode, Passage, Report, Segment, Show
from tts_pipeline.pipeline import Instead, Plan, Source
from tts_pipeline.speech import passage
from tts_pipeline.speech.cache import Cache, Head
from tts_pipeline.speech.cluster import open_workers
from tts_pipeline.speech.task import (
    Answer,
    Failure,
    Setup,
    Spoken,
    Synthesis,
    Task,
)
from tts_pipeline.untouched import Untouched

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Awaited:
    """A passage that is being spoken, and for which passages of which plans."""

    choice: Choice
    drafts: list[tuple[Draft, str]]


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
        cluster: str | None = None,
        force: bool,
        limit: int | None = None,
        now: datetime,
        watcher: Watcher,
    ) -> None:
        """What to make, and where.

        `cluster` is the address of a Dask scheduler, in place of `jobs`; `now` dates the episodes
        of posts that have no date; `force` speaks all anew; after `limit` episodes that are to be
        made, the rest of the posts is not looked at.
        """
        self._show = show
        self._cast = cast
        self._out = out
        self._cache = Cache(cache)
        self._jobs = jobs
        self._cluster = cluster
        self._force = force
        self._limit = limit
        self._finisher = Finisher(show, cast, out=out, cache=self._cache, now=now)
        self._watcher = watcher
        self._casting = Casting(cast)
        self._awaited: dict[str, _Awaited] = {}
        self._made: set[str] = set()
        self._foreseen: set[str] = set()
        """Passages that would have been spoken by now."""
        files.see_writable(cache)
        self._untouched = Untouched(out / "episodes", out / "library" / "episodes.jsonl")
        self._drafts = Drafts(
            show,
            cast,
            out=out,
            cache=self._cache,
            force=force,
            casting=self._casting,
            untouched=self._untouched,
            assets=pipeline.assets(show, cache),
        )

    def run(self, sources: Sequence[Source]) -> None:
        """Make the episode of each source.

        Raises:
            ProfileError: a voice does not work, nor does any that it falls back to.
        """
        files.see_writable(self._out)
        with open_workers(self._jobs, self._cluster) as workers:
            first = partial(self._drafts.read_ahead, sources[:1])
            self._casting.measure(self._cast, self._cache, workers, meanwhile=first)
            expect = partial(workers.expect, passage.setup(self._cast.narrator))
            for key, answer in workers.run(self._tasks(sources, expect)):
                for task in self._take(key, answer):
                    workers.give(*task)
        self._untouched.save()

    def foresee(self, sources: Sequence[Source]) -> None:
        """Decide as `run` does, and tell which would be made; nothing is spoken or written to OUT.

        What each engine would be sent counts as sent. A voice whose gain is not remembered makes
        every episode due.
        """
        self._casting.recall(self._cache)
        for number, source, draft in self._due(sources, lambda: None):
            for key, segments, part in draft.plan.parts:
                if self._is_missing(key):
                    self._foreseen.add(key)
                    voice = self._casting.voices[self._voice_of(segments)]
                    self._casting.send(voice, casting.length(part))
            folder = pipeline.episode_folder(self._out, draft.plan.identity.slug)
            due = Outcome(source.label, "due", title=draft.plan.title, path=str(folder))
            self._watcher.finished(number, due)

    @property
    def characters(self) -> dict[str, int]:
        """How many characters each engine was sent."""
        return self._casting.characters

    @property
    def sent(self) -> dict[str, int]:
        """How many characters each voice was sent."""
        return self._casting.sent

    def _tasks(
        self, sources: Sequence[Source], expect: Callable[[], None]
    ) -> Iterator[tuple[str, Setup, Task]]:
        """What must be spoken, post after post, decided only as fast as it is worked off."""
        for number, _, draft in self._due(sources, expect):
            self._watcher.planned(number, len(draft.plan.script.segments))
            for key, segments, part in draft.plan.parts:
                if draft.closed:
                    break
                if key not in draft.heads:
                    yield from self._seek(draft, key, self._meant(key, segments, part))
            yield from self._finish_if_whole(draft)

    def _due(
        self, sources: Sequence[Source], expect: Callable[[], None]
    ) -> Iterator[tuple[int, Source, Draft]]:
        """Each post that is to be made, up to the limit."""
        due = 0
        for number, source in enumerate(sources):
            if due == self._limit:
                return
            try:
                draft = self._drafts.draft(number, source, expect)
                if isinstance(draft, Draft):
                    self._casting.see_affordable(self._missing(draft.plan))
            except Exception as error:
                self._fail(number, source, error)
                continue
            if isinstance(draft, Draft):
                due += 1
                yield number, source, draft
            else:
                self._done(number, source, "unchanged", *draft)

    def _voice_of(self, segments: tuple[Segment, ...]) -> str:
        """Who speaks; a sting is made beside the narrator."""
        return segments[0].voice if segments else self._cast.narrator.name

    def _meant(self, key: str, segments: tuple[Segment, ...], part: Passage) -> Choice:
        return self._casting.meant(self._voice_of(segments), key, part)

    def _missing(self, plan: Plan) -> dict[str, int]:
        """Characters that would have to be sent to each voice that may not be sent all."""
        parts = {
            key: (name, casting.length(part))
            for key, segments, part in plan.parts
            if self._casting.is_limited(name := self._voice_of(segments))
        }
        needed: dict[str, int] = {}
        for key, (name, characters) in parts.items():
            if self._is_missing(key):
                needed[name] = needed.get(name, 0) + characters
        return needed

    def _seek(
        self, draft: Draft, planned: str, choice: Choice
    ) -> Iterator[tuple[str, Setup, Task]]:
        """Speech for one passage of a plan: remembered, awaited, or asked for."""
        while True:
            if awaited := self._awaited.get(choice.key):
                if (draft, planned) not in awaited.drafts:
                    awaited.drafts.append((draft, planned))
                return
            if head := self._remembered(choice.key):
                self._add(draft, planned, choice, head)
                return
            refusal = self._casting.refusal(choice)
            if refusal is None:
                self._casting.send(choice.voice, casting.length(choice.part))
                self._awaited[choice.key] = _Awaited(choice, [(draft, planned)])
                yield choice.key, passage.setup(choice.voice), Synthesis(choice.part)
                return
            other = self._casting.instead(choice, refusal)
            if other is None:
                told = unspoken(choice.voice, Failure(refusal, unavailable=True))
                self._fail(draft.number, draft.source, told, draft)
                return
            choice = other

    def _remembered(self, key: str) -> Head | None:
        return None if self._force and key not in self._made else self._cache.head(key)

    def _is_missing(self, key: str) -> bool:
        """Whether nobody has spoken it yet, nor is about to."""
        is_asked = key in self._awaited or key in self._foreseen
        return not is_asked and self._remembered(key) is None

    def _take(self, key: str, answer: Answer) -> Iterator[tuple[str, Setup, Task]]:
        """Hand a passage's speech to the drafts that wait for it, or ask another voice for it."""
        awaited = self._awaited.pop(key)
        choice = awaited.choice
        waiting = [(draft, planned) for draft, planned in awaited.drafts if not draft.closed]
        if not isinstance(answer, Spoken):
            other = self._instead(choice, answer)
            for draft, planned in waiting:
                if other is None:
                    self._fail(draft.number, draft.source, unspoken(choice.voice, answer), draft)
                elif not draft.closed:
                    yield from self._seek(draft, planned, other)
                    yield from self._finish_if_whole(draft)
            return
        try:
            head = self._cache.put(key, answer.speech)
        except PipelineError as error:
            for draft, _ in waiting:
                self._fail(draft.number, draft.source, error, draft)
            return
        self._made.add(key)
        for draft, planned in waiting:
            self._add(draft, planned, choice, head)
            yield from self._finish_if_whole(draft)

    def _instead(self, choice: Choice, answer: Answer) -> Choice | None:
        """Who speaks a passage that this voice cannot.

        Raises:
            ProfileError: the voice cannot be opened, and none can speak for it.
        """
        reason = why(answer)
        if isinstance(answer, Failure) and (answer.configuration or answer.unavailable):
            self._casting.down(choice.voice, reason)
            if answer.configuration and choice.voice.fallback is None:
                raise ProfileError(reason)
        return self._casting.instead(choice, reason)

    def _add(self, draft: Draft, planned: str, choice: Choice, head: Head) -> None:
        draft.heads[planned] = head
        if choice.reason is not None:
            other = Instead(choice.voice.name, choice.key, choice.part, choice.reason)
            draft.recast[planned] = other
        seconds = head.samples / self._show.audio.rate
        share = msgspec.structs.replace(draft.shares[planned], seconds=seconds)
        self._watcher.spoken(draft.number, share)

    def _finish_if_whole(self, draft: Draft) -> Iterator[tuple[str, Setup, Task]]:
        """Make the episode if all its speech is there; ask again for what turns out damaged."""
        if draft.closed or len(draft.heads) < len(draft.shares):
            return
        folder = pipeline.episode_folder(self._out, draft.plan.identity.slug)
        plan = pipeline.recast(draft.plan, draft.recast) if draft.recast else draft.plan
        keys = tuple(key for key, _, _ in plan.parts)
        if draft.standing and record.spoken_keys(folder) == keys:
            draft.closed = True
            self._done(draft.number, draft.source, "unchanged", *draft.standing)
            return
        heads = {
            key: draft.heads[planned]
            for key, (planned, _, _) in zip(keys, draft.plan.parts, strict=True)
        }
        try:
            made, report = self._finisher.finish(draft.source, plan, heads)
        except DamagedError as error:
            again = draft.plan.parts[keys.index(error.key)]
            if again[0] in draft.again:
                self._fail(draft.number, draft.source, error, draft)
                return
            draft.again.add(again[0])
            del draft.heads[again[0]]
            draft.recast.pop(again[0], None)
            yield from self._seek(draft, again[0], self._meant(*again))
            yield from self._finish_if_whole(draft)
            return
        except Exception as error:
            self._fail(draft.number, draft.source, error, draft)
            return
        draft.closed = True
        self._untouched.note(made.slug, record.names(made))
        self._done(draft.number, draft.source, "made", made, report)

    def _done(
        self,
        number: int,
        source: Source,
        status: Literal["made", "unchanged"],
        episode: Episode,
        report: Report,
    ) -> None:
        folder = pipeline.episode_folder(self._out, episode.slug)
        self._watcher.finished(number, there(source, status, episode, report, folder))

    def _fail(
        self, number: int, source: Source, error: Exception, draft: Draft | None = None
    ) -> None:
        """One post's failure, whatever it is, is that post's alone."""
        if draft is not None:
            if draft.closed:
                return
            draft.closed = True
        self._watcher.finished(number, failed(source, error))
