"""A library to sync: a forum and a feed on loopback, a folder, shows; and a run in this process."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conftest import Workspace
from tests.post.sources.forum_site import Forum
from tests.post.sources.serving import Site
from tts_pipeline.batch import Outcome, Share
from tts_pipeline.cli.common import agent
from tts_pipeline.feed.build import Result as Feed
from tts_pipeline.model import Published
from tts_pipeline.pipeline import Source
from tts_pipeline.post.sources import Fetched
from tts_pipeline.sync.options import Options
from tts_pipeline.sync.run import sync
from tts_pipeline.sync.shows import load
from tts_pipeline.sync.summary import Failure, Summary

NOW = datetime(2026, 1, 1, tzinfo=UTC)

FORUM = """
[sources.{name}]
type = "forum"
url = "{url}"
pause = 0
allow_private = true
"""

IMAGE = "---\ntitle: {title}\nimage: {image}\n---\n\nWords about {title}.\n"
"""With a picture that may not be there, in a show whose episodes have covers of their own."""


class Recorder:
    """A watcher that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def fetching(self) -> AbstractContextManager[None]:
        return nullcontext()

    @contextmanager
    def counting(self, what: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, of: None

    @contextmanager
    def speaking(self, sources: Sequence[Source]) -> Iterator["Recorder"]:
        yield self

    def planned(self, number: int, segments: int) -> None:
        self.told.append(("planned", number, segments))

    def spoken(self, number: int, spoken: Share) -> None:
        self.told.append(("spoken", number, spoken))

    def done(self, number: int) -> None:
        self.told.append(("done", number))

    def fetched(self, fetched: Fetched) -> None:
        self.told.append(fetched)

    def made(self, show: str, outcome: Outcome) -> None:
        self.told.append(outcome)

    def copied(self, show: str, outcome: Outcome) -> None:
        self.told.append(outcome)

    def failed(self, failure: Failure) -> None:
        self.told.append(failure)

    def wrote(self, feed: Feed) -> None:
        self.told.append(feed)

    def published(self, published: Published) -> None:
        self.told.append(published)


class Library:
    """A workspace beside a site."""

    def __init__(self, workspace: Workspace, site: Site, cache: Path) -> None:
        """`cache` may be shared: what one test has spoken, another needs not."""
        self.workspace = workspace
        self.cache = cache
        self.forum = Forum(site)
        self.recorder = Recorder()

    def show(
        self, name: str = "show", *, show: str = "", more: str = "", episode: str = ""
    ) -> Path:
        """A show's file, with more keys below [show] and [episode], and more tables."""
        path = self.workspace.show(name=name, episode=episode)
        path.write_text(path.read_text().replace("[episode]", f"{show}\n[episode]", 1) + more)
        return path

    def source(self, name: str = "forum") -> str:
        """The forum as a source."""
        return FORUM.format(name=name, url=self.forum.site.url)

    def sync(
        self, *names: str, posts: Sequence[Path] = (), seconds: int = 0, **options: Any
    ) -> Summary:
        """A run over these shows, so many seconds after midnight."""
        shows = [self.workspace.root / "feeds" / f"{name}.toml" for name in names or ("show",)]
        moment = datetime.fromtimestamp(NOW.timestamp() + seconds, UTC)
        given = Options(
            out=self.workspace.out,
            cache=self.cache,
            jobs=1,
            now=moment,
            agent=agent,
            **options,
        )
        self.recorder = Recorder()
        return sync(load(shows, posts), given, self.recorder)
