"""Sources -> files of posts: each post a decision, one source's failure that source's alone."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tts_pipeline.errors import OutputError, PipelineError, SourceError
from tts_pipeline.model import NamedSource
from tts_pipeline.model.source import (
    EpubSource,
    FeedSource,
    FolderSource,
    ForumSource,
    PageSource,
    SitemapSource,
    Source,
)
from tts_pipeline.post.sources import books, feed, folder, forum, pages, sitemap
from tts_pipeline.post.sources.answer import shown
from tts_pipeline.post.sources.client import AGENT, Client
from tts_pipeline.post.sources.found import Fetched, Found
from tts_pipeline.post.sources.pace import Pace, Timeouts
from tts_pipeline.post.sources.reach import Reach, midnight
from tts_pipeline.post.sources.store import Store

log = logging.getLogger(__name__)

_FINDERS: dict[type[Source], Callable[[Any, Reach], Iterator[Found]]] = {
    FeedSource: feed.find,
    ForumSource: forum.find,
    PageSource: pages.find,
    SitemapSource: sitemap.find,
    FolderSource: folder.find,
    EpubSource: books.find,
}


class Fetcher:
    """One run over sources."""

    def __init__(
        self,
        out: Path,
        *,
        now: datetime,
        agent: str = AGENT,
        since: datetime | None = None,
        limit: int | None = None,
        write: bool = True,
        pace: Pace | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        """A run that writes below `out`.

        Args:
            out: the output folder.
            now: the present.
            agent: the User-Agent.
            since: older posts are left, whatever the sources say.
            limit: how many new or changed posts of each source are taken.
            write: whether anything is written.
            pace: how time passes between requests.
            timeouts: how long an answer may take.
        """
        self._out = out
        self._now = now
        self._agent = agent
        self._since = since
        self._limit = limit
        self._write = write
        self._pace = pace or Pace()
        self._timeouts = timeouts

    def run(self, sources: Sequence[NamedSource]) -> Iterator[Fetched]:
        """What becomes of each post of each source, as soon as it is decided.

        Raises:
            OutputError: nothing can be written.
        """
        for named in sources:
            try:
                yield from self._posts(named)
            except OutputError:
                raise
            except Exception as error:
                yield Fetched(
                    source=named.name, status="failed", title=named.name, reason=_told(named, error)
                )

    def _posts(self, named: NamedSource) -> Iterator[Fetched]:
        source = named.source
        day = getattr(source, "since", None)
        own = midnight(day) if day else None
        since = max((one for one in (own, self._since) if one), default=None)
        settings, whole = _digest(source, since), _digest(source, own)
        within = whole if whole != settings else None
        store = Store(self._out, named.name, settings=settings, within=within, write=self._write)
        with self._client(source) as client:
            reach = Reach(client, store, Path(named.root), self._now, since)
            taken = 0
            try:
                for found in _FINDERS[type(source)](source, reach):
                    fetched = kept(named.name, found, store)
                    yield fetched
                    taken += fetched.status in ("new", "changed")
                    if taken == self._limit:
                        break
            finally:
                store.save()

    def _client(self, source: Source) -> Client:
        return Client(
            agent=self._agent,
            named=addresses(source),
            allow_private=getattr(source, "allow_private", False),
            pause=getattr(source, "pause", 0.0),
            pace=self._pace,
            timeouts=self._timeouts,
        )


def _digest(source: Source, since: datetime | None) -> str:
    """Of all that decides which posts a source has; how they are asked for does not."""
    if not isinstance(source, FolderSource | EpubSource):
        source = msgspec.structs.replace(source, pause=0, allow_private=False, since=None)
    settings = msgspec.json.encode([source, since], order="deterministic")
    return hashlib.sha256(settings).hexdigest()[:16]


def kept(source: str, found: Found, store: Store) -> Fetched:
    """What becomes of a post, once it has."""
    fetched = Fetched(source=source, status="failed", title=found.title, url=found.url)
    if found.failed:
        return msgspec.structs.replace(fetched, reason=found.failed)
    if found.skipped:
        return msgspec.structs.replace(fetched, status="skipped", reason=found.skipped)
    if found.post and not pages.has_text(found.post):
        return msgspec.structs.replace(fetched, status="skipped", reason="it has no text")
    status, path = store.keep(found)
    return msgspec.structs.replace(fetched, status=status, path=str(path) if path else None)


def addresses(source: Source) -> tuple[str, ...]:
    """The addresses that the user wrote into a source."""
    written = [getattr(source, key, None) for key in ("url", "crossposts")]
    return tuple(url for url in (*written, *getattr(source, "urls", ())) if url)


def single(
    url: str,
    sources: Sequence[NamedSource],
    out: Path,
    *,
    now: datetime,
    agent: str = AGENT,
    pace: Pace | None = None,
) -> Path:
    """The file of the one post at `url`, in a folder for such posts.

    A source that names the same host says how to treat it: whether it is a forum, and whether its
    address may be private.

    Raises:
        SourceError: it cannot be had; says why.
    """
    near = [one.source for one in sources if _host(url) in map(_host, addresses(one.source))]
    trusted = any(getattr(source, "allow_private", False) for source in near)
    sites = [source.url for source in near if isinstance(source, ForumSource)]
    sites += [f"https://{host}" for host in forum.TWINS if host == _host(url)]
    store = Store(out, "_single", settings="")
    named = (url, *(one for source in near for one in addresses(source)))
    with Client(agent=agent, named=named, allow_private=trusted, pause=0, pace=pace) as client:
        found = _of_forum(url, sites, client) or pages.visit(
            url, Reach(client, store, out, now, None)
        )
        fetched = kept("_single", found, store)
    store.save()
    if fetched.path is None:
        raise SourceError(f"{shown(url)} cannot be fetched: {fetched.reason}")
    return Path(fetched.path)


def _of_forum(url: str, sites: Sequence[str], client: Client) -> Found | None:
    """The post by the forum's API, where the address is of a forum's post."""
    id_ = forum.post_id(url)
    for site in sites if id_ else ():
        try:
            post = forum.one(site.rstrip("/"), id_ or "", client)
        except SourceError as error:
            log.warning("%s; the page is read instead", error)
            continue
        if post is not None:
            return Found(key=f"{_host(site)} {id_}", title=post.title, url=post.url, post=post)
    return None


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _told(named: NamedSource, error: Exception) -> str:
    if isinstance(error, PipelineError):
        return str(error)
    log.debug("%s failed", named.name, exc_info=error)
    return (
        f"the source {named.name} met a fault of the program, please report it: "
        f"{type(error).__name__}: {error}"
    )
