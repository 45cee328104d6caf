"""`tts-pipeline check` of feeds as a person and a script use it, on the project's own example."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tts_pipeline.check.rules import RULES

from ...serve.serving import serving

ROOT = Path(__file__).parents[3]
SHOW = "feeds/example.toml"
Run = Callable[..., subprocess.CompletedProcess[str]]


def run(*arguments: str | Path, check: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tts_pipeline", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == check, (done.stdout, done.stderr)
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's episodes, pages and feed."""
    folder = tmp_path_factory.mktemp("example")
    out = folder / "build"
    cache = ("--cache", folder / "cache")
    run("episode", "examples/posts", "--show", SHOW, "--out", out, *cache)
    run("site", SHOW, "--out", out)
    run("feed", SHOW, "--out", out)
    return out


def test_the_projects_own_example_has_neither_error_nor_warning(made: Path) -> None:
    assert run("check", SHOW, "--out", made).stdout == f"{SHOW}: checked: 3 episodes: right\n"
    with serving(made) as url:
        feed = f"{url}/feeds/example.xml"
        done = run("check", feed, "--allow-private")
        assert done.stdout == f"{feed}: checked: 3 episodes: right\n"
        assert done.stderr == ""
        refused = run("check", feed, check=1)
        assert "private address" in refused.stderr
        assert "--allow-private" in refused.stderr
        page = run("check", f"{url}/", "--allow-private", check=1)
        assert "error feed.rss: it is a web page" in page.stdout


def test_errors_are_lines_and_exit_1_and_warnings_exit_0(made: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made, tmp_path / "out"))
    feed = out / "feeds" / "example.xml"
    text = feed.read_text()
    feed.write_text(text.replace("<language>en-us</language>", "").replace('rel="self"', 'rel="x"'))
    done = run("check", SHOW, "--out", out, check=1)
    first, second, last = done.stdout.splitlines()
    assert first.startswith(f'{SHOW}: warning feed.self: <atom:link rel="self"> is missing')
    assert second.startswith(f"{SHOW}: error show.language: there is no <language>, which Apple")
    assert last == f"{SHOW}: checked: 3 episodes: wrong, 1 error, 1 warning"

    feed.write_text(text.replace('rel="self"', 'rel="x"'))
    done = run("check", SHOW, "--out", out, "--json")
    told = json.loads(done.stdout)
    assert told["failures"] == []
    [checked] = told["checked"]
    assert (checked["path"], checked["right"], checked["episodes"]) == (SHOW, True, 3)
    [finding] = checked["findings"]
    assert (finding["rule"], finding["severity"]) == ("feed.self", "warning")
    assert set(RULES) >= {finding["rule"]}


def test_an_episode_is_named_where_the_fault_is_its_own(made: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made, tmp_path / "out"))
    for path in out.glob("episodes/*/tide-tables*.srt"):
        path.unlink()
    [line, _] = run("check", SHOW, "--out", out, check=1).stdout.splitlines()
    assert line.startswith(f"{SHOW}: error transcript.gone in 'FN - ")
    assert "(guid " in line


def test_a_feed_as_it_was(made: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.xml"
    text = (made / "feeds" / "example.xml").read_text()
    before.write_text(text.replace('<guid isPermaLink="false">', "<guid>old-"))
    done = run("check", SHOW, "--out", made, "--before", before, check=1)
    assert done.stdout.count("error guid.changed") == 3
    told = run("check", SHOW, "--out", made, "--before", "pyproject.toml", check=1).stderr
    assert "--before pyproject.toml cannot be read as a feed: it is not well-formed" in told


def test_what_cannot_be_checked_is_a_sentence_and_the_rest_goes_on(
    made: Path, tmp_path: Path
) -> None:
    done = run("check", SHOW, "http://127.0.0.1:1/x", "--out", made, "--allow-private", check=1)
    assert "checked: 3 episodes: right" in done.stdout
    assert "http://127.0.0.1:1/x cannot be had" in done.stderr
    told = run("check", SHOW, "--out", tmp_path, check=1).stderr
    assert "write it with `tts-pipeline feed feeds/example.toml --out" in told
    assert "feeds/none.toml" in run("check", "feeds/none.toml", check=2).stderr
