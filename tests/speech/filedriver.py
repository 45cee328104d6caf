"""A driver for pyttsx3 that hands sound over as those of macOS and Windows do: in files alone.

It runs espeak-ng's command. A voice called "british" gives AIFF, as macOS does, others WAV.
"""

import subprocess
import sys
import types
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from tts_pipeline.speech import soundfile
from tts_pipeline.speech.engines import native


class Driver:
    """What pyttsx3 asks of a driver."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._voice, self._rate = "american", 200

    def destroy(self) -> None: ...

    def startLoop(self) -> None:  # noqa: N802  pyttsx3's name
        self._proxy.setBusy(False)

    def endLoop(self) -> None: ...  # noqa: N802

    def stop(self) -> None: ...

    def getProperty(self, name: str) -> Any:  # noqa: N802
        from pyttsx3.voice import Voice

        assert name == "voices"
        return [
            Voice("com.example.british", "british", ["en_GB"]),
            Voice("com.example.american", "american", ["en-US"]),
            Voice("com.example.mute", "mute", None),
        ]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        if name == "voice":
            self._voice = value.rpartition(".")[2]
        else:
            assert name == "rate"
            self._rate = value

    def save_to_file(self, text: str, path: str) -> None:
        if self._voice == "mute":
            return
        voice = {"british": "en-gb", "american": "en-us"}[self._voice]
        argv = ["espeak-ng", "-v", voice, "-s", str(self._rate), "-w", path, "--stdin"]
        subprocess.run(argv, input=text.encode(), check=True)
        if self._voice == "british":
            with Path(path).open("r+b") as file:
                pcm, rate = soundfile.any_rate(file.read(), "espeak-ng")
                file.seek(0)
                file.truncate()
                file.write(aiff(pcm, rate))


def aiff(pcm: bytes, rate: int, packing: bytes = b"") -> bytes:
    """Audio Interchange File Format 1.3; with a packing, AIFF-C."""
    frames = len(pcm) // 2
    exponent = rate.bit_length() - 1
    extended = (16383 + exponent).to_bytes(2, "big") + (rate << (63 - exponent)).to_bytes(8, "big")
    form = (1).to_bytes(2, "big") + frames.to_bytes(4, "big") + (16).to_bytes(2, "big") + extended
    if packing:
        form += packing + b"\x00\x00"
    data = pcm if packing == b"sowt" else np.frombuffer(pcm, "<i2").astype(">i2").tobytes()
    chunks = b"FVER\x00\x00\x00\x04\xa2\x80\x51\x40" if packing else b""
    for kind, content in ((b"COMM", form), (b"SSND", bytes(8) + data)):
        chunks += kind + len(content).to_bytes(4, "big") + content + b"\x00" * (len(content) % 2)
    kind = b"AIFC" if packing else b"AIFF"
    return b"FORM" + (4 + len(chunks)).to_bytes(4, "big") + kind + chunks


class Native(native.Native):
    """What stands in for the system's speech."""

    driver: ClassVar[str | None] = "tts_pipeline_files"


_module: Any = types.ModuleType("pyttsx3.drivers.tts_pipeline_files")
_module.buildDriver = Driver
sys.modules[_module.__name__] = _module
