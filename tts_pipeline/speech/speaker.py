"""Utterances in, sounds out; for an engine that carries state, in a process of their own.

Such an engine is opened in a small process that never says a word. It forks a child for each
passage: what the child says depends on its utterances alone, and a crash or a hang costs nothing
else. The process is small because each page that parent or child touches after a fork is paid
for again.
"""

import gc
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from multiprocessing.connection import Connection

import msgspec

from tts_pipeline.errors import PipelineError, ProfileError, UnavailableError
from tts_pipeline.model import Noun, Utterance
from tts_pipeline.speech.engine import Engine, Sound
from tts_pipeline.speech.task import Failure, encode

Said = list[Sound] | Failure
"""The sound of each utterance, or why there is none."""

_item: msgspec.msgpack.Decoder[Sound | Failure] = msgspec.msgpack.Decoder(Sound | Failure)

_LENGTH = 4
"""Bytes before each item that a child leaves: the item's length."""


class _Request(Noun, array_like=True):
    utterances: tuple[Utterance, ...]
    seconds: int


_request: msgspec.msgpack.Decoder[_Request] = msgspec.msgpack.Decoder(_Request)


def say(engine: Engine, utterances: Sequence[Utterance]) -> Said:
    """Say them here."""
    return _collected(_items(engine, utterances))


def _items(engine: Engine, utterances: Iterable[Utterance]) -> Iterator[Sound | Failure]:
    """The sound of each utterance; a failure ends them."""
    try:
        for utterance in utterances:
            yield engine.speak(utterance.text, utterance.pace)
    except Exception as error:
        yield failure(error)


def _collected(items: Iterable[Sound | Failure]) -> Said:
    sounds = []
    for item in items:
        if isinstance(item, Failure):
            return item
        sounds.append(item)
    return sounds


def failure(error: Exception) -> Failure:
    """As a sentence; a foreign engine may raise anything, and the post that met it is told."""
    known = isinstance(error, PipelineError)
    return Failure(
        str(error) if known else f"{type(error).__name__}: {error}",
        unavailable=isinstance(error, UnavailableError),
    )


def refused(error: Exception) -> Failure:
    """Why an engine cannot be opened."""
    return Failure(
        failure(error).message,
        configuration=isinstance(error, ProfileError),
        unavailable=not isinstance(error, ProfileError),
    )


class Speaker:
    """An engine that stands ready in a process of its own, and speaks in that one's children."""

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        """Start the process; best before anything large is imported here."""
        self._sounds = _nameless_file()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = os.fork()
            if self._process == 0:
                try:
                    _close_all_but(theirs.fileno(), self._sounds)
                    _serve(Connection(theirs.detach()), self._sounds, open_engine)
                finally:
                    os._exit(0)
        self._connection = Connection(ours.detach())

    def refusal(self) -> Failure | None:
        """Why the engine cannot be opened, if it cannot; must be asked once, and first."""
        told = self._connection.recv_bytes()
        return msgspec.msgpack.decode(told, type=Failure | None)

    def say(self, utterances: tuple[Utterance, ...], seconds: int) -> Said:
        """Say them in a child, which an alarm ends after so many seconds.

        Raises:
            EOFError: the process has died.
        """
        self._connection.send_bytes(encode(_Request(utterances, seconds)))
        status = int.from_bytes(self._connection.recv_bytes(), "big")
        said = _collected(self._left())
        if isinstance(said, Failure) or len(said) == len(utterances):
            return said
        at = repr(utterances[len(said)].text)
        if not os.WIFSIGNALED(status):
            return Failure(f"the engine ended at {at} without an answer")
        number = os.WTERMSIG(status)
        if number == signal.SIGALRM:
            return Failure(f"the engine did not finish at {at} within {seconds} s")
        return Failure(f"the engine crashed at {at} ({signal.Signals(number).name})")

    def _left(self) -> Iterator[Sound | Failure]:
        """What the child left, as far as it is whole."""
        end, place = os.fstat(self._sounds).st_size, 0
        while place < end:
            length = int.from_bytes(os.pread(self._sounds, _LENGTH, place), "big")
            data = os.pread(self._sounds, length, place + _LENGTH)
            place += _LENGTH + length
            if place <= end:
                yield _item.decode(data)

    def close(self) -> None:
        """Let the process end; waits until it has."""
        self._connection.close()
        os.close(self._sounds)
        os.waitpid(self._process, 0)


def _nameless_file() -> int:
    """Where children leave their sounds: a pipe would copy them through the process between."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("sounds")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _close_all_but(*kept: int) -> None:
    """A file that stays open here would keep its other end waiting when our parent has died."""
    for low, high in pairwise((2, *sorted(kept), os.sysconf("SC_OPEN_MAX"))):
        os.closerange(low + 1, high)


def _serve(connection: Connection, sounds: int, open_engine: Callable[[], Engine]) -> None:
    """Open the engine, tell how that went, and let a child answer each request."""
    try:
        engine = open_engine()
    except Exception as error:
        connection.send_bytes(encode(refused(error)))
        return
    connection.send_bytes(encode(None))
    gc.freeze()
    try:
        while True:
            request = _request.decode(connection.recv_bytes())
            os.ftruncate(sounds, 0)
            child = os.fork()
            if child == 0:
                try:
                    _answer(request, engine, sounds)
                finally:
                    os._exit(0)
            _, status = os.waitpid(child, 0)
            connection.send_bytes(status.to_bytes(4, "big"))
    except (EOFError, ConnectionError):
        return


def _answer(request: _Request, engine: Engine, sounds: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(request.seconds)

    place = 0
    for item in _items(engine, request.utterances):
        data = encode(item)
        rest = memoryview(len(data).to_bytes(_LENGTH, "big") + data)
        while rest:
            written = os.pwrite(sounds, rest, place)
            rest, place = rest[written:], place + written
