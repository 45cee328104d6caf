"""`tts-pipeline sync` as cron, a script and a person run it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import Workspace
from tts_pipeline.sync.summary import schema

from .library import Library

HIDDEN = "s3cr3t-t0k3n"
DOCS = Path(__file__).parents[2] / "docs"


def test_the_real_voice_from_a_forum_to_a_target(library: Library) -> None:
    """With the program's own voice, in processes of its own, as cron would run it."""
    library.forum.add(title="Ebb")
    library.workspace.show(voice="default")
    show = library.workspace.root / "feeds" / "show.toml"
    show.write_text(show.read_text() + library.source() + '[publish]\nto = "web"\n')
    done = library.workspace.run("sync", "feeds/show.toml")
    told = done.stdout.splitlines()
    assert told[0] == "new forum: Ebb"
    assert told[1].startswith("Ebb by Ann Lee (0:1")
    assert told[2] == "build/feeds/show.xml: 1 episode"
    assert " sent (" in told[3]
    assert told[4].startswith("build: 1 fetched, 1 made, 0 unchanged, 0 failed; 0:1")
    assert "characters to pyttsx3" in told[4]
    [record] = library.workspace.records()
    web = library.workspace.root / "web"
    sound = web / "episodes" / record["slug"] / record["audio"]
    assert sound.stat().st_size == record["bytes"]
    assert record["audio"] in (web / "feeds" / "show.xml").read_text()

    before = library.workspace.tree()
    again = library.workspace.run("sync", "feeds/show.toml")
    assert (again.stdout, again.stderr) == ("", "")
    assert library.workspace.tree() == before


def test_what_fails_is_a_sentence_and_an_exit_code(workspace: Workspace) -> None:
    workspace.post("bad.md", "")
    workspace.post("good.md", "# Good\n\nWords.\n")
    for told in ("again at the next sync", "tried 2 times; again from 2026-01-01 00:15 UTC on"):
        done = workspace.run("sync", "feeds/show.toml", check=1)
        [line] = done.stderr.splitlines()
        assert line.startswith("tts-pipeline: ")
        assert "posts/bad.md" in line
        assert told in line
    assert done.stdout == "build: 0 made, 1 unchanged, 1 failed\n"
    workspace.show().write_text("[show]\n")
    logged = ("--log", "log", "--log-format", "json")
    assert "title" in workspace.run("sync", "feeds/show.toml", *logged, check=2).stderr
    assert "title" in json.loads((workspace.root / "log").read_text())["message"]


def test_a_script_reads_a_summary(workspace: Workspace) -> None:
    published = json.loads((DOCS / "sync.schema.json").read_text())
    assert published == json.loads(json.dumps(schema())), "make docs writes it anew"
    workspace.post("good.md", "# Good\n\nWords.\n")
    workspace.post("bad.md", "")
    done = workspace.run("sync", "feeds/show.toml", "--json", check=1)
    summary = json.loads(done.stdout)
    jsonschema.validate(summary, published)
    assert [each["title"] for each in summary["made"]] == ["Good"]
    assert summary["failures"][0]["tries"] == 1
    assert summary["characters"].keys() == {"tone"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(summary | {"unchanged": "many"}, published)


def test_a_log_has_a_line_each_with_the_post(library: Library) -> None:
    library.forum.add(title="Ebb")
    bad = library.workspace.post("s3cr3t-t0k3n.md", "")
    library.show(more=library.source())
    done = library.workspace.run(
        "sync", "feeds/show.toml", "--log", "logs/sync.log", "--log-format", "json", check=1,
        SITE_TOKEN=HIDDEN,
    )  # fmt: skip
    assert "made" in done.stdout
    log = library.workspace.root / "logs" / "sync.log"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    by_event = {line["event"]: line for line in lines}
    assert list(by_event) == ["fetched", "failed", "made", "feed", "synced"]
    assert by_event["made"]["post"] == by_event["fetched"]["post"]
    assert by_event["made"]["show"] == "show"
    assert by_event["failed"]["level"] == "error"
    assert by_event["failed"]["post"] == f"posts/{bad.name}".replace("s3cr3t-t0k3n", "[secret]")
    assert by_event["failed"]["tries"] == 1
    for told in (log.read_text(), done.stdout, done.stderr):
        assert "s3cr3t" not in told
    bad.write_text("Words.\n")
    done = library.workspace.run("sync", "feeds/show.toml", "--log-format", "json")
    assert done.stdout == ""
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == [
        "made", "feed", "synced",
    ]  # fmt: skip
    library.workspace.run("sync", "feeds/show.toml", "--log", "logs/text.log")
    [line] = (log.parent / "text.log").read_text().splitlines()
    assert line.endswith("Z info nothing to do: 2 episodes unchanged in build")


def test_a_person_sees_that_there_is_nothing_to_do(workspace: Workspace) -> None:
    workspace.post("one.md", "# One\n\n" + "Words of the post.\n\n" * 20)
    assert "segments, " in terminal(workspace)
    assert "nothing to do: 1 episode unchanged in build" in terminal(workspace)


def terminal(workspace: Workspace) -> str:
    """All that a person sees."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "sync", "feeds/show.toml"],
        cwd=workspace.root,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TTS_PIPELINE_CACHE": str(workspace.cache), "COLUMNS": "200"},
    ) as process:
        os.close(theirs)
        seen = bytearray()
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:  # Linux's end of a terminal
            pass
        os.close(ours)
    assert process.returncode == 0
    return seen.decode()
