"""The program run within this process, a hundred times faster than as one of its own.

Commands, pipeline, cache and files are the real ones. The processes that speak are replaced by a call
of what runs in them, which stands beside tests that kill the real ones.
"""

import contextlib
import functools
import io
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from unittest import mock

import msgspec
import typer.main
import typer.rich_utils

from tts_pipeline import files
from tts_pipeline.audio import tune
from tts_pipeline.batch import run as batch
from tts_pipeline.cli import program
from tts_pipeline.feed import cover
from tts_pipeline.model import Show
from tts_pipeline.site import build as site
from tts_pipeline.site import theme
from tts_pipeline.speech import registry, speaker, worker
from tts_pipeline.speech.task import Answer, Setup, Task

from .ground import Ground

_blocks = tune._blocks


class Here:
    """Workers that answer at once."""

    def __init__(self, *_: Any) -> None:
        self._more: deque[tuple[Any, Setup, Task]] = deque()

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def expect(self, setup: Setup) -> None:
        return

    def give(self, key: Any, setup: Setup, task: Task) -> None:
        self._more.append((key, setup, task))

    def run(self, tasks: Iterable[tuple[Any, Setup, Task]]) -> Iterator[tuple[Any, Answer]]:
        for key, setup, task in tasks:
            yield key, _answer(msgspec.json.encode(setup), msgspec.json.encode(task), setup, task)
        while self._more:
            key, setup, task = self._more.popleft()
            yield key, _answer(msgspec.json.encode(setup), msgspec.json.encode(task), setup, task)


_answers: dict[tuple[bytes, bytes], Answer] = {}


def _answer(asked: bytes, of: bytes, setup: Setup, task: Task) -> Answer:
    """Spoken once for all runs; a passage always sounds the same."""
    if (asked, of) not in _answers:
        engine = registry.open_engine(setup.engine, setup.options, setup.language)
        _answers[asked, of] = worker.answer(task, lambda said, _: speaker.say(engine, said))
    return _answers[asked, of]


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """What would take each run's time and changes nothing on the disk is done once."""
    with (
        mock.patch.object(batch, "open_workers", Here),
        mock.patch.object(tune, "_decode_apart", tune.decode),
        mock.patch.object(tune, "_blocks", functools.cache(lambda *of: [*_blocks(*of)])),
        mock.patch.object(site, "Theme", functools.cache(theme.Theme)),
        mock.patch.object(program, "app", typer.main.get_command(program.app)),
        mock.patch.object(cover, "embedded", _once(cover.embedded)),
        mock.patch.object(cover, "prepare", _once(cover.prepare)),
    ):
        yield


def _once(draw: Callable[[Show], Any]) -> Callable[[Show], Any]:
    known: dict[str, Any] = {}

    def drawn(show: Show) -> Any:
        if show.title not in known:
            known[show.title] = draw(show)
        return known[show.title]

    return drawn


def run(ground: Ground, commands: Iterable[list[str]] | None = None) -> tuple[int, str]:
    """The commands in order, up to the first that fails: its exit code, and standard error."""
    files.sweep.cache_clear()  # as in a new process
    told = io.StringIO()
    code = 0
    for command in commands or ground.commands:
        code = _one(command, ground.environment, told)
        if code:
            break
    return code, told.getvalue()


def _one(command: list[str], environment: dict[str, str], told: io.StringIO) -> int:
    root = logging.getLogger()
    before, root.handlers[:] = root.handlers[:], []
    with (
        mock.patch.object(sys, "argv", ["tts-pipeline", *command]),
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(told),
    ):
        try:
            program.main()
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else 1
        finally:
            root.handlers[:] = before
    return 0
