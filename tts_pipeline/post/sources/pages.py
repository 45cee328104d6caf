"""Pages of the web -> posts: `page`, which lists them, and what other types need of them."""

import codecs
import html
import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from tts_pipeline.errors import PostError, SourceError
from tts_pipeline.markup import sound_part
from tts_pipeline.model import Medium, Post
from tts_pipeline.model.source import PageSource
from tts_pipeline.post import reader, saved
from tts_pipeline.post.sources.answer import Answer, GoneError, bare, shown
from tts_pipeline.post.sources.encoding import is_binary
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.reach import Reach
from tts_pipeline.post.sources.store import Visited
from tts_pipeline.words import count

ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/markdown;q=0.5, text/plain;q=0.4, */*;q=0.1"

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "": None,
}
_HOLDERS = "li, blockquote, pre, dd, td"
_NOT_POST = "script, style, noscript, template, nav, header, footer, aside"
_NOT_TEXT = f"{_NOT_POST}, form"


def find(source: PageSource, reach: Reach) -> Iterator[Found]:
    """Each page that is listed."""
    for url in source.urls:
        yield visit(url, reach)


def visit(url: str, reach: Reach, stamp: str | None = None) -> Found:
    """The post at an address; one that has not changed is not read.

    Args:
        url: where.
        reach: the web, and what was fetched before.
        stamp: when it changed last, by whoever lists it; the same stamp saves the request.
    """
    url = urldefrag(url).url
    found = Found(key=url, title=shown(url), url=bare(url))
    before = reach.store.visited(url)
    if before and stamp and before.stamp == stamp:
        return structs.replace(found, skipped=before.skipped)
    try:
        answer = reach.client.get(
            url, accept=ACCEPT, remembered=before.remembered if before else None, page=True
        )
        if answer.unchanged:
            return structs.replace(found, skipped=before.skipped if before else None)
        post = read(answer, url)
    except GoneError as error:
        return structs.replace(found, skipped=f"it is gone: {error}")
    except SourceError as error:
        return structs.replace(found, failed=str(error))
    if why := reach.too_old(post.date):
        reach.store.visit(url, Visited(answer.remembered, (), stamp, why))
        return structs.replace(found, title=post.title, skipped=why)
    if has_text(post):
        reach.store.visit(url, Visited(answer.remembered, (saved.digits(url),), stamp))
    return structs.replace(found, title=post.title, post=post)


def read(answer: Answer, url: str) -> Post:
    """The post that a page is, with what it says of itself.

    Its address is the one that it declares, if that is of its own site, else where it stood. The
    site's first page is declared by mistake alone, on every page of a site.

    Raises:
        SourceError: it is no page, or holds nothing.
    """
    if answer.type not in _SUFFIXES:
        raise SourceError(
            f"{shown(url)} is no page but {answer.type[:80]}; a feed, a sitemap and a book are "
            "sources of types of their own"
        )
    if is_binary(answer.body, answer.charset):
        raise SourceError(f"{shown(url)} is no page, though it is called one: it holds no text")
    try:
        post = reader.read_bytes(
            # The mark says that the charset is known here, whatever the page declares.
            codecs.BOM_UTF8 + answer.text.encode("utf-8", "replace"),
            source=shown(url),
            name=url,
            suffix=_SUFFIXES[answer.type],
            sites={},
            url=answer.url,
        )
    except PostError as error:
        raise SourceError(str(error)) from error
    if post.medium is Medium.TEXT:
        post = structs.replace(post, medium=Medium.HTML, body=paragraphs(post.body))
    declared = urldefrag(post.url or "").url
    is_own = _host(declared) == _host(answer.url) and (
        _is_first(answer.url) or not _is_first(declared)
    )
    return structs.replace(post, url=declared if is_own else answer.url)


def paragraphs(text: str) -> str:
    """Plain text as HTML."""
    return "".join(
        f"<p>{html.escape(part, quote=False)}</p>\n"
        for part in re.split(r"\n\s*\n", text)
        if part.strip()
    )


def has_text(post: Post) -> bool:
    """Whether there is anything to hear: words that a page shows, or what its pictures are of."""
    if post.medium is not Medium.HTML:
        return bool(count(post.body))
    tree = LexborHTMLParser(sound_part(post.body))
    # Some sites wrap the whole page in a form.
    for node in tree.css(_NOT_POST):
        node.decompose()
    text = tree.body.text(separator=" ") if tree.body else ""
    alts = (node.attributes.get("alt") or "" for node in tree.css("img[alt]"))
    return any(map(count, (text, *alts)))


def text_words(markup: str) -> int:
    """How many words of running text there are."""
    tree = LexborHTMLParser(sound_part(markup))
    for node in tree.css(_NOT_TEXT):
        node.decompose()
    blocks = [node.text() for node in tree.css("p")]
    blocks += [node.text() for node in tree.css(_HOLDERS) if not node.css_first("p")]
    if blocks:
        return sum(map(count, blocks))
    return count(tree.body.text() if tree.body else "")


def _is_first(url: str) -> bool:
    """Whether it is the address of a site's first page."""
    parts = urlsplit(url)
    return not parts.query and bool(re.fullmatch(r"/?(?:index\.\w{1,5})?", parts.path))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
