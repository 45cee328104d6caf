"""Who is told how a run goes on."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tts_pipeline.batch import Outcome, Share
from tts_pipeline.feed.build import Result as Feed
from tts_pipeline.model import Published
from tts_pipeline.pipeline import Source
from tts_pipeline.post.sources import Fetched
from tts_pipeline.sync.summary import Failure


class Speaking(Protocol):
    """Told how the making of a show's episodes goes on; see `batch.Watcher`."""

    def planned(self, number: int, segments: int) -> None: ...

    def spoken(self, number: int, spoken: Share) -> None: ...

    def done(self, number: int) -> None: ...


class Watcher(Protocol):
    """What has a bar is a context; the rest has happened."""

    def fetching(self) -> AbstractContextManager[None]: ...

    def counting(self, what: str) -> AbstractContextManager[Callable[[int, int], None]]: ...

    def speaking(self, sources: Sequence[Source]) -> AbstractContextManager[Speaking]: ...

    def fetched(self, fetched: Fetched) -> None: ...

    def made(self, show: str, outcome: Outcome) -> None: ...

    def copied(self, show: str, outcome: Outcome) -> None: ...

    def failed(self, failure: Failure) -> None: ...

    def wrote(self, feed: Feed) -> None: ...

    def published(self, published: Published) -> None: ...
