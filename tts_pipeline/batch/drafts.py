"""Which posts are to be made: each is planned, and compared with the episode that is there."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from tts_pipeline import pipeline
from tts_pipeline.batch.outcome import Share
from tts_pipeline.casting import Casting
from tts_pipeline.episode import record
from tts_pipeline.errors import EpisodeError
from tts_pipeline.model import Cast, Episode, Noun, Report, Show
from tts_pipeline.pipeline import Instead, Plan, Source
from tts_pipeline.segment.memory import Memory
from tts_pipeline.speech.cache import Cache, Head
from tts_pipeline.untouched import Untouched


class _Expected(Noun):
    """What an earlier run planned for the same post under the same conditions."""

    slug: str
    inputs: str
    url: str | None
    picture: pipeline.Picture | None = None


@dataclass(eq=False)
class Draft:
    """An episode while its speech is being gathered."""

    number: int
    source: Source
    plan: Plan
    standing: tuple[Episode, Report] | None = None
    """What was made of the same plan before, if another voice had to speak some of it."""
    heads: dict[str, Head] = field(default_factory=dict)
    """By the keys of the plan, whoever spoke."""
    recast: dict[str, Instead] = field(default_factory=dict)
    """Passages that another voice speaks, by the keys of the plan."""
    again: set[str] = field(default_factory=set)
    """Passages that were damaged in the cache and sought once more, by the keys of the plan."""
    closed: bool = False
    """Finished or failed."""

    @cached_property
    def shares(self) -> dict[str, Share]:
        """Cache key to the share of the post's spoken text that stands behind it."""
        total = sum(len(segment.spoken) for segment in self.plan.script.segments)
        shares: dict[str, Share] = {}
        for key, segments, _ in self.plan.parts:
            part = sum(len(segment.spoken) for segment in segments) / total
            before = shares.get(key, Share(0.0, 0))
            shares[key] = Share(before.part + part, before.segments + len(segments))
        return shares


class Drafts:
    """The posts of one run."""

    def __init__(
        self,
        show: Show,
        cast: Cast,
        *,
        out: Path,
        cache: Cache,
        force: bool,
        casting: Casting,
        untouched: Untouched,
        assets: pipeline.Assets,
    ) -> None:
        """See `Batch`."""
        self._show = show
        self._cast = cast
        self._out = out
        self._cache = cache
        self._force = force
        self._casting = casting
        self._untouched = untouched
        self._assets = assets
        self._taken: dict[str, str] = {}

    def draft(
        self, number: int, source: Source, expect: Callable[[], None]
    ) -> Draft | tuple[Episode, Report]:
        """What is to be made of a post, or what stands there already.

        `expect` is called when the post is not known, so that there will be something to speak.

        Raises:
            PipelineError: of all kinds: the post cannot be read, or is another's.
        """
        gains = self._casting.gains
        stamp = pipeline.stamp(source, self._show, self._cast, gains, self._assets)
        plan = None
        expected = None if self._force else self._expected(stamp)
        if expected is None:
            expect()
            plan = self._plan(source)
            expected = _Expected(plan.identity.slug, plan.inputs, plan.post.url, plan.picture)
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
        report = record.existing_report(folder)
        if known is None or report is None or self._force:
            return Draft(number, source, plan or self._plan(source))
        is_same = known.inputs == expected.inputs
        if not is_same:
            plan = plan or self._plan(source)
            if not self._would_lose_a_voice(known, plan):
                return Draft(number, source, plan)
        if not record.intact(self._out, known, self._untouched):
            return Draft(number, source, plan or self._plan(source))
        if is_same and report.fallbacks:
            return Draft(number, source, plan or self._plan(source), (known, report))
        return known, report

    def _would_lose_a_voice(self, known: Episode, plan: Plan) -> bool:
        """Whether a voice that does not work keeps us from seeing if anything has changed.

        An episode that it spoke is left as it is while the words are the same.
        """
        lost = self._casting.unmeasured & {one.voice for one in plan.script.segments}
        said = [(one.written, one.spoken) for one in known.segments]
        return bool(lost) and said == [(one.written, one.spoken) for one in plan.script.segments]

    def _expected(self, stamp: str) -> _Expected | None:
        data = self._cache.kept(f"plans/{stamp}.json")
        try:
            expected = msgspec.json.decode(data, type=_Expected) if data else None
        except msgspec.MsgspecError:
            return None
        if expected and expected.picture and not pipeline.is_same(expected.picture):
            return None
        return expected

    def read_ahead(self, sources: Iterable[Source]) -> None:
        """Find out and remember what plans need besides voices that are being measured."""
        for source in sources:
            with suppress(Exception), self._memory(source) as memory:  # told in its turn
                read = pipeline.read_post(source, self._show)
                pipeline.write_script(read, self._show, self._cast, memory)

    def _plan(self, source: Source) -> Plan:
        with self._memory(source) as memory:
            return pipeline.plan(
                source,
                self._show,
                self._cast,
                gains=self._casting.gains,
                assets=self._assets,
                memory=memory,
            )

    @contextmanager
    def _memory(self, source: Source) -> Iterator[Memory]:
        """How the post was cut before, and after the block, how it is now."""
        place = f"{self._show.name}\n{source.label}\n{source.part}"
        name = f"scripts/{hashlib.sha256(place.encode()).hexdigest()}"
        memory = pipeline.memory(self._cast, self._cache.kept(name))
        yield memory
        self._cache.keep(name, memory.dump())
