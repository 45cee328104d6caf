"""What docs/unattended/ holds is taken by the programs that it is for."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from tts_pipeline.cli import app

DOCS = Path(__file__).parents[2] / "docs"
HELD = DOCS / "unattended"
WORKFLOW = Path(__file__).parent / "workflow"


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = []
    for unit in sorted([*HELD.glob("*.service"), *HELD.glob("*.timer")]):
        # It looks whether the program is there, so that a program that is there stands in.
        text = unit.read_text().replace("/opt/tts-pipeline/bin/tts-pipeline", sys.executable)
        (tmp_path / unit.name).write_text(text)
        units.append(tmp_path / unit.name)
    assert len(units) == 3
    done = run("systemd-analyze", "verify", "--man=no", *units)
    ours = [line for line in done.stderr.splitlines() if "tts-pipeline" in line]
    assert not ours, done.stderr
    assert done.returncode == 0, done.stderr
    units[0].write_text(units[0].read_text().replace("KillMode=", "KilMode="))
    assert "KilMode" in run("systemd-analyze", "verify", "--man=no", units[0]).stderr


@pytest.mark.skipif(not shutil.which("crontab"), reason="needs cron")
def test_cron_takes_the_crontab(tmp_path: Path) -> None:
    # Debian's cron checks with -n, cronie with -T.
    flag = next(
        (flag for flag in ("-n", "-T") if run("crontab", flag, HELD / "crontab").returncode == 0),
        None,
    )
    assert flag
    wrong = tmp_path / "wrong"
    wrong.write_text((HELD / "crontab").read_text().replace("17 *", "77 *"))
    assert run("crontab", flag, wrong).returncode


@pytest.mark.skipif(
    not (WORKFLOW / "node_modules").is_dir(), reason="needs npm install in tests/sync/workflow"
)
def test_github_takes_the_workflow(tmp_path: Path) -> None:
    done = run("node", "lint.mjs", HELD / "podcast.yml", cwd=WORKFLOW)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((HELD / "podcast.yml").read_text().replace("github.run_id", "github.runid"))
    assert "runid" in run("node", "lint.mjs", wrong, cwd=WORKFLOW).stdout


@pytest.mark.parametrize("path", sorted(HELD.iterdir()), ids=lambda path: path.name)
def test_the_program_knows_the_options_that_they_give(path: Path) -> None:
    known = get_command(app).commands["sync"]  # type: ignore[attr-defined]
    options = {name for each in known.params for name in each.opts}
    lines = re.findall(r"tts-pipeline sync (.+)$", path.read_text(), re.MULTILINE)
    assert lines or path.suffix == ".timer"
    for line in lines:
        given = {word for word in shlex.split(line) if word.startswith("--")}
        assert given <= options


def test_the_document_shows_what_the_files_say() -> None:
    text = (DOCS / "unattended.md").read_text()
    [line] = [each for each in (HELD / "crontab").read_text().splitlines() if each[:1].isdigit()]
    assert line in text
    for path in HELD.iterdir():
        assert f"unattended/{path.name}" in text
