"""EPUB 2 and 3: each document of the spine that holds words is a post.

The book is untrusted: nothing is unpacked to the disk, sizes are bounded, and XML with entities
of its own is refused.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tts_pipeline.errors import PostError
from tts_pipeline.model import Noun
from tts_pipeline.post import dates
from tts_pipeline.post.metadata import each, language_tag
from tts_pipeline.words import count, fold

LARGEST = 20_000_000
"""Bytes of one document, unpacked; a chapter is far smaller."""
_LARGEST_WHOLE = 200_000_000
"""Bytes of all documents, unpacked: a small archive may hold any amount of the same."""
_MOST = 5000
"""Documents in a spine."""

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways to scramble fonts, which hide no text."""

_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)"
    r"([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>"
)
_BODY, _BODY_END = re.compile(r"<body\b[^<>]*>", re.I), re.compile(r"</body\s*>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_HEADING = re.compile(r"<h[1-6]\b[^<>]*>", re.I)
_HEADING_END = re.compile(r"</h[1-6]\s*>", re.I)
_YEAR = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_UNSHOWN = re.compile(r"<(script|style|head)\b", re.I)
_UNSHOWN_END = {name: re.compile(rf"</{name}\s*>", re.I) for name in ("script", "style", "head")}
_DEEPEST = 100
"""Elements inside each other in a package or a table of contents."""


class Chapter(Noun):
    """One document of a book."""

    name: str
    """Its path inside the book, for identity."""
    title: str
    html: str
    book: str
    """The book's title."""
    authors: tuple[str, ...]
    date: datetime | None
    language: str | None
    identifier: str | None


def chapters(data: bytes, *, source: str) -> tuple[Chapter, ...]:
    """The book's chapters in reading order.

    Raises:
        PostError: the book is broken, protected, or holds no words.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            found = tuple(_Book(book, source).chapters())
    except (
        zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError
    ) as error:  # fmt: skip
        raise PostError(f"{source} is not an EPUB that can be opened: {error}") from error
    except ValueError as error:
        raise PostError(f"{source} is damaged: {error}") from error
    if not found:
        raise PostError(f"{source} holds no chapter with words")
    return found


class _Book:
    def __init__(self, archive: zipfile.ZipFile, source: str) -> None:
        self._archive = archive
        self._source = source
        self._names = set(archive.namelist())
        self._left = _LARGEST_WHOLE

    def chapters(self) -> Iterator[Chapter]:
        """The spine's documents with words; what is beside the reading order comes last."""
        self._see_open()
        root = self._xml("META-INF/container.xml")
        path = next(
            (unquote(e.get("full-path") or "") for e in root.iter(f"{_CONTAINER}rootfile")), ""
        )
        package = self._xml(path)
        folder = posixpath.dirname(path)
        items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
        titles = self._titles(package, items, folder)
        title = fold(next(self._metadata(package, "title"), ""))
        authors = each(map(fold, self._metadata(package, "creator")))
        date = _published(package)
        language = next(filter(None, map(language_tag, self._metadata(package, "language"))), None)
        identifier = next(self._metadata(package, "identifier"), None)
        number = 0
        spine = list(package.iter(f"{_OPF}itemref"))[:_MOST]
        for reference in sorted(spine, key=lambda one: one.get("linear") == "no"):
            item = items.get(reference.get("idref"))
            if item is None or _is_nav(item):
                continue
            name = _inside(folder, item.get("href"))
            if "html" not in (item.get("media-type") or "") or name not in self._names:
                continue
            html = _body(self._text(name), posixpath.basename(name))
            if not count(_words(html)):
                continue
            number += 1
            yield Chapter(
                name=name,
                title=titles.get(name) or fold(_words(_heading(html))) or f"Chapter {number}",
                html=html,
                book=title,
                authors=authors,
                date=date,
                language=language,
                identifier=identifier,
            )

    def _see_open(self) -> None:
        if "META-INF/encryption.xml" not in self._names:
            return
        for method in self._xml("META-INF/encryption.xml").iter():
            algorithm = method.get("Algorithm") or ""
            if method.tag.endswith("EncryptionMethod") and algorithm not in _FONTS:
                raise PostError(
                    f"{self._source} is protected against copying, so its text cannot be read; "
                    "ask whoever publishes it for a copy without protection"
                )

    def _bytes(self, name: str) -> bytes:
        if name not in self._names:
            raise PostError(f"{self._source} is no whole EPUB: {name or 'its package'} is missing")
        if self._archive.getinfo(name).compress_type not in (
            zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
        ):  # fmt: skip
            # EPUB 3.3, section 4.2.2, allows no other.
            raise PostError(f"{self._source} is no whole EPUB: {name} is packed otherwise")
        with self._archive.open(name) as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise PostError(
                f"{self._source}: {name} is larger than {LARGEST // 1_000_000} MB, more than any "
                "chapter; split it"
            )
        self._left -= len(data)
        if self._left < 0:
            raise PostError(
                f"{self._source} holds more than {_LARGEST_WHOLE // 1_000_000} MB of text, more "
                "than any book; split it"
            )
        return data

    def _xml(self, name: str) -> ElementTree.Element:
        try:
            root: ElementTree.Element = fromstring(self._bytes(name))
        except DefusedXmlException as error:
            raise PostError(
                f"{self._source}: {name} defines entities, which no EPUB needs"
            ) from error
        except ElementTree.ParseError as error:
            raise PostError(f"{self._source}: {name} is not XML: {error}") from error
        if _is_deep(root):
            raise PostError(
                f"{self._source}: {name} nests more than {_DEEPEST} elements, which no EPUB needs"
            )
        return root

    def _text(self, name: str) -> str:
        data = self._bytes(name)
        declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9_.-]{1,40})", data[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8-sig"
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            encoding = "utf-16"
        try:
            return data.decode("utf-8-sig" if encoding.lower() == "utf-8" else encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise PostError(f"{self._source}: {name} is not {encoding}: {error}") from error

    @staticmethod
    def _metadata(package: ElementTree.Element, name: str) -> Iterator[str]:
        for element in package.iter(f"{_DC}{name}"):
            if text := (element.text or "").strip():
                yield text

    def _titles(
        self,
        package: ElementTree.Element,
        items: "dict[str | None, ElementTree.Element]",
        folder: str,
    ) -> dict[str, str]:
        """Document to its first title in the table of contents, of EPUB 3 or else of EPUB 2."""
        found: dict[str, str] = {}
        spine = package.find(f"{_OPF}spine")
        toc = items.get(spine.get("toc")) if spine is not None else None
        for item, read in ((next(filter(_is_nav, items.values()), None), _nav), (toc, _ncx)):
            name = _inside(folder, item.get("href")) if item is not None else ""
            if name in self._names:
                try:
                    entries = list(read(self._xml(name)))
                except PostError:
                    # Without it the chapters' own headings remain.
                    continue
                for href, title in entries:
                    found.setdefault(_inside(posixpath.dirname(name), href), fold(title))
        return found


def _published(package: ElementTree.Element) -> datetime | None:
    """When the book came out; that it was modified says nothing of that."""
    written: dict[str, str] = {}
    for element in package.iter(f"{_DC}date"):
        event = (element.get(f"{_OPF}event") or "").lower()
        written.setdefault(event, (element.text or "").strip())
    written.pop("modification", None)
    by_event = sorted(written, key=lambda event: event != "publication")
    return next(filter(None, (_day(written[event]) for event in by_event)), None)


def _day(written: str) -> datetime | None:
    """A year or a month alone stands for its first day."""
    match = _YEAR.fullmatch(written)
    return dates.parse(f"{match[1]}-{match[2] or '01'}-01" if match else written)


def _is_nav(item: ElementTree.Element) -> bool:
    return "nav" in (item.get("properties") or "").split()


def _nav(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """The table of contents; landmarks and lists of pages stand beside it."""
    kinds = {nav: (nav.get(_TYPE) or "").split() for nav in root.iter(f"{_XHTML}nav")}
    tables = [nav for nav, kind in kinds.items() if "toc" in kind]
    tables = tables or [nav for nav, kind in kinds.items() if not kind]
    for table in tables:
        for link in table.iter(f"{_XHTML}a"):
            if link.find(f".//{_XHTML}a") is not None:
                continue  # else the words of the inner one would be held once for each around it
            yield link.get("href") or "", "".join(link.itertext())


def _ncx(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for point in root.iter(f"{_NCX}navPoint"):
        content, label = point.find(f"{_NCX}content"), point.find(f"{_NCX}navLabel")
        if content is not None and label is not None:
            yield content.get("src") or "", "".join(label.itertext())


def _inside(folder: str, href: str | None) -> str:
    """The name in the archive; one that leads out of it is in no archive."""
    path = unquote((href or "").partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, path)) if path else ""


def _body(text: str, own_name: str) -> str:
    """The document's body as HTML, whose links to its own file lead inside it."""
    body = _BODY.search(text)
    last = deque(_BODY_END.finditer(text, body.end() if body else len(text)), maxlen=1)
    inside = text[body.end() : last[0].start()] if body and last else text
    html = _SELF_CLOSED.sub(r"<\1\2></\1>", inside)
    return re.sub(rf"(href\s*=\s*[\"']){re.escape(own_name)}#", r"\1#", html)


def _heading(html: str) -> str:
    """What stands in the first heading."""
    start = _HEADING.search(html)
    end = _HEADING_END.search(html, start.end()) if start else None
    return html[start.end() : end.start()] if start and end else ""


def _words(html: str) -> str:
    return unescape(_TAG.sub(" ", " ".join(_shown(html))))


def _shown(html: str) -> Iterator[str]:
    """What stands outside of scripts, styles and heads; one without an end hides nothing."""
    at = start = 0
    endless: set[str] = set()
    while found := _UNSHOWN.search(html, start):
        name, start = found[1].lower(), found.end()
        end = None if name in endless else _UNSHOWN_END[name].search(html, start)
        if end is None:
            # Nor has any that follows; looking each time would take for ever.
            endless.add(name)
            continue
        yield html[at : found.start()]
        at = start = end.end()
    yield html[at:]


def _is_deep(root: ElementTree.Element) -> bool:
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    return bool(level)
