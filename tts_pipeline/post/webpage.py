"""Metadata of an HTML page: JSON-LD, then meta tags, then what the page shows."""

import itertools
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_pipeline.errors import PostError
from tts_pipeline.markup import sound_part
from tts_pipeline.model import Post
from tts_pipeline.post import dates, frontmatter
from tts_pipeline.post.metadata import each, joined, language_tag, web_address

_TITLE = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHOR = ("author", "article:author", "dc.creator", "citation_author", "parsely-author")
_DATE = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "citation_publication_date", "parsely-pub-date",
)  # fmt: skip
_ARTICLES = ("article", "blogposting", "newsarticle", "discussionforumposting", "techarticle")
_TIMES = (
    'time[itemprop="datePublished"][datetime]',
    "article time[datetime]",
    "main time[datetime]",
    "time[datetime]",
)
_HEADINGS = ("article h1", "main h1", "h1", "head > title")

_Meta = dict[str, list[str]]


def with_metadata(post: Post) -> Post:
    """What the page says of itself, and before it what front matter says, which is taken off.

    Nothing that the page says can be an error, since nobody wrote it here.

    Raises:
        PostError: the front matter is broken, holds what it must not, or stands alone.
    """
    front, body = frontmatter.split(post.body, post.source)
    if not body.strip():
        raise PostError(f"{post.source} holds nothing after its front matter")
    told = frontmatter.metadata(front)
    return structs.replace(_of_page(structs.replace(post, body=body)), **told)


def _of_page(post: Post) -> Post:
    page = LexborHTMLParser(sound_part(post.body))
    meta = _meta(page)
    linked = next(_linked(page), {})
    headline = linked.get("headline")
    authors = (
        _people(linked.get("author"))
        or _credited(meta)
        or each(itertools.islice(_shown(page, ("[rel~=author]",)), 1))
    )
    return structs.replace(
        post,
        title=next(_values(meta, _TITLE), None)
        or (headline if isinstance(headline, str) and headline.strip() else None)
        or next(_shown(page, _HEADINGS), ""),
        author=joined(authors),
        authors=authors,
        date=_date(page, meta, linked),
        url=_url(page, meta, linked, post.url or ""),
        site=next(_values(meta, ("og:site_name",)), None),
        tags=tuple(meta.get("article:tag", ())),
        language=_language(page),
    )


def _meta(page: LexborHTMLParser) -> _Meta:
    found: _Meta = {}
    for node in page.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = (attributes.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _values(meta: _Meta, names: tuple[str, ...]) -> Iterator[str]:
    """The first value of each name that the page gives."""
    return (meta[name][0] for name in names if name in meta)


def _credited(meta: _Meta) -> tuple[str, ...]:
    """The authors by the first kind of tag that names any; some hold a profile's address."""
    for name in _AUTHOR:
        people = [person for person in meta.get(name, ()) if "://" not in person]
        if name == "citation_author":
            people = [_first_name_first(person) for person in people]
        if authors := each(people):
            return authors
    return ()


def _first_name_first(person: str) -> str:
    """Bibliographies write "Lee, Ann"."""
    last, _, first = person.partition(", ")
    return f"{first} {last}" if first and "," not in first else person


def _people(value: object) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    return each(name for name in names if isinstance(name, str) and "://" not in name)


def _date(page: LexborHTMLParser, meta: _Meta, linked: dict[str, Any]) -> datetime | None:
    candidates = (linked.get("datePublished"), *_values(meta, _DATE), *_times(page))
    readable = (dates.parse(written) for written in candidates if isinstance(written, str))
    return next((found for found in readable if found), None)


def _times(page: LexborHTMLParser) -> Iterator[str]:
    for selector in _TIMES:
        if node := next(itertools.filterfalse(_is_beside, page.css(selector)), None):
            yield node.attributes.get("datetime") or ""


def _is_beside(node: LexborNode) -> bool:
    """Whether it is of other posts, or of the site; an article may have a footer of its own."""
    around: set[str | None] = set()
    parent = node.parent
    while parent is not None:
        around.add(parent.tag)
        parent = parent.parent
    return bool(around & {"aside", "nav"}) or ("footer" in around and "article" not in around)


def _linked(page: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """JSON-LD objects that describe an article."""
    for node in page.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text())
        except (ValueError, RecursionError):
            # Broken JSON-LD is common; the other sources of metadata remain.
            continue
        for item in _objects(data):
            types = item.get("@type")
            listed = types if isinstance(types, list) else [types]
            if any(str(type_).lower().rpartition("/")[2] in _ARTICLES for type_ in listed[:20]):
                yield item


def _objects(data: object) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD document: one, a list, or a graph of them."""
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (
                (node for node in graph if isinstance(node, dict))
                if isinstance(graph, list)
                else ()
            )


def _url(page: LexborHTMLParser, meta: _Meta, linked: dict[str, Any], own: str) -> str | None:
    """The address that the page declares; a canonical one may be relative to its `own`."""
    canonical = page.css_first('link[rel~="canonical" i][href]')
    base = page.css_first("base[href]")
    entity = linked.get("mainEntityOfPage")
    root = (base.attributes.get("href") or "") if base else ""
    here = web_address(root, own) or own
    candidates = (
        (canonical.attributes.get("href") if canonical else None, here),
        (next(_values(meta, ("og:url",)), None), root),
        (linked.get("url"), root),
        (entity.get("@id") if isinstance(entity, dict) else entity, root),
    )
    addresses = (web_address(one, base) for one, base in candidates if one and isinstance(one, str))
    return next((address for address in addresses if address), None)


def _language(page: LexborHTMLParser) -> str | None:
    html = page.css_first("html")
    return language_tag(html.attributes.get("lang") or "") if html else None


def _shown(page: LexborHTMLParser, selectors: tuple[str, ...]) -> Iterator[str]:
    """The words of the first node of each selector, where it has any."""
    for selector in selectors:
        node = page.css_first(selector)
        if node is None:
            continue
        for line_end in node.css("br"):
            line_end.replace_with(" ")
        if words := " ".join(node.text().split()):
            yield words
