"""Publishes in a process that can be killed at any moment, started by a fork and so in no time.

Each line on standard input is [output directory, target, endpoint, seconds, files]: after so many
seconds the process is killed, or once so many files have gone; nulls let it end. The answer is
[killed, seconds that it took].
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any

from tests.feed.making import NOW, show
from tts_pipeline.model import Podcast
from tts_pipeline.publish import dav, publish, sftp, stores  # noqa: F401  imported before the fork
from tts_pipeline.publish.target import parse


class Killer:
    def __init__(self, process: "Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask: IO[str] = process.stdin
        self._answer: IO[str] = process.stdout

    def publish(
        self,
        out: Path,
        to: str,
        endpoint: str | None,
        *,
        seconds: float | None = None,
        files: int | None = None,
    ) -> tuple[bool, float]:
        self._ask.write(json.dumps([str(out), to, endpoint, seconds, files]) + "\n")
        self._ask.flush()
        killed, took = json.loads(self._answer.readline())
        return killed, took


@contextmanager
def killer() -> Iterator[Killer]:
    with Popen(
        [sys.executable, "-m", "tests.publish.killing"], stdin=PIPE, stdout=PIPE, text=True,
        cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        yield Killer(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def _die_after(files: int) -> None:
    put, left = stores.Store.put, iter(range(files - 1))

    def counted(self: stores.Store, *given: Any) -> None:
        put(self, *given)
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    stores.Store.put = counted  # type: ignore[assignment, method-assign]


def main() -> None:
    for line in sys.stdin:
        out, to, endpoint, seconds, files = json.loads(line)
        start = time.monotonic()
        child = os.fork()
        if not child:
            if files is not None:
                _die_after(files)
            of = show(podcast=Podcast(episodes_per_page=10))
            done = publish(
                Path(out), [of], parse(to, Path(), endpoint), now=NOW, agent="test", verify=False
            )
            os._exit(0 if not done.findings else 3)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        assert killed or os.WEXITSTATUS(status) == 0, status
        sys.stdout.write(json.dumps([killed, time.monotonic() - start]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
