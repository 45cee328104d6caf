"""`forum`: the posts of a ForumMagnum site, by its GraphQL, or by its RSS where that fails.

A list is read in order of date, from where the last run came to: the site answers an offset up to
2,000 alone, and a kill costs no more than a page. Its end once reached, each run looks again at the
last days, for what was edited and what has gained the score that is asked for. Lists carry no
bodies; those are asked for where a post's revision is not the one that is there.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from msgspec import structs

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Medium, Post
from tts_pipeline.model.source import FeedSource, ForumSource
from tts_pipeline.post import dates, saved
from tts_pipeline.post.metadata import each, joined, web_address
from tts_pipeline.post.sources import feed, graphql
from tts_pipeline.post.sources.client import Client
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.graphql import ForumPost
from tts_pipeline.post.sources.reach import Reach, midnight
from tts_pipeline.words import fold

log = logging.getLogger(__name__)

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
_POST = re.compile(r"/(?:s/[A-Za-z0-9]+/p|posts|p)/([A-Za-z0-9]{10,24})(?:/|$)")
TWINS = {
    "www.lesswrong.com": "https://forum.effectivealtruism.org",
    "forum.effectivealtruism.org": "https://www.lesswrong.com",
    "www.alignmentforum.org": "https://forum.effectivealtruism.org",
}
"""Which site hosts the bodies of another's crossposts."""


def find(source: ForumSource, reach: Reach) -> Iterator[Found]:
    """The posts that are asked for.

    Raises:
        SourceError: neither the API nor the feed can be had.
    """
    forum = _Forum(source, reach)
    try:
        pages = forum.pages()
        first = next(pages, [])
    except SourceError as error:
        if source.forum_tag or source.author or source.sequence:
            raise
        log.warning("%s; its RSS is read instead, which holds the newest posts alone", error)
        yield from forum.by_rss()
        return
    yield from forum.finds(first)
    for page in pages:
        yield from forum.finds(page)


def one(site: str, id_: str, client: Client) -> Post | None:
    """One post of a site; None where the site has none of this id.

    Raises:
        SourceError: the site cannot be asked.
    """
    data = graphql.ask(client, site, graphql.ONE, selector={"_id": id_})
    found = graphql.result(data, "post")
    if found is None:
        return None
    told = graphql.read(found, ForumPost, site)
    return _post(told, told.html_body or "", site, None)


def post_id(url: str) -> str | None:
    """The id in the address of a forum's post, such as /posts/Xyz.../some-title."""
    match = _POST.match(urlsplit(url).path)
    return match[1] if match else None


class _Forum:
    def __init__(self, source: ForumSource, reach: Reach) -> None:
        self._source = source
        self._reach = reach
        self._site = source.url.rstrip("/")
        self._places: dict[str, tuple[str, int]] = {}
        """A post's series and number, where a sequence is asked for."""

    # ---- lists -------------------------------------------------------------------------------

    def pages(self) -> Iterator[list[ForumPost]]:
        """The posts that are asked for, some at a time; the next once these are kept."""
        source = self._source
        if source.sequence:
            yield from self._sequence(source.sequence)
        elif source.view is None or source.view in _FILTERS:
            yield from self._by_date()
        else:
            yield from self._by_place()

    def _by_date(self) -> Iterator[list[ForumPost]]:
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
            last = max(post.posted_at for post in fresh)
            # Several posts may share an instant; the next page starts behind those seen.
            at_after = sum(post.posted_at == last for post in page) + (
                at_after if last == after else 0
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

    def _by_place(self) -> Iterator[list[ForumPost]]:
        """A view in the site's own order, which may change between two runs: read from its top."""
        terms = self._common()
        if self._reach.since:
            terms["after"] = _instant(self._reach.since)
        for offset in range(0, _FARTHEST + 1, _PAGE):
            page = self._list({self._source.view or "new": terms}, offset=offset)
            if not page:
                break
            yield page

    def _sequence(self, id_: str) -> Iterator[list[ForumPost]]:
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
            graphql.read(told, ForumPost, site)
            for chapter in chapters
            for told in chapter.get("posts") or []
        ]
        self._places = {post.id: (title, number) for number, post in enumerate(posts, 1)}
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

    def _list(self, selector: dict[str, Any], *, offset: int) -> list[ForumPost]:
        data = graphql.ask(
            self._reach.client,
            self._site,
            graphql.LIST,
            selector=selector,
            limit=_PAGE,
            offset=offset,
        )
        return [
            graphql.read(told, ForumPost, self._site) for told in graphql.results(data, "posts")
        ]

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

    # ---- posts -------------------------------------------------------------------------------

    def finds(self, page: Sequence[ForumPost]) -> Iterator[Found]:
        """Each post of a page, with the body that it has now."""
        reasons = {told.id: self._left_out(told) for told in page}
        wanted = [told for told in page if reasons[told.id] is None]
        stale = [told for told in wanted if not self._is_there(told)]
        bodies = self._bodies(stale) if stale else {}
        for told in page:
            found = Found(key=self._key(told.id), title=fold(told.title), url=told.page_url)
            if reason := reasons[told.id]:
                yield structs.replace(found, skipped=reason)
                continue
            before = None if told in stale else self._reach.store.kept(found.key)
            body = before.body if before else bodies.get(told.id, "")
            copies: tuple[str, ...] = ()
            try:
                if before:
                    copies = before.copies
                elif self._is_elsewhere(told):
                    foreign = self._foreign(told)
                    if foreign:
                        body, copies = foreign.body or body, (foreign.url,) if foreign.url else ()
            except SourceError as error:
                yield structs.replace(found, failed=str(error))
                continue
            post = _post(told, body, self._site, self._places.get(told.id))
            post = structs.replace(post, copies=each((*post.copies, *copies)))
            yield structs.replace(found, post=post, revision=told.contents_latest)

    def _key(self, id_: str) -> str:
        return f"{urlsplit(self._site).netloc} {id_}"

    def _is_there(self, told: ForumPost) -> bool:
        """Whether the body that was fetched before is of the revision that the site has now."""
        there = self._reach.store.revision(self._key(told.id))
        return there is not None and there == told.contents_latest

    def _left_out(self, told: ForumPost) -> str | None:
        source = self._source
        if told.draft or told.deleted_draft:
            return "it is a draft"
        if told.rejected:
            return "the site has rejected it"
        if told.is_event and not source.events:
            return "it is an event"
        if told.shortform and not source.shortform:
            return "it is shortform"
        if source.score is not None and (told.base_score or 0) < source.score:
            return f"its score is below {source.score}"
        published = dates.parse(told.posted_at)
        if source.until and published and published >= midnight(source.until) + timedelta(days=1):
            return f"it is newer than {source.until}"
        return self._reach.too_old(published)

    def _bodies(self, posts: Sequence[ForumPost]) -> dict[str, str]:
        data = graphql.ask(
            self._reach.client,
            self._site,
            graphql.BODIES,
            selector={"default": {"exactPostIds": [post.id for post in posts]}},
            limit=len(posts),
        )
        told = [
            graphql.read(one, graphql.Body, self._site) for one in graphql.results(data, "posts")
        ]
        return {one.id: one.html or "" for one in told}

    @staticmethod
    def _is_elsewhere(told: ForumPost) -> bool:
        crosspost = told.fm_crosspost
        return bool(
            crosspost
            and crosspost.is_crosspost
            and crosspost.hosted_here is False
            and crosspost.foreign_post_id
        )

    def _foreign(self, told: ForumPost) -> Post | None:
        """The post on the site that hosts its body."""
        host = urlsplit(self._site).hostname or ""
        site = self._source.crossposts or TWINS.get(host)
        crosspost = told.fm_crosspost
        if site is None or crosspost is None or crosspost.foreign_post_id is None:
            return None
        return one(site.rstrip("/"), crosspost.foreign_post_id, self._reach.client)

    # ---- RSS ---------------------------------------------------------------------------------

    def by_rss(self) -> Iterator[Found]:
        """The newest posts, as the site's feed has them; those that are there stay as they are."""
        view = "curated-rss" if self._source.view == "curated" else "community-rss"
        threshold = f"&karmaThreshold={self._source.score}" if self._source.score else ""
        address = f"{self._site}/feed.xml?view={view}{threshold}"
        for found in feed.find(FeedSource(url=address, full="feed"), self._reach):
            key = self._key(found.post.id) if found.post and found.post.id else found.key
            if self._reach.store.has(saved.digits(key)):
                yield structs.replace(found, key=key, post=None)
            else:
                yield structs.replace(found, key=key)


def _post(told: ForumPost, body: str, site: str, place: tuple[str, int] | None) -> Post:
    people = [told.user, *(told.coauthors or ())]
    authors = each(fold(person.displayName or "") for person in people if person)
    authors = authors or each([fold(told.author or "")])
    url = web_address(told.page_url or "", site) or f"{site}/posts/{told.id}"
    link = web_address(told.url or "")
    link = None if link and urlsplit(link).netloc == urlsplit(url).netloc else link
    canonical = web_address(told.canonical_source or "")
    copies = [one for one in (canonical, link) if one and one != url]
    series, number = place or (
        told.canonical_sequence.title if told.canonical_sequence else None,
        None,
    )
    return Post(
        source=url,
        name=told.id,
        medium=Medium.HTML,
        body=body,
        title=fold(told.title),
        author=joined(authors),
        authors=authors,
        date=dates.parse(told.posted_at),
        url=url,
        id=told.id,
        tags=each(fold(tag.name or "") for tag in told.tags or ()),
        score=told.base_score,
        series=series,
        number=number,
        copies=tuple(copies),
        label="linkpost" if link else None,
    )


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
