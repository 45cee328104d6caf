"""`feed`: the posts of an RSS, Atom or JSON feed, with the page behind the link where it is cut."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from tts_pipeline.errors import SourceError
from tts_pipeline.markup import sound_part
from tts_pipeline.model import Medium, Noun, Post
from tts_pipeline.model.source import FeedSource
from tts_pipeline.post import saved
from tts_pipeline.post.metadata import first_words, joined
from tts_pipeline.post.sources import entries, pages
from tts_pipeline.post.sources.answer import GoneError, shown, site_host
from tts_pipeline.post.sources.entry import Entry
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.reach import Reach
from tts_pipeline.post.sources.store import Visited

_MOST_PAGES = 1000
"""Pages of one feed."""
_SUMMARY = 150
"""Words; a feed that carries a shorter description and no content has cut it."""
_CUT = re.compile(
    r"(?:\.\.\.|…|\[\s*(?:\.\.\.|…)\s*\])\s*\W*$"
    r"|(?:read (?:more|on|the (?:rest|full [a-z]+))|continue reading|keep reading"
    r"|full (?:story|post)|view (?:the )?full post|weiterlesen|lire la suite|leer más)"
    r"\b[^.!?]{0,80}$",
    re.I,
)
_TAIL = 200
"""Characters at the end in which a feed says that it is cut."""


class Told(Noun):
    """An entry, and the title of its feed."""

    entry: Entry
    site: str | None


def find(source: FeedSource, reach: Reach) -> Iterator[Found]:
    """Each entry, newest page first, until a page is as it was; then what failed in other runs.

    Raises:
        SourceError: the feed cannot be had or read.
    """
    failed = reach.store.memory.failed_entries
    tried: set[str] = set()
    for told in chain(_walked(source, reach), _failed(failed, tried)):
        found = _found(source, told.entry, told.site, reach)
        tried.add(saved.digits(found.key))
        yield found
        if not found.failed:
            failed.pop(saved.digits(found.key), None)


def _walked(source: FeedSource, reach: Reach) -> Iterator[Told]:
    """The entries of the pages that may have changed; each page is remembered behind its last."""
    url: str | None = source.url
    seen: set[str] = set()
    memory, store = reach.store.memory, reach.store
    # Before the list has been read to its end once, what comes after this page is not known.
    complete = memory.complete
    before = {digits for visited in memory.visited.values() for digits in visited.posts}
    while url and url not in seen and len(seen) < _MOST_PAGES:
        seen.add(url)
        visited = store.visited(url) if complete else None
        answer = reach.client.get(
            url, accept=entries.ACCEPT, remembered=visited.remembered if visited else None
        )
        if answer.unchanged:
            break
        try:
            # The query of a private feed is a secret, and no relative link needs it.
            page = entries.parse(answer.text, answer.url.partition("?")[0])
        except SourceError as error:
            raise SourceError(f"{shown(url)} cannot be read as a feed: {error}") from error
        keys = [saved.digits(_key(source, entry)) for entry in page.entries]
        known = all(
            digits in memory.failed_entries
            or (digits in before and store.has(digits))
            or reach.too_old(entry.date)
            for digits, entry in zip(keys, page.entries, strict=True)
        )
        if not known and memory.complete:
            # A run that stops from here on leaves posts before which every later one would stop.
            memory.complete = False
            store.save()
        for entry in page.entries:
            yield Told(entry, page.title)
        store.visit(url, Visited(answer.remembered, tuple(filter(store.has, keys))))
        if known and complete:
            # Pages go back in time, and what lies behind this one was read before.
            break
        url = page.next
    memory.complete = True


def _failed(failed: dict[str, Any], tried: set[str]) -> Iterator[Told]:
    """The entries that failed in other runs, and were not met in this one."""
    for digits, told in list(failed.items()):
        if digits not in tried:
            yield msgspec.convert(told, Told)


def _found(source: FeedSource, entry: Entry, site: str | None, reach: Reach) -> Found:
    found = Found(
        key=_key(source, entry), title=entry.title or entry.url or entry.key, url=entry.url
    )
    if entry.fault:
        return structs.replace(found, failed=entry.fault)
    if not entry.key:
        return structs.replace(found, skipped="it has neither an id, a link nor a title")
    if why := reach.too_old(entry.date):
        return structs.replace(found, skipped=why)
    post = of_entry(entry, site)
    why = cut(entry) if source.full == "auto" else None
    if entry.url and (source.full == "page" or why):
        try:
            post = _behind(post, entry.url, found.key, reach, longer=source.full == "auto")
        except GoneError as error:
            return structs.replace(found, skipped=f"its page is gone: {error}")
        except SourceError as error:
            # Nothing in the feed changes when the page can be had again.
            told = msgspec.to_builtins(Told(entry, site))
            reach.store.memory.failed_entries[saved.digits(found.key)] = told
            return structs.replace(found, failed=str(error))
    return structs.replace(found, post=_titled(post))


def _titled(post: Post) -> Post:
    """One without a title is called by its first words."""
    return post if post.title else structs.replace(post, title=first_words(_text(post.body)))


def _key(source: FeedSource, entry: Entry) -> str:
    """An id is one of a kind by itself if it is an address; others are it beside the feed's."""
    own = "://" in entry.key or entry.key.startswith(("tag:", "urn:"))
    return entry.key if own else f"{source.url} {entry.key}"


def of_entry(entry: Entry, site: str | None) -> Post:
    """The post with the text that the feed carries."""
    other = entry.external and site_host(entry.external) != site_host(entry.url or "")
    copied = entry.external if other else None
    return Post(
        source=entry.url or entry.key,
        name=entry.key,
        medium=Medium.HTML,
        body=entry.content or entry.summary,
        title=entry.title,
        author=joined(entry.authors),
        authors=entry.authors,
        date=entry.date,
        url=entry.url,
        id=entry.key,
        site=site,
        tags=entry.tags,
        language=entry.language,
        copies=(copied,) if copied else (),
        label="linkpost" if copied else None,
    )


def cut(entry: Entry) -> str | None:
    """Why the feed's text is surely not the whole."""
    text = _text(entry.content or entry.summary)
    if not text:
        return "the feed has no text"
    if _CUT.search(text[-_TAIL:]):
        return "the feed's text ends in the middle"
    if not entry.content and len(text.split()) < _SUMMARY:
        return "the feed has a summary alone"
    return None


def _text(markup: str) -> str:
    tree = LexborHTMLParser(sound_part(markup)).body
    return " ".join(tree.text(separator=" ").split()) if tree else ""


def _behind(post: Post, url: str, key: str, reach: Reach, *, longer: bool) -> Post:
    """The post with the text of its page; with `longer`, only if that is more than the feed's.

    A page that has not changed since it was read is not read again.
    """
    before = reach.store.visited(url)
    answer = reach.client.get(
        url, accept=pages.ACCEPT, remembered=before.remembered if before else None, page=True
    )
    if answer.unchanged:
        kept = reach.store.kept(key)
        return structs.replace(post, body=kept.body, medium=kept.medium) if kept else post
    page = pages.read(answer, url)
    if longer and pages.text_words(page.body) < pages.text_words(post.body):
        return post
    if pages.has_text(page):
        reach.store.visit(url, Visited(answer.remembered, (saved.digits(key),)))
    return structs.replace(
        page,
        title=post.title or page.title,
        author=post.author or page.author,
        authors=post.authors or page.authors,
        date=post.date or page.date,
        url=post.url,
        id=post.id,
        site=page.site or post.site,
        tags=post.tags or page.tags,
        language=post.language or page.language,
        copies=post.copies,
        label=post.label,
    )
