"""The command line is a contract: arguments, output, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tts_pipeline import __version__

from .conftest import Workspace

MARKDOWN = """---
title: One
date: 2026-02-03
url: https://forum.example.org/one
---
First words of the post.

## Second part

More words follow here.
"""


def test_version_and_help(workspace: Workspace) -> None:
    assert workspace.run("--version").stdout == f"tts-pipeline {__version__}\n"
    shown = workspace.run("--help").stdout
    for command in ("episode", "script", "feed", "voices", "init"):
        assert command in shown
        assert "Usage" in workspace.run(command, "--help").stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom tts_pipeline import cli\n"
        "try:\n cli.app(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'pydub', 'mutagen', 'PIL', 'selectolax', 'msgspec'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_system_without_the_kernels_locks_makes_episodes_too(workspace: Workspace) -> None:
    """Windows has no fcntl."""
    workspace.post("one.md", MARKDOWN)
    code = (
        "import sys\nsys.modules['fcntl'] = None\nfrom tts_pipeline.cli.program import main\n"
        "sys.argv[1:] = ['sync', 'feeds/show.toml', '--jobs', '1', '--cache', 'cache']\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=workspace.root, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"1 made" in done.stdout


def test_shell_completion_is_there(workspace: Workspace) -> None:
    shown = workspace.run("--show-completion", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
                          check=None)  # fmt: skip
    assert "completion" in workspace.run("--help").stdout
    assert shown.returncode in (0, 2)


def test_episode_and_feed_in_words(workspace: Workspace) -> None:
    workspace.post("one.md", MARKDOWN)
    made = workspace.run("episode", "posts", "--show", "feeds/show.toml")
    assert "TF - One" in made.stdout
    assert "3 chapters" in made.stdout
    assert "1 made, 0 unchanged, 0 failed" in made.stdout
    assert made.stderr == ""
    fed = workspace.run("feed", "feeds/show.toml")
    assert "build/feeds/show.xml: 1 episode" in fed.stdout
    assert "unchanged" in workspace.run("feed", "feeds/show.toml").stdout


def test_episode_as_json(workspace: Workspace) -> None:
    workspace.post("one.md", MARKDOWN)
    workspace.post("two.txt", "\n")
    told = workspace.episode("posts", check=1)
    [episode] = told["episodes"]
    assert episode["status"] == "made"
    assert (Path(workspace.root) / episode["path"] / episode["audio"]).is_file()
    assert episode["words"] == episode["spoken"] + episode["left_out"]
    [failure] = told["failures"]
    assert failure["source"] == "posts/two.txt"
    assert "empty" in failure["error"]


def test_standard_input(workspace: Workspace) -> None:
    told = workspace.episode("-", stdin=b"# From a pipe\n\nWords from a pipe.\n")
    assert told["episodes"][0]["title"] == "From a pipe"


def test_script_shows_all_and_makes_nothing(workspace: Workspace) -> None:
    path = workspace.post("one.md", MARKDOWN + "\n```\ncode here\n```\n")
    shown = workspace.run("script", path, "--show", "feeds/show.toml").stdout
    for words in ("== Second part", "First words of the post.", "Left out", "code here"):
        assert words in shown
    told = json.loads(workspace.run("script", path, "--json").stdout)
    assert told["report"]["words"] == told["report"]["spoken"] + told["report"]["left_out"]
    assert [c["title"] for c in told["script"]["chapters"]][1:] == ["One", "Second part"]
    assert len(json.loads(workspace.run("script", "posts", "--json").stdout)) == 1
    assert not workspace.out.exists()
    assert not workspace.cache.exists()


def test_voices(workspace: Workspace) -> None:
    listed = {voice["name"] for voice in json.loads(workspace.run("voices", "--json").stdout)}
    assert listed >= {"default", "tone"}
    workspace.run("voices", "say", "tone", "Hello there.", "--to", "hello.mp3")
    assert (workspace.root / "hello.mp3").stat().st_size > 1000


def test_a_voice_that_is_wrong_is_listed_beside_the_others(workspace: Workspace) -> None:
    (workspace.root / "voices" / "lost.toml").write_text('[voice]\nengine = "nosuch"\n')
    (workspace.root / "voices" / "odd.toml").write_text('[voice]\nengin = "tone"\n')
    done = workspace.run("voices", "--json", check=1)
    errors = {voice["name"]: voice["error"] for voice in json.loads(done.stdout)}
    assert errors["default"] is errors["tone"] is None
    assert "nosuch" in errors["lost"]
    assert "`engin`" in errors["odd"]
    assert "nosuch" in done.stderr


def test_init_works_as_it_stands(workspace: Workspace) -> None:
    told = workspace.run("init", "new", PATH="/nowhere").stdout
    assert f"&& make TTS={Path(sys.executable).with_name('tts-pipeline')}" in told
    program = workspace.root / "program"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tts_pipeline "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        ["make", "-C", str(workspace.root / "new"), f"TTS={program}"],
        env={**os.environ, "TTS_PIPELINE_CACHE": str(workspace.cache)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert (workspace.root / "new/build/feeds/show.xml").is_file()
    again = workspace.run("init", "new", check=2)
    assert "already holds" in again.stderr


def test_a_broken_post_keeps_no_other_from_pages_and_feed(workspace: Workspace) -> None:
    workspace.run("init", "new")
    program = workspace.root / "program"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tts_pipeline "$@"\n')
    program.chmod(0o755)
    workspace.post("../new/posts/bad.md", "---\ntitle: [bad\n---\nHi\n")
    done = subprocess.run(
        ["make", "-C", str(workspace.root / "new"), f"TTS={program}"],
        env={**os.environ, "TTS_PIPELINE_CACHE": str(workspace.cache)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Error 1" in done.stderr.decode()
    assert (workspace.root / "new/build/feeds/show.xml").is_file()
    assert (workspace.root / "new/build/index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("episode", "posts"), "--show"),
        (("episode", "posts", "--show", "feeds/none.toml"), "feeds/none.toml does not exist"),
        (("episode", "posts", "--show", "feeds"), "is a folder"),
        (("episode", "posts", "--show", "feeds/show.toml", "--voice", "nobody"), "no voice called 'nobody'"),
        (("episode", "posts", "--show", "feeds/show.toml", "--jobs", "0"), "range x>=1"),
        (("nonsense",), "nonsense"),
        (("script", "http://127.0.0.1:9/x"), "`script` reads files; make an address with `episode`"),
        (("feed", "feeds/none.toml"), "does not exist"),
        (("voices", "say", "nobody", "x"), "no voice called 'nobody'"),
    ],
)  # fmt: skip
def test_wrong_usage_is_2(workspace: Workspace, arguments: tuple[str, ...], words: str) -> None:
    workspace.post("one.md", MARKDOWN)
    done = workspace.run(*arguments, check=2)
    assert words in done.stderr
    assert not workspace.out.exists()


def test_a_feed_without_episodes_is_an_error(workspace: Workspace) -> None:
    done = workspace.run("feed", "feeds/show.toml", check=1)
    assert "there is no episode" in done.stderr


def test_an_edited_sentence_costs_its_passage_alone(workspace: Workspace) -> None:
    workspace.post("one.md", MARKDOWN)
    workspace.episode("posts")
    before = set(workspace.cache.rglob("*.speech"))
    [record] = workspace.records()
    workspace.post("one.md", MARKDOWN.replace("More words", "Other words"))
    workspace.episode("posts")
    assert len(set(workspace.cache.rglob("*.speech")) - before) == 1
    [edited] = workspace.records()
    assert edited["guid"] == record["guid"]
    assert edited["folder"] == record["folder"]
    assert edited["audio"] != record["audio"]


def test_a_changed_title_changes_the_file_and_not_its_address(workspace: Workspace) -> None:
    workspace.post("one.md", MARKDOWN)
    workspace.show(episode='slate = "Welcome."\ntitle = "{title}"')
    workspace.episode("posts")
    [record] = workspace.records()
    workspace.post("one.md", MARKDOWN.replace("title: One", "title: Uno"))
    workspace.episode("posts")
    [renamed] = workspace.records()
    assert renamed["title"] == "Uno"
    assert (renamed["audio"], renamed["guid"]) == (record["audio"], record["guid"])
    assert renamed["sha256"] != record["sha256"]


def test_a_killed_run_shows_no_half_file_and_the_next_completes_it(workspace: Workspace) -> None:
    for number in range(6):
        workspace.post(f"{number}.md", MARKDOWN.replace("one", f"{number}") + "Words. " * 900)
    command = [sys.executable, "-m", "tts_pipeline", "episode", "posts", "--show",
               "feeds/show.toml", "--jobs", "2"]  # fmt: skip
    environment = {
        **os.environ,
        "TTS_PIPELINE_CACHE": str(workspace.cache),
        "SOURCE_DATE_EPOCH": "1767225600",
    }
    for wait in (0.5, 0.8, 1.1, 1.5):
        process = subprocess.Popen(
            command, cwd=workspace.root, env=environment, stdout=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for record in workspace.records():
            audio = record["folder"] / record["audio"]
            assert audio.stat().st_size == record["bytes"]
    workspace.episode("posts")
    killed = workspace.tree()
    for path in sorted(workspace.out.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    workspace.episode("posts", "--force")
    whole = workspace.tree()
    visible = {name: data for name, data in killed.items() if name.rpartition("/")[2][0] != "."}
    assert visible == whole


def test_two_runs_at_once_share_one_cache(workspace: Workspace) -> None:
    workspace.post("one.md", MARKDOWN + "Words. " * 500)
    command = [
        sys.executable,
        "-m",
        "tts_pipeline",
        "episode",
        "posts",
        "--show",
        "feeds/show.toml",
    ]
    environment = {**os.environ, "TTS_PIPELINE_CACHE": str(workspace.cache)}
    running = [
        subprocess.Popen(command, cwd=workspace.root, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    workspace.run("feed", "feeds/show.toml")
    assert "nothing to do" in workspace.run("episode", "posts", "--show", "feeds/show.toml").stdout


def test_ctrl_c_says_what_is_kept_and_leaves_no_process(workspace: Workspace) -> None:
    workspace.post("long.md", "# Long\n\n" + "\n\n".join(f"Line {n} goes on." for n in range(9999)))
    started = subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "episode", "posts", "--show", "feeds/show.toml"],
        cwd=workspace.root,
        env={**os.environ, "TTS_PIPELINE_CACHE": str(workspace.cache)},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(workspace.cache.glob("*/*.speech")) and started.poll() is None:
        time.sleep(0.05)
    workers = _descendants(started.pid)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=30)
    assert started.returncode == 130
    assert told.splitlines()[-1].endswith("the same command goes on from there"), told
    assert workers
    assert not [pid for pid in workers if Path(f"/proc/{pid}/exe").exists()]
    assert not workspace.out.exists() or not list(workspace.out.rglob("*.mp3"))


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):  # a process may end while it is looked at
        for path in list(Path(f"/proc/{pid}/task").glob("*/children")):
            for child in map(int, path.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def test_a_lexicon_entry_costs_the_passages_that_it_hits(workspace: Workspace) -> None:
    lexicon = workspace.root / "feeds" / "words.tsv"
    lexicon.write_text("quorblax\tkwor blax\n")
    workspace.show(episode='lexicon = ["words.tsv"]')
    lines = "\n\n".join(f"Paragraph {number} says little." for number in range(20))
    workspace.post("one.md", f"# One\n\nThe quorblax is here.\n\n{lines}\n")
    workspace.episode("posts")
    before = set(workspace.cache.glob("*/*.speech"))
    lexicon.write_text("quorblax\tkwoar blax\nunused\tun used\n")
    assert workspace.episode("posts")["episodes"][0]["status"] == "made"
    assert len(set(workspace.cache.glob("*/*.speech")) - before) == 1
    lexicon.write_text("quorblax\tkwoar blax\n")
    assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"
