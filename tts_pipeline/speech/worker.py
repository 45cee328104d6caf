"""A process that speaks and encodes: `python -m tts_pipeline.speech.worker FD`.

It opens one engine with one voice and answers tasks over a socket until the other side closes it,
in the order in which they came; an engine that waits for a server works on several at once.
"""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING, NoReturn

import msgspec

from tts_pipeline.model import Utterance
from tts_pipeline.speech import registry
from tts_pipeline.speech.calibration import CALIBRATION
from tts_pipeline.speech.engine import Engine, Facts
from tts_pipeline.speech.speaker import Said, Speaker, failure, refused, say
from tts_pipeline.speech.task import (
    OVERDUE,
    Answer,
    Calibration,
    Failure,
    Gain,
    Rehearsal,
    Rehearsed,
    Setup,
    Spoken,
    Task,
    decode_task,
    encode,
)

if TYPE_CHECKING:
    from concurrent.futures import Future

Speak = Callable[[tuple[Utterance, ...], int], Said]
"""Utterances and the seconds that they may take, to their sounds."""

_GRACE = 20
"""Seconds that a task may take besides what its text allows."""


def main() -> None:
    """Serve until the socket closes."""
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, ConnectionError), ExitStack() as closing:
        setup = msgspec.msgpack.decode(connection.recv_bytes(), type=Setup)
        try:
            declared = registry.facts(setup.engine, setup.options)
            speak = _speaking(setup, declared, closing)
        except Exception as error:
            told = refused(error)
            _serve(connection, lambda _: told)
        if declared.concurrency is None:
            _serve(connection, partial(answer, speak=speak))
        else:
            once = partial(answer, speak=speak, attempts=1)
            _serve_at_once(connection, once, declared.concurrency)


def _serve(connection: Connection, reply: Callable[[Task], Answer]) -> NoReturn:
    while True:
        connection.send_bytes(encode(reply(decode_task(connection.recv_bytes()))))


def _serve_at_once(
    connection: Connection, reply: Callable[[Task], Answer], threads: int
) -> NoReturn:
    """The same with so many tasks in work; the answers keep the order of the tasks."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  others start sooner

    pool = ThreadPoolExecutor(threads)
    answers: SimpleQueue[Future[Answer]] = SimpleQueue()

    def tell() -> None:
        try:
            while True:
                connection.send_bytes(encode(answers.get().result()))
        finally:
            os._exit(1)

    threading.Thread(target=tell, daemon=True).start()
    try:
        while True:
            answers.put(pool.submit(reply, decode_task(connection.recv_bytes())))
    finally:
        # Nobody is left to hear what is being spoken.
        os._exit(0)


def _speaking(setup: Setup, declared: Facts, closing: ExitStack) -> Speak:
    """The voice, ready to speak; `closing` will end what was started for it."""
    open_engine = partial(registry.open_engine, setup.engine, setup.options, setup.language)
    if not (declared.carries_state and hasattr(os, "fork")):
        return _within(declared, partial(_say_here, open_engine()))
    speaker = Speaker(open_engine)
    closing.callback(speaker.close)
    # Numpy and LAME are loaded while the other process opens the engine.
    from tts_pipeline.speech import render  # noqa: F401, PLC0415

    if told := speaker.refusal():
        return lambda _, __: told
    return _within(declared, speaker.say)


def _within(declared: Facts, speak: Speak) -> Speak:
    """By the engine's own limit of time, if it has one."""
    if (each := declared.seconds) is None:
        return speak
    return lambda utterances, _: speak(utterances, _GRACE + each * len(utterances))


def _say_here(engine: Engine, utterances: tuple[Utterance, ...], seconds: int) -> Said:
    """Say them in this process, which ends if that takes too long: no call can be interrupted."""
    overdue = threading.Timer(seconds, os._exit, (OVERDUE,))
    overdue.daemon = True
    overdue.start()
    try:
        return say(engine, utterances)
    finally:
        overdue.cancel()


def answer(task: Task, speak: Speak, attempts: int = 2) -> Answer:
    """Do the task; what fails is tried once more, unless the engine sees to that."""
    for _ in range(attempts):
        told = _attempt(task, speak)
        if not isinstance(told, Failure):
            break
    return told


def time_limit(task: Task) -> int:
    """Seconds that a task may take to be spoken: hundreds of times what it needs."""
    if isinstance(task, Calibration):
        return 60
    return _GRACE + sum(len(utterance.text) for utterance in task.passage.utterances) // 50


def _attempt(task: Task, speak: Speak) -> Answer:
    from tts_pipeline.speech import render  # noqa: PLC0415  what speaks must stay small

    asked = CALIBRATION if isinstance(task, Calibration) else task.passage.utterances
    sounds = speak(asked, time_limit(task))
    if isinstance(sounds, Failure):
        return sounds
    try:
        if isinstance(task, Calibration):
            return Gain(render.calibrate(sounds, task.rate))
        if isinstance(task, Rehearsal):
            return Rehearsed(*render.level_passage(task.passage, sounds))
        return Spoken(render.render(task.passage, sounds))
    except Exception as error:
        return failure(error)


if __name__ == "__main__":
    main()
    # All is closed, and somebody waits: to take the interpreter apart would cost 40 ms.
    os._exit(0)
