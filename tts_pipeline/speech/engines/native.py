"""`pyttsx3` on macOS and Windows: the system's voices, through pyttsx3's own drivers.

They hand sound over in files alone: `save_to_file` writes WAV on Windows and AIFF on macOS.
"""

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import Noun
from tts_pipeline.speech import soundfile
from tts_pipeline.speech.engine import Facts, Sound
from tts_pipeline.speech.engines.pyttsx3 import Pyttsx3Options

_RATE = 22050
"""Samples a second that are declared; what a driver writes at another rate is resampled."""


class Native:
    """A voice of the operating system."""

    Options: ClassVar[type[Noun]] = Pyttsx3Options
    driver: ClassVar[str | None] = None
    """pyttsx3's choice for this system."""

    @classmethod
    def facts(cls, options: Pyttsx3Options) -> Facts:
        """No more than holds for any voice of any system."""
        return Facts(
            sample_rate=_RATE,
            limit=1500,
            deterministic=False,
            carries_state=False,
            word_times=False,
            phonemes=False,
            versions={"pyttsx3": version("pyttsx3")},
            seconds=60,
            inaudible=("pitch",),
        )

    def __init__(self, options: Pyttsx3Options, language: str) -> None:
        """Open the system's driver and set the voice."""
        import pyttsx3  # noqa: PLC0415

        try:
            self._engine = pyttsx3.init(self.driver)
        except Exception as error:
            raise SpeechError(f"the system's speech cannot be opened: {error}") from error
        self._failures: list[Exception] = []
        self._engine.connect("error", lambda exception, **_: self._failures.append(exception))
        self._rate = options.rate
        self._engine.setProperty("voice", _chosen(self._engine, options.voice))

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """Say one utterance into a file, and read it back."""
        from tts_pipeline.speech.render import at_rate  # noqa: PLC0415  loads numpy and LAME

        with tempfile.TemporaryDirectory(prefix="tts-pipeline-") as folder:
            path = Path(folder, "sound")
            try:
                self._engine.setProperty("rate", round(self._rate * pace))
                self._engine.save_to_file(text, str(path))
                self._engine.runAndWait()
            except Exception as error:
                self._failures.append(error)
            if self._failures:
                raise SpeechError(f"the system's speech failed: {self._failures.pop()}")
            if not path.exists():
                raise SpeechError("the system's speech wrote no file")
            pcm, rate = soundfile.any_rate(path.read_bytes(), "the system's speech")
        return at_rate(Sound(pcm), rate, _RATE)


def _chosen(engine: Any, wanted: str) -> str:
    """The driver's name of the voice that is called so, else of the first in that language."""
    voices = engine.getProperty("voices")
    for voice in voices:
        if wanted in (voice.id, voice.name):
            return str(voice.id)
    language = _plain(wanted)
    for voice in voices:
        if any(_plain(str(spoken)).startswith(language) for spoken in voice.languages or ()):
            return str(voice.id)
    some = ", ".join(str(voice.name) for voice in voices[:8]) or "none"
    raise ProfileError(f"this system has no voice called {wanted!r}; some that it has: {some}")


def _plain(tag: str) -> str:
    """A language tag such as en-us, however it is written."""
    return tag.replace("_", "-").lower()
