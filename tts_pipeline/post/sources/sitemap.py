"""`sitemap`: the pages that a sitemap lists, also through index files, packed or as plain text."""

import re
from collections.abc import Iterator

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Noun
from tts_pipeline.model.source import SitemapSource
from tts_pipeline.post import dates
from tts_pipeline.post.metadata import web_address
from tts_pipeline.post.sources import pages, xml
from tts_pipeline.post.sources.answer import shown, site_host
from tts_pipeline.post.sources.encoding import decoded, gunzipped
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.reach import Reach

_LARGEST = 50_000_000
"""Bytes, by the protocol."""
_DEEPEST = 3
"""Index files inside index files."""
_MOST = 1000
"""Sitemaps of one site."""
_SAVE_EVERY = 50
"""Pages between two times at which what was read is remembered on the disk."""


class Listed(Noun):
    """A page, or another sitemap."""

    url: str
    changed: str | None
    """When it last changed, as it is written."""
    is_sitemap: bool


def find(source: SitemapSource, reach: Reach) -> Iterator[Found]:
    """Each page of the sitemap's own site, in the order of the list.

    Raises:
        SourceError: the sitemap itself cannot be had or read.
    """
    wanted = re.compile(source.include) if source.include else None
    host = site_host(source.url)
    seen: set[str] = set()
    for number, page in enumerate(_pages(source.url, reach, 0, [0]), 1):
        if isinstance(page, Found):
            yield page
            continue
        if page.url in seen or (wanted and not wanted.search(page.url)):
            continue
        seen.add(page.url)
        if site_host(page.url) != host:
            reason = "it is of another site than the sitemap"
            yield Found(key=page.url, title=shown(page.url), url=page.url, skipped=reason)
        elif why := reach.too_old(dates.parse(page.changed or "")):
            yield Found(key=page.url, title=shown(page.url), url=page.url, skipped=why)
        else:
            yield pages.visit(page.url, reach, page.changed)
        if number % _SAVE_EVERY == 0:
            reach.store.save()


def _pages(url: str, reach: Reach, depth: int, read: list[int]) -> Iterator[Listed | Found]:
    """The pages of a sitemap and of those that it lists, each of which may fail alone."""
    read[0] += 1
    if depth > _DEEPEST:
        raise SourceError(f"{shown(url)} is one of too many sitemaps inside each other")
    answer = reach.client.get(url, accept="application/xml, text/xml, */*;q=0.5", most=_LARGEST)
    try:
        text = decoded(gunzipped(answer.body, _LARGEST), answer.charset)
        listed = list(_listed(text, answer.url))
    except SourceError as error:
        raise SourceError(f"{shown(url)} cannot be read as a sitemap: {error}") from error
    for one in listed:
        if not one.is_sitemap:
            yield one
        elif read[0] < _MOST:
            try:
                yield from _pages(one.url, reach, depth + 1, read)
            except SourceError as error:
                yield Found(key=one.url, title=shown(one.url), url=one.url, failed=str(error))
        else:
            why = f"{shown(url)} lists too many sitemaps; {_MOST} of a site are read"
            yield Found(key=one.url, title=shown(one.url), url=one.url, failed=why)
            return


def _listed(text: str, base: str) -> Iterator[Listed]:
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        for line in text.split():
            if url := web_address(line):
                yield Listed(url, None, is_sitemap=False)
        return
    root = xml.parse(text)
    name = xml.local(root)
    if name not in ("urlset", "sitemapindex"):
        raise SourceError(f"its outermost element is <{name[:40]}>")
    for element in root:
        parts = {xml.local(part): xml.words(part) for part in element}
        if url := web_address(parts.get("loc", ""), base):
            yield Listed(url, parts.get("lastmod"), is_sitemap=name == "sitemapindex")
