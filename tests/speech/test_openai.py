"""`openai`, against a real server that also misbehaves."""

import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from msgspec import structs

from tts_pipeline import profiles
from tts_pipeline.errors import ProfileError, SpeechError, UnavailableError
from tts_pipeline.model import AudioFormat, Passage, Utterance
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine
from tts_pipeline.speech.engines import openai
from tts_pipeline.speech.task import Setup, Spoken, Synthesis
from tts_pipeline.speech.workers import Workers

from .contract import EngineContract
from .server import Answer, Request, SpeechServer, tone, wav

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def _swift(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "_FIRST_WAIT", 0.01)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def options(server: SpeechServer, **more: Any) -> dict[str, Any]:
    return {"base_url": server.url, "model": "kokoro", "voice": "af_heart", **more}


def opened(server: SpeechServer, **more: Any) -> Engine:
    return registry.open_engine("openai", options(server, **more), "en-us")


class TestOpenAI(EngineContract):
    """A server that streams WAV."""

    name = "openai"
    wrong: ClassVar[dict[str, Any]] = {"base_url": "ftp://x", "model": "m", "voice": "v"}

    @pytest.fixture(autouse=True)
    def _at(self, server: SpeechServer) -> None:
        kind = type(self)
        kind.options = options(server, **self.more)
        kind.failing = {**kind.options, "base_url": f"{server.url}/refused"}
        kind.hanging = {**kind.options, "base_url": f"{server.url}/slow", "seconds": 1}
        server.always = _by_path

    more: ClassVar[dict[str, Any]] = {}


class TestOpenAIWithBareSamples(TestOpenAI):
    """The same with PCM, as OpenAI's own gives it."""

    more: ClassVar[dict[str, Any]] = {"format": "pcm"}


def _by_path(request: Request) -> None:
    if "refused" in request.path:
        request.error(400, "this model does not speak")
    elif "slow" in request.path:
        time.sleep(2)
    else:
        request.speak()


# ---- what is asked -----------------------------------------------------------------------------


def test_what_is_asked(server: SpeechServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    opened(server, speed=1.5).speak("Hello.", 0.8)
    [request] = server.requests
    assert request.path == "/v1/audio/speech"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.asked == {
        "model": "kokoro",
        "voice": "af_heart",
        "input": "Hello.",
        "response_format": "wav",
        "speed": 1.2,
    }


def test_an_address_without_a_path_means_v1(server: SpeechServer) -> None:
    opened(server, base_url=server.url.removesuffix("/v1")).speak("Hello.")
    assert server.requests[0].path == "/v1/audio/speech"


def test_the_key_may_be_in_a_file(server: SpeechServer, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    opened(server, key_file=str(tmp_path / "key")).speak("Hello.")
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    for text, told in (("", "is empty"), ("two words", "nothing else"), ("a\nb", "nothing else")):
        (tmp_path / "key").write_text(text)
        with pytest.raises(ProfileError, match=told):
            opened(server, key_file=str(tmp_path / "key"))
    with pytest.raises(ProfileError, match="cannot be read"):
        opened(server, key_file=str(tmp_path / "none"))


def test_without_a_key_none_is_sent(server: SpeechServer) -> None:
    opened(server).speak("Hello.")
    assert "Authorization" not in server.requests[0].headers


def test_a_key_goes_over_http_to_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    far: dict[str, Any] = {"base_url": "http://far.example/v1", "model": "m", "voice": "v"}
    engine = registry.open_engine("openai", far, "en")
    assert "authorization" not in engine._client.headers  # type: ignore[attr-defined]
    (tmp_path / "key").write_text(KEY)
    with pytest.raises(ProfileError, match="for all to read"):
        registry.open_engine("openai", {**far, "key_file": str(tmp_path / "key")}, "en")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"base_url": "http://me:secret@localhost/v1"}, "must not hold a name or password"),
        ({"key_env": KEY}, "is never the key itself"),
        ({"key_file": "key"}, "absolute path"),
        ({"speed": 9}, "speed must be"),
        ({"characters": 10}, "at least 1000"),
        ({"concurrency": 0}, "concurrency"),
    ],
)
def test_wrong_options(server: SpeechServer, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ProfileError, match=told) as caught:
        opened(server, **wrong)
    assert KEY not in str(caught.value)
    assert "secret" not in str(caught.value)


# ---- what passes is tried again ----------------------------------------------------------------


def _status(status: int, message: str = "busy", **headers: str) -> Answer:
    return lambda request: request.error(status, message, **headers)


def _cut(request: Request) -> None:
    """Half a body, by its length."""
    data = wav(tone(request.asked["input"]), size=None)
    request.answer(data[: len(data) // 2], length=len(data))
    request._handler.close_connection = True


def _cut_chunks(request: Request) -> None:
    """The connection ends in the middle of a stream."""
    request.begin(200, "audio/wav", Transfer_Encoding="chunked")
    request.send(wav(tone("abc")))
    request._handler.wfile.flush()
    request._handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "trouble",
    [_status(500), _status(502), _status(503), _status(429), _cut, _cut_chunks],
    ids=["500", "502", "503", "429", "cut", "cut stream"],
)
def test_what_passes_is_tried_again(server: SpeechServer, trouble: Answer) -> None:
    server.answers = [trouble, trouble]
    sound = opened(server).speak("Hello there.")
    assert sound.pcm == tone("Hello there.")
    assert len(server.requests) == 3


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured_by_all_threads(server: SpeechServer, as_date: bool) -> None:
    # A date has whole seconds, so that two from now are between one and two away.
    told = (
        format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if as_date else "1"
    )
    server.answers = [_status(429, "slow down", Retry_After=told)]
    engine = opened(server)
    first = threading.Thread(target=engine.speak, args=("One.",))
    first.start()
    while not engine._quiet_until:  # type: ignore[attr-defined]
        time.sleep(0.01)
    engine.speak("Two.")
    first.join()
    assert sorted(server.inputs) == ["One.", "One.", "Two."]
    assert min(server.times[1:]) - server.times[0] > 0.9


@pytest.mark.parametrize("told", ["\u00b2", "Fri, 31 Dec 99999999999999 23:59:59 GMT"])
def test_a_retry_after_that_cannot_be_read_is_none(server: SpeechServer, told: str) -> None:
    server.answers = [_status(503, "busy", Retry_After=told)]
    assert opened(server).speak("Hello.").pcm == tone("Hello.")


def test_half_a_sample_at_the_end_is_no_sound(server: SpeechServer) -> None:
    server.always = lambda request: request.answer(wav(tone("Hello.") + b"x"))
    assert opened(server).speak("Hello.").pcm == tone("Hello.")


def test_a_wait_that_is_too_long_is_told(server: SpeechServer) -> None:
    server.always = _status(503, "back tomorrow", Retry_After="86400")
    with pytest.raises(
        UnavailableError, match=r"503 .*back tomorrow \(tried once; it asks to wait 86400 s\)"
    ):
        opened(server).speak("Hello.")


def test_attempts_end(server: SpeechServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "_LONGEST_WAIT", 0.01)
    server.always = _status(500, "out of memory")
    with pytest.raises(SpeechError, match=r"500 .*out of memory \(tried 6 times\)") as caught:
        opened(server).speak("Hello.")
    assert not isinstance(caught.value, UnavailableError)
    assert len(server.requests) == 6


def test_a_server_that_is_not_there(server: SpeechServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "_LONGEST_WAIT", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(UnavailableError, match="cannot be reached"):
        opened(server, base_url=f"http://127.0.0.1:{port}/v1").speak("Hello.")


# ---- what does not pass is told ------------------------------------------------------------------


def _page(request: Request) -> None:
    request.answer(b"<html><body>Please <b>log in</b></body></html>", kind="text/html")


def _json(request: Request) -> None:
    request.answer(b'{"detail": {"message": "no such voice"}}', kind="application/json")


def _endless(request: Request) -> None:
    request.begin(200, "audio/wav", Transfer_Encoding="chunked")
    chunk = wav(bytes(1 << 20))
    while True:
        request.send(chunk)


def _half_file(request: Request) -> None:
    """A whole body that holds half a file."""
    request.answer(wav(tone("Hello."), size=None)[:9000])


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (
            _status(400, "text is too long"),
            r"/v1/audio/speech answered 400 Bad Request: text is too long$",
        ),
        (_status(422, "x" * 5000), r"422 .*x{200}\.\.\.$"),
        (_page, r"gave text/html, not sound: Please log in$"),
        (_json, r"gave application/json, not sound: no such voice$"),
        (_endless, r"sent more than 1 MB for 6 characters"),
        (_half_file, r"stopped in the middle: the WAV file is cut off"),
        (lambda r: r.answer(b"ID3\x04" + bytes(5000)), r"did not give a WAV file"),
        (
            lambda r: r.answer(wav(tone("a"), rate=22050)),
            r"gave 22050 samples a second; write that as `rate`",
        ),
        (lambda r: r.answer(wav(tone("a"), channels=2)), r"with 2 channels"),
        (lambda r: r.answer(b""), r"did not give a WAV file"),
    ],
    ids=[
        "400",
        "long message",
        "page",
        "json",
        "endless",
        "half",
        "mp3",
        "rate",
        "stereo",
        "empty",
    ],
)
def test_what_will_not_change_is_told_at_once(
    server: SpeechServer, trouble: Answer, told: str
) -> None:
    server.always = trouble
    with pytest.raises(SpeechError, match=told) as caught:
        opened(server).speak("Hello.")
    assert not isinstance(caught.value, UnavailableError)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (_status(401, f"Incorrect key provided: {KEY}"), r"401 .*provided: \[key\]$"),
        (_status(404, "no such model"), "404 Not Found: no such model$"),
        (_status(429, "insufficient_quota"), "429"),
        (
            lambda r: r.answer(b"", status=301, Location="https://elsewhere.example/"),
            "correct base_url",
        ),
    ],
    ids=["key", "model", "quota", "moved"],
)
def test_what_no_other_text_will_change_is_unavailable(
    server: SpeechServer, trouble: Answer, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.always = trouble
    with pytest.raises(UnavailableError, match=told) as caught:
        opened(server).speak("Hello.")
    assert KEY not in str(caught.value)
    assert len(server.requests) == 1


def test_a_refusal_says_that_no_key_was_sent(server: SpeechServer) -> None:
    server.always = _status(401, "who are you?")
    with pytest.raises(UnavailableError, match="no key was sent \\(MY_KEY is not set"):
        opened(server, key_env="MY_KEY").speak("Hello.")


@pytest.mark.parametrize("dripping", [False, True])
def test_a_server_that_is_too_slow(server: SpeechServer, dripping: bool) -> None:
    done = threading.Event()

    def slow(request: Request) -> None:
        request.begin(200, "audio/wav", Transfer_Encoding="chunked")
        while dripping and not done.wait(0.1):
            request.send(bytes(10))
        done.wait(5)

    server.always = slow
    with pytest.raises(SpeechError, match="did not finish within 1 s"):
        opened(server, seconds=1).speak("Hello.")
    done.set()


# ---- in a run ------------------------------------------------------------------------------------


def synthesis(number: int) -> Synthesis:
    said = (Utterance(f"This is number {number}."),)
    return Synthesis(
        Passage(
            engine="openai", options={"base_url": "http://x", "model": "m", "voice": "v"}, language="en",
            gain_db=0, audio=AudioFormat(), utterances=said, identity={},
        )
    )  # fmt: skip


def test_as_many_requests_at_once_as_the_voice_says(server: SpeechServer) -> None:
    together = threading.Barrier(8)

    def when_all_are_here(request: Request) -> None:
        together.wait(20)
        request.speak()

    server.always = when_all_are_here
    setup = Setup("openai", options(server, concurrency=8), "en")
    tasks = [(n, setup, synthesis(n)) for n in range(24)]
    with Workers[int](1) as workers:
        answers = dict(workers.run(iter(tasks)))
        assert len(workers._workers) == 1
    assert sorted(answers) == list(range(24))
    assert all(isinstance(answer, Spoken) for answer in answers.values())
    assert server.most_at_once == 8


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


@pytest.fixture
def show(workspace: Any, server: SpeechServer) -> Any:
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    workspace.served = lambda more="", voice="": (
        workspace.root / "voices" / "served.toml"
    ).write_text(
        f'[voice]\nengine = "openai"\n{voice}\n[engine]\nbase_url = "{server.url}"\nmodel = "m"\n'
        f'voice = "v"\n{more}\n'
    )
    workspace.served()
    return workspace


def test_an_episode_and_nothing_of_the_key(show: Any, server: SpeechServer) -> None:
    show.post("one.md", "# One\n\nSome words here. And more of them.\n")
    show.episode("posts", "--jobs", "1", OPENAI_API_KEY=KEY, TTS_PIPELINE_DEBUG="1")
    assert {r.headers["Authorization"] for r in server.requests} == {f"Bearer {KEY}"}
    assert "Some words here." in server.inputs
    for folder in (show.out, show.cache):
        for path in folder.rglob("*"):
            assert KEY.encode() not in (path.read_bytes() if path.is_file() else b"")
    server.reset()
    # What does not change the sound leaves the cache as it is.
    show.served("concurrency = 2\nseconds = 60\ncharacters = 5000")
    [outcome] = show.episode("posts", "--jobs", "1")["episodes"]
    assert outcome["status"] == "unchanged"
    assert server.requests == []


def test_the_key_is_refused_in_a_voice_file(show: Any) -> None:
    there = structs.replace(profiles.plain_show(), root=str(show.root))
    for name, told in (
        ("api_key", r"served.toml, line 8: `engine.api_key` .*`key_env` names the variable"),
        ("token", r"served.toml, line 8: `engine.token` .*`key_file`"),
        ("key_env", "is never the key itself"),
    ):
        show.served(f'{name} = "{KEY}"')
        with pytest.raises(ProfileError, match=told) as caught:
            profiles.load_voice("served", there)
        assert KEY not in str(caught.value)


def test_a_post_that_costs_too_much_fails_and_others_go_on(show: Any, server: SpeechServer) -> None:
    show.served("characters = 1500")
    show.post("a.md", "# Alpha\n\n" + "A sentence of some length. " * 60)
    show.post("b.md", "# Beta\n\nShort.\n")
    show.post("c.md", "# Gamma\n\n" + "Other words of some kind. " * 40)
    told = show.episode("posts", "--jobs", "1", check=1)
    assert [outcome["title"] for outcome in told["episodes"]] == ["Beta"]
    one, two = sorted(failure["error"] for failure in told["failures"])
    assert "a.md: it needs 1,5" in one
    assert "raise `characters` in the voice" in one
    assert "c.md: it needs 1,0" in two
    assert "run the same command again, or raise" in two
    assert not any("sentence of some" in said for said in server.inputs)
    # The voice has been measured, so that the next run has more to spend.
    told = show.episode("posts", "--jobs", "1", check=1)
    assert [outcome["title"] for outcome in told["episodes"]] == ["Beta", "Gamma"]


def test_ctrl_c_ends_at_once(show: Any, server: SpeechServer) -> None:
    show.post("one.md", "# One\n\nSome words here.\n")
    show.episode("posts", "--jobs", "1")
    server.reset()
    asked = threading.Event()

    def forever(request: Request) -> None:
        asked.set()
        request._handler.rfile.read(1)  # returns when the other side is gone

    server.always = forever
    with subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "episode", "posts", "--show", "feeds/show.toml", "--force",
         "--cache", str(show.cache)],
        cwd=show.root, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert asked.wait(60)
        process.send_signal(2)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"stopped" in told
    assert b"Traceback" not in told
