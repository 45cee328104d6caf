"""A process that speaks: `python -m tts_pipeline.speech.worker FD`.

It opens one engine with one voice and answers tasks over a socket until the other side closes
it. For an engine that carries state, each task runs in a child forked from this process while
the engine stands ready and has not said a word, so that a result depends on its task alone, and
a crash or a hang costs that task alone.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from tts_pipeline.errors import PipelineError, ProfileError
from tts_pipeline.speech import registry, render
from tts_pipeline.speech.engine import Engine
from tts_pipeline.speech.task import (
    Answer,
    Calibration,
    Failure,
    Gain,
    Setup,
    Spoken,
    Synthesis,
    Task,
    decode_answer,
    decode_task,
    encode,
)


def main() -> None:
    """Serve until the socket closes."""
    connection = Connection(int(sys.argv[1]))
    try:
        setup = msgspec.msgpack.decode(connection.recv_bytes(), type=Setup)
        try:
            facts = registry.facts(setup.engine, setup.options)
            engine = registry.open_engine(setup.engine, setup.options, setup.language)
        except PipelineError as error:
            refusal = encode(Failure(str(error), isinstance(error, ProfileError)))
            while connection.recv_bytes():
                connection.send_bytes(refusal)
        alone = facts.carries_state and hasattr(os, "fork")
        gc.freeze()
        while True:
            task = decode_task(connection.recv_bytes())
            connection.send_bytes(encode(answer(task, engine, alone=alone)))
    except (EOFError, ConnectionError):
        return


def answer(task: Task, engine: Engine, *, alone: bool) -> Answer:
    """Do the task, in a process of its own if `alone`; what fails is tried once more."""
    attempt = _isolated if alone else _direct
    first = attempt(task, engine)
    return attempt(task, engine) if isinstance(first, Failure) else first


def time_limit(task: Task) -> int:
    """Seconds that a task may take: hundreds of times what it needs."""
    if isinstance(task, Calibration):
        return 60
    return 20 + sum(len(utterance.text) for utterance in task.passage.utterances) // 50


def _direct(task: Task, engine: Engine, started: Callable[[], object] = lambda: None) -> Answer:
    """`started` is called before each utterance."""
    try:
        if isinstance(task, Calibration):
            return Gain(render.calibrate(engine, task.rate))
        return Spoken(render.render(task.passage, engine, started))
    except PipelineError as error:
        return Failure(str(error))
    except Exception as error:
        # A foreign engine may raise anything; the post that met it is told.
        return Failure(f"{type(error).__name__}: {error}")


def _isolated(task: Task, engine: Engine) -> Answer:
    """Do the task in a forked child, which an alarm ends if it hangs.

    The child writes a zero byte before each utterance, so that the one it died of is known, then
    a one and its answer.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(time_limit(task))
            reply = encode(_direct(task, engine, lambda: os.write(writer, b"\0")))
            with open(writer, "wb") as pipe:  # noqa: PTH123
                pipe.write(b"\1" + reply)
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123
        progress, one, reply = pipe.read().partition(b"\1")
    _, status = os.waitpid(child, 0)
    if one and not os.WIFSIGNALED(status):
        return decode_answer(reply)
    said = ""
    if progress and isinstance(task, Synthesis):
        said = f" at {task.passage.utterances[len(progress) - 1].text!r}"
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGALRM:
        return Failure(f"the engine did not finish{said} within {time_limit(task)} s")
    if number:
        return Failure(f"the engine crashed{said} ({signal.Signals(number).name})")
    return Failure(f"the engine ended{said} without an answer")


if __name__ == "__main__":
    main()
