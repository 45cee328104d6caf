"""How a server gives the feed itself."""

import ipaddress
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from tts_pipeline.check.rules import found
from tts_pipeline.errors import SourceError
from tts_pipeline.model import Finding
from tts_pipeline.post.sources.look import Look, Looker
from tts_pipeline.post.sources.wire import phrase

_TYPES = frozenset(("application/rss+xml", "application/xml", "text/xml"))
_FOR_GOOD = frozenset((301, 308))


def findings(asked: str, look: Look, looker: Looker) -> Iterator[Finding]:
    """What is wrong with the answer, and with a second one.

    Args:
        asked: the feed's address, as given.
        look: what came.
        looker: asks again.
    """
    if look.type not in _TYPES:
        yield found(
            "feed.type",
            f"the feed is served as {look.type or 'nothing'}, and apps expect application/rss+xml: "
            "set the server's type for it",
        )
    for status, url in look.hops:
        if status in _FOR_GOOD:
            continue
        yield found(
            "feed.moved",
            f"the feed redirects with {phrase(status)} to {url}, and apps keep asking the old "
            "address: if it has moved for good, answer 301 and write <itunes:new-feed-url>",
        )
    yield from _unchanged(look, looker)
    yield from _secure(asked, look, looker)


def _unchanged(look: Look, looker: Looker) -> Iterator[Finding]:
    """Whether a feed that has not changed is sent again (RFC 9110, section 13)."""
    asked = {
        name: look.headers[header]
        for name, header in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        if header in look.headers
    }
    if not asked:
        yield found(
            "feed.validators",
            "the server tells neither ETag nor Last-Modified of the feed, so every app fetches it "
            "whole each time: let it send one",
        )
        return
    try:
        again = looker.look("GET", look.url, headers=asked, most=1).status
    except SourceError:
        return  # it was there a moment ago, and what else is asked for will tell
    if again != HTTPStatus.NOT_MODIFIED:
        yield found(
            "feed.unchanged",
            f"asked for the feed with {' and '.join(asked)}, the server answers {phrase(again)} "
            "though nothing has changed, so every app fetches it whole each time: let it answer "
            "304",
        )


def _secure(asked: str, look: Look, looker: Looker) -> Iterator[Finding]:
    """Whether everybody ends at https; at home nobody has to."""
    if at_home(asked):
        return
    parts = urlsplit(asked)
    if urlsplit(look.url).scheme != "https":
        yield found(
            "feed.https",
            "the feed is served over http, which many apps refuse or warn of: serve it over https, "
            "and let http redirect there",
        )
    elif parts.scheme == "https" and parts.port is None:
        plain = parts._replace(scheme="http").geturl()
        try:
            end = looker.look("HEAD", plain)
        except SourceError:
            return  # nothing answers there, so nobody is misled
        if urlsplit(end.url).scheme != "https" and end.status == HTTPStatus.OK:
            yield found(
                "feed.https",
                f"{plain} answers without leading to https, where apps would take it for another "
                "feed: let it redirect there with 301",
            )


def at_home(url: str) -> bool:
    """Whether an address is of this machine or its network, and not one that is published."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
