"""What a server gave, or why it gave nothing."""

import re
from urllib.parse import urlsplit, urlunsplit

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Noun
from tts_pipeline.post.sources.encoding import decoded

_SECRET = re.compile(r"((?:token|key|auth|secret|password|sig|signature)[^=&]*=)[^&]*", re.I)


class GoneError(SourceError):
    """There is nothing at this address any more."""


class UnreachableError(SourceError):
    """A server that is away or in trouble, in several attempts."""


class Remembered(Noun):
    """What a server said of an answer, to ask whether it has changed."""

    etag: str | None = None
    modified: str | None = None


class Answer(Noun):
    """What a server gave."""

    url: str
    """After redirects, without a user's name and password: it may be written down."""
    body: bytes
    type: str
    """The media type, in small letters."""
    charset: str | None
    remembered: Remembered
    unchanged: bool = False
    """It is as it was remembered, and `body` is empty."""

    @property
    def text(self) -> str:
        """The body, decoded."""
        return decoded(self.body, self.charset)


def site_host(url: str) -> str:
    """An address's host, which `www.` before it makes no other site."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def bare(url: str) -> str:
    """An address without a user's name and password, which are nobody else's business."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def shown(url: str) -> str:
    """An address as it may be printed: without a user's name, password or token."""
    parts = urlsplit(bare(url))
    return urlunsplit(parts._replace(query=_SECRET.sub(r"\1...", parts.query)))
