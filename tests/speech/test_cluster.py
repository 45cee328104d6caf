"""A real scheduler and real worker processes on this machine: the same bytes, whoever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Workspace

from .conftest import Install


def _paragraphs(count: int) -> str:
    return "\n\n".join(
        f"Paragraph {number} speaks of the harbour, of rope number {number * 7}, and of tar. "
        "It goes on for a second sentence, as paragraphs do."
        for number in range(count)
    )


TEXT = _paragraphs(24)


class Machines:
    """A scheduler and workers, each a process of its own, each with its own folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1",
            "--scheduler-file", str(contact), **environment,
        )  # fmt: skip
        self._await(contact.exists)
        self._await(lambda: contact.read_text().strip().endswith("}"))
        self.address = json.loads(contact.read_text())["address"]

    def add(self, *, resources: str | None = None, **environment: str) -> subprocess.Popen[bytes]:
        more = ["--resources", resources] if resources else []
        worker = self._start(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny",
            "--host", "127.0.0.1", "--local-directory", str(self.folder / "local"), *more,
            **environment,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def await_workers(self, count: int) -> None:
        from distributed import Client

        with Client(self.address) as client:
            client.wait_for_workers(count, timeout=30)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=self.folder,
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )

    def _await(self, holds: Callable[[], bool]) -> None:
        for _ in range(600):
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    found = Machines(tmp_path_factory.mktemp("cluster"))
    for _ in range(3):
        found.add()
    yield found
    found.close()


def test_a_cluster_gives_the_same_bytes_even_if_a_machine_dies(
    machines: Machines, make_workspace: Callable[[], Workspace]
) -> None:
    alone, spread = make_workspace(), make_workspace()
    for workspace in (alone, spread):
        workspace.show(voice="default", episode='music = "jingle.wav"')
        (workspace.root / "feeds" / "jingle.wav").write_bytes(
            (Path(__file__).parents[2] / "feeds" / "jingle.wav").read_bytes()
        )
        workspace.post("harbour.md", "# The harbour\n\n" + TEXT)
    alone.episode("posts")

    victim = machines.workers[0]
    process = subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "episode", "posts", "--show", "feeds/show.toml",
         "--cluster", machines.address],
        cwd=spread.root,
        env={**os.environ, "TTS_PIPELINE_CACHE": str(spread.cache), "SOURCE_DATE_EPOCH": "1767225600"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(600):
        if list(spread.cache.glob("*/*.speech")) or process.poll() is not None:
            break
        time.sleep(0.02)
    assert process.poll() is None, "it was over before the machine could die"
    victim.send_signal(signal.SIGKILL)
    out, told = process.communicate(timeout=120)
    assert process.returncode == 0, (out, told)
    assert b"Traceback" not in told
    assert spread.tree() == alone.tree()


def test_sync_uses_a_cluster_and_outlives_one_that_is_not_there(
    machines: Machines, make_workspace: Callable[[], Workspace]
) -> None:
    alone, spread = make_workspace(), make_workspace()
    for workspace in (alone, spread):
        workspace.post("harbour.md", "# The harbour\n\n" + TEXT)
    done = spread.run(
        "sync", "feeds/show.toml", "--cluster", "tcp://127.0.0.1:1", check=1,
        DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s",
    )  # fmt: skip
    assert "127.0.0.1:1" in done.stderr
    spread.run("sync", "feeds/show.toml", "--cluster", machines.address)
    alone.run("sync", "feeds/show.toml")
    assert all(
        spread.tree()[name] == data
        for name, data in alone.tree().items()
        if not name.startswith("library/")
    )


def test_a_voice_that_does_not_work_is_told(machines: Machines, workspace: Workspace) -> None:
    (workspace.root / "voices" / "wrong.toml").write_text(
        '[voice]\nengine = "pyttsx3"\nlanguage = "en"\n[engine]\nvoice = "xx-nobody"\n'
    )
    workspace.show(voice="wrong")
    workspace.post("a.md", "# A\n\nWords.")
    done = workspace.run(
        "episode", "posts", "--show", "feeds/show.toml", "--cluster", machines.address, check=2
    )
    assert "has no voice called 'xx-nobody'" in done.stderr


def test_short_passages_share_what_the_scheduler_notes(machines: Machines) -> None:
    from distributed import Client

    from tts_pipeline.model import AudioFormat, Passage, Utterance
    from tts_pipeline.speech import passage, registry
    from tts_pipeline.speech.cluster import Cluster
    from tts_pipeline.speech.task import Setup, Synthesis
    from tts_pipeline.speech.workers import Workers

    setup = Setup("tone", {}, "en")
    identity = passage.identity(registry.facts("tone", {}))
    tasks = [
        (number, setup, Synthesis(Passage(
            engine="tone", options={}, language="en", gain_db=0, audio=AudioFormat(),
            utterances=(Utterance(f"Passage {number}."),), identity=identity,
        )))
        for number in range(600)
    ]  # fmt: skip
    with Workers[int](1) as alone, Cluster[int](machines.address) as spread:
        assert dict(spread.run(tasks)) == dict(alone.run(tasks))
    with Client(machines.address) as client:
        noted = client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.transition_counter)
    # Each submission costs five steps or more.
    assert noted < len(tasks)


MACHINES = """
import os
from pathlib import Path

import msgspec
from tts_pipeline.speech.engines.tone import Tone


class Anywhere(Tone):
    def speak(self, text, pace=1.0):
        with Path(os.environ["HEARD"]).open("a") as heard:
            heard.write(f"{type(self).__name__} {os.environ.get('MACHINE')}\\n")
        return super().speak(text, pace)


class Deadly(Anywhere):
    def speak(self, text, pace=1.0):
        if "poison" in text:
            os.kill(os.getppid(), 9)
        return super().speak(text, pace)


class Glowing(Anywhere):
    @classmethod
    def facts(cls, options):
        return msgspec.structs.replace(super().facts(options), gpu=True)
"""


def test_a_voice_that_needs_a_gpu_is_given_to_machines_that_have_one(
    tmp_path_factory: pytest.TempPathFactory, workspace: Workspace, install: Install
) -> None:
    for name in ("anywhere", "glowing"):
        where = install(name, f"machines:{name.capitalize()}", f"engine-{name}")
        (workspace.root / "voices" / f"{name}.toml").write_text(
            f'[voice]\nengine = "{name}"\nlanguage = "en-us"\n'
        )
    (where / "machines.py").write_text(MACHINES)
    workspace.show(
        voice="anywhere",
        episode='[reading]\nquotes = "voice"\n[voices]\nquote = "glowing"',
    )
    workspace.post("a.md", "# A\n\n" + TEXT + "".join(f"\n\n> Quote {n}." for n in range(8)))
    heard = workspace.root / "heard"
    command = ("episode", "posts", "--show", "feeds/show.toml", "--cluster")
    machines = Machines(tmp_path_factory.mktemp("gpu"))
    try:
        for name in ("plain-1", "plain-2"):
            machines.add(MACHINE=name, HEARD=str(heard))
        told = workspace.run(*command, machines.address, check=2).stderr
        assert "glowing speaks on a GPU, and no machine of the cluster" in told
        assert f"dask worker {machines.address} --resources GPU=1" in told

        machines.add(resources="GPU=1", MACHINE="gpu", HEARD=str(heard))
        machines.await_workers(3)
        workspace.run(*command, machines.address)
    finally:
        machines.close()
    lines = {tuple(line.split()) for line in heard.read_text().splitlines()}
    assert {machine for engine, machine in lines if engine == "Glowing"} == {"gpu"}
    assert {"plain-1", "plain-2"} <= {machine for engine, machine in lines if engine == "Anywhere"}


@pytest.fixture
def deadly(workspace: Workspace, install: Install) -> Workspace:
    """A show whose voice kills the machine that is to say "poison"."""
    where = install("deadly", "machines:Deadly")
    (where / "machines.py").write_text(MACHINES)
    (workspace.root / "voices" / "deadly.toml").write_text(
        '[voice]\nengine = "deadly"\nlanguage = "en-us"\n'
    )
    workspace.show(voice="deadly")
    return workspace


def test_a_cluster_whose_machines_are_all_gone_is_told(
    tmp_path_factory: pytest.TempPathFactory, deadly: Workspace
) -> None:
    deadly.post("b.md", "# B\n\nA poison.")
    machines = Machines(tmp_path_factory.mktemp("gone"))
    try:
        machines.add(HEARD=os.devnull)
        machines.await_workers(1)
        done = deadly.run(
            "episode", "posts", "--show", "feeds/show.toml", "--cluster", machines.address, check=1,
            DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="2s",
        )  # fmt: skip
    finally:
        machines.close()
    assert f"the cluster at {machines.address} has no machines left" in done.stderr


def test_what_machines_die_of_is_told_and_the_rest_is_spoken(
    tmp_path_factory: pytest.TempPathFactory, deadly: Workspace
) -> None:
    # Long enough for the others to share an order with its last passages.
    deadly.post("a.md", "# A\n\n" + _paragraphs(300))
    deadly.post("b.md", "# B\n\n" + "\n\n".join(f"{n}, a poison." for n in (1, 2)))
    deadly.post("c.md", "# C\n\nA short post of its own, about boats.")
    machines = Machines(
        tmp_path_factory.mktemp("deadly"), DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0"
    )
    try:
        for _ in range(4):
            machines.add(HEARD=os.devnull)
        machines.await_workers(4)
        done = deadly.run(
            "episode", "posts", "--show", "feeds/show.toml", "--cluster", machines.address, check=1
        )
    finally:
        machines.close()
    assert "several machines of the cluster died of it" in done.stderr
    assert [record["title"] for record in deadly.records()] == ["A", "C"], done.stderr


def test_a_missing_scheduler_is_told(workspace: Workspace) -> None:
    workspace.post("a.md", "# A\n\nWords.")
    done = workspace.run(
        "episode", "posts", "--show", "feeds/show.toml", "--cluster", "tcp://127.0.0.1:9",
        check=2, DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s",
    )  # fmt: skip
    assert "no Dask scheduler at tcp://127.0.0.1:9" in done.stderr


def test_another_version_on_a_machine_is_told() -> None:
    from tts_pipeline.speech import machine
    from tts_pipeline.speech.task import Calibration, Failure, Setup, encode

    setup = Setup("tone", {}, "en")
    item = machine.Item(setup, Calibration(22050), {"tone": "2", "bell": "9"})
    [answer] = machine.decode_done(machine.speak(encode([item]), None)).answers
    assert isinstance(answer, Failure)
    assert answer.configuration
    assert "bell nothing instead of 9, lame" in answer.message
    assert "instead of nothing, tone 1 instead of 2; install" in answer.message
