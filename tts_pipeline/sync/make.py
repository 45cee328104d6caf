"""The episodes of one show, and which of its posts failed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tts_pipeline import duplicates, pipeline
from tts_pipeline.batch import Batch, Outcome, Share
from tts_pipeline.episode import record
from tts_pipeline.errors import OutputError, PipelineError
from tts_pipeline.model import Cast, Show
from tts_pipeline.pipeline import Assets, Source
from tts_pipeline.sync import posts, retries
from tts_pipeline.sync.options import Options
from tts_pipeline.sync.retries import Failing, Key
from tts_pipeline.sync.shows import Member
from tts_pipeline.sync.summary import Failure, Tally, What
from tts_pipeline.sync.watcher import Speaking, Watcher


class Made:
    """What came of the posts of all shows."""

    def __init__(self, options: Options, watcher: Watcher) -> None:
        """What failed before is read from the output folder."""
        self.episodes: list[Outcome] = []
        self.copies: list[Outcome] = []
        self.unchanged = self.left = 0
        self.tally = Tally()
        self._options = options
        self._watcher = watcher
        self._failing = retries.read(options.out)
        self.failures: list[Failure] = []

    def make(self, member: Member) -> None:
        """Make the episodes of a show; what fails is told, and the rest goes on.

        Raises:
            OutputError: nothing can be written.
        """
        if member.cast is None:
            return
        try:
            self._make(member, member.show, member.cast)
        except OutputError:
            raise
        except PipelineError as error:
            self._fail(member.show, member.show.name, str(error), what="show")
        finally:
            if not self._options.dry_run:
                retries.write(self._options.out, self._failing.values())

    def _make(self, member: Member, show: Show, cast: Cast) -> None:
        out = self._options.out
        found = posts.of_show(_folders(member, out), show, out, since=self._options.since)
        for outcome in found.failures:
            self._fail(show, outcome.source, outcome.error)
        with self._watcher.counting("comparing posts") as done:
            settled = duplicates.settle(
                found.sources,
                show,
                out,
                write=not self._options.dry_run,
                ignored=found.ignored,
                failing=self._broken(show),
                done=done,
            )
        self.copies += settled.copies
        for outcome in settled.news:
            self._watcher.copied(show.name, outcome)
        self._forget(show, found.ignored, settled.copies, found.sources)
        for each in found.older:
            if failing := self._failing.get(self._key(each, show)):
                self._tell(each, failing)
        due = [each for each in settled.sources if not self._waits(each, show, cast)]
        self._speak(due, show, cast)

    def _speak(self, sources: Sequence[Source], show: Show, cast: Cast) -> None:
        options = self._options
        with self._watcher.speaking(sources) as speaking:
            ear = _Ear(
                speaking, lambda number, outcome: self._take(sources[number], show, cast, outcome)
            )
            batch = Batch(
                show,
                cast,
                out=options.out,
                cache=options.cache,
                jobs=options.jobs,
                cluster=options.cluster,
                force=False,
                limit=None if options.limit is None else max(0, options.limit - len(self.episodes)),
                now=options.now,
                watcher=ear,
            )
            try:
                (batch.foresee if options.dry_run else batch.run)(sources)
            finally:
                self.tally.add(batch.sent, cast.voices)
                self.left += len(sources) - ear.done

    def _take(self, source: Source, show: Show, cast: Cast, outcome: Outcome) -> None:
        """What became of one post."""
        key = self._key(source, show)
        if outcome.later:
            self._fail(show, source.label, outcome.error)
            return
        if outcome.status == "failed" and self._options.dry_run:
            self._fail(show, source.label, outcome.error)
            return
        if outcome.status == "failed":
            failing = retries.failed(
                self._failing.get(key),
                key,
                stamp=_stamp(source, show, cast),
                error=self._options.clean(outcome.error or ""),
                now=self._options.now,
            )
            self._failing[key] = failing
            self._tell(source, failing)
            return
        self._failing.pop(key, None)
        if outcome.status == "unchanged":
            self.unchanged += 1
        else:
            self.episodes.append(outcome)
        self._watcher.made(show.name, outcome)

    def _waits(self, source: Source, show: Show, cast: Cast) -> bool:
        """Whether a post is left alone for now; it is named all the same."""
        failing = self._failing.get(self._key(source, show))
        if (
            failing is None
            or self._options.retry
            or not retries.waits(failing, _stamp(source, show, cast), self._options.now)
        ):
            return False
        self._tell(source, failing)
        return True

    def _forget(
        self,
        show: Show,
        ignored: frozenset[posts.Name],
        copies: Sequence[Outcome],
        sources: Sequence[Source],
    ) -> None:
        """Of what failed before: what is ignored now, heard elsewhere, or gone."""
        copied = {outcome.source for outcome in copies if _is_made(outcome)}
        gone = {posts.name(each, self._options.out) for each in sources if each.label in copied}
        for key in [key for key in self._failing if key[0] == show.name]:
            name = key[1:]
            if name in ignored | gone or not (self._options.out / key[1]).exists():
                del self._failing[key]

    def _broken(self, show: Show) -> frozenset[posts.Name]:
        """Posts that have failed more than once as they are."""
        failing = self._failing.values()
        return frozenset(
            each.key[1:] for each in failing if each.show == show.name and each.tries > 1
        )

    def _tell(self, source: Source, failing: Failing) -> None:
        self.note(
            Failure(
                what="post",
                name=source.label,
                show=failing.show,
                error=failing.error,
                tries=failing.tries,
                next=failing.next,
            )
        )

    def _fail(self, show: Show, name: str, error: str | None, what: What = "post") -> None:
        cleaned = self._options.clean(error or "")
        self.note(Failure(what=what, name=name, show=show.name, error=cleaned))

    def note(self, failure: Failure) -> None:
        """Something was not done."""
        self.failures.append(failure)
        self._watcher.failed(failure)

    def _key(self, source: Source, show: Show) -> Key:
        return (show.name, *posts.name(source, self._options.out))


class _Ear:
    """Listens to a batch."""

    def __init__(self, speaking: Speaking, finished: Callable[[int, Outcome], None]) -> None:
        self.done = 0
        self._speaking = speaking
        self._finished = finished

    def planned(self, number: int, segments: int) -> None:
        self._speaking.planned(number, segments)

    def spoken(self, number: int, spoken: Share) -> None:
        self._speaking.spoken(number, spoken)

    def finished(self, number: int, outcome: Outcome) -> None:
        self.done += 1
        self._speaking.done(number)
        self._finished(number, outcome)


def _is_made(copy: Outcome) -> bool:
    """Whether the post that stands for it has an episode; else it may yet have to stand in."""
    return (Path(copy.path or "") / record.RECORD).is_file()


def _folders(member: Member, out: Path) -> list[Path]:
    """Where a show's posts lie; a source of which nothing has come yet has no folder."""
    fetched = [out / "posts" / source.name for source in member.sources]
    return [*(folder for folder in fetched if folder.is_dir()), *member.posts]


def _stamp(source: Source, show: Show, cast: Cast) -> str:
    """What changes when a post may fare better than before."""
    try:
        return pipeline.stamp(source, show, cast, {}, Assets({}, ""))
    except PipelineError:
        return ""
