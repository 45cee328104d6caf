"""What a person or a script sees of a sync: bars on a terminal, and all else by the log."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import msgspec
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn

from tts_pipeline.batch import Outcome
from tts_pipeline.display.bars import SpeakingBar, bar, counting
from tts_pipeline.display.episodes import describe, describe_copy
from tts_pipeline.display.publish import describe as describe_published
from tts_pipeline.feed.build import Result as Feed
from tts_pipeline.logs import IDLE
from tts_pipeline.model import Published, Severity
from tts_pipeline.pipeline import Source
from tts_pipeline.post.sources import Fetched
from tts_pipeline.segment.chapters import cut
from tts_pipeline.sync.summary import Failure, Summary
from tts_pipeline.words import many

log = logging.getLogger(__name__)


class SyncDisplay:
    """See `sync.watcher.Watcher`. What went well is told if anything has changed, else nothing."""

    def __init__(self, *, as_json: bool) -> None:
        """Bars are drawn on standard error, only if that is a terminal."""
        self._as_json = as_json
        self._bar: tuple[Progress, TaskID] | None = None
        self._posts = 0

    @contextmanager
    def fetching(self) -> Iterator[None]:
        self._posts = 0
        columns = TextColumn("{task.fields[posts]} posts"), TimeElapsedColumn()
        with bar(*columns, hidden=self._as_json) as shown:
            task = shown.add_task("fetching", total=None, posts=0)
            self._bar = shown, task
            yield
            self._bar = None

    def counting(self, what: str) -> AbstractContextManager[Callable[[int, int], None]]:
        return counting(what, as_json=self._as_json)

    def speaking(self, sources: Sequence[Source]) -> AbstractContextManager[SpeakingBar]:
        return SpeakingBar(sources, hidden=self._as_json)

    def fetched(self, fetched: Fetched) -> None:
        self._posts += 1
        if self._bar:
            shown, task = self._bar
            shown.update(task, description=f"fetching {fetched.source}", posts=self._posts)
        if fetched.status in ("new", "changed"):
            facts = {"event": "fetched", "source": fetched.source, "post": fetched.path}
            log.info(
                "%s %s: %s", fetched.status, fetched.source, cut(fetched.title, 100), extra=facts
            )

    def made(self, show: str, outcome: Outcome) -> None:
        facts = {
            "event": outcome.status,
            "show": show,
            "post": outcome.source,
            "path": outcome.path,
            "duration_ms": outcome.duration_ms or None,
        }
        if outcome.status == "made":
            log.info("%s", describe(outcome), extra=facts)
        elif outcome.status == "due":
            log.info("would be made: %s", outcome.title, extra=facts)
        else:
            log.debug("unchanged: %s", outcome.title, extra=facts)

    def copied(self, show: str, outcome: Outcome) -> None:
        facts = {
            "event": "copy",
            "show": show,
            "post": outcome.source,
            "path": outcome.path,
        }
        log.info("%s", describe_copy(outcome), extra=facts)

    def failed(self, failure: Failure) -> None:
        facts = {
            "event": "failed",
            "show": failure.show,
            failure.what if failure.what in ("post", "source") else "path": failure.name,
            "tries": failure.tries,
            "next": failure.next.isoformat() if failure.next else None,
        }
        log.error("%s", sentence(failure), extra=facts)

    def wrote(self, feed: Feed) -> None:
        if feed.changed:
            number = many(feed.episodes, "episode")
            log.info("%s: %s", feed.path, number, extra={"event": "feed", "path": feed.path})

    def published(self, published: Published) -> None:
        facts = {"event": "published", "path": published.to}
        if not (published.sent or published.deleted):
            return
        log.info("%s", describe_published(published), extra=facts)
        for finding in published.findings:
            if finding.severity is not Severity.ERROR:
                log.warning("%s: %s", finding.where, finding.message, extra=facts)


def tell(summary: Summary, *, as_json: bool, compact: bool) -> None:
    """The last line, and as JSON for scripts; `compact` is in one line, since more will follow."""
    if as_json:
        encoded = msgspec.json.encode(summary)
        told = encoded if compact else msgspec.json.format(encoded, indent=2)
        sys.stdout.write(told.decode() + "\n")
        sys.stdout.flush()
    event = IDLE if summary.idle else "synced"
    log.info("%s", summary.sentence, extra={"event": event, "path": summary.out})


def sentence(failure: Failure) -> str:
    """What failed, why, and when it is tried again."""
    told = failure.error
    if failure.name not in told:
        told = f"{failure.what} {failure.name}: {told}"
    if failure.tries and failure.next:
        times = "once" if failure.tries == 1 else f"{failure.tries} times"
        when = (
            f"from {failure.next:%Y-%m-%d %H:%M} UTC on"
            if failure.tries > 1
            else "at the next sync"
        )
        told += f" (tried {times}; again {when}, or with --retry)"
    return told
