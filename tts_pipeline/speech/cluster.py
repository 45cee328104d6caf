"""Workers on other machines: the parent's side of a Dask cluster, and what its workers do.

A task goes out as bytes and its answer comes back as bytes, frames and all, so that no disk is
shared. On each machine the same processes speak as on one machine alone, so the sound is the same;
a machine whose engine or encoder is of another version is told to its owner, not used.
"""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from tts_pipeline import __version__, files
from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import Noun
from tts_pipeline.speech import passage, registry
from tts_pipeline.speech.task import Answer, Failure, Setup, Synthesis, Task, decode_answer, encode
from tts_pipeline.speech.workers import Workers

if TYPE_CHECKING:
    from distributed import Client, Future

K = TypeVar("K")

_AHEAD = 3
"""Tasks that the scheduler holds for each thread of the cluster, whatever is still to come."""

_RECOUNT = 50
"""Answers after which the threads are counted again, since machines come and go."""


class _Order(Noun):
    """One message to a machine."""

    setup: Setup
    task: Task
    identity: dict[str, str]
    """Versions of everything that shapes the sound, as they are where the command was given."""


_order: msgspec.msgpack.Decoder[_Order] = msgspec.msgpack.Decoder(_Order)


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
        logging.getLogger("distributed").setLevel(logging.ERROR)
        self._address = address
        seconds = dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
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
        self._window = 0
        self._keys: dict[Future[Any], K] = {}
        self._answers: Any = None
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
            SpeechError: the scheduler is gone.
        """
        from distributed import as_completed  # noqa: PLC0415

        source = iter(tasks)
        self._keys.clear()
        self._answers = as_completed()
        drained, since = False, _RECOUNT
        while True:
            if since >= _RECOUNT:
                since = 0
                self._window = _AHEAD * max(1, sum(self._client.nthreads().values()))
            while not drained and len(self._keys) < self._window:
                if (item := next(source, None)) is None:
                    drained = True
                else:
                    self.give(*item)
            if not self._keys:
                return
            future = next(self._answers)
            since += 1
            yield self._keys.pop(future), self._answer(future)

    def give(self, key: K, setup: Setup, task: Task) -> None:
        """See `Workers.give`."""
        future = self._submit(setup, task)
        self._keys[future] = key
        self._answers.add(future)

    def _submit(self, setup: Setup, task: Task) -> "Future[Any]":
        facts = registry.facts(setup.engine, setup.options)
        if facts.gpu:
            self._see_gpu(setup)
        order = encode(_Order(setup, task, passage.identity(facts)))
        tune = task.passage.music if isinstance(task, Synthesis) else None
        if tune and tune.sha256 not in self._music:
            # Sent once, however many episodes begin with it.
            content = Path(tune.path).read_bytes()
            self._music[tune.sha256] = self._client.scatter(content, broadcast=True)
        return self._client.submit(
            speak,
            order,
            self._music[tune.sha256] if tune else None,
            pure=False,
            resources={"GPU": 1} if facts.gpu else None,
        )

    def _see_gpu(self, setup: Setup) -> None:
        """Dask would wait without an end for a machine that nobody starts."""
        if not self._has_gpu:
            machines = self._client.scheduler_info()["workers"].values()
            self._has_gpu = any(machine["resources"].get("GPU") for machine in machines)
        if not self._has_gpu:
            raise ProfileError(
                f"a voice of the engine {setup.engine} speaks on a GPU, and no machine of the "
                f"cluster at {self._address} offers one; start it there with "
                f"`dask worker {self._address} --resources GPU=1`"
            )

    def _answer(self, future: "Future[Any]") -> Answer:
        if future.status == "finished":
            return decode_answer(future.result())
        if future.status in ("cancelled", "lost"):
            raise SpeechError(
                f"the Dask scheduler at {self._address} is gone; run the same command again: what "
                "was finished is kept"
            )
        error = future.exception()
        name = type(error).__name__
        if name == "KilledWorker":
            return Failure("several machines of the cluster died of it")
        if isinstance(error, ModuleNotFoundError | AttributeError):
            raise ProfileError(
                f"a machine of the cluster at {self._address} lacks this program ({error}); "
                f"install tts-pipeline {__version__} there"
            )
        return Failure(f"a machine of the cluster failed: {name}: {error}")


# ---- on the other machines -------------------------------------------------------------------

_idle: "SimpleQueue[Workers[None]]" = SimpleQueue()
"""Local processes with their voices open, one set a thread, taken by whoever has a task."""


def speak(order: bytes, music: bytes | None) -> bytes:
    """Do a task on this machine; the answer, encoded. Never raises for what a task holds."""
    try:
        given = _order.decode(order)
        _see_same(given)
        task = _with_music(given.task, music)
        return encode(_with_local_worker(lambda local: local.run([(None, given.setup, task)])))
    except ProfileError as error:
        return encode(Failure(str(error), configuration=True))


def _with_local_worker(run: Callable[[Workers[None]], Iterator[tuple[None, Answer]]]) -> Answer:
    try:
        local = _idle.get_nowait()
    except Empty:
        local = Workers(1)
    try:
        [(_, answer)] = run(local)
    except BaseException:
        local.__exit__(None, None, None)
        raise
    _idle.put(local)
    return answer


def _see_same(order: _Order) -> None:
    here = passage.identity(registry.facts(order.setup.engine, order.setup.options))
    if here != order.identity:
        import platform  # noqa: PLC0415

        differing = ", ".join(
            f"{name} {here.get(name, 'nothing')} instead of {wanted}"
            for name, wanted in sorted(order.identity.items())
            if here.get(name) != wanted
        )
        raise ProfileError(
            f"the machine {platform.node()} would sound otherwise: it has {differing}; install "
            "the same versions on all machines"
        )


def _with_music(task: Task, music: bytes | None) -> Task:
    """The task with the music where this machine finds it."""
    if music is None or not isinstance(task, Synthesis) or task.passage.music is None:
        return task
    digest = hashlib.sha256(music).hexdigest()
    path = Path(tempfile.gettempdir()) / "tts-pipeline-music" / digest
    if not path.exists():
        files.write(path, music)
    there = msgspec.structs.replace(task.passage.music, path=str(path))
    return Synthesis(msgspec.structs.replace(task.passage, music=there))


def open_workers(jobs: int, cluster: str | None) -> "Workers[Any] | Cluster[Any]":
    """Processes here, or a cluster's."""
    return Cluster(cluster) if cluster else Workers(jobs)
