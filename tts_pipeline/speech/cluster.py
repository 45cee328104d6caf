"""The parent's side of a Dask cluster.

Tasks go out as bytes and their answers come back as bytes, frames and all, so that no disk is
shared.
"""

import logging
from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import msgspec

from tts_pipeline import __version__
from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import Music
from tts_pipeline.speech import machine, passage, registry
from tts_pipeline.speech.task import Answer, Failure, Setup, Synthesis, Task, encode
from tts_pipeline.speech.workers import Workers

if TYPE_CHECKING:
    from distributed import Client, Future

K = TypeVar("K")

_Order = list[tuple[K, Setup, Task]]
_Ended = tuple[_Order[K], bytes | BaseException]
"""An order with what came back for it."""

_AHEAD = 3
"""Orders that the scheduler holds for each thread of the cluster, whatever is still to come."""

_RECOUNT = 50
"""Orders done after which the threads are counted again, since machines come and go."""

_SECONDS = 0.2
"""What one order should take: Dask spends milliseconds on each, and half a kilobyte for good, while
a machine that dies costs the order that it was at."""

_MOST = 32
"""Tasks in one order, however fast the voice is."""


class _Kind(NamedTuple):
    """What the tasks of an order have in common."""

    engine: str
    gpu: bool
    music: Music | None

    @classmethod
    def of(cls, setup: Setup, task: Task) -> "_Kind":
        tune = task.passage.music if isinstance(task, Synthesis) else None
        return cls(setup.engine, registry.facts(setup.engine, setup.options).gpu, tune)


class Cluster(Generic[K]):
    """Stands where `Workers` stands: tasks in, answers out, in the order in which they are done."""

    def __init__(self, address: str) -> None:
        """Join the scheduler at `address`, such as tcp://10.0.0.1:8786.

        How long it is waited for is Dask's `distributed.comm.timeouts.connect`, 30 s by default.

        Raises:
            ProfileError: there is no scheduler, or it has no workers.
        """
        try:
            import dask  # noqa: PLC0415  an extra, and a second of start
            import distributed  # noqa: PLC0415
        except ImportError as error:
            raise ProfileError(
                "a cluster needs Dask: install it with pip install 'tts-pipeline[cluster]'"
            ) from error
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._address = address
        seconds = dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
        self._patience: float = seconds
        try:
            self._client: Client = distributed.Client(address, timeout=seconds)
        except (OSError, ValueError, TimeoutError) as error:
            raise ProfileError(
                f"there is no Dask scheduler at {address} ({error}); start one with "
                "`dask scheduler`, and workers with `dask worker ADDRESS`"
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=seconds)
        except TimeoutError as error:
            self._client.close()
            raise ProfileError(
                f"the Dask scheduler at {address} has no workers; start some with "
                f"`dask worker {address}` where tts-pipeline is installed"
            ) from error
        self._in_work = 0
        """Orders that are not answered yet."""
        self._ended: SimpleQueue[_Ended[K]] = SimpleQueue()
        self._pace: dict[str, float] = {}
        """Seconds that a task took of late, for each engine."""
        self._suspects: _Order[K] = []
        """Tasks of orders that failed, each to be tried when nothing else is in work."""
        self._music: dict[str, Future[Any]] = {}
        self._has_gpu = False

    def __enter__(self) -> "Cluster[K]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def expect(self, setup: Setup) -> None:
        """See `Workers.expect`; machines open voices when the first task comes."""

    def run(self, tasks: Iterable[tuple[K, Setup, Task]]) -> Iterator[tuple[K, Answer]]:
        """See `Workers.run`.

        Raises:
            ProfileError: a machine lacks the program, or none has the GPU that a voice needs.
            SpeechError: the scheduler is gone, or all machines are.
        """
        orders = self._filled(tasks)
        drained, since, window = False, _RECOUNT, 0
        while True:
            if since >= _RECOUNT:
                since = 0
                window = _AHEAD * max(1, sum(self._client.nthreads().values()))
            while not drained and self._in_work < window:
                if (order := next(orders, None)) is None:
                    drained = True
                else:
                    self._submit(order)
            alone = not self._in_work
            if alone:
                if not self._suspects:
                    return
                self._submit([self._suspects.pop()])
            ended = self._next()
            since += 1
            yield from self._answers(ended, alone=alone)

    def give(self, key: K, setup: Setup, task: Task) -> None:
        """See `Workers.give`."""
        self._submit([(key, setup, task)])

    def _filled(self, tasks: Iterable[tuple[K, Setup, Task]]) -> Iterator[_Order[K]]:
        """Tasks in orders of about `_SECONDS`; one each until an engine's pace is known."""
        order: _Order[K] = []
        kind: _Kind | None = None
        seconds = 0.0
        for item in tasks:
            last, kind = kind, _Kind.of(*item[1:])
            if order and kind != last:
                yield order
                order, seconds = [], 0.0
            order.append(item)
            seconds += self._pace.get(kind.engine, _SECONDS)
            if seconds >= _SECONDS or len(order) == _MOST:
                yield order
                order, seconds = [], 0.0
        if order:
            yield order

    def _submit(self, order: _Order[K]) -> None:
        _, gpu, tune = _Kind.of(*order[0][1:])
        if gpu:
            self._see_gpu(order[0][1])
        items = [
            machine.Item(setup, task, passage.identity(registry.facts(setup.engine, setup.options)))
            for _, setup, task in order
        ]
        if tune and tune.sha256 not in self._music:
            # Sent once, however many episodes begin with it.
            content = Path(tune.path).read_bytes()
            self._music[tune.sha256] = self._client.scatter(content, broadcast=True)
        future = self._client.submit(
            machine.speak,
            encode(items),
            self._music[tune.sha256] if tune else None,
            pure=False,
            resources={"GPU": 1} if gpu else None,
        )
        self._in_work += 1
        cast(Any, self._client.loop).add_callback(self._fetch, order, future)

    async def _fetch(self, order: _Order[K], future: "Future[Any]") -> None:
        """Runs beside; an answer whose machine died before it was fetched is made again."""
        try:
            answer = await self._client.gather(future, asynchronous=True)
        except (Exception, CancelledError) as error:
            self._ended.put((order, error))
        else:
            self._ended.put((order, answer))

    def _see_gpu(self, setup: Setup) -> None:
        """Dask would wait without an end for a machine that nobody starts."""
        self._has_gpu = self._has_gpu or any(each["resources"].get("GPU") for each in self._there())
        if not self._has_gpu:
            raise ProfileError(
                f"a voice of the engine {setup.engine} speaks on a GPU, and no machine of the "
                f"cluster at {self._address} offers one; start it there with "
                f"`dask worker {self._address} --resources GPU=1`"
            )

    def _next(self) -> "_Ended[K]":
        """The next order that is done; Dask would wait without an end for machines that died."""
        while True:
            with suppress(Empty):
                ended = self._ended.get(timeout=self._patience)
                self._in_work -= 1
                return ended
            if not self._there():
                raise SpeechError(
                    f"the cluster at {self._address} has no machines left; start some with "
                    f"`dask worker {self._address}`, and run the same command again: what was "
                    "finished is kept"
                )

    def _there(self) -> "list[Any]":
        """The machines of the cluster, as Dask describes them."""
        return list(self._client.scheduler_info()["workers"].values())

    def _answers(self, ended: "_Ended[K]", *, alone: bool) -> Iterator[tuple[K, Answer]]:
        order, answer = ended
        if isinstance(answer, CancelledError):
            raise SpeechError(
                f"the Dask scheduler at {self._address} is gone; run the same command again: what "
                "was finished is kept"
            )
        if isinstance(answer, ModuleNotFoundError | AttributeError | msgspec.ValidationError):
            raise ProfileError(
                f"a machine of the cluster at {self._address} lacks this program, or has another "
                f"version of it ({answer}); install tts-pipeline {__version__} there"
            )
        if isinstance(answer, bytes):
            done = machine.decode_done(answer)
            self._pace[order[-1][1].engine] = done.seconds / len(order)
            for (key, _, _), each in zip(order, done.answers, strict=True):
                yield key, each
        elif not alone:
            # Another task, on the same machine, may be to blame.
            self._suspects += order
        else:
            name = type(answer).__name__
            why = (
                "several machines of the cluster died of it"
                if name == "KilledWorker"
                else f"a machine of the cluster failed: {name}: {answer}"
            )
            yield order[0][0], Failure(why)


def open_workers(jobs: int, cluster: str | None) -> "Workers[Any] | Cluster[Any]":
    """Processes here, or a cluster's."""
    return Cluster(cluster) if cluster else Workers(jobs)
