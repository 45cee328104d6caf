"""How long things take: pauses between requests, and when to give up."""

import time
from collections.abc import Callable

from tts_pipeline.model import Noun


class Timeouts(Noun):
    """Seconds."""

    connect: float = 10
    read: float = 30
    total: float = 120


class Pace:
    """One request at a time, and a pause between two to the same host."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock = clock
        self.sleep = sleep
        self._last: dict[str, float] = {}

    def wait(self, host: str, pause: float) -> None:
        """Until the host may be asked again."""
        left = self._last.get(host, float("-inf")) + pause - self.clock()
        if left > 0:
            self.sleep(left)

    def asked(self, host: str) -> None:
        """An answer of the host has just come, or failed to."""
        self._last[host] = self.clock()
