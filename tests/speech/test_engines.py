"""The engines that come with the program."""

import shutil
import sys
from typing import Any, ClassVar

import pytest

from tests.conftest import Workspace
from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine
from tts_pipeline.speech.engines import native
from tts_pipeline.speech.engines.pyttsx3 import Pyttsx3Options

from .conftest import Install
from .contract import SENTENCES, EngineContract


class TestTone(EngineContract):
    """The fake that stands beside the real engine, for speed."""

    name = "tone"
    wrong: ClassVar[dict[str, Any]] = {"pitch": "high"}


class TestPyttsx3(EngineContract):
    """espeak-ng through pyttsx3."""

    name = "pyttsx3"
    wrong: ClassVar[dict[str, Any]] = {"voice": "no-such-voice"}

    def test_it_can_speak_slower(self, engine: Engine) -> None:
        slow, usual = (len(engine.speak(SENTENCES[1], pace).pcm) for pace in (0.9, 1.0))
        assert 1.05 < slow / usual < 1.2


class TestPyttsx3Variant(EngineContract):
    """A variant that uses noise."""

    name = "pyttsx3"
    options: ClassVar[dict[str, Any]] = {"voice": "en-us+f3", "rate": 200}
    wrong: ClassVar[dict[str, Any]] = {"rate": 5}


SPEAKER = """
import array, math, struct, sys
text = sys.stdin.read() if len(sys.argv) < 3 else open(sys.argv[2], encoding="utf-8").read()
out = array.array("h", (int(9000 * math.sin(n / (9 + ord(c) % 40))) for c in text for n in range(700)))
pcm = out.tobytes()
head = b"RIFF" + struct.pack("<I", 36 + len(pcm)) + b"WAVEfmt " + struct.pack(
    "<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16) + b"data" + struct.pack("<I", len(pcm))
open(sys.argv[1], "wb").write(head + pcm) if len(sys.argv) > 2 else sys.stdout.buffer.write(head + pcm)
"""


class TestCommand(EngineContract):
    """A program that reads standard input and writes a WAV file to standard output."""

    name = "command"
    options: ClassVar[dict[str, Any]] = {"argv": [sys.executable, "-c", SPEAKER], "rate": 16000}
    wrong: ClassVar[dict[str, Any]] = {"argv": ["no-such-program-here"], "rate": 16000}
    failing: ClassVar[dict[str, Any] | None] = {"argv": ["false"], "rate": 16000}
    hanging: ClassVar[dict[str, Any] | None] = {"argv": ["sleep", "9"], "rate": 16000, "seconds": 1}


class TestCommandWithFiles(EngineContract):
    """A program that reads one file and writes another."""

    name = "command"
    options: ClassVar[dict[str, Any]] = {
        "argv": [sys.executable, "-c", SPEAKER, "{out}", "{file}"],
        "rate": 16000,
    }
    wrong: ClassVar[dict[str, Any]] = {"argv": [], "rate": 16000}


@pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")
class TestFlite(EngineContract):
    """Debian's flite."""

    name = "command"
    options: ClassVar[dict[str, Any]] = {
        "argv": ["flite", "-voice", "slt", "-f", "{file}", "-o", "{out}"],
        "rate": 16000,
    }
    wrong: ClassVar[dict[str, Any]] = {"argv": ["flite"], "rate": 5}
    failing: ClassVar[dict[str, Any] | None] = {"argv": ["flite", "/no/such/file"], "rate": 16000}


@pytest.mark.skipif(not shutil.which("text2wave"), reason="festival is not installed")
class TestFestival(EngineContract):
    """Debian's festival."""

    name = "command"
    options: ClassVar[dict[str, Any]] = {
        "argv": ["text2wave", "-F", "16000", "-o", "{out}", "{file}"],
        "rate": 16000,
    }
    wrong: ClassVar[dict[str, Any]] = {"argv": ["text2wave"], "rate": 16000, "limit": 1}


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
class TestNative(EngineContract):
    """What macOS and Windows use, over a driver that writes files as theirs do."""

    name = "native"
    wrong: ClassVar[dict[str, Any]] = {"voice": "no-such-voice"}
    failing: ClassVar[dict[str, Any] | None] = {"voice": "mute"}

    @pytest.fixture(autouse=True)
    def _installed(self, install: Install) -> None:
        install("native", "tests.speech.filedriver:Native")


class TestNativeOnMacOS(TestNative):
    """The same with AIFF files at another rate."""

    options: ClassVar[dict[str, Any]] = {"voice": "en-gb"}


def test_a_system_without_speech_says_so() -> None:
    """pyttsx3's own dummy driver has voices and writes no file."""
    native.Native.driver, before = "dummy", native.Native.driver
    try:
        with pytest.raises(ProfileError, match="no voice called 'de'; some that it has: John Doe"):
            native.Native(Pyttsx3Options(voice="de"), "de")
        with pytest.raises(SpeechError, match="the system's speech failed"):
            native.Native(Pyttsx3Options(), "en").speak("Hello.")
    finally:
        native.Native.driver = before


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit('no voice')", "exit status 1: no voice"),
        ("print('not sound')", "did not give a WAV file"),
        ("import time; time.sleep(30)", "did not finish within 1 s"),
        (SPEAKER.replace("16000, 32000", "8000, 16000"), "gave 8000 samples a second"),
        (SPEAKER.replace('"<IHHIIHH", 16, 1, 1,', '"<IHHIIHH", 16, 1, 2,'), "with one channel"),
        (SPEAKER.replace('b"data"', 'b"dada"'), "without sound"),
    ],
)
def test_what_a_program_does_wrong_is_told(program: str, words: str) -> None:
    options = {"argv": [sys.executable, "-c", program], "rate": 16000, "seconds": 1}
    with pytest.raises(SpeechError) as caught:
        registry.open_engine("command", options, "en").speak("Hello there.")
    assert words in str(caught.value)


def test_a_text_is_never_an_option_or_a_placeholder() -> None:
    echo = "import sys; sys.exit(repr(sys.argv[1:]))"
    options = {"argv": [sys.executable, "-c", echo, "{text}"], "rate": 16000}
    with pytest.raises(SpeechError, match=r"\[' --help \{out\} \$\(id\)'\]"):
        registry.open_engine("command", options, "en").speak("--help {out} $(id)")


def test_a_voice_of_another_rate_fits_the_episode(workspace: Workspace) -> None:
    (workspace.root / "speak.py").write_text(SPEAKER)
    (workspace.root / "voices" / "other.toml").write_text(
        f'[voice]\nengine = "command"\n[engine]\nargv = ["{sys.executable}", "speak.py"]\nrate = 16000\n'
    )
    workspace.show(voice="other")
    workspace.post("one.md", "# One\n\nSome words here.\n")
    workspace.episode("posts")
    [record] = workspace.records()
    [said] = [s for s in record["segments"] if s["role"] == "text"]
    seconds = (said["end"] - said["start"]) / record["sample_rate"]
    assert abs(seconds - len(said["spoken"]) * 700 / 16000) < 0.01
