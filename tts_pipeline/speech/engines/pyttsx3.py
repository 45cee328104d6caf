"""`pyttsx3`: the default engine, over the espeak-ng that espeakng-loader carries.

pyttsx3's own espeak driver hands sound over through files, an event loop of 10 ms steps and a
buffer that grows quadratically; it also passes espeak a length that is ten times too large. So
pyttsx3 is given a driver of ours, derived from its own, which espeak answers synchronously.
"""

import ctypes
import os
import sys
import types
from functools import cache
from importlib.metadata import version
from typing import Any, ClassVar

from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import Noun
from tts_pipeline.speech.engine import Facts, Sound

_version = cache(version)

_PHONEMES = 0x100
"""espeakPHONEMES: text between `[[` and `]]` is espeak-ng's phoneme mnemonics."""
_DRIVER = "tts_pipeline_espeak"


class Pyttsx3Options(Noun):
    """[engine] of a pyttsx3 voice."""

    voice: str = "en-us"
    """espeak-ng's name of a voice, with a variant after `+`."""
    rate: int = 175
    """Words a minute, 80 to 450."""
    pitch: int = 50
    """0 to 100."""

    def __post_init__(self) -> None:
        if not 80 <= self.rate <= 450:
            raise ValueError("rate must be 80 to 450 words a minute")
        if not 0 <= self.pitch <= 100:
            raise ValueError("pitch must be 0 to 100")


class Pyttsx3:
    """espeak-ng through pyttsx3."""

    Options: ClassVar[type[Noun]] = Pyttsx3Options

    @classmethod
    def facts(cls, options: Pyttsx3Options) -> Facts:
        """espeak-ng carries state from one utterance to the next, whatever is reset between."""
        return Facts(
            sample_rate=22050,
            limit=1500,
            deterministic=True,
            carries_state=True,
            word_times=True,
            phonemes=True,
            versions={name: _version(name) for name in ("pyttsx3", "espeakng-loader")},
        )

    def __init__(self, options: Pyttsx3Options, language: str) -> None:
        """Load espeak-ng and set the voice."""
        _install_driver()
        import pyttsx3  # noqa: PLC0415  its import loads the library that was just found

        self._failures: list[Exception] = []
        self._rate = options.rate
        self._engine = pyttsx3.init(_DRIVER)
        self._engine.connect("error", lambda exception, **_: self._failures.append(exception))
        self._engine.setProperty("voice", options.voice)
        self._engine.setProperty("rate", options.rate)
        self._engine.setProperty("pitch", options.pitch)
        self._engine.runAndWait()
        if self._failures:
            raise ProfileError(
                f"espeak-ng has no voice called {options.voice!r}; en, en-us, de and fr-fr are "
                "some that it has, and a variant such as +f3 may follow"
            )

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """Say one utterance."""
        self._engine.setProperty("rate", min(450, max(80, round(self._rate * pace))))
        self._engine.say(text)
        self._engine.runAndWait()
        if self._failures:
            raise SpeechError(f"espeak-ng failed: {self._failures[0]}")
        pcm, words = self._engine.proxy._driver.take()
        return Sound(pcm=pcm, words=words)


def _install_driver() -> None:
    """Make the driver importable where pyttsx3 looks for drivers, on the carried espeak-ng.

    The data path and the library must be there before pyttsx3 is first imported: the library's
    SONAME is the name that pyttsx3 opens.
    """
    if f"pyttsx3.drivers.{_DRIVER}" in sys.modules:
        return
    import espeakng_loader  # noqa: PLC0415

    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as error:
        raise SpeechError(f"espeak-ng cannot be loaded: {error}") from error
    from pyttsx3.drivers import _espeak, espeak  # noqa: PLC0415

    _espeak.AUDIO_OUTPUT_RETRIEVAL = _espeak.AUDIO_OUTPUT_SYNCHRONOUS

    class Driver(espeak.EspeakDriver):  # type: ignore[misc]
        """Keeps an utterance's PCM and word events until they are taken."""

        def __init__(self, proxy: Any) -> None:
            self._chunks: list[bytes] = []
            self._words: list[tuple[int, int, int]] = []
            super().__init__(proxy)
            library.espeak_ng_SetRandSeed(ctypes.c_long(1))

        def say(self, text: str) -> None:
            self._proxy.setBusy(True)
            self._chunks, self._words = [], []
            data = text.encode()
            flags = _espeak.CHARS_UTF8 | _PHONEMES
            _espeak.cSynth(data, len(data) + 1, 0, _espeak.POS_CHARACTER, 0, flags, None, None)
            self._proxy.setBusy(False)

        def take(self) -> tuple[bytes, tuple[tuple[int, int, int], ...]]:
            return b"".join(self._chunks), tuple(self._words)

        def startLoop(self) -> None:  # noqa: N802  pyttsx3's name
            self._proxy.setBusy(False)

        def _onSynth(self, wav: Any, count: int, events: Any) -> int:  # noqa: N802
            if count > 0:
                self._chunks.append(ctypes.string_at(wav, 2 * count))
            index = 0
            while (event := events[index]).type != _espeak.EVENT_LIST_TERMINATED:
                if event.type == _espeak.EVENT_WORD:
                    self._words.append((event.text_position - 1, event.length, event.sample))
                index += 1
            return 0

    module: Any = types.ModuleType(f"pyttsx3.drivers.{_DRIVER}")
    module.buildDriver = Driver
    sys.modules[module.__name__] = module
