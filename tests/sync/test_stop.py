"""Stopped at any moment, nothing is half done, and the next run completes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Workspace
from tests.post.sources.serving import Request
from tests.serve.test_watch import until
from tests.speech.server import Request as Asked
from tests.speech.server import SpeechServer
from tts_pipeline.sync.until import Ended, again_and_again, ended_by

from .library import Library

LONG = "# Long\n\nFirst words.\n\nSecond words.\n\nThird words.\n\nFourth words.\n"


class Held:
    """A voice's server that does not answer for the third words until they are let go."""

    def __init__(self) -> None:
        self.server = SpeechServer()
        self.server.always = self._answer
        self.asked = threading.Event()
        self._free = threading.Event()

    def voice(self, workspace: Workspace) -> None:
        workspace.show(voice="served")
        options = f'base_url = "{self.server.url}"\nmodel = "m"\nvoice = "v"\n'
        voice = f'[voice]\nengine = "openai"\n[engine]\n{options}'
        (workspace.root / "voices" / "served.toml").write_text(voice)

    def hold(self) -> None:
        self.asked.clear()
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def _answer(self, request: Asked) -> None:
        if "Third" in request.asked["input"]:
            self.asked.set()
            self._free.wait(60)
        request.speak()


@pytest.fixture(scope="module")
def held() -> Iterator[Held]:
    found = Held()
    yield found
    found.let_go()
    found.server.close()


@contextmanager
def syncing(workspace: Workspace, *more: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "sync", "feeds/show.toml", "--jobs", "1", *more],
        cwd=workspace.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "TTS_PIPELINE_CACHE": str(workspace.cache),
            "SOURCE_DATE_EPOCH": "1767225600",
        },
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def write(workspace: Workspace, held: Held) -> None:
    held.voice(workspace)
    workspace.post("a.md", "# A\n\nOther words.\n")
    workspace.post("long.md", LONG)


@pytest.fixture(scope="module")
def undisturbed(make_workspace: Callable[[], Workspace], held: Held) -> dict[str, bytes]:
    workspace = make_workspace()
    write(workspace, held)
    held.let_go()
    workspace.run("sync", "feeds/show.toml")
    return _compared(workspace)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_is_stopped_is_completed(
    workspace: Workspace, undisturbed: dict[str, bytes], held: Held, how: signal.Signals
) -> None:
    write(workspace, held)
    held.hold()
    with syncing(workspace) as process:
        assert held.asked.wait(60)
        process.send_signal(how)
        _, told = process.communicate(timeout=60)
    assert process.returncode == (143 if how is signal.SIGTERM else -9)
    if how is signal.SIGTERM:
        assert "stopped by SIGTERM; what was finished is kept" in told
        assert "Traceback" not in told
    whole = {path.parent.name for path in workspace.out.glob("episodes/*/episode.json")}
    assert not (workspace.out / "feeds" / "show.xml").exists()
    assert len(whole) < 2
    held.let_go()
    assert "made, " in workspace.run("sync", "feeds/show.toml").stdout
    assert _compared(workspace) == undisturbed


def _compared(workspace: Workspace) -> dict[str, bytes]:
    """All but what is remembered, which holds the times of files."""
    tree = workspace.tree()
    return {name: data for name, data in tree.items() if not name.startswith("library/")}


def test_a_daemon_ends_well_in_the_middle_and_in_a_pause(workspace: Workspace, held: Held) -> None:
    held.voice(workspace)
    workspace.post("long.md", LONG)
    held.hold()
    with syncing(workspace, "--watch", "60") as process:
        assert held.asked.wait(60)
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate(timeout=60)
    assert (process.returncode, out, told) == (0, "", "")
    assert not list(workspace.out.glob("episodes/*/episode.json"))
    held.let_go()
    workspace.show()
    workspace.post("long.md", "# Short\n\nWords.\n")
    with syncing(workspace, "--watch", "0.01") as process:
        until((workspace.out / "feeds" / "show.xml").exists)
        workspace.post("two.md", "# Two\n\nWords.\n")
        until(lambda: b"<title>Two</title>" in _read(workspace.out / "feeds" / "show.xml"))
        workspace.post("bad.md", "")
        until((workspace.out / "library" / "failing.jsonl").exists)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in told
    assert "bad.md" in told
    assert "Two" in out


def test_a_fetch_that_hangs_can_be_ended(library: Library) -> None:
    asked = threading.Event()

    def hang(request: Request) -> None:
        request.start(200, Content_Type="application/rss+xml", Content_Length="1000")
        request.send(b"<rss>")
        asked.set()
        time.sleep(60)

    library.forum.site.pages["/slow"] = hang
    source = '[sources.slow]\ntype = "feed"\nurl = "{}/slow"\nallow_private = true\n'
    library.show(more=source.format(library.forum.site.url))
    with syncing(library.workspace) as process:
        assert asked.wait(60)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "Traceback" not in told


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def test_a_daemon_outlives_a_show_that_is_wrong_for_a_while(workspace: Workspace) -> None:
    workspace.post("one.md", "# One\n\nWords.\n")
    show = workspace.root / "feeds" / "show.toml"
    text, logged = show.read_text(), ("--log", "log", "--log-format", "json")
    with syncing(workspace, "--watch", "0.01", "--json", *logged) as process:
        until(lambda: b'"idle"' in _read(workspace.root / "log"))
        show.write_text("[show]\ntitel = 1\n")
        until(lambda: b"did you mean `title`" in _read(workspace.root / "log"))
        show.write_text(text.replace("Test Show", "Another name"))
        until(lambda: b"Another name" in _read(workspace.out / "feeds" / "show.xml"))
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    runs = [json.loads(line) for line in out.splitlines()]
    assert [(len(run["made"]), run["unchanged"]) for run in runs[:2]] == [(1, 0), (0, 1)]
    show.write_text("[show]\ntitel = 1\n")
    workspace.run("sync", "feeds/show.toml", "--watch", "1", check=2)


def test_a_signal_ends_what_is_being_done_and_is_then_let_go_of() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with ended_by(signal.SIGTERM) as ending, pytest.raises(Ended):
        os.kill(os.getpid(), signal.SIGTERM)
    assert ending.signal == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_was_swallowed_ends_it_all_the_same() -> None:
    runs = []

    def run() -> None:
        runs.append(1)
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except Ended:
            os.kill(os.getpid(), signal.SIGTERM)  # the second comes too late to disturb the end

    again_and_again(1000, run)
    assert runs == [1]


def test_ctrl_c_while_the_program_is_being_loaded_is_no_fault() -> None:
    program = """
import sys
class Ended:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Ended())
from tts_pipeline.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 130
    assert done.stderr == b"tts-pipeline: stopped before anything was done\n"
