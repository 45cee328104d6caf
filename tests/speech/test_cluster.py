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

TEXT = "\n\n".join(
    f"Paragraph {number} speaks of the harbour, of rope number {number * 7}, and of tar. "
    "It goes on for a second sentence, as paragraphs do."
    for number in range(24)
)


class Machines:
    """A scheduler and workers, each a process of its own, each with its own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1",
            "--scheduler-file", str(contact),
        )  # fmt: skip
        self._await(contact.exists)
        self._await(lambda: contact.read_text().strip().endswith("}"))
        self.address = json.loads(contact.read_text())["address"]

    def add(self, *, resources: str | None = None) -> subprocess.Popen[bytes]:
        more = ["--resources", resources] if resources else []
        worker = self._start(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny",
            "--host", "127.0.0.1", "--local-directory", str(self.folder / "local"), *more,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments], cwd=self.folder, stdout=log, stderr=log
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


def test_a_missing_scheduler_is_told(workspace: Workspace) -> None:
    workspace.post("a.md", "# A\n\nWords.")
    done = workspace.run(
        "episode", "posts", "--show", "feeds/show.toml", "--cluster", "tcp://127.0.0.1:9",
        check=2, DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s",
    )  # fmt: skip
    assert "no Dask scheduler at tcp://127.0.0.1:9" in done.stderr


def test_another_version_on_a_machine_is_told() -> None:
    from tts_pipeline.speech import cluster
    from tts_pipeline.speech.task import Calibration, Failure, Setup, decode_answer, encode

    setup = Setup("tone", {}, "en")
    order = cluster._Order(setup, Calibration(22050), {"tone": "2", "lame": "9"})
    answer = decode_answer(cluster.speak(encode(order), None))
    assert isinstance(answer, Failure)
    assert answer.configuration
    assert "tone 1 instead of 2" in answer.message
