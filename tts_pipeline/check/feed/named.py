"""What a feed names: sounds, transcripts, files of chapters, pictures, each asked for."""

from collections.abc import Generator, Iterator
from http import HTTPStatus
from xml.etree.ElementTree import Element

from tts_pipeline.check.feed import chapters, enclosure, picture
from tts_pipeline.check.feed.asker import ORIGIN, Asker
from tts_pipeline.check.feed.channel import image
from tts_pipeline.check.feed.item import TRANSCRIPTS, duration, where
from tts_pipeline.check.feed.xml import every
from tts_pipeline.check.rules import found
from tts_pipeline.errors import CheckError
from tts_pipeline.feed.address import web
from tts_pipeline.model import Finding
from tts_pipeline.post.sources.look import Look
from tts_pipeline.post.sources.wire import phrase
from tts_pipeline.segment.chapters import cut

_MOST = 10
"""Transcripts of an episode that are asked for."""
_CHAPTERS = frozenset(("application/json+chapters", "application/json"))
_SAME = ({"audio/mpeg", "audio/mp3"}, {"audio/x-m4a", "audio/mp4", "audio/m4a"},
         {"application/x-subrip", "application/srt", "text/srt"})  # fmt: skip
_NO_HEAD = frozenset((403, 405, 501))


class Named:
    """Asks for what channel and items name; a picture of many is asked for once."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._pictures: set[str] = set()

    def channel(self, channel: Element) -> Iterator[Finding]:
        """The show's cover."""
        if not image(channel):
            yield found(
                "cover.missing",
                "there is no <itunes:image>, which Apple requires: name a square JPEG or PNG of "
                "1400 to 3000 px",
            )
            return
        yield from self._picture(image(channel), "", "the cover")

    def item(self, item: Element) -> Iterator[Finding]:
        """All of an episode's."""
        at = where(item)
        yield from self._sound(item, at)
        for one in every(item, "podcast:transcript")[:_MOST]:
            yield from self._transcript(one, at)
        for one in every(item, "podcast:chapters")[:1]:
            yield from self._chapters(one, duration(item), at)
        if image(item):
            yield from self._picture(image(item), at, "its picture")

    # ---- sounds --------------------------------------------------------------------------------

    def _sound(self, item: Element, at: str) -> Iterator[Finding]:
        url, length, kind = enclosure.of(item)
        if not url:
            return
        try:
            head = self._asker.head(url)
            # Some servers answer nothing but GET, and the file may be there all the same.
            part = self._asker.part(url) if head and self._worth(head) else None
        except CheckError as error:
            yield found("enclosure.gone", f"its sound {error}", at)
            return
        if head is None:
            return
        if head.status != HTTPStatus.OK:
            if part is None or part.status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
                yield found(
                    "enclosure.gone",
                    f"its sound cannot be had: {_answer(head)}. Put the file there, or take the "
                    "episode out",
                    at,
                )
                return
            yield found(
                "enclosure.head",
                f"{url} is there, yet HEAD is answered with {phrase(head.status)}, and Apple asks "
                "with it: let the server answer HEAD",
                at,
            )
        yield from _told(part if head.status != HTTPStatus.OK and part else head, kind, at)
        yield from _sizes(head, part, length, at)

    def _worth(self, head: Look) -> bool:
        return self._asker.served and head.status in (HTTPStatus.OK, *_NO_HEAD)

    # ---- files beside them ---------------------------------------------------------------------

    def _transcript(self, tag: Element, at: str) -> Iterator[Finding]:
        url = tag.get("url", "").strip()
        got = yield from self._file(url, 0, "a transcript", "transcript", at)
        kind = tag.get("type", "").strip().lower()
        if got and kind in TRANSCRIPTS and not _alike(got.type, kind):
            yield found(
                "transcript.served",
                f"a transcript is served as {got.type or 'nothing'}, and the feed says {kind}: set "
                f"the server's type for {got.url}",
                at,
            )

    def _chapters(self, tag: Element, seconds: float | None, at: str) -> Iterator[Finding]:
        url = tag.get("url", "").strip()
        got = yield from self._file(url, chapters.LIMIT, "its file of chapters", "chapterfile", at)
        if got is None:
            return
        if got.type not in _CHAPTERS:
            yield found(
                "chapterfile.served",
                f"its file of chapters is served as {got.type or 'nothing'}, and apps expect "
                f"application/json+chapters: set the server's type for {url}",
                at,
            )
        try:
            starts = chapters.listed(got.body)
        except ValueError as error:
            yield found(
                "chapterfile.contents",
                f"its file of chapters, {url}, {error}, and apps show none: write JSON "
                "chapters 1.2",
                at,
            )
            return
        if wrong := chapters.disorder(starts):
            yield found(
                "chapterfile.order",
                f"its chapters are out of order: in {url} {wrong}. Write them in order of time",
                at,
            )
        if wrong := chapters.beyond(starts, seconds):
            yield found(
                "chapterfile.end",
                f"its chapters do not fit: in {url} {wrong}. Correct them, or <itunes:duration>",
                at,
            )

    def _file(
        self, url: str, most: int, what: str, group: str, at: str
    ) -> Generator[Finding, None, Look | None]:
        """What is there, once it is told what is wrong with the way to it.

        Args:
            url: where.
            most: bytes that it may have; 0: it is not read.
            what: what it is, as a sentence begins.
            group: of the rules.
            at: the episode whose it is.
        """
        try:
            got = self._had(url, most)
            if most:
                _see_whole(got, most)
        except CheckError as error:
            yield found(
                f"{group}.gone",
                f"{what} {error}. Put it there, or take its tag out of the feed",
                at,
            )
            return None
        if got and self._asker.served:
            allowed = got.headers.get("access-control-allow-origin")
            if allowed not in ("*", ORIGIN):
                yield found(
                    f"{group}.shared",
                    f"{what} is served without Access-Control-Allow-Origin: *, so that players in "
                    "browsers cannot read it (Podcasting 2.0 asks for it): let the server send it",
                    at,
                )
        return got

    def _had(self, url: str, most: int) -> Look | None:
        """What stands at an address.

        Raises:
            CheckError: nothing; the end of a sentence.
        """
        if web(url or None) is None:
            raise CheckError(f"has the address {cut(url, 100)!r}, which is not http or https")
        got = self._asker.get(url, most) if most else self._asker.head(url)
        if not most and got and got.status in _NO_HEAD:
            got = self._asker.part(url)
            if got and got.status == HTTPStatus.PARTIAL_CONTENT:
                return got
        if got and got.status != HTTPStatus.OK:
            raise CheckError(f"cannot be had: {_answer(got)}")
        return got

    # ---- pictures ------------------------------------------------------------------------------

    def _picture(self, url: str, at: str, what: str) -> Iterator[Finding]:
        if url in self._pictures:
            return
        self._pictures.add(url)
        try:
            got = self._had(url, picture.LARGEST)
        except CheckError as error:
            yield found("cover.missing", f"{what} {error}. Apple requires it: put it there", at)
            return
        if got:
            yield from picture.findings(got, what, at)


def _see_whole(got: Look | None, most: int) -> None:
    """Raises CheckError if it is larger."""
    if got and not got.whole:
        raise CheckError(f"is larger than {most // 1_000_000} MB: {got.url}")


def _told(look: Look, kind: str, at: str) -> Iterator[Finding]:
    if kind in enclosure.TYPES and not _alike(look.type, kind):
        yield found(
            "enclosure.served",
            f"its sound is served as {look.type or 'nothing'}, and the feed says {kind}: apps go "
            "by either, so let the server and the feed agree",
            at,
        )


def _sizes(head: Look, part: Look | None, length: int | None, at: str) -> Iterator[Finding]:
    """Whether the length is told, is that of the feed, and parts can be had (RFC 9110, 14)."""
    told = head.headers.get("content-length", "") if head.status == HTTPStatus.OK else ""
    if part is not None:
        spanned, _, whole = part.headers.get("content-range", "").partition("/")
        if part.status != HTTPStatus.PARTIAL_CONTENT or spanned.lower() != "bytes 0-1":
            yield found(
                "enclosure.range",
                f"a part of {part.url} was asked for, and the answer was {phrase(part.status)}"
                f"{f' with {spanned[:40]!r}' if spanned else ''}. Apple requires byte ranges, and "
                "nobody can seek without: use a server that has them",
                at,
            )
        told = told or whole
    if length is not None and told != str(length):
        yield found(
            "enclosure.bytes",
            f"its enclosure's length is {length:,} bytes, and the file's is "
            f"{f'{int(told):,}' if told.isdecimal() else 'not told'}: Apple requires the exact "
            "one. Write the feed anew, or put the right file there",
            at,
        )


def _alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= kinds for kinds in _SAME)


def _answer(look: Look) -> str:
    return f"{look.url} answers {phrase(look.status)}"
