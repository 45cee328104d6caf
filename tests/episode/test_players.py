"""Players read the chapters of a made episode as meant. Those that are not installed are skipped."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Workspace

TITLES = (
    "One",
    "Two & a half > one",
    "A title that goes on for longer than the 127 bytes at which numbers of some frames change their "
    "form, and on",
    "\u05e2\u05d1\u05e8 and عربي",
    "Über 👩\u200d👩\u200d👧",
    "Six",
)
POST = "".join(f"## {title}\n\nSome words of it.\n\n" for title in TITLES)

Chapter = tuple[str, int]
"""Title, and start in milliseconds."""


@pytest.fixture(scope="module")
def record(make_workspace: Callable[[], Workspace]) -> dict[str, Any]:
    workspace = make_workspace()
    workspace.post("one.md", f"---\ntitle: All\nurl: https://example.org/a\n---\n{POST}")
    workspace.episode("posts")
    [record] = workspace.records()
    return record


@pytest.fixture(scope="module")
def meant(record: dict[str, Any]) -> list[Chapter]:
    chapters = [(each["title"], each["start_ms"]) for each in record["chapters"]]
    assert [title for title, _ in chapters][-len(TITLES) :] == list(TITLES)
    return chapters


@pytest.fixture(scope="module")
def path(record: dict[str, Any]) -> Path:
    return Path(record["folder"] / record["audio"])


def run(program: str, *arguments: str | Path) -> str:
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is not installed")
    command = [found, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()


def test_ffprobe_reads_the_chapters(path: Path, meant: list[Chapter]) -> None:
    told = json.loads(run("ffprobe", "-v", "error", "-show_chapters", "-of", "json", path))
    read = told["chapters"]
    assert {each["time_base"] for each in read} == {"1/1000"}
    assert [(each["tags"]["title"], each["start"]) for each in read] == meant
    assert [each["end"] for each in read[:-1]] == [each["start"] for each in read[1:]]


def test_mpv_reads_the_chapters(path: Path, meant: list[Chapter]) -> None:
    told = run(
        "mpv", "--no-config", "--vo=null", "--ao=null", "--length=0.1", "--no-audio-display",
        "--sub-auto=no", "--rebase-start-time=no", "--term-playing-msg=CHAPTERS ${=chapter-list}",
        path,
    )  # fmt: skip
    [listed] = re.findall(r"CHAPTERS (\[.*\])", told)
    read = json.loads(listed)
    assert [(each["title"], round(each["time"] * 1000)) for each in read] == meant


EYED3 = """
import json, sys, eyed3
tag = eyed3.load(sys.argv[1]).tag
[toc] = tag.table_of_contents
chapters = {each.element_id: each for each in tag.chapters}
print(json.dumps([
    [bool(toc.toplevel), bool(toc.ordered), [each.decode() for each in toc.child_ids]],
    [[each.element_id.decode(), each.title, *each.times, each.user_url] for each in tag.chapters],
]))
"""


def test_eyed3_reads_the_chapters(path: Path, record: dict[str, Any], meant: list[Chapter]) -> None:
    program = shutil.which("eyeD3")
    if not program:
        pytest.skip("eyeD3 is not installed")
    # The program shows no chapters; its library, which lies where its own Python finds it, reads them.
    with Path(program).open(encoding="utf-8") as script:
        python = script.readline().removeprefix("#!").strip()
    (top, ordered, ids), read = json.loads(run(python, "-c", EYED3, path))
    assert (top, ordered) == (True, True)
    assert [each[0] for each in read] == ids
    assert [(title, start) for _, title, start, _, _ in read] == meant
    ends = [each["end_ms"] for each in record["chapters"]]
    assert [end for *_, end, _ in read] == ends
    links = [each["link"] for each in record["chapters"]]
    assert [url and url.rstrip("\0") for *_, url in read] == links
