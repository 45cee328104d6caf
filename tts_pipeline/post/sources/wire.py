"""What goes wrong on the way to a server and back, and what comes whole."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin

import httpcore
import httpx

from tts_pipeline.errors import SourceError
from tts_pipeline.post.sources.answer import shown
from tts_pipeline.post.sources.encoding import Inflater, TooLargeError

MOVED = frozenset((301, 302, 303, 307, 308))
REDIRECTS = 8
"""At most."""

FAULTS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    OSError,
)


@contextmanager
def sentences(url: str, most: int) -> Iterator[None]:
    """What goes wrong for good when `url` is asked becomes a SourceError; FAULTS stay."""
    try:
        yield
    except TooLargeError as error:
        raise TooLargeError(
            f"{shown(url)} is not taken: {error}; {most // 1_000_000} MB are"
        ) from error
    except zlib.error as error:
        raise SourceError(f"{shown(url)} sends broken gzip: {error}") from error
    except (httpx.InvalidURL, UnicodeError, httpcore.UnsupportedProtocol) as error:
        raise SourceError(f"{shown(url)} is no address that can be asked: {error}") from error
    except httpx.HTTPError as error:
        # What goes wrong on the wire is httpcore's to say; this is an address to go to.
        raise SourceError(f"{shown(url)} leads nowhere: {error}") from error


def limited(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The body, unpacked, up to a limit on both sides.

    Raises:
        TooLargeError: there is more.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise SourceError(
            f"{shown(str(response.url))} sends {coding[:20]!r}, which was not asked for"
        )
    inflater = None if coding in ("identity", "") else Inflater(most)
    left = most
    for data in response.stream:  # type: ignore[union-attr]
        left -= len(data)
        if left < 0:
            raise TooLargeError("it is larger than is taken")
        yield inflater.feed(data) if inflater else data
    if inflater and not inflater.is_whole():
        raise httpcore.RemoteProtocolError("its gzip ends in the middle")


def joined(url: str, moved: str) -> str:
    """Where a redirect leads.

    Raises:
        SourceError: nowhere.
    """
    try:
        return urldefrag(urljoin(url, moved)).url
    except ValueError as error:
        raise SourceError(f"{shown(url)} leads nowhere: {error}") from error


def phrase(status: int) -> str:
    """`404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def reason(error: Exception) -> str:
    """A fault of the wire as a clause."""
    if isinstance(error, httpcore.TimeoutException):
        return f"it does not answer in time ({error})".removesuffix(" ()")
    return str(error) or type(error).__name__
