"""Where things are served: URLs in ASCII, as directories and old apps require."""

import re
import uuid
from urllib.parse import quote, urlsplit, urlunsplit

from tts_pipeline.model import Episode, Show

_PODCAST = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid, given by the Podcasting 2.0 specification."""


_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(/[\w/:@!$&'()*+,;=.~-]*)?(#[\w-]*)?", re.ASCII)
"""What most addresses look like: nothing in them has to change."""

_SAFE = re.compile(r"[\w.~-]+", re.ASCII)
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def feed(show: Show) -> str:
    """The feed's own address."""
    return f"{base(show)}/feeds/{name(show.name)}.xml"


def archive(show: Show, number: int) -> str:
    """The address of a page of the feed's archive."""
    return f"{base(show)}/feeds/{name(show.name)}-{number}.xml"


def home(show: Show) -> str:
    """The address of the first page, where all shows are listed."""
    return f"{base(show)}/"


def page(show: Show, file: str = "index.html") -> str:
    """The address of the show's page, or of another one of its list."""
    return f"{home(show)}{name(show.name)}/{'' if file == 'index.html' else name(file)}"


def cover(show: Show, file: str) -> str:
    """The address of the cover art called `file`."""
    return f"{base(show)}/feeds/{name(file)}"


def audio(show: Show, episode: Episode) -> str:
    """The enclosure's address. The file name holds a hash, so it changes with the sound alone."""
    return f"{episode_folder(show, episode.slug)}{name(episode.audio)}"


def episode_folder(show: Show, slug: str) -> str:
    """The address of an episode's folder, which is that of its page."""
    return f"{home(show)}episodes/{name(slug)}/"


def name(of: str) -> str:
    """A file's or a folder's name as it stands in an address."""
    return of if _SAFE.fullmatch(of) else quote(of, safe="")


def base(show: Show) -> str:
    """Where the output directory is served, without a trailing slash."""
    return (web(show.base_url) or show.base_url).rstrip("/")


def podcast_guid(feed_url: str) -> str:
    """podcast:guid: UUIDv5 of the feed's address without its scheme and trailing slashes."""
    return str(uuid.uuid5(_PODCAST, feed_url.split("://", 1)[-1].rstrip("/")))


def web(url: str | None) -> str | None:
    """`url` in ASCII if it is http or https and has a host; None for all else, scripts included."""
    if url is None or _PLAIN.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if any(sign in host for sign in " \"'<>\\^`{|}") or not host.isprintable():
        return None
    host = f"[{host}]" if ":" in host else host
    host += f":{port}" if port is not None else ""
    # Whatever stands before an @ is a credential, and a feed is public.
    return urlunsplit((parts.scheme, host, *(_ascii(part) for part in parts[2:])))


def picture(url: str | None) -> str | None:
    """Like `web`, for pictures that an app loads by itself: https alone."""
    found = web(url)
    return found if found and found.startswith("https:") else None


def _ascii(part: str) -> str:
    """Percent-encoded where it must be; escapes that are there already stay."""
    return quote(_BARE_PERCENT.sub("%25", part), safe="/%:@!$&'()*+,;=?~-._", errors="replace")
