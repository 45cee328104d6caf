"""RSS 2.0, RSS 1.0, Atom -> entries, and the address of the next page (RFC 5005).

JSON Feed is told by its first letter, and read next door.
"""

import html
import re
from collections.abc import Iterable, Iterator

from tts_pipeline.errors import SourceError
from tts_pipeline.post import dates
from tts_pipeline.post.metadata import each, language_tag, web_address
from tts_pipeline.post.sources import jsonfeed, xml
from tts_pipeline.post.sources.entry import Entry, Page
from tts_pipeline.post.sources.pages import paragraphs
from tts_pipeline.words import fold

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.5"
)

_ATOM = "http://www.w3.org/2005/Atom"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LONGEST_NAME = 300
"""Characters."""
_FOREIGN = re.compile("itunes|podcast|media|mrss", re.I)
_MEDIA = re.compile("media|mrss", re.I)
"""Its content, description and the like are those of a picture."""
_TAG = re.compile(
    r"</?(?:abbr|a|big|br|b|cite|code|del|dfn|div|em|font|h[1-6]|img|ins|i|kbd|mark|p|q|samp|small"
    r"|span|strike|strong|sub|sup|s|tt|u|var|wbr)(?:\s[^<>]*)?/?>"
)


def parse(text: str, url: str) -> Page:
    """The entries of a feed that was found at `url`.

    Raises:
        SourceError: it is no feed.
    """
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return jsonfeed.parse(text, url)
    root = xml.parse(text)
    name = xml.local(root)
    if name == "feed":
        return _atom(root, url)
    if name in ("rss", "rdf"):
        return _rss(root, url)
    raise SourceError(
        f"it is no feed: its outermost element is <{name[:40]}>"
        + ("; a page's own feed is in its <link rel=alternate>" if name == "html" else "")
    )


# ---- RSS -------------------------------------------------------------------------------------


def _rss(root: xml.Element, url: str) -> Page:
    channel = next((child for child in root if xml.local(child) == "channel"), root)
    around = channel if channel is root else [*channel, *root]
    items = [child for child in around if xml.local(child) == "item"]
    facts = [child for child in channel if xml.local(child) != "item"]
    language = _text(facts, "language")
    base = channel.get(_XML_BASE) or url
    return Page(
        title=_plain(_text(facts, "title")),
        entries=tuple(_item(item, base, language_tag(language)) for item in items),
        next=_next(facts, base),
    )


def _item(item: xml.Element, base: str, language: str | None) -> Entry:
    parts = list(item)
    guid = next((part for part in parts if xml.local(part) == "guid"), None)
    key = xml.words(guid) if guid is not None else ""
    link = web_address(_text(parts, "link", plain=True), base) if _text(parts, "link") else None
    if link is None:
        link = next(
            (
                web_address(part.get("href"), base)
                for part in parts
                if xml.local(part) == "link"
                and part.get("href")
                and part.get("rel", "alternate") == "alternate"
            ),
            None,
        )
    if link is None and guid is not None and guid.get("isPermaLink", "true") == "true":
        link = web_address(key, base) if "://" in key else None
    title = _plain(_text(parts, "title", plain=True)) or ""
    people = (
        each(_person(xml.words(part)) for part in _named(parts, name))
        for name in ("creator", "author")
    )
    written = _text(parts, "pubdate") or _text(parts, "date") or _text(parts, "published")
    return Entry(
        key=key or link or title,
        title=title,
        url=link,
        authors=next(filter(None, people), ()),
        date=dates.parse(written),
        tags=each(
            xml.words(part)
            for part in parts
            if xml.local(part) == "category" or (xml.local(part) == "subject")
        ),
        language=language_tag(_text(parts, "language")) or language,
        content=_text(parts, "encoded") or _markup(parts, "content"),
        summary=_markup(parts, "description") or _markup(parts, "summary"),
    )


def _person(written: str) -> str:
    """RSS asks for "ann@example.org (Ann Lee)"."""
    match = re.fullmatch(r"\S+@\S+\s+\((.+)\)", written.strip()[:_LONGEST_NAME])
    return fold(match[1] if match else written)


# ---- Atom ------------------------------------------------------------------------------------


def _atom(root: xml.Element, url: str) -> Page:
    parts = list(root)
    base = root.get(_XML_BASE) or url
    people = _people(parts)
    language = language_tag(root.get(_XML_LANG) or "")
    return Page(
        title=_plain(_text(parts, "title")),
        entries=tuple(
            _entry(part, base, people, language) for part in parts if xml.local(part) == "entry"
        ),
        next=_next(parts, base),
    )


def _entry(entry: xml.Element, base: str, people: tuple[str, ...], language: str | None) -> Entry:
    parts = list(entry)
    base = web_address(entry.get(_XML_BASE) or "", base) or base
    links = [
        (part.get("rel", "alternate"), web_address(part.get("href") or "", base))
        for part in parts
        if xml.local(part) == "link" and part.get("href")
    ]
    link = next((href for rel, href in links if rel == "alternate" and href), None)
    title = next((_shown(part) for part in parts if xml.local(part) == "title"), "")
    key = _text(parts, "id")
    written = _text(parts, "published") or _text(parts, "issued") or _text(parts, "updated")
    categories = [part for part in parts if xml.local(part) == "category"]
    return Entry(
        key=key or link or title,
        title=title,
        url=link or (web_address(key) if "://" in key else None),
        authors=_people(parts) or people,
        date=dates.parse(written),
        tags=each(part.get("label") or part.get("term") or "" for part in categories),
        language=language_tag(entry.get(_XML_LANG) or "") or language,
        content=_markup(parts, "content"),
        summary=_markup(parts, "summary"),
        external=next((href for rel, href in links if rel == "related" and href), None),
    )


def _people(parts: list[xml.Element]) -> tuple[str, ...]:
    return each(fold(_text(list(part), "name")) for part in parts if xml.local(part) == "author")


# ---- what they share -------------------------------------------------------------------------


def _named(parts: Iterable[xml.Element], name: str) -> Iterator[xml.Element]:
    """Elements of a name; those of podcasts, media and the like come after the format's own."""
    found = [part for part in parts if xml.local(part) == name]
    yield from sorted(found, key=lambda part: bool(_FOREIGN.search(xml.namespace(part))))


def _text(parts: Iterable[xml.Element], name: str, *, plain: bool = False) -> str:
    """The words of the first element of a name; `plain` ones are of no other format."""
    for part in _named(parts, name):
        if plain and xml.namespace(part) == _ATOM:
            continue
        if text := xml.words(part):
            return text
    return ""


def _markup(parts: Iterable[xml.Element], name: str) -> str:
    """The HTML of the first element of a name, however it is written."""
    for part in _named(parts, name):
        if _MEDIA.search(xml.namespace(part)):
            continue
        kind = (part.get("type") or "").lower()
        if len(part) or kind == "xhtml":
            markup = xml.inner(part)
        elif kind in ("text", "text/plain"):
            markup = paragraphs(xml.words(part))
        else:
            markup = xml.words(part)
        if markup:
            return markup
    return ""


def _shown(title: xml.Element) -> str:
    """A title as it is read: it may be written in HTML."""
    if title.get("type", "text") == "text":
        return fold(xml.words(title))
    return _plain(xml.words(title)) or ""


def _plain(written: str) -> str | None:
    """Without the tags and references that some write into a title; `Vec<T>` has none."""
    return fold(html.unescape(_TAG.sub("", written))) or None


def _next(parts: Iterable[xml.Element], base: str) -> str | None:
    """RFC 5005: the next page, or the archive before this one."""
    links = {
        part.get("rel"): part.get("href")
        for part in parts
        if xml.local(part) == "link" and part.get("href")
    }
    found = links.get("next") or links.get("prev-archive")
    return web_address(found, base) if found else None
