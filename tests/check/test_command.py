"""`tts-pipeline check` as a person and a script use it."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tts_pipeline.check.rules import RULES
from tts_pipeline.cli.program import app

from ..conftest import Workspace
from .planting import Copy

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"


def test_a_right_episode_is_one_line_whatever_names_it(made: Workspace) -> None:
    [mp3] = made.out.glob("episodes/*/*.mp3")
    segments = len(made.records()[0]["segments"])
    for given in (mp3, "build"):
        done = made.run("check", given, "--quick")
        [line] = done.stdout.splitlines()
        assert re.fullmatch(
            rf"\S+\.mp3: checked: {segments} segments, 0:\d\d, -1[56]\.\d LUFS, -\d\.\d dBTP: right",
            line,
        ), line
        assert done.stderr == ""


def test_json_says_all(made: Workspace) -> None:
    done = made.run("check", "build", "--json", "--show", "feeds/show.toml")
    told = json.loads(done.stdout)
    assert told["failures"] == []
    [checked] = told["checked"]
    assert checked["right"] is True
    assert checked["findings"] == []
    assert checked["words_checked"] == checked["segments"] > 10


def test_systems_that_do_not_tell_which_cores_are_ours(
    made: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)  # as on macOS
    done = CliRunner().invoke(app, ["check", str(made.out), "--json", "--cache", str(made.cache)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["checked"][0]["words_checked"] > 0


def test_what_is_wrong_is_a_line_each_and_exit_1(copy: Copy, made: Workspace) -> None:
    data = copy.path.read_bytes()
    copy.path.write_bytes(data[:-100])
    done = made.run("check", copy.folder, "build", "--quick", check=1)
    lines = done.stdout.splitlines()
    assert any(": error frames.cut at byte " in line for line in lines)
    assert ": wrong, " in lines[-2]
    assert lines[-1].endswith(": right")
    told = json.loads(made.run("check", copy.folder, "--quick", "--json", check=1).stdout)
    assert told["checked"][0]["right"] is False
    assert {f["rule"] for f in told["checked"][0]["findings"]} <= set(RULES)


def test_what_is_not_there_is_a_sentence_and_the_rest_goes_on(
    made: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    done = made.run(
        "check",
        "nowhere.mp3",
        tmp_path / "notes.txt",
        tmp_path / "empty",
        "build",
        "--quick",
        check=1,
    )
    assert "nowhere.mp3 is not there" in done.stderr
    assert "notes.txt cannot be checked" in done.stderr
    assert "there is no episode in" in done.stderr
    assert done.stdout.endswith(": right\n")


def test_an_episode_without_its_audio_is_told(copy: Copy, made: Workspace) -> None:
    copy.path.unlink()
    done = made.run("check", copy.folder, check=1)
    assert f"{copy.path} cannot be read: No such file" in done.stderr


def test_mp3s_without_records(copy: Copy, made: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "others"
    folder.mkdir()
    for name in ("b.mp3", "a.mp3"):
        shutil.copy(copy.path, folder / name)
    lines = made.run("check", folder).stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == [str(folder / "a.mp3"), str(folder / "b.mp3")]


def test_every_rule_is_documented_and_no_other() -> None:
    documented = re.findall(
        r"^\| `([a-z]+\.[a-z]+)` \| (error|warning)", DOCS.read_text(), re.MULTILINE
    )
    assert dict(documented) == {rule: str(severity) for rule, severity in RULES.items()}
    assert len(documented) == len(RULES)
