"""Which posts of a forum are asked for, and in what order."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from tts_pipeline.errors import SourceError
from tts_pipeline.model.source import ForumSource
from tts_pipeline.post import dates
from tts_pipeline.post.sources import graphql
from tts_pipeline.post.sources.graphql import ForumPost, Unread
from tts_pipeline.post.sources.reach import Reach, midnight

_PAGE = 50
"""Posts asked for at once."""
_FARTHEST = 2000
"""The largest offset that the site answers."""
_FILTERS = (
    "all",
    "frontpage",
    "curated",
    "uncurated",
    "questions",
    "linkpost",
    "tagged",
    "untagged",
)
"""Views that are but filters, and so can be read in order of date."""

Told = ForumPost | Unread


class Lists:
    """The lists of one source."""

    def __init__(self, source: ForumSource, reach: Reach) -> None:
        self._source = source
        self._reach = reach
        self._site = source.url.rstrip("/")
        self.places: dict[str, tuple[str, int]] = {}
        """A post's series and number, where a sequence is asked for."""

    def pages(self) -> Iterator[list[Told]]:
        """The posts that are asked for, some at a time; the next once these are kept."""
        source = self._source
        if source.sequence:
            yield from self._sequence(source.sequence)
        elif source.view is None or source.view in _FILTERS:
            yield from self._by_date()
        else:
            yield from self._by_place()

    def by_ids(self, ids: Sequence[str]) -> Iterator[list[Told]]:
        """The posts of these ids that the site has, some at a time."""
        for start in range(0, len(ids), _PAGE):
            some = list(ids[start : start + _PAGE])
            yield self._list({"default": {"exactPostIds": some}}, offset=0)

    def _by_date(self) -> Iterator[list[Told]]:
        memory, reach = self._reach.store.memory, self._reach
        after = self._start()
        ask = self._dated_selector()
        seen: set[str] = set()
        at_after = 0
        while True:
            page = self._list(ask(after), offset=at_after)
            fresh = [post for post in page if post.id not in seen]
            if not fresh:
                break
            seen.update(post.id for post in fresh)
            yield fresh
            last = max(after or "", *(post.posted_at for post in fresh))
            # Several posts may share an instant; the next page starts behind those seen.
            at_after = (
                at_after + len(page)
                if last == after
                else sum(post.posted_at == last for post in page)
            )
            after = last
            memory.cursor = max(memory.cursor or "", after)
            reach.store.save()
        memory.complete = True

    def _start(self) -> str | None:
        """The instant from which posts are asked for."""
        memory, reach = self._reach.store.memory, self._reach
        start = dates.parse(memory.cursor) if memory.cursor else None
        if start and memory.complete:
            start = min(start, reach.now - timedelta(days=self._source.recheck))
        if reach.since:
            start = max(start, reach.since) if start else reach.since
        return _instant(start) if start else None

    def _dated_selector(self) -> Any:
        source = self._source
        terms = self._common()
        if source.view and source.view != "all":
            terms["filter"] = source.view
        if source.forum_tag:
            id_, name = self._tag(source.forum_tag)
            wanted = {"tags": [{"tagId": id_, "tagName": name, "filterMode": "Required"}]}
            terms |= {"tagId": id_, "filterSettings": wanted, "sortedBy": "old"}
            view = "tagRelevance"
        elif source.author:
            terms |= {"userId": self._user(source.author), "sortedBy": "old"}
            view = "userPosts"
        else:
            view = "old"
        return lambda after: {view: terms | ({"after": after} if after else {})}

    def _by_place(self) -> Iterator[list[Told]]:
        """A view in the site's own order, which may change between two runs: read from its top."""
        terms = self._common()
        if self._reach.since:
            terms["after"] = _instant(self._reach.since)
        for offset in range(0, _FARTHEST + 1, _PAGE):
            page = self._list({self._source.view or "new": terms}, offset=offset)
            if not page:
                break
            yield page

    def _sequence(self, id_: str) -> Iterator[list[Told]]:
        client, site = self._reach.client, self._site
        data = graphql.ask(client, site, graphql.SEQUENCE, of={"_id": id_})
        found = graphql.result(data, "sequence")
        if found is None:
            raise SourceError(f"{site} has no sequence {id_!r}")
        title = graphql.read(found, graphql.Named, site).title or id_
        data = graphql.ask(
            client,
            site,
            graphql.CHAPTERS,
            selector={"SequenceChapters": {"sequenceId": id_, "limit": "500"}},
        )
        chapters = [one for one in graphql.results(data, "chapters") if isinstance(one, dict)]
        chapters.sort(key=lambda chapter: chapter.get("number") or 0)
        posts = [
            graphql.post(told, site) for chapter in chapters for told in chapter.get("posts") or []
        ]
        self.places = {post.id: (title, number) for number, post in enumerate(posts, 1)}
        for start in range(0, len(posts), _PAGE):
            yield posts[start : start + _PAGE]

    def _common(self) -> dict[str, Any]:
        source = self._source
        terms: dict[str, Any] = {}
        if source.score:
            terms["karmaThreshold"] = source.score
        if not source.events:
            terms["excludeEvents"] = True
        if source.until:
            terms["before"] = _instant(midnight(source.until) + timedelta(days=1))
        return terms

    def _list(self, selector: dict[str, Any], *, offset: int) -> list[Told]:
        data = graphql.ask(
            self._reach.client,
            self._site,
            graphql.LIST,
            selector=selector,
            limit=_PAGE,
            offset=offset,
        )
        return [graphql.post(told, self._site) for told in graphql.results(data, "posts")]

    def _tag(self, slug: str) -> tuple[str, str]:
        data = graphql.ask(
            self._reach.client, self._site, graphql.TAG, selector={"tagBySlug": {"slug": slug}}
        )
        for told in graphql.results(data, "tags"):
            if isinstance(told, dict) and isinstance(told.get("_id"), str):
                return told["_id"], str(told.get("name") or slug)
        raise SourceError(
            f"{self._site} has no tag {slug!r}; write it as it stands in the tag's address"
        )

    def _user(self, slug: str) -> str:
        data = graphql.ask(self._reach.client, self._site, graphql.USER, slug=slug)
        told = data.get("GetUserBySlug")
        if isinstance(told, dict) and isinstance(told.get("_id"), str):
            return str(told["_id"])
        raise SourceError(
            f"{self._site} has no author {slug!r}; write it as it stands in the profile's address"
        )


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
