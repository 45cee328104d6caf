"""The engines that come with the program."""

from typing import Any, ClassVar

from .contract import EngineContract


class TestTone(EngineContract):
    """The fake that stands beside the real engine, for speed."""

    name = "tone"
    wrong: ClassVar[dict[str, Any]] = {"pitch": "high"}


class TestPyttsx3(EngineContract):
    """espeak-ng through pyttsx3."""

    name = "pyttsx3"
    wrong: ClassVar[dict[str, Any]] = {"voice": "no-such-voice"}


class TestPyttsx3Variant(EngineContract):
    """A variant that uses noise."""

    name = "pyttsx3"
    options: ClassVar[dict[str, Any]] = {"voice": "en-us+f3", "rate": 200}
    wrong: ClassVar[dict[str, Any]] = {"rate": 5}
