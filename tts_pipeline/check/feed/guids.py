"""Guids as they were: what gets a new one is downloaded again by every app."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from tts_pipeline import fingerprint
from tts_pipeline.check.feed import enclosure, xml
from tts_pipeline.check.feed.item import where
from tts_pipeline.check.feed.xml import text
from tts_pipeline.check.rules import found
from tts_pipeline.feed import address
from tts_pipeline.feed.index import Index
from tts_pipeline.model import Finding, Show


class Before:
    """The guids of a feed as it was, found again by what else tells an episode."""

    def __init__(self, data: bytes) -> None:
        """`data` is the earlier feed.

        Raises:
            NoFeedError: it cannot be read.
        """
        self._guids: set[str] = set()
        self._by_mark: dict[str, str] = {}
        xml.read(data, self._keep)

    def _keep(self, item: Element) -> None:
        guid = text(item, "guid")
        if guid:
            self._guids.add(guid)
            for mark in _marks(item):
                self._by_mark.setdefault(mark, guid)

    def findings(self, item: Element) -> Iterator[Finding]:
        """Whether an episode that was there has another guid now."""
        guid = text(item, "guid")
        if not guid or guid in self._guids:
            return
        old = next((self._by_mark[mark] for mark in _marks(item) if mark in self._by_mark), None)
        if old is not None:
            yield _changed(old, item)


def _marks(item: Element) -> Iterator[str]:
    """What an episode can be told by but its guid; nothing of it need be there."""
    url, _, _ = enclosure.of(item)
    if url:
        yield f"sound {url}"
    if link := text(item, "link"):
        yield f"link {link} {text(item, 'title')}"
    if date := text(item, "pubDate"):
        yield f"date {date} {text(item, 'title')}"


class Records:
    """The guids and sounds of the library's records."""

    def __init__(self, show: Show, out: Path) -> None:
        """Read the index of the records.

        Raises:
            OutputError: the index cannot be written.
        """
        self._start = f"{address.base(show)}/episodes/"
        self._suffix = show.select.guid_suffix
        with Index(out, fingerprint.code()) as index:
            self._known = {
                entry.episode.slug: (entry.episode.guid, entry.episode.audio)
                for _, entry in index.entries()
            }

    def findings(self, item: Element) -> Iterator[Finding]:
        """Whether the feed tells of the episode as its record does."""
        url, _, _ = enclosure.of(item)
        if not url.startswith(self._start):
            return
        slug, _, name = (unquote(part) for part in url[len(self._start) :].partition("/"))
        if slug not in self._known:
            return
        guid, audio = self._known[slug]
        if text(item, "guid") not in (expected := f"{guid}{self._suffix}", expected.strip()):
            yield _changed(expected, item)
        if name != audio:
            yield found(
                "enclosure.old",
                f"the feed names {name}, and the record {audio}: the episode was made anew since. "
                "Write the feed again",
                where(item),
            )


def _changed(old: str, item: Element) -> Finding:
    return found(
        "guid.changed",
        f"its <guid> was {old!r}: every app takes it for a new episode and downloads it again. "
        "Give it back the guid that it had",
        where(item),
    )
