"""HTTP with manners and limits.

One request at a time, a pause between two to a host, patience with a server in trouble, and an end
to everything.
"""

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import httpx
import msgspec

from tts_pipeline import retryafter
from tts_pipeline.errors import SourceError
from tts_pipeline.post.sources import guard, robots
from tts_pipeline.post.sources.answer import (
    Answer,
    GoneError,
    Remembered,
    UnreachableError,
    bare,
    shown,
)
from tts_pipeline.post.sources.pace import Pace, Timeouts
from tts_pipeline.post.sources.wire import (
    FAULTS,
    MOVED,
    REDIRECTS,
    joined,
    limited,
    phrase,
    reason,
    sentences,
)

log = logging.getLogger(__name__)

AGENT = "tts-pipeline"
"""What robots.txt calls this program."""

LARGEST = 20_000_000
"""Bytes of an answer, unpacked."""
_BACKOFF = 2.0
"""Seconds before the second attempt; twice as long before each further one."""
_PATIENCE = 120.0
"""Seconds that a server may ask to wait; a longer wait is for the next run."""

_IN_TROUBLE = frozenset((408, 425, 429, 500, 502, 503, 504))
_GONE = frozenset((404, 410))


class Client:
    """Fetches for one source."""

    def __init__(
        self,
        *,
        agent: str = AGENT,
        named: tuple[str, ...] = (),
        allow_private: bool = False,
        pause: float = 1.0,
        pace: Pace | None = None,
        timeouts: Timeouts | None = None,
        resolver: Callable[[str, int], list[str]] = guard.resolve,
        hint: str = guard.HINT,
    ) -> None:
        """A client that may fetch from anywhere in public.

        Args:
            agent: the User-Agent.
            named: the addresses that the user wrote; `allow_private` is for their hosts alone.
            allow_private: whether these may have private addresses.
            pause: seconds between two requests to a host.
            pace: shared by the clients of a run.
            timeouts: how long an answer may take.
            resolver: names to IP addresses.
            hint: how a private address is allowed.
        """
        self._pace = pace or Pace()
        self._pause = pause
        self._timeouts = timeouts or Timeouts()
        self._named = frozenset(guard.place(url) for url in named)
        self._logins = {_origin(url): login for url in named if (login := _login(url))}
        self._backend = guard.Backend(
            self._named if allow_private else frozenset(), resolver=resolver, hint=hint
        )
        self._robots = robots.Robots(partial(self.get, most=robots.LARGEST), AGENT)
        self._http = httpx.Client(
            transport=guard.Transport(self._backend),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        remembered: Remembered | None = None,
        page: bool = False,
        most: int = LARGEST,
    ) -> Answer:
        """What stands at `url`.

        Args:
            url: where.
            accept: media types, best first.
            remembered: what an earlier answer said; the new one may be `unchanged`.
            page: whether robots.txt has a say.
            most: bytes, packed or not.

        Raises:
            GoneError: nothing stands there.
            SourceError: it cannot be had; names the address and why.
        """
        headers = {"Accept": accept}
        if remembered and remembered.etag:
            headers["If-None-Match"] = remembered.etag
        if remembered and remembered.modified:
            headers["If-Modified-Since"] = remembered.modified
        return self._followed("GET", url, headers, None, page=page, most=most)

    def ask(self, url: str, question: object, *, most: int = LARGEST) -> Any:
        """The JSON that answers a question in JSON.

        Raises:
            SourceError: as `get` does, or what comes is not JSON.
        """
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        content = msgspec.json.encode(question)
        answer = self._followed("POST", url, headers, content, page=False, most=most)
        try:
            return msgspec.json.decode(answer.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise SourceError(f"{shown(answer.url)} does not answer in JSON: {error}") from error

    def _followed(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | None,
        *,
        page: bool,
        most: int,
    ) -> Answer:
        asked = url
        for _ in range(REDIRECTS + 1):
            guard.see_allowed(url, self._named)
            if page:
                self._pause = max(self._pause, self._robots.pause(url))
            answer, moved = self._patient(method, url, headers, content, most)
            if answer is not None:
                return answer
            url = joined(url, moved)
            headers = {key: value for key, value in headers.items() if not key.startswith("If-")}
        raise SourceError(
            f"{shown(asked)} leads on and on: more than {REDIRECTS} redirects, the last to "
            f"{shown(url)}"
        )

    def _patient(
        self, method: str, url: str, headers: dict[str, str], content: bytes | None, most: int
    ) -> tuple[Answer | None, str]:
        """The answer, or where it has moved, in several attempts."""
        place = guard.place(url)
        wait = _BACKOFF
        if trouble := self._pace.trouble(place):
            raise UnreachableError(f"{shown(url)} was not asked for: {place[0]} {trouble}")
        attempts = self._pace.attempts(place)
        for attempt in range(1, attempts + 1):
            self._pace.wait(place[0], self._pause)
            asked: float | None = None
            try:
                with sentences(url, most):
                    response, body = self._once(method, url, headers, content, most)
            except FAULTS as error:
                why, is_servers = reason(error), True
            else:
                if response.status_code not in _IN_TROUBLE:
                    self._pace.answered(place)
                    return self._taken(url, response, body)
                why = f"it answers {phrase(response.status_code)}"
                # A fault of a program there may be that of one page.
                is_servers = response.status_code != HTTPStatus.INTERNAL_SERVER_ERROR
                asked = _asked_to_wait(response, self._pace.now())
            finally:
                self._pace.asked(place[0])
            if attempt == attempts or (asked or 0) > _PATIENCE:
                break
            log.debug("%s: %s; attempt %d", shown(url), why, attempt)
            self._pace.sleep(max(asked or 0, wait))
            wait *= 2
        if is_servers:
            self._pace.failed(place, asked if (asked or 0) > _PATIENCE else None)
        later = f"; it asks to wait {asked:.0f} seconds" if asked else ""
        times = f"{attempt} attempts" if attempt > 1 else "one attempt"
        raise UnreachableError(f"{shown(url)} cannot be fetched, in {times}: {why}{later}")

    def _once(
        self, method: str, url: str, headers: dict[str, str], content: bytes | None, most: int
    ) -> tuple[httpx.Response, bytes]:
        response = self._sent(method, url, headers, content)
        try:
            return response, b"".join(limited(response, most))
        finally:
            response.close()

    def _sent(
        self, method: str, url: str, headers: dict[str, str], content: bytes | None
    ) -> httpx.Response:
        """An answer whose body is still to be read; whoever reads it closes it."""
        self._backend.deadline = time.monotonic() + self._timeouts.total
        request = self._http.build_request(method, url, headers=headers, content=content)
        # What a source's own address says of a user counts for its site alone, and stays here.
        return self._http.send(request, auth=self._logins.get(_origin(url)), stream=True)

    def _taken(self, url: str, response: httpx.Response, body: bytes) -> tuple[Answer | None, str]:
        status = response.status_code
        if status in MOVED and response.headers.get("location"):
            return None, response.headers["location"]
        if status in _GONE:
            raise GoneError(f"{shown(url)} answers {phrase(status)}")
        if status not in (200, 203, 304):
            raise SourceError(f"{shown(url)} answers {phrase(status)}")
        media, _, parameters = response.headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.I)
        return Answer(
            url=bare(url),
            body=body,
            type=media.strip().lower(),
            charset=charset[1] if charset else None,
            remembered=Remembered(
                response.headers.get("etag"), response.headers.get("last-modified")
            ),
            unchanged=status == HTTPStatus.NOT_MODIFIED,
        ), ""


def _origin(url: str) -> tuple[str, str, int]:
    return (urlsplit(url).scheme, *guard.place(url))


def _login(url: str) -> httpx.BasicAuth | None:
    parts = urlsplit(url)
    if parts.username is None:
        return None
    return httpx.BasicAuth(unquote(parts.username), unquote(parts.password or ""))


def _asked_to_wait(response: httpx.Response, now: datetime) -> float | None:
    """Seconds of Retry-After; a date counts from the answer's own, if it has one."""
    answered = response.headers.get("date") or format_datetime(now)
    return retryafter.seconds(response.headers.get("retry-after"), answered)
