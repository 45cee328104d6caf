"""A voice that cannot speak is spoken for, it is said, and the next run mends it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from tests.conftest import Workspace
from tts_pipeline import profiles
from tts_pipeline.errors import ProfileError

from .server import Request, SpeechServer

SHOW = """
[show]
title = "S"
description = "D"
base_url = "https://example.org"
[episode]
voice = "served"
slate = "{title}."
outro = ""
"""
POST = "# One\n\nThe first paragraph.\n\nThe second paragraph.\n\nThe third paragraph.\n"

Voice = Callable[..., Path]


@pytest.fixture
def voice(workspace: Workspace) -> Voice:
    def write(name: str, engine: str, more: str = "", **options: Any) -> Path:
        path = workspace.root / "voices" / f"{name}.toml"
        lines = [f"{key} = {json.dumps(value)}" for key, value in options.items()]
        path.write_text(f'[voice]\nengine = "{engine}"\n{more}\n[engine]\n' + "\n".join(lines))
        return path

    return write


@pytest.fixture
def show(workspace: Workspace, voice: Voice, server: SpeechServer) -> Workspace:
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    voice(
        "served",
        "openai",
        'fallback = "tone"',
        base_url=server.url,
        model="m",
        voice="v",
        seconds=1,
    )
    workspace.post("one.md", POST)
    return workspace


def spoken_by(show: Workspace) -> dict[str, str]:
    [record] = show.records()
    return {segment["written"]: segment["voice"] for segment in record["segments"]}


def reported(show: Workspace) -> list[dict[str, Any]]:
    [path] = show.out.glob("episodes/*/report.json")
    found: list[dict[str, Any]] = json.loads(path.read_text())["fallbacks"]
    return found


def ages(show: Workspace) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in show.out.rglob("*")}


def no_second(request: Request) -> None:
    if "second" in request.asked["input"]:
        request.error(400, "I will not say that")
    else:
        request.speak()


def down(request: Request) -> None:
    request.error(401, "closed")


def test_a_passage_that_cannot_be_spoken(show: Workspace, server: SpeechServer) -> None:
    server.always = no_second
    told = show.run("episode", "posts", "--show", "feeds/show.toml").stdout
    assert "1 sentence spoken by 'tone' instead of 'served'" in told
    assert "400 Bad Request: I will not say that" in told
    voices = spoken_by(show)
    assert voices.pop("The second paragraph.") == "tone"
    assert set(voices.values()) == {"served"}
    [record] = show.records()
    [fallback] = reported(show)
    assert (fallback["voice"], fallback["instead"]) == ("served", "tone")
    assert [record["segments"][n]["written"] for n in fallback["segments"]] == [
        "The second paragraph."
    ]

    # Still not: only that passage is asked for, and nothing is written.
    server.requests.clear()
    before = ages(show)
    [outcome] = show.episode("posts", "--jobs", "1")["episodes"]
    assert outcome["status"] == "unchanged"
    assert len(outcome["fallbacks"]) == 1
    assert server.inputs == ["The second paragraph."]
    assert ages(show) == before

    # Again: only that passage is spoken, and the episode is what it would have been.
    server.reset()
    [outcome] = show.episode("posts", "--jobs", "1")["episodes"]
    assert (outcome["status"], outcome["fallbacks"]) == ("made", [])
    assert server.inputs == ["The second paragraph."]
    assert set(spoken_by(show).values()) == {"served"}
    assert reported(show) == []
    server.requests.clear()
    assert show.episode("posts", "--jobs", "1")["episodes"][0]["status"] == "unchanged"
    assert server.requests == []


def test_a_voice_that_does_not_work_at_all(show: Workspace, server: SpeechServer) -> None:
    show.episode("posts", "--jobs", "1")
    whole = show.tree()
    server.reset()
    server.always = down
    show.post("two.md", "# Two\n\nOther words.\n\nMore words.\n\n" + "And more.\n\n" * 30)
    made, unchanged = sorted(
        show.episode("posts", "--jobs", "1")["episodes"], key=lambda one: one["status"]
    )
    assert (made["title"], unchanged["title"]) == ("Two", "One")
    # It is left in peace when it has said so.
    assert len(server.requests) < 20
    [fallback] = made["fallbacks"]
    assert len(fallback["segments"]) == 33
    before = {name: data for name, data in whole.items() if name.startswith("episodes/")}
    assert {name: data for name, data in show.tree().items() if name in before} == before

    # An episode that it has spoken stays, even if how loud it is has been forgotten.
    for path in show.cache.rglob("*"):
        if path.is_file():
            path.unlink()
    one = show.episode("posts/one.md")["episodes"][0]
    assert (one["status"], one["fallbacks"]) == ("unchanged", [])

    server.always = Request.speak
    assert {one["status"] for one in show.episode("posts", "--jobs", "1")["episodes"]} == {
        "made",
        "unchanged",
    }
    records = {record["title"]: record for record in show.records()}
    assert {segment["voice"] for segment in records["Two"]["segments"]} == {"served"}


def test_a_voice_that_was_never_heard(show: Workspace, server: SpeechServer) -> None:
    server.always = down
    [outcome] = show.episode("posts", "--jobs", "1")["episodes"]
    [fallback] = outcome["fallbacks"]
    assert "cannot be measured" in fallback["reason"]
    before = ages(show)
    assert show.episode("posts", "--jobs", "1")["episodes"][0]["status"] == "unchanged"
    assert ages(show) == before
    server.always = Request.speak
    assert show.episode("posts", "--jobs", "1")["episodes"][0]["fallbacks"] == []
    assert set(spoken_by(show).values()) == {"served"}


def test_each_sentence_is_named_also_one_that_stands_twice(
    show: Workspace, server: SpeechServer
) -> None:
    server.always = no_second
    show.post("one.md", "# One\n\nNo. No. Not for a second. Yes.\n")
    show.episode("posts", "--jobs", "1")
    [fallback], [record] = reported(show), show.records()
    assert [record["segments"][n]["written"] for n in fallback["segments"]] == [
        "No.", "No.", "Not for a second.", "Yes.",
    ]  # fmt: skip
    assert len(set(fallback["segments"])) == 4


def test_a_chain(show: Workspace, server: SpeechServer, voice: Voice) -> None:
    voice("served", "openai", 'fallback = "broken"', base_url=server.url, model="m", voice="v")
    voice("broken", "command", 'fallback = "tone"', argv=["false"], rate=16000)
    server.always = down
    [outcome] = show.episode("posts", "--jobs", "1")["episodes"]
    [fallback] = outcome["fallbacks"]
    assert (fallback["voice"], fallback["instead"]) == ("served", "tone")
    assert "closed" in fallback["reason"]
    assert "exit status 1" in fallback["reason"]


def test_without_a_fallback_each_post_fails(
    show: Workspace, server: SpeechServer, voice: Voice
) -> None:
    voice("served", "openai", base_url=server.url, model="m", voice="v")
    show.episode("posts", "--jobs", "1")
    show.post("one.md", POST.replace("third", "fourth"))
    show.post("two.md", "# Two\n\nOther words.\n")
    show.post("three.md", "# Three\n\nSome more words.\n")
    server.always = down
    failures = show.episode("posts", "--jobs", "1", check=1)["failures"]
    assert len(failures) == 3
    for failure in failures:
        assert "the voice 'served' does not work at present" in failure["error"]
        assert "401 Unauthorized: closed" in failure["error"]


@pytest.mark.parametrize(
    ("fallback", "told"),
    [
        ("one", r"one.toml, line 3: `voice.fallback` goes round in a circle: one -> one"),
        ("two", r"two.toml, line 3: `voice.fallback` goes round in a circle: one -> two -> one"),
        ("german", r"one.toml, line 3: .*names 'german', which speaks de, not en-us"),
        ("nobody", "there is no voice called 'nobody'"),
    ],
)
def test_fallbacks_that_cannot_work(
    workspace: Workspace, voice: Voice, fallback: str, told: str
) -> None:
    voice("one", "tone", f'fallback = "{fallback}"')
    voice("two", "tone", 'fallback = "one"')
    voice("german", "tone", 'language = "de"')
    there = structs.replace(profiles.plain_show(), root=str(workspace.root))
    with pytest.raises(ProfileError, match=told):
        profiles.load_voice("one", there)
