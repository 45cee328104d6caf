"""Metadata of an HTML page: JSON-LD, then meta tags, then what the page shows."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from tts_pipeline.model import Post
from tts_pipeline.post import dates
from tts_pipeline.post.markdown import is_web

_TITLE = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHOR = ("author", "article:author", "dc.creator", "citation_author", "parsely-author")
_DATE = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "citation_publication_date", "parsely-pub-date",
)  # fmt: skip
_ARTICLES = ("article", "blogposting", "newsarticle", "discussionforumposting", "techarticle")


def with_metadata(post: Post) -> Post:
    """What the page says of itself; nothing it says can be an error, since nobody wrote it here."""
    page = LexborHTMLParser(post.body)
    meta = _meta(page)
    linked = next(_linked(page), {})
    url = _url(page, meta, linked)
    date = next(
        (
            found
            for written in (linked.get("datePublished"), *_values(meta, _DATE), *_times(page))
            if isinstance(written, str) and (found := dates.parse(written))
        ),
        None,
    )
    html = page.css_first("html")
    headline = linked.get("headline")
    return structs.replace(
        post,
        title=next(_values(meta, _TITLE), None)
        or (headline if isinstance(headline, str) else None)
        or _shown(page, "h1")
        or _shown(page, "title")
        or "",
        author=_person(linked.get("author"))
        or next((name for name in _values(meta, _AUTHOR) if "://" not in name), None)
        or _shown(page, "[rel=author]"),
        date=date,
        url=url,
        site=next(_values(meta, ("og:site_name",)), None),
        language=(html.attributes.get("lang") or None) if html else None,
    )


def _meta(page: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in page.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = (attributes.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _values(meta: dict[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _times(page: LexborHTMLParser) -> Iterator[str]:
    for node in page.css("time[datetime]"):
        yield node.attributes.get("datetime") or ""


def _linked(page: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """JSON-LD objects that describe an article."""
    for node in page.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text())
        except (ValueError, RecursionError):
            # Broken JSON-LD is common; the other sources of metadata remain.
            continue
        graph = data.get("@graph", data) if isinstance(data, dict) else data
        for item in graph if isinstance(graph, list) else [graph]:
            types = item.get("@type", "") if isinstance(item, dict) else ""
            listed = types if isinstance(types, list) else [types]
            if any(str(type_).lower() in _ARTICLES for type_ in listed):
                yield item


def _url(page: LexborHTMLParser, meta: dict[str, str], linked: dict[str, Any]) -> str | None:
    canonical = page.css_first('link[rel~="canonical"][href]')
    base = page.css_first("base[href]")
    entity = linked.get("mainEntityOfPage")
    candidates = (
        canonical.attributes.get("href") if canonical else None,
        meta.get("og:url"),
        linked.get("url"),
        entity.get("@id") if isinstance(entity, dict) else entity,
    )
    root = (base.attributes.get("href") or "") if base else ""
    for candidate in candidates:
        if isinstance(candidate, str):
            url = _joined(root, candidate.strip())
            if url and is_web(url):
                return url
    return None


def _joined(root: str, address: str) -> str | None:
    try:
        return urljoin(root, address)
    except ValueError:
        return None


def _person(value: object) -> str | None:
    people = value if isinstance(value, list) else [value]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    named = [name.strip() for name in names if isinstance(name, str) and name.strip()]
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]])) if named else None


def _shown(page: LexborHTMLParser, selector: str) -> str | None:
    node = page.css_first(selector)
    return " ".join(node.text().split()) or None if node else None
