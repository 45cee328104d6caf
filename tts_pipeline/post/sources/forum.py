"""`forum`: the posts of a ForumMagnum site, by its GraphQL, or by its RSS where that fails.

A list is read in order of date, from where the last run came to: the site answers an offset up to
2,000 alone, and a kill costs no more than a page. Its end once reached, each run looks again at the
last days, for what was edited and what has gained the score that is asked for. Lists carry no
bodies; those are asked for where a post's revision is not the one that is there. A post that fails
does not hold up the list: its id is remembered, and asked for at the end of the next run.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain
from urllib.parse import urlsplit

from msgspec import structs

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Medium, Post
from tts_pipeline.model.source import FeedSource, ForumSource
from tts_pipeline.post import dates, saved
from tts_pipeline.post.metadata import each, joined, web_address
from tts_pipeline.post.sources import feed, graphql
from tts_pipeline.post.sources.answer import shown
from tts_pipeline.post.sources.client import Client
from tts_pipeline.post.sources.forumlists import Lists, Told
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.graphql import ForumPost, Unread
from tts_pipeline.post.sources.reach import Reach, midnight
from tts_pipeline.words import fold

log = logging.getLogger(__name__)

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
    lists = Lists(source, reach)
    forum = _Forum(source, reach, lists)
    try:
        pages = lists.pages()
        first = next(pages, [])
    except SourceError as error:
        if source.forum_tag or source.author or source.sequence:
            raise
        log.warning("%s; its RSS is read instead, which holds the newest posts alone", error)
        yield from forum.by_rss()
        return
    for page in chain([first], pages):
        yield from forum.finds(page)
    yield from forum.again()


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
    def __init__(self, source: ForumSource, reach: Reach, lists: Lists) -> None:
        self._source = source
        self._reach = reach
        self._lists = lists
        self._site = source.url.rstrip("/")
        self._tried: set[str] = set()

    def finds(self, page: Sequence[Told]) -> Iterator[Found]:
        """Each post of a page, with the body that it has now."""
        failed = self._reach.store.memory.failed
        posts = [told for told in page if isinstance(told, ForumPost)]
        reasons = {told.id: self._left_out(told) for told in posts}
        wanted = [told for told in posts if reasons[told.id] is None]
        stale = [told for told in wanted if not self._is_there(told)]
        bodies = self._bodies(stale) if stale else {}
        for told in page:
            found = Found(key=self._key(told.id), title=fold(told.title))
            if isinstance(told, Unread):
                found = structs.replace(found, failed=told.why)
            elif reason := reasons[told.id]:
                found = structs.replace(found, url=told.page_url, skipped=reason)
            else:
                found = structs.replace(found, url=told.page_url)
                found = self._with_body(found, told, bodies, is_stale=told in stale)
            self._tried.add(told.id)
            if found.failed and told.id:
                failed.add(told.id)
            yield found
            if not found.failed:
                failed.discard(told.id)

    def again(self) -> Iterator[Found]:
        """What failed in other runs, and was not met in this one."""
        left = self._reach.store.memory.failed - self._tried
        for page in self._lists.by_ids(sorted(left)):
            yield from self.finds(page)
        # What the site does not have any more cannot fail either.
        self._reach.store.memory.failed -= left - self._tried

    def _with_body(
        self, found: Found, told: ForumPost, bodies: dict[str, str], *, is_stale: bool
    ) -> Found:
        before = None if is_stale else self._reach.store.kept(found.key)
        body = bodies.get(told.id)
        copies: tuple[str, ...] = ()
        try:
            if before:
                body, copies = before.body, before.copies
            elif self._is_elsewhere(told) and (foreign := self._foreign(told)):
                body, copies = foreign.body or body, each([foreign.url or ""])
        except SourceError as error:
            return structs.replace(found, failed=str(error))
        if body is None:
            return structs.replace(found, failed=f"{shown(self._site)} gives no text of it")
        post = _post(told, body, self._site, self._lists.places.get(told.id))
        post = structs.replace(post, copies=each((*post.copies, *copies)))
        return structs.replace(found, post=post, revision=told.contents_latest)

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
        told = [graphql.body(one) for one in graphql.results(data, "posts")]
        return {one.id: one.html or "" for one in told if one}

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
        tags=each(fold(tag.name or "") for tag in told.tags or () if tag),
        score=told.base_score,
        series=series,
        number=number,
        copies=tuple(copies),
        label="linkpost" if link else None,
    )
