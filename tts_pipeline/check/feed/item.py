"""What a feed says of each episode."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element

from tts_pipeline.check.feed import channel, chapters, enclosure
from tts_pipeline.check.feed.xml import every, text
from tts_pipeline.check.rules import found
from tts_pipeline.model import Finding
from tts_pipeline.segment.chapters import cut

TRANSCRIPTS = frozenset((
    "text/vtt", "application/x-subrip", "application/srt", "text/html", "text/plain",
    "application/json",
))  # fmt: skip
_NUMBERED = re.compile(
    r"(?:#\d+\b|(?:episode|episodio|épisode|folge|ep)\b\.?\s*#?\d+|s\d+\s*e\d+\b)", re.I
)
_HTML = re.compile(r"</?([a-z][a-z0-9]{0,20})\b[^<>]*>", re.I)
_ALLOWED = frozenset(("p", "ol", "ul", "li", "a"))
_LATER = timedelta(hours=1)
"""Clocks differ."""
_SOUNDBITE = (15, 120)
"""Seconds, by the namespace."""
_SPOTIFY = 3
"""Timestamps that make chapters."""


def where(item: Element) -> str:
    """How an episode is named in a finding."""
    title, guid = text(item, "title"), text(item, "guid")
    told = repr(cut(" ".join(title.split()), 60)) if title else "an episode without title"
    return f"{told} (guid {cut(guid, 80)})" if guid else told


def date(item: Element) -> datetime | None:
    """When it was published; None if that cannot be read."""
    try:
        read = parsedate_to_datetime(text(item, "pubDate"))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def duration(item: Element) -> float | None:
    """Seconds."""
    return chapters.seconds(text(item, "itunes:duration"))


class Items:
    """Judges the episodes of a feed, one after the other, page after page."""

    def __init__(self, now: datetime) -> None:
        self.count = 0
        self.unnumbered: list[str] = []
        """The first that has no number, which only a serial show needs."""
        self._now = now
        self._page = 0
        self._guids: dict[str, int] = {}
        self._sounds: set[str] = set()

    def page(self) -> None:
        """The next page begins."""
        self._page += 1
        self._sounds.clear()

    def findings(self, item: Element) -> Iterator[Finding]:
        """What is wrong with what the feed says of it."""
        self.count += 1
        at = where(item)
        yield from _title(item, at)
        yield from self._guid(text(item, "guid"), at)
        yield from self._date(item, at)
        yield from _description(item, at)
        yield from channel.explicit(item, "item.explicit", at, required=False)
        yield from self._number(item, at)
        yield from _times(item, at)
        yield from enclosure.declared(item, self._sounds, at)
        for one in every(item, "podcast:transcript"):
            if (kind := one.get("type", "")) not in TRANSCRIPTS:
                yield found(
                    "transcript.type",
                    f"a transcript's type is {cut(kind, 40)!r}, which apps do not read: prefer "
                    "text/vtt, or application/x-subrip, application/json, text/html",
                    at,
                )

    def _guid(self, guid: str, at: str) -> Iterator[Finding]:
        if not guid:
            yield found(
                "guid.missing",
                "it has no <guid>: apps then take its address for one, and download it again when "
                "that changes. Give it one that never changes",
                at,
            )
            return
        known = len(self._guids)
        before = self._guids.setdefault(guid, self._page)
        if before != self._page:
            yield found(
                "pages.twice",
                "it stands in two pages of the feed, and apps show it twice: let each page go on "
                "where the other ends",
                at,
            )
        elif len(self._guids) == known:
            yield found(
                "guid.twice",
                "its <guid> is also that of an episode before it, and apps show one of them: give "
                "each its own",
                at,
            )

    def _date(self, item: Element, at: str) -> Iterator[Finding]:
        said, read = text(item, "pubDate"), date(item)
        if read is None:
            told = f"<pubDate> is {cut(said, 40)!r}" if said else "it has no <pubDate>"
            yield found(
                "item.date",
                f"{told}, and Apple wants a date of RFC 2822, without which it cannot be put in "
                "order: write one such as Tue, 02 Apr 2024 09:30:00 +0000",
                at,
            )
        elif read > self._now + _LATER:
            yield found(
                "item.future",
                f"its date is to come ({said}): apps hide it until then, or keep it on top. "
                "Publish it then",
                at,
            )

    def _number(self, item: Element, at: str) -> Iterator[Finding]:
        for name in ("itunes:episode", "itunes:season"):
            tags = every(item, name)
            said = text(item, name)
            if tags and not re.fullmatch(r"0*[1-9][0-9]{0,8}", said):
                yield found(
                    "item.number",
                    f"<{name}> is {cut(said, 40)!r}, and Apple wants a whole number from 1 on: "
                    "write one, or leave it out",
                    at,
                )
        full = text(item, "itunes:episodeType").lower() in ("", "full")
        if full and not text(item, "itunes:episode") and not self.unnumbered:
            self.unnumbered.append(at)


def _title(item: Element, at: str) -> Iterator[Finding]:
    title = text(item, "title") or text(item, "itunes:title")
    if not title:
        yield found("item.title", "it has no <title>, which every directory requires: add one", at)
    elif _NUMBERED.match(title):
        yield found(
            "item.numbered",
            "its title begins with a number of season or episode, which Apple does not want there: "
            "put it into <itunes:season> and <itunes:episode>",
            at,
        )


def _description(item: Element, at: str) -> Iterator[Finding]:
    said = text(item, "description")
    if not said and not text(item, "content:encoded") and not text(item, "itunes:summary"):
        yield found(
            "item.description", "it has no <description>, which Apple recommends: add one", at
        )
    elif (size := len(said.encode())) > channel.LONGEST:
        yield found(
            "item.description",
            f"its description has {size:,} bytes, and Apple takes {channel.LONGEST:,}: shorten it, "
            "and put the whole into <content:encoded>",
            at,
        )
    strange = sorted({tag[1].lower() for tag in _HTML.finditer(said)} - _ALLOWED)
    if strange:
        yield found(
            "item.description",
            f"its description has the tags {', '.join(strange[:5])}, and Apple takes p, ol, ul, li "
            "and a: use those alone",
            at,
        )
    starts = chapters.noted(said)
    if len(starts) >= _SPOTIFY:
        wrong = chapters.disorder(starts) or chapters.beyond(starts, duration(item))
        if starts[0]:
            wrong = "the first is not 00:00"
        if wrong:
            yield found(
                "item.notes",
                f"the timestamps in its description make no chapters: {wrong}. Spotify and Apple "
                "want them in order, from 00:00 on",
                at,
            )


def _times(item: Element, at: str) -> Iterator[Finding]:
    said = text(item, "itunes:duration")
    if not re.fullmatch(r"[0-9]{1,7}", said) or not int(said):
        told = f"<itunes:duration> is {cut(said, 40)!r}" if said else "it has no <itunes:duration>"
        yield found(
            "item.duration",
            f"{told}, and Apple recommends whole seconds, without which apps show none until they "
            "have the file: write them",
            at,
        )
    for psc in every(item, "psc:chapters"):
        starts = [chapters.seconds(one.get("start", "")) for one in every(psc, "psc:chapter")]
        known = [start for start in starts if start is not None]
        wrong = chapters.disorder(known) or chapters.beyond(known, duration(item))
        if len(known) < len(starts):
            wrong = f"chapter {starts.index(None) + 1} has no start such as 00:01:02.500"
        if wrong:
            yield found(
                "item.chapters",
                f"its Podlove chapters are out of order: {wrong}. Write them in order of time",
                at,
            )
    least, most = _SOUNDBITE
    for bite in every(item, "podcast:soundbite"):
        start = chapters.seconds(bite.get("startTime", ""))
        length = chapters.seconds(bite.get("duration", ""))
        if start is None or length is None or not least <= length <= most:
            yield found(
                "item.soundbite",
                f"a soundbite has no startTime, or lasts less than {least} s or more than {most} "
                "s, and apps leave it out: set both",
                at,
            )
        elif (whole := duration(item)) and start + length > whole + 1:
            yield found("item.soundbite", "a soundbite ends after the episode: move it", at)
