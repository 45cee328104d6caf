"""One request and what came of it, whatever that is: for those who judge servers."""

from collections import Counter
from functools import cached_property

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Noun
from tts_pipeline.post.sources import guard
from tts_pipeline.post.sources.answer import UnreachableError, shown
from tts_pipeline.post.sources.client import Client
from tts_pipeline.post.sources.encoding import TooLargeError
from tts_pipeline.post.sources.wire import (
    FAULTS,
    MOVED,
    REDIRECTS,
    joined,
    limited,
    reason,
    sentences,
)

_PATIENCE = 2
"""Faults of a host after which it is not asked any more."""


class SilentError(UnreachableError):
    """A host that has failed before, and was not asked again."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} does not answer, and was not asked again")
        self.host = host


class Look(Noun):
    """What a server answered."""

    url: str
    """After redirects."""
    status: int
    headers: dict[str, str]
    """By names in small letters."""
    body: bytes = b""
    whole: bool = True
    """Whether the body was not larger than was asked for; else it is empty."""
    hops: tuple[tuple[int, str], ...] = ()
    """The status of each redirect, and where it led."""

    @property
    def type(self) -> str:
        """The media type, in small letters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Looker(Client):
    """Asks once, and tells what came."""

    @cached_property
    def _faults(self) -> Counter[str]:
        """By host."""
        return Counter()

    def look(
        self, method: str, url: str, *, headers: dict[str, str] | None = None, most: int = 0
    ) -> Look:
        """Ask for `url` and, at each redirect, for where it leads.

        Args:
            method: HEAD or GET.
            url: where.
            headers: what else to say.
            most: bytes of a body; no more is read of a larger one.

        Raises:
            SilentError: the host could not be reached before.
            UnreachableError: it cannot be reached, or does not end.
            SourceError: it must not be asked, or what it says cannot be read.
        """
        asked = url
        hops: list[tuple[int, str]] = []
        while len(hops) <= REDIRECTS:
            guard.see_allowed(url, self._named)
            look = self._asked(method, url, headers or {}, most)
            moved = look.headers.get("location")
            if look.status not in MOVED or not moved:
                return Look(url, look.status, look.headers, look.body, look.whole, hops=tuple(hops))
            url = joined(url, moved)
            hops.append((look.status, url))
        raise SourceError(f"{shown(asked)} leads on and on: more than {REDIRECTS} redirects")

    def _asked(self, method: str, url: str, headers: dict[str, str], most: int) -> Look:
        host, _ = guard.place(url)
        if self._faults[host] >= _PATIENCE:
            raise SilentError(host)
        self._pace.wait(host, self._pause)
        try:
            with sentences(url, most):
                response = self._sent(method, url, headers, None)
                try:
                    body, whole = b"".join(limited(response, most)), True
                except TooLargeError:
                    body, whole = b"", False
                finally:
                    response.close()
        except FAULTS as error:
            self._faults[host] += 1
            raise UnreachableError(f"{shown(url)} cannot be had: {reason(error)}") from error
        finally:
            self._pace.asked(host)
        return Look(url, response.status_code, dict(response.headers), body, whole)
