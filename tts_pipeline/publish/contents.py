"""What belongs to a show: its feed and all that this names, its pages, and what all shows share."""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from tts_pipeline.errors import PublishError
from tts_pipeline.feed import address
from tts_pipeline.model import Noun, Show


class Phase(IntEnum):
    """The order in which files go: what is named goes before what names it."""

    MEDIA = 0
    COMPANION = 1
    """Transcripts, chapters, pictures, and what pages are made with."""
    PAGE = 2
    """Of an episode."""
    LIST = 3
    """Pages that lead to pages."""
    ARCHIVE = 4
    """A feed's older pages."""
    FEED = 5


class Enclosure(Noun):
    """A sound that a feed names."""

    name: str
    url: str
    length: int


class Contents(Noun):
    """What one show publishes."""

    show: str
    files: dict[str, Phase]
    """By name below the output directory, with slashes."""
    feed: str
    feed_url: str
    hub: str | None
    enclosures: tuple[Enclosure, ...]
    hashes: dict[str, str]
    """SHA-256 (hex) of each sound of which the feed tells it."""


_MEDIA = frozenset({".mp3", ".m4a", ".opus", ".ogg", ".wav"})
_TOLD = 3
"""Files that are not as the feed says, of perhaps thousands."""
_PODCAST = "{https://podcastindex.org/namespace/1.0}"
_NAMING = {
    "enclosure": "url",
    f"{_PODCAST}chapters": "url",
    f"{_PODCAST}image": "href",
    f"{_PODCAST}source": "uri",
    f"{_PODCAST}transcript": "url",
    "{http://www.itunes.com/dtds/podcast-1.0.dtd}image": "href",
    "{http://www.w3.org/2005/Atom}link": "href",
}
"""The elements that name files which must be there, and the attributes in which they do."""


def contents(show: Show, out: Path) -> Contents:
    """What `show` publishes from `out`, read from its feed as it lies there.

    Raises:
        PublishError: there is no feed, or it names what is not there or has another size.
    """
    feed = f"feeds/{show.name}.xml"
    found = _Found(show, out)
    found.read()
    see_true(show.name, out, found.missing)
    for name in _beside(out, found.enclosures.values()):
        found.add(name)
    for name in _pages(out, show.name):
        found.add(name)
    return Contents(
        show=show.name,
        files=found.files,
        feed=feed,
        feed_url=address.feed(show),
        hub=address.web(show.podcast.hub),
        enclosures=tuple(found.enclosures.values()),
        hashes=found.hashes,
    )


def see_true(show: str, out: Path, wrong: Sequence[str]) -> None:
    """Raises PublishError if anything is wrong with a show's feed."""
    if wrong:
        told = "; ".join(wrong[:_TOLD])
        more = f"; and {len(wrong) - _TOLD} more like that" if len(wrong) > _TOLD else ""
        raise PublishError(
            f"{told}{more}. Run `tts-pipeline feed feeds/{show}.toml --out {out}` again"
        )


class _Found:
    """What was found so far."""

    def __init__(self, show: Show, out: Path) -> None:
        self._out = out
        self._feed = f"feeds/{show.name}.xml"
        self._base = f"{address.base(show)}/"
        self._archive = re.compile(rf"feeds/{re.escape(show.name)}-\d+\.xml")
        self.files: dict[str, Phase] = {}
        self.enclosures: dict[str, Enclosure] = {}
        self.hashes: dict[str, str] = {}
        self.missing: list[str] = []

    def add(self, name: str) -> None:
        self.files[name] = self._phase(name)

    def _phase(self, name: str) -> Phase:
        if name == self._feed:
            return Phase.FEED
        if self._archive.fullmatch(name):
            return Phase.ARCHIVE
        suffix = name[name.rfind(".") :]
        if suffix in _MEDIA:
            return Phase.MEDIA
        if name.startswith("episodes/"):
            # A transcript is HTML too, and a page leads to it.
            return Phase.PAGE if name.endswith("/index.html") else Phase.COMPANION
        return Phase.LIST if suffix in (".html", ".xml", ".json") else Phase.COMPANION

    def read(self) -> None:
        """Take up the feed, and the older pages to which each page leads."""
        pages, seen = [self._feed], {self._feed}
        for feed in pages:
            path = self._out / feed
            self.add(feed)
            for element in _elements(path):
                url = element.get(_NAMING[str(element.tag)]) or ""
                name = self._name(url)
                if name and (digest := _integrity(element)):
                    self.hashes[name] = digest
                if name is None or name in seen:
                    continue
                seen.add(name)
                if self._archive.fullmatch(name):
                    self.add(name)
                    pages.append(name)
                else:
                    self._take(path, element, name, url)

    def _take(self, feed: Path, element: etree._Element, name: str, url: str) -> None:
        path = self._out / name
        try:
            size = path.stat().st_size
        except OSError:
            self.missing.append(f"{feed} names {path}, which is not there")
            return
        if element.tag == "enclosure":
            length = int(element.get("length") or 0)
            if size != length:
                self.missing.append(f"{feed} says {length} bytes of {path}, which has {size}")
            self.enclosures[name] = Enclosure(name, url, length)
        self.add(name)

    def _name(self, url: str) -> str | None:
        """The file below the output directory that an address means; None: it is not ours."""
        if not url.startswith(self._base):
            return None
        name = unquote(url[len(self._base) :].partition("#")[0].partition("?")[0])
        if not name or name.endswith("/"):
            name += "index.html"
        hidden = any(part.startswith(".") or not part for part in name.split("/"))
        return None if hidden or "\\" in name or "\0" in name else name


def _elements(path: Path) -> Iterator[etree._Element]:
    """Those of a feed that name files."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(path.read_bytes(), parser)
    except (OSError, etree.XMLSyntaxError) as error:
        why = getattr(error, "strerror", None) or error
        raise PublishError(
            f"{path} cannot be read: {why}. Run `tts-pipeline feed` before `publish`."
        ) from error
    yield from root.iter(*_NAMING)


def _integrity(source: etree._Element) -> str | None:
    """What the feed says of the content of a `podcast:source`, which has it beside it."""
    if source.tag != f"{_PODCAST}source" or (parent := source.getparent()) is None:
        return None
    for each in parent.iter(f"{_PODCAST}integrity"):
        kind, _, digest = (each.get("value") or "").partition("sha256-")
        if not kind and digest:
            return b64decode(digest).hex()
    return None


def _beside(out: Path, enclosures: Iterable[Enclosure]) -> Iterator[str]:
    """What lies beside sounds under the same stem, and the episodes' pages."""
    for each in enclosures:
        folder, _, audio = each.name.rpartition("/")
        stem = audio.rpartition(".")[0]
        for path in sorted((out / folder).iterdir()):
            if path.name == "index.html" or path.name.startswith(f"{stem}."):
                yield f"{folder}/{path.name}"


def _pages(out: Path, show: str) -> Iterator[str]:
    """The show's pages, and what all shows share."""
    for pattern in (f"{show}/*.html", f"{show}/*.json", "*.html", "sitemap*.xml", "assets/*"):
        for path in sorted(out.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(out).as_posix()
