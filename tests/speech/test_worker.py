"""What goes wrong in an engine costs one passage, is tried twice, and is told with its sentence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import AudioFormat, Noun, Passage, Utterance
from tts_pipeline.speech import worker
from tts_pipeline.speech.engine import Engine, Facts, Sound
from tts_pipeline.speech.engines.tone import Tone, ToneOptions
from tts_pipeline.speech.speaker import Speaker, say
from tts_pipeline.speech.task import OVERDUE, Answer, Failure, Setup, Spoken, Synthesis, Task
from tts_pipeline.speech.workers import Workers

from .conftest import Install


def passage(*texts: str) -> Passage:
    return Passage(
        engine="tone",
        options={},
        language="en",
        gain_db=0,
        audio=AudioFormat(),
        utterances=tuple(Utterance(text, 100) for text in texts),
        identity={},
    )


class Faulty:
    """Does what the text says, until `healed` exists."""

    Options: ClassVar[type[Noun]] = ToneOptions

    @classmethod
    def facts(cls, options: ToneOptions) -> Facts:
        return Tone.facts(options)

    def __init__(self, healed: Path) -> None:
        self._healed = healed
        self._tone = Tone(ToneOptions(), "en")

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        if self._healed.exists():
            return self._tone.speak(text)
        match text:
            case "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                time.sleep(60)
            case "quit":
                os._exit(3)
            case "raise":
                raise RuntimeError("out of breath")
            case "say nothing":
                return Sound(bytes(2000))
            case "fail once":
                self._healed.touch()
                raise RuntimeError("not yet")
        return self._tone.speak(text)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[worker.Speak]:
    """The faulty engine, in a process of its own."""
    speaker = Speaker(lambda: Faulty(tmp_path / "healed"))
    assert speaker.refusal() is None
    yield speaker.say
    speaker.close()


@pytest.fixture
def beside(tmp_path: Path) -> worker.Speak:
    """The faulty engine, in the worker itself."""
    faulty = Faulty(tmp_path / "healed")
    return lambda utterances, _: say(faulty, utterances)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("crash", "the engine crashed at 'crash' (SIGKILL)"),
        ("hang", "the engine did not finish at 'hang' within 1 s"),
        ("quit", "the engine ended at 'quit' without an answer"),
        ("raise", "RuntimeError: out of breath"),
        ("say nothing", "the engine said nothing for 'say nothing'"),
    ],
)
def test_a_fault_is_a_sentence_that_names_the_segment(
    alone: worker.Speak, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.setattr(worker, "time_limit", lambda _: 1)
    task = Synthesis(passage("fine", text, "never reached"))
    assert worker.answer(task, alone) == Failure(message)


@pytest.mark.parametrize("place", ["alone", "beside"])
def test_what_fails_is_tried_once_more(request: pytest.FixtureRequest, place: str) -> None:
    speak: worker.Speak = request.getfixturevalue(place)
    answer = worker.answer(Synthesis(passage("fail once")), speak)
    assert isinstance(answer, Spoken)
    assert answer == worker.answer(Synthesis(passage("fail once")), speak)


def test_a_speaker_that_has_died_is_noticed(alone: worker.Speak) -> None:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    child = int(children[-1])
    os.kill(child, signal.SIGKILL)
    with pytest.raises((EOFError, ConnectionError)):
        alone((Utterance("fine"),), 5)


@pytest.mark.parametrize(
    ("error", "configuration"), [(ProfileError("no such voice"), True), (OSError("gone"), False)]
)
def test_an_engine_that_cannot_be_opened_says_why(error: Exception, configuration: bool) -> None:
    def refuse() -> Engine:
        raise error

    refusal = Speaker(refuse).refusal()
    assert refusal is not None
    assert str(error) in refusal.message
    assert refusal.configuration is configuration


SETUP = Setup("tone", {}, "en")


def tasks(count: int) -> list[tuple[int, Setup, Task]]:
    return [(n, SETUP, Synthesis(passage(f"word number {n}"))) for n in range(count)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_answers_do_not_depend_on_the_number_of_workers(jobs: int) -> None:
    with Workers[int](jobs) as workers:
        answers = dict(workers.run(tasks(20)))
    tone = Tone(ToneOptions(), "en")
    assert answers == {
        n: worker.answer(task, lambda utterances, _: say(tone, utterances))
        for n, _, task in tasks(20)
    }


def test_tasks_are_drawn_only_as_they_are_worked_off() -> None:
    drawn: list[int] = []
    done: list[int] = []

    def source() -> "object":
        for key, setup, task in tasks(40):
            drawn.append(key)
            assert len(drawn) - len(done) <= 5
            yield key, setup, task

    with Workers[int](2) as workers:
        for key, _ in workers.run(source()):  # type: ignore[arg-type]
            done.append(key)
    assert sorted(done) == list(range(40))


def test_a_killed_worker_loses_no_task() -> None:
    answers: dict[int, Answer] = {}
    with Workers[int](2) as workers:
        for key, answer in workers.run(tasks(30)):
            answers[key] = answer
            if key in (3, 11):
                victim = workers._workers[0].process
                victim.kill()
                victim.wait()
    assert sorted(answers) == list(range(30))
    assert all(isinstance(answer, Spoken) for answer in answers.values())


def test_no_worker_outlives_its_run() -> None:
    with Workers[int](2) as workers:
        list(workers.run(tasks(4)))
        processes = [w.process for w in workers._workers]
        assert processes
    assert all(process.poll() is not None for process in processes)


def test_an_engine_that_does_not_come_back_ends_its_process() -> None:
    code = (
        "import time; from tts_pipeline.speech import worker; from tts_pipeline.model import Utterance\n"
        "class Hanging:\n"
        "    def speak(self, text, pace): time.sleep(60)\n"
        "worker._say_here(Hanging(), (Utterance('x'),), 1)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == OVERDUE


def test_a_task_that_two_workers_did_not_come_back_from_is_given_up(install: Install) -> None:
    (install("overdue", "overdue_engine:Overdue") / "overdue_engine.py").write_text(
        "import os\n"
        "from tts_pipeline.speech.engines.tone import Tone\n"
        "class Overdue(Tone):\n"
        "    def speak(self, text, pace=1.0):\n"
        f"        return os._exit({OVERDUE}) if 'hang' in text else super().speak(text, pace)\n"
    )
    setup = Setup("overdue", {}, "en")
    given: list[tuple[int, Setup, Task]] = [
        (n, setup, Synthesis(passage("hang" if n == 2 else "fine"))) for n in range(5)
    ]
    with Workers[int](1) as workers:
        answers = dict(workers.run(given))
    assert answers.pop(2) == Failure("the engine did not come back in time")
    assert all(isinstance(answer, Spoken) for answer in answers.values())


def test_who_is_told_a_failure_may_give_another_task() -> None:
    wrong = Setup("command", {"argv": ["false"], "rate": 16000}, "en")
    answers: list[Answer] = []
    with Workers[str](2) as workers:
        first: list[tuple[str, Setup, Task]] = [("first", wrong, Synthesis(passage("x")))]
        for key, answer in workers.run(first):
            answers.append(answer)
            if key == "first":
                workers.give("instead", SETUP, Synthesis(passage("x")))
    assert [type(answer) for answer in answers] == [Failure, Spoken]
