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
        forks = facts.carries_state and hasattr(os, "fork")
        answer = _isolated if forks else _direct
        gc.freeze()
        while True:
            task = decode_task(connection.recv_bytes())
            reply = answer(task, engine)
            if isinstance(reply, Failure) and not reply.configuration:
                reply = answer(task, engine)
            connection.send_bytes(reply if isinstance(reply, bytes) else encode(reply))
    except (EOFError, ConnectionError):
        return


def time_limit(task: Task) -> int:
    """Seconds that a task may take: hundreds of times what it needs."""
    if isinstance(task, Calibration):
        return 60
    return 20 + sum(len(utterance.text) for utterance in task.passage.utterances) // 50


def _direct(task: Task, engine: Engine) -> Answer:
    try:
        if isinstance(task, Calibration):
            return Gain(render.calibrate(engine, task.rate))
        return Spoken(render.render(task.passage, engine))
    except PipelineError as error:
        return Failure(str(error))
    except Exception as error:  # noqa: BLE001  a foreign engine may raise anything
        return Failure(f"{type(error).__name__}: {error}")


def _isolated(task: Task, engine: Engine) -> bytes | Failure:
    """Run the task in a forked child, which the alarm ends if it hangs."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(time_limit(task))
            with open(writer, "wb") as pipe:  # noqa: PTH123
                pipe.write(encode(_direct(task, engine)))
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGALRM:
            return Failure(f"the engine did not finish within {time_limit(task)} s")
        return Failure(f"the engine crashed ({signal.Signals(number).name})")
    if not data:
        return Failure("the engine ended without a word")
    answer = decode_answer(data)
    return answer if isinstance(answer, Failure) else data


if __name__ == "__main__":
    main()
