"""How long things take: pauses between requests, and when to give up."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from tts_pipeline.model import Noun


class Timeouts(Noun):
    """Seconds."""

    connect: float = 10
    read: float = 30
    total: float = 120


_ATTEMPTS = 4
"""To have one answer."""
_TIRED = 2
"""After so many answers in a row that a server did not give, it is asked once for each."""
_SPENT = 5
"""After so many, it is not asked any more. Two pages that never come do not end a site."""

Place = tuple[str, int]
"""A host and a port: a server."""


class Pace:
    """One request at a time, a pause between two to the same host, and an end where one is down."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.clock = clock
        self.sleep = sleep
        self.now = now
        self._last: dict[str, float] = {}
        self._failures: Counter[Place] = Counter()
        self._closed: dict[Place, float] = {}

    def wait(self, host: str, pause: float) -> None:
        """Until the host may be asked again."""
        left = self._last.get(host, float("-inf")) + pause - self.clock()
        if left > 0:
            self.sleep(left)

    def asked(self, host: str) -> None:
        """An answer of the host has just come, or failed to."""
        self._last[host] = self.clock()

    def trouble(self, place: Place) -> str | None:
        """Why the server is left alone."""
        if self.clock() < self._closed.get(place, float("-inf")):
            return "has asked to wait, for longer than a run does"
        if self._failures[place] >= _SPENT:
            return f"has failed {_SPENT} times in a row, and is left alone in this run"
        return None

    def attempts(self, place: Place) -> int:
        """How often the server may be asked for one answer."""
        return _ATTEMPTS if self._failures[place] < _TIRED else 1

    def answered(self, place: Place) -> None:
        """The server is well."""
        self._failures.pop(place, None)

    def failed(self, place: Place, wait: float | None) -> None:
        """An answer could not be had; the server may have asked to wait so many seconds."""
        self._failures[place] += 1
        if wait:
            self._closed[place] = self.clock() + wait
