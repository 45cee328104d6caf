"""An episode made of its speech, and what is to be told of it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from tts_pipeline import pipeline
from tts_pipeline.episode import record
from tts_pipeline.errors import EpisodeError
from tts_pipeline.feed import cover
from tts_pipeline.model import Cast, Episode, Report, Show, Voice
from tts_pipeline.pipeline import Plan, Source
from tts_pipeline.segment.chapters import cut
from tts_pipeline.speech.cache import Cache, Head
from tts_pipeline.units import clock

log = logging.getLogger(__name__)


class DamagedError(EpisodeError):
    """The frames of a passage are not what the cache was given."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "speech in the cache is damaged again and again while an episode is put together; "
            "see to the disk, or give another folder with --cache"
        )
        self.key = key


class Finisher:
    """Puts the episodes of one run together."""

    def __init__(self, show: Show, cast: Cast, *, out: Path, cache: Cache, now: datetime) -> None:
        """See `Batch`."""
        self._show = show
        self._cast = cast
        self._out = out
        self._cache = cache
        self._now = now

    def finish(
        self, source: Source, plan: Plan, heads: Mapping[str, Head]
    ) -> tuple[Episode, Report]:
        """Write the episode of a plan whose speech is all there: `heads`, by the keys of its parts.

        Raises:
            DamagedError: a passage must be spoken again.
            PipelineError: of all kinds: the episode cannot be made.
        """
        known = record.existing(pipeline.episode_folder(self._out, plan.identity.slug))
        made, report = pipeline.finish(
            plan,
            self._show,
            self._out,
            heads=heads,
            frames=self._frames,
            picture=lambda: self._cover,
            # Apps sort by it and take what moves for new, so it is that of the first time.
            published=(known.published if known else plan.post.date)
            or pipeline.published(self._out, plan)
            or self._now,
        )
        _warn(source, made, report)
        _see_language(source, plan.post.language, self._cast.narrator)
        return made, report

    def _frames(self, key: str) -> bytes:
        frames = self._cache.frames(key)
        if frames is None:
            raise DamagedError(key)
        return frames

    @cached_property
    def _cover(self) -> bytes:
        name = f"covers/{pipeline.cover_name(self._show)}"
        data = self._cache.kept(name)
        if data is None:
            data = cover.embedded(self._show)
            self._cache.keep(name, data)
        return data


def _warn(source: Source, made: Episode, report: Report) -> None:
    """What is to be listened to."""
    for suspect in report.suspects:
        log.warning(
            "%s: at %s the sound is %s times as long as its text suggests: %r; listen there",
            source.label,
            clock(suspect.start_ms),
            suspect.ratio,
            cut(suspect.written, 80),
            extra={"post": source.label},
        )
    if clipped := report.clipped:
        log.warning(
            "%s: the engine itself clipped in %s of %s segments, first at %s; lower its volume",
            source.label,
            len(clipped),
            len(made.segments),
            clock(clipped[0].start_ms),
            extra={"post": source.label},
        )


_SPOKEN = {"cmn": "zh", "nb": "no", "nn": "no"}
"""Voices' names of languages, and what posts call them."""


def _see_language(source: Source, written: str | None, voice: Voice) -> None:
    """Tell that a voice reads words of another language."""

    def primary(tag: str) -> str:
        first = tag.partition("-")[0].lower()
        return _SPOKEN.get(first, first)

    if written and primary(written) != primary(voice.language):
        log.warning(
            "%s is written in %s, and the voice %s speaks %s; give it to a show of its own, with "
            "a voice of that language",
            source.label,
            written,
            voice.name,
            voice.language,
            extra={"post": source.label},
        )
