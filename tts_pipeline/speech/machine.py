"""What a machine of a cluster does: tasks in, answers out, as bytes.

The same processes speak as on one machine alone, so the sound is the same; a machine whose engine
or encoder is of another version is told to its owner, not used.
"""

import platform
import tempfile
import time
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock

import msgspec

from tts_pipeline import files
from tts_pipeline.errors import PipelineError, ProfileError
from tts_pipeline.model import Noun
from tts_pipeline.speech import passage, registry
from tts_pipeline.speech.task import Answer, Failure, Setup, Synthesis, Task, encode
from tts_pipeline.speech.workers import Workers


class Item(Noun):
    """A task with what a machine needs to do it."""

    setup: Setup
    task: Task
    identity: dict[str, str]
    """Versions of everything that shapes the sound, as they are where the command was given."""


class Done(Noun):
    """What comes back for an order."""

    answers: tuple[Answer, ...]
    """One for each of its tasks, in their order."""
    seconds: float


_order: msgspec.msgpack.Decoder[tuple[Item, ...]] = msgspec.msgpack.Decoder(tuple[Item, ...])
_done: msgspec.msgpack.Decoder[Done] = msgspec.msgpack.Decoder(Done)
decode_done = _done.decode

_idle: "SimpleQueue[Workers[int]]" = SimpleQueue()
"""Local processes with their voices open, one set a thread, taken by whoever has a task."""


def speak(order: bytes, music: bytes | None) -> bytes:
    """Do an order's tasks on this machine; a `Done`, encoded. Never raises for what they hold."""
    started = time.perf_counter()
    items = _order.decode(order)
    try:
        for item in items:
            _see_same(item)
        answers = _with_local_worker(
            [(place, item.setup, _with_music(item.task, music)) for place, item in enumerate(items)]
        )
    except PipelineError as error:
        wrong = Failure(str(error), configuration=isinstance(error, ProfileError))
        answers = (wrong,) * len(items)
    return encode(Done(answers, time.perf_counter() - started))


def _with_local_worker(tasks: list[tuple[int, Setup, Task]]) -> tuple[Answer, ...]:
    try:
        local = _idle.get_nowait()
    except Empty:
        local = Workers(1)
    try:
        answers = dict(local.run(tasks))
    except BaseException:
        local.__exit__(None, None, None)
        raise
    _idle.put(local)
    return tuple(answers[place] for place in range(len(tasks)))


def _see_same(item: Item) -> None:
    here = passage.identity(registry.facts(item.setup.engine, item.setup.options))
    if here != item.identity:
        differing = ", ".join(
            f"{name} {here.get(name, 'nothing')} instead of {item.identity.get(name, 'nothing')}"
            for name in sorted(here | item.identity)
            if here.get(name) != item.identity.get(name)
        )
        raise ProfileError(
            f"the machine {platform.node()} would sound otherwise: it has {differing}; install "
            "the same versions on all machines"
        )


_making = Lock()


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """Of this process alone, until it ends: nobody else puts music there."""
    return tempfile.TemporaryDirectory(prefix="tts-pipeline-")


def _with_music(task: Task, music: bytes | None) -> Task:
    """The task with the music where this machine finds it."""
    if music is None or not isinstance(task, Synthesis) or task.passage.music is None:
        return task
    with _making:
        folder = _folder()
    path = Path(folder.name, task.passage.music.sha256)
    files.write(path, music, durable=False)
    there = msgspec.structs.replace(task.passage.music, path=str(path))
    return Synthesis(msgspec.structs.replace(task.passage, music=there))
