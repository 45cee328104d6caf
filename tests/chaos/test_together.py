"""Several runs at once over one output folder, and a clock that goes back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from tts_pipeline.sync.lock import held

from . import ground, inside
from .ground import Ground

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def _fast() -> Iterator[None]:
    with inside.ready():
        yield


def start(made: Ground, command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", *command],
        env={**os.environ, **made.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_runs_at_once_make_what_one_makes(tmp_path: Path) -> None:
    alone = Ground(tmp_path / "alone", posts=4)
    assert inside.run(alone) == (0, "")
    made = Ground(tmp_path / "together", posts=4)
    for command in made.steps:
        both = [start(made, command) for _ in range(3)]
        assert [(one.communicate()[1], one.returncode) for one in both] == [(b"", 0)] * 3
    assert not ground.differences(made.tree(), alone.tree())
    assert not ground.temporary(made.out, made.cache)


def test_a_second_sync_is_told_to_wait_or_waits(tmp_path: Path) -> None:
    alone = Ground(tmp_path / "alone", posts=4)
    assert inside.run(alone) == (0, "")
    made = Ground(tmp_path / "together", posts=4)
    [command] = made.commands
    both = [start(made, [*command, "--wait"]) for _ in range(2)]
    assert [(one.communicate()[1], one.returncode) for one in both] == [(b"", 0)] * 2
    with held(made.out):
        code, told = inside.run(made)
    assert (code, "another sync is at work" in told) == (75, True)
    assert not ground.differences(made.tree(), alone.tree())


def test_make_with_eight_jobs(tmp_path: Path) -> None:
    alone = Ground(tmp_path / "alone", posts=3)
    _, episode, *rest = alone.steps
    assert inside.run(alone, [["episode", str(alone.root / "blog"), *episode[2:]], *rest]) == (
        0,
        "",
    )
    made = Ground(tmp_path / "made", posts=3)
    done = subprocess.run(
        ["make", "-j8", "all", "episodes", "site", "feed", f"VENV={sys.prefix}", f"POSTS={made.root / 'blog'}",
         f"SHOW={made.show}", f"OUT={made.out}", "-o", f"{sys.prefix}/.run"],
        cwd=_ROOT, capture_output=True, check=False,
        env={**os.environ, **made.environment, "TTS_PIPELINE_CACHE": str(made.cache)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert not ground.differences(made.tree(), alone.tree())


@pytest.fixture
def undated(tmp_path: Path) -> Ground:
    """Two episodes, one of a post without a date, made at 2026-05-03."""
    made = Ground(tmp_path / "undated", posts=2)
    made.write(1, dated=False)
    assert inside.run(made) == (0, "")
    return made


def dates(made: Ground) -> dict[str, str]:
    parsed = feedparser.parse((made.out / "feeds" / "show.xml").read_bytes())
    assert not parsed.bozo
    return {entry.id: entry.published for entry in parsed.entries}


@pytest.mark.parametrize("year", [1990, 2020, 2035])
def test_a_wrong_clock_changes_nothing(undated: Ground, year: int) -> None:
    before, known = undated.tree(), dates(undated)
    assert "Sun, 03 May 2026" in " ".join(known.values())
    undated.clock = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    assert inside.run(undated) == (0, "")
    assert not ground.differences(undated.tree(), before)
    # Files from the future, as the clock has it, are files like others.
    for path in undated.root.rglob("*"):
        os.utime(path, (4e9, 4e9))
    assert inside.run(undated) == (0, "")
    assert not ground.differences(undated.tree(), before)
    # A new version of a post keeps the date on which listeners first had it.
    undated.write(1, seed=1, dated=False)
    assert inside.run(undated) == (0, "")
    assert dates(undated) == known


def test_a_lost_record_keeps_its_date(undated: Ground) -> None:
    """Of a post that has none, the library remembers when its episode was published."""
    known = dates(undated)
    undated.clock += 10**7
    for path in undated.out.glob("episodes/*/episode.json"):
        path.unlink()
    assert inside.run(undated) == (0, "")
    assert dates(undated) == known


def test_the_best_of_a_day_stay_when_the_clock_goes_back(tmp_path: Path) -> None:
    made = Ground(tmp_path / "best", posts=3)
    made.show.write_text(made.show.read_text() + '[select]\nbest = { n = 1, of = "week" }\n')
    assert inside.run(made) == (0, "")
    before, known = made.tree(), dates(made)
    assert known
    made.clock = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
    assert inside.run(made) == (0, "")
    assert dates(made) == known
    assert not ground.differences(made.tree(), before)
