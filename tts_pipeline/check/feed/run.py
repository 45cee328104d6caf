"""A show's feed as it is written, and a feed as it is served, checked."""

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from tts_pipeline.check.checked import Checked
from tts_pipeline.check.feed import served
from tts_pipeline.check.feed.asker import Folder, Web
from tts_pipeline.check.feed.guids import Before, Records
from tts_pipeline.check.feed.judge import LARGEST, Asked, Feed
from tts_pipeline.check.rules import found
from tts_pipeline.errors import CheckError
from tts_pipeline.feed import address, channel
from tts_pipeline.model import Show
from tts_pipeline.post.sources.answer import shown
from tts_pipeline.post.sources.look import Look, Looker
from tts_pipeline.post.sources.wire import phrase

_ACCEPT = "application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"

Tick = Callable[[float], None]


def of_show(
    show: Show,
    path: Path,
    out: Path,
    *,
    now: datetime,
    before: Before | None = None,
    tick: Tick = lambda _: None,
) -> Checked:
    """The feed in the output directory, its pages, and every file that they name.

    Args:
        show: whose feed it is.
        path: the show's file, which names it in what is told.
        out: the output directory.
        now: the time.
        before: the feed as it was.
        tick: told which further share, 0 to 1, of the work is done.

    Raises:
        CheckError: there is no feed, or it cannot be read.
    """
    file = out / "feeds" / f"{show.name}.xml"
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise CheckError(
            f"{file} is not there: write it with `tts-pipeline feed {path} --out {out}`"
        ) from error
    except OSError as error:
        raise CheckError(f"{file} cannot be read: {error.strerror or error}") from error
    judges = (Records(show, out).findings, *([before.findings] if before else []))
    url = address.feed(show)
    feed = Feed(Folder(show, out), Asked(episodes=None, pages=None), now, judges, tick)
    feed.judge(data, url, (url,), (channel.guid(show),))
    for page in _archives(show, out):
        if page not in feed.pages:
            feed.gathered.add([
                found("pages.broken", f"{page} is a page that no other leads to: write the feed "
                      "anew, with its pages")
            ])  # fmt: skip
    return feed.checked(str(path))


def of_address(
    url: str,
    looker: Looker,
    *,
    now: datetime,
    asked: Asked | None = None,
    before: Before | None = None,
    tick: Tick = lambda _: None,
) -> Checked:
    """The feed at an address, whoever wrote it.

    Args:
        url: of the feed.
        looker: asks for it, and for what it names.
        now: the time.
        asked: how much is asked for.
        before: the feed as it was.
        tick: told which further share, 0 to 1, of the work is done.

    Raises:
        CheckError: it cannot be had.
        SourceError: likewise.
    """
    look = fetch(url, looker)
    judges = (before.findings,) if before else ()
    feed = Feed(Web(looker), asked or Asked(), now, judges, tick)
    feed.gathered.add(served.findings(url, look, looker))
    addresses = tuple(dict.fromkeys((look.url, url)))
    # At home it is not at the address that its guid comes from.
    guids = () if served.at_home(url) else tuple(map(address.podcast_guid, addresses))
    feed.judge(look.body, look.url, addresses, guids)
    return feed.checked(shown(url))


def fetch(url: str, looker: Looker) -> Look:
    """What stands at the address of a feed.

    Raises:
        CheckError: no feed, or one larger than is read.
        SourceError: it cannot be had.
    """
    look = looker.look("GET", url, headers={"Accept": _ACCEPT}, most=LARGEST)
    if look.status != HTTPStatus.OK:
        raise CheckError(
            f"{shown(url)} answers {phrase(look.status)}: there is no feed to be checked"
        )
    if not look.whole:
        raise CheckError(
            f"{shown(url)} is larger than {LARGEST // 1_000_000} MB, which no app reads: split it "
            "into pages (RFC 5005)"
        )
    return look


def _archives(show: Show, out: Path) -> list[str]:
    """The addresses of the archive's pages that lie there."""
    named = re.compile(rf"{re.escape(show.name)}-(\d+)\.xml")
    numbers = [
        int(match[1])
        for path in (out / "feeds").iterdir()
        if (match := named.fullmatch(path.name)) and channel.ARCHIVE.encode() in path.read_bytes()
    ]
    return [address.archive(show, number) for number in sorted(numbers)]
