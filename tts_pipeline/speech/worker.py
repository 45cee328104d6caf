"""A process that speaks and encodes: `python -m tts_pipeline.speech.worker FD`.

It opens one engine with one voice and answers tasks over a socket until the other side closes it.
"""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from multiprocessing.connection import Connection

import msgspec

from tts_pipeline.model import Utterance
from tts_pipeline.speech import registry
from tts_pipeline.speech.calibration import CALIBRATION
from tts_pipeline.speech.speaker import Said, Speaker, failure, refused, say
from tts_pipeline.speech.task import (
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

Speak = Callable[[tuple[Utterance, ...], int], Said]
"""Utterances and the seconds that they may take, to their sounds."""


def main() -> None:
    """Serve until the socket closes."""
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, ConnectionError), ExitStack() as closing:
        setup = msgspec.msgpack.decode(connection.recv_bytes(), type=Setup)
        speak = _speaking(setup, closing)
        while True:
            task = decode_task(connection.recv_bytes())
            connection.send_bytes(
                encode(speak if isinstance(speak, Failure) else answer(task, speak))
            )


def _speaking(setup: Setup, closing: ExitStack) -> Speak | Failure:
    """The voice, ready to speak; `closing` will end what was started for it."""
    open_engine = partial(registry.open_engine, setup.engine, setup.options, setup.language)
    try:
        if registry.facts(setup.engine, setup.options).carries_state and hasattr(os, "fork"):
            speaker = Speaker(open_engine)
            closing.callback(speaker.close)
            # Numpy and LAME are loaded while the other process opens the engine.
            from tts_pipeline.speech import render  # noqa: F401, PLC0415

            return speaker.refusal() or speaker.say
        engine = open_engine()
    except Exception as error:
        return refused(error)
    return lambda utterances, _: say(engine, utterances)


def answer(task: Task, speak: Speak) -> Answer:
    """Do the task; what fails is tried once more."""
    first = _attempt(task, speak)
    return _attempt(task, speak) if isinstance(first, Failure) else first


def time_limit(task: Task) -> int:
    """Seconds that a task may take to be spoken: hundreds of times what it needs."""
    if isinstance(task, Calibration):
        return 60
    return 20 + sum(len(utterance.text) for utterance in task.passage.utterances) // 50


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
