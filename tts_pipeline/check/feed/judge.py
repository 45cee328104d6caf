"""A feed, its pages and what they name -> findings."""

import heapq
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin
from xml.etree.ElementTree import Element

from tts_pipeline.check.checked import Checked
from tts_pipeline.check.feed import channel, xml
from tts_pipeline.check.feed.asker import Asker
from tts_pipeline.check.feed.gathered import Gathered
from tts_pipeline.check.feed.item import Items, date
from tts_pipeline.check.feed.named import Named
from tts_pipeline.check.feed.xml import NoFeedError, every, text
from tts_pipeline.check.rules import found
from tts_pipeline.errors import CheckError
from tts_pipeline.model import Finding, Noun, Severity
from tts_pipeline.post.sources.answer import shown
from tts_pipeline.segment.chapters import cut

LARGEST = 50_000_000
"""Bytes of a feed that is read."""
_VALID = 5_000_000
"""Bytes that the W3C's validator takes."""
_MANY = 1000
"""Items of one file, which each app reads each time."""
_OLDEST = datetime.min.replace(tzinfo=UTC)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)

Judge = Callable[[Element], Iterator[Finding]]


class Asked(Noun):
    """How much is asked for."""

    episodes: int | None = 10
    """The newest so many, whose files are asked for; all if None."""
    pages: int | None = 20
    """Pages of the archive; all if None."""


class Feed:
    """Judges one feed."""

    def __init__(
        self,
        asker: Asker,
        asked: Asked,
        now: datetime,
        judges: tuple[Judge, ...] = (),
        tick: Callable[[float], None] = lambda _: None,
    ) -> None:
        """What is needed for it.

        Args:
            asker: asks for what the feed names.
            asked: how much of it.
            now: the time.
            judges: what else is asked of each episode.
            tick: told which further share, 0 to 1, of the work is done.
        """
        self.gathered = Gathered()
        self.pages: set[str] = set()
        """The addresses of the pages that were read."""
        self._asker, self._asked, self._judges, self._tick = asker, asked, judges, tick
        self._items = Items(now)
        self._named = Named(asker)
        self._newest: list[tuple[datetime, int, Element]] = []
        self._share = 0.0
        self._unwalked = False

    def judge(
        self, data: bytes, url: str, addresses: tuple[str, ...], guids: tuple[str, ...]
    ) -> None:
        """All of it.

        Args:
            data: the feed.
            url: where it stands.
            addresses: what it may call its own.
            guids: any of these is its podcast:guid; none: that cannot be known.
        """
        self.pages.add(url)
        try:
            head = self._read(data, "the feed", whole=self._asked.episodes is None)
        except NoFeedError as error:
            self.gathered.add([error.finding])
            return
        self.gathered.add(channel.findings(head))
        self.gathered.add(self._own(head, addresses, guids))
        self.gathered.add(self._named.channel(head))
        self._walk(head, url)
        if not self._items.count:
            self.gathered.add([
                found("feed.empty", "it has no <item>, and directories take no show without one: "
                      "publish an episode first")
            ])  # fmt: skip
        if channel.serial(head) and self._items.unnumbered:
            self.gathered.add([
                found("item.number", "it has no <itunes:episode>, which Apple requires in a serial "
                      "show, here or in others: number the episodes", self._items.unnumbered[0])
            ])  # fmt: skip
        chosen = sorted(self._newest, key=lambda one: (one[0], one[1]), reverse=True)
        for _, _, item in chosen:
            self.gathered.add(self._named.item(item))
            self._tick(1 / len(chosen))

    def checked(self, name: str) -> Checked:
        """What came of it."""
        findings = self.gathered.all()
        count, most = self._items.count, self._asked.episodes
        left = []
        if most is not None and count > most:
            left.append(f"files of {count - most:,} older episodes")
        if self._unwalked:
            left.append(f"pages after {self._asked.pages}")
        unasked = [f"{' and '.join(left)}; --all asks for them"] if left else []
        silent = sorted(self._asker.silent)
        unasked += [f"more of {host}, which does not answer" for host in silent]
        return Checked(
            path=name,
            right=all(finding.severity is not Severity.ERROR for finding in findings),
            findings=findings,
            episodes=count,
            unasked="; ".join(unasked) or None,
        )

    def _read(self, data: bytes, what: str, *, whole: bool) -> Element:
        self._items.page()
        before = self._items.count
        self._share = 1 / max(1, data.count(b"</item>")) if whole else 0
        if (size := len(data)) > _VALID:
            self.gathered.add([
                found("feed.large", f"{what} has {size:,} bytes, and validators refuse more than "
                      f"{_VALID:,}: split it into pages (RFC 5005), or shorten the notes")
            ])  # fmt: skip
        head = xml.read(data, self._item)
        if (count := self._items.count - before) > _MANY:
            self.gathered.add([
                found("feed.many", f"{what} has {count:,} episodes, which every app reads each "
                      "time: split it into pages (RFC 5005)")
            ])  # fmt: skip
        return head

    def _item(self, item: Element) -> None:
        self.gathered.add(self._items.findings(item))
        for judge in self._judges:
            self.gathered.add(judge(item))
        if self._asked.episodes is None:
            self.gathered.add(self._named.item(item))
            self._tick(self._share)
            return
        heapq.heappush(self._newest, (date(item) or _OLDEST, -self._items.count, item))
        if len(self._newest) > self._asked.episodes:
            heapq.heappop(self._newest)

    def _own(
        self, head: Element, addresses: tuple[str, ...], guids: tuple[str, ...]
    ) -> Iterator[Finding]:
        own = _link(head, "self")
        if own not in addresses:
            told = f"is {cut(own, 200)!r}" if own else "is missing"
            yield found(
                "feed.self",
                f'<atom:link rel="self"> {told}, and the feed stands at {shown(addresses[0])}: '
                "write that, by which apps and hubs know the feed",
            )
        said = text(head, "podcast:guid")
        right = guids[0] if guids else "the UUID that its address gives"
        if not said:
            yield found(
                "feed.guid",
                "there is no <podcast:guid>, by which Podcasting 2.0 knows the show wherever it "
                f"moves: write {right}",
            )
        elif not _UUID.fullmatch(said):
            yield found(
                "feed.guid",
                f"<podcast:guid> is {cut(said, 60)!r}, which is no UUID: write {right}",
            )
        elif guids and said.lower() not in guids:
            yield found(
                "feed.guid",
                f"<podcast:guid> is {said}, and Podcasting 2.0 makes {right} of "
                f"{shown(addresses[0])}: "
                "leave it if the show has kept it from an earlier address, else correct it",
            )

    def _walk(self, head: Element, url: str) -> None:
        """The older pages (RFC 5005), as far as they go."""
        number = 0
        while link := _link(head, "next") or _link(head, "prev-archive"):
            url = _joined(url, link)
            number += 1
            if self._asked.pages is not None and number > self._asked.pages:
                self._unwalked = True
                return
            try:
                head = self._page(url)
            except CheckError as error:
                self.gathered.add([
                    found("pages.broken", f"the page {cut(url, 200)} {error}: what is older is "
                          "lost to apps that follow the pages. Write the feed anew, with its pages")
                ])  # fmt: skip
                return

    def _page(self, url: str) -> Element:
        """An older page, read.

        Raises:
            CheckError: there is none; the end of a sentence.
        """
        if url in self.pages:
            raise CheckError("was read before: the pages go round in a circle")
        self.pages.add(url)
        got = self._asker.get(url, LARGEST)
        if got is None or got.status != HTTPStatus.OK or not got.whole:
            raise CheckError("cannot be had")
        try:
            return self._read(got.body, f"the page {url}", whole=False)
        except NoFeedError as error:
            raise CheckError(f"cannot be read: {error}") from error


def _link(head: Element, rel: str) -> str:
    links = every(head, "atom:link")
    return next((one.get("href", "").strip() for one in links if one.get("rel") == rel), "")


def _joined(url: str, link: str) -> str:
    try:
        return urldefrag(urljoin(url, link)).url
    except ValueError:
        return link
