"""The parent's side of the workers: tasks in, answers out, on all cores, in bounded memory."""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Generic, TypeVar, cast

from tts_pipeline.speech import registry
from tts_pipeline.speech.task import OVERDUE, Answer, Failure, Setup, Task, decode_answer, encode

K = TypeVar("K")

_AHEAD = 2
"""Tasks for each that can be in work at once: that one and one waiting, so that nobody idles."""


_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 26), "MALLOC_TRIM_THRESHOLD_": str(1 << 27)}
"""Tells glibc to keep the memory of one passage for the next: new pages cost more than the copies
that they hold."""


class _Worker(Generic[K]):
    """One process and the tasks that it has been given."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.concurrency = registry.facts(setup.engine, setup.options).concurrency
        """Tasks that it works on at once, if it waits for something else than this machine."""
        self.tasks: deque[tuple[K, Task, int]] = deque()
        """Key, task, and how many workers it has already outlived."""
        self.answered = False
        ours, theirs = socket.socketpair()
        with theirs:
            # A session of its own, so that Ctrl-C reaches the parent alone, which then closes
            # the socket; nothing of the parent is inherited that could change a sound.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tts_pipeline.speech.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env={**_MEMORY, **os.environ},
            )
        self.connection = Connection(ours.detach())
        self._send(encode(setup))

    def give(self, key: K, task: Task, deaths: int = 0) -> None:
        self.tasks.append((key, task, deaths))
        self._send(encode(task))

    def _send(self, message: bytes) -> None:
        # A worker that has died is noticed where its answers are awaited.
        with suppress(ConnectionError):
            self.connection.send_bytes(message)

    def close(self) -> None:
        """End the process, and with it those that speak for it; one that is idle ends by itself."""
        self.connection.close()
        if self.answered and not self.tasks:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Workers(Generic[K]):
    """Up to `jobs` processes a voice, started when there is work for them.

    A voice that waits for a server instead has one process, with as many threads as it declares.
    """

    def __init__(self, jobs: int) -> None:
        """`jobs`: how many processes speak at once."""
        self._jobs = jobs
        self._workers: list[_Worker[K]] = []

    def __enter__(self) -> "Workers[K]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.close()
        self._workers.clear()

    def run(self, tasks: Iterable[tuple[K, Setup, Task]]) -> Iterator[tuple[K, Answer]]:
        """Answer each task, in the order in which they are done.

        Tasks are drawn only as fast as they are worked on, so a generator of any length is
        fine. A worker that dies is replaced and its tasks are given to its successor, once.
        Who is told a failure may `give` another task instead.
        """
        source = iter(tasks)
        drained = False
        while True:
            while not drained and self._outstanding() < _AHEAD * self._at_once():
                if (item := next(source, None)) is None:
                    drained = True
                else:
                    self.give(*item)
            busy = {worker.connection: worker for worker in self._workers if worker.tasks}
            if not busy:
                return
            for ready in wait(list(busy)):
                worker = busy[cast("Connection", ready)]
                try:
                    answer = decode_answer(worker.connection.recv_bytes())
                except (EOFError, ConnectionError):
                    yield from self._replace(worker)
                    continue
                key, _, _ = worker.tasks.popleft()
                worker.answered = True
                yield key, answer

    def give(self, key: K, setup: Setup, task: Task) -> None:
        """One more task for the run that is going on."""
        self._least_busy(setup).give(key, task)

    def expect(self, setup: Setup) -> None:
        """Let one process open this voice while the first task for it is being prepared."""
        if all(worker.setup != setup for worker in self._workers):
            self._workers.append(_Worker(setup))

    def _outstanding(self) -> int:
        return sum(len(worker.tasks) for worker in self._workers)

    def _at_once(self) -> int:
        """Tasks that can be in work together."""
        return self._jobs + sum(worker.concurrency or 0 for worker in self._workers)

    def _least_busy(self, setup: Setup) -> _Worker[K]:
        """A worker with this voice: an idle one, else a new one, else the least loaded."""
        able = [worker for worker in self._workers if worker.setup == setup]
        chosen = min(able, key=lambda worker: len(worker.tasks), default=None)
        if chosen is None or (
            chosen.tasks and chosen.concurrency is None and len(able) < self._jobs
        ):
            chosen = _Worker(setup)
            self._workers.append(chosen)
        return chosen

    def _replace(self, dead: _Worker[K]) -> Iterator[tuple[K, Answer]]:
        """Hand a dead worker's tasks to a new one; give up on a task that two died of."""
        dead.close()
        self._workers.remove(dead)
        code = dead.process.returncode
        for place, (key, task, deaths) in enumerate(dead.tasks):
            if place == 0 and deaths:
                why = (
                    "the engine did not come back in time"
                    if code == OVERDUE
                    else f"two workers died of it (exit status {code})"
                )
                yield key, Failure(why)
            else:
                self._least_busy(dead.setup).give(key, task, deaths + (place == 0))
