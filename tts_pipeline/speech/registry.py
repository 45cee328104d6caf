"""Which engines there are."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from msgspec import ValidationError, convert

from tts_pipeline.errors import ProfileError
from tts_pipeline.speech.engine import Engine, Facts

ENGINES = {
    "pyttsx3": "tts_pipeline.speech.engines.pyttsx3:Pyttsx3",
    "command": "tts_pipeline.speech.engines.command:Command",
    "piper": "tts_pipeline.speech.engines.piper:Piper",
    "tone": "tts_pipeline.speech.engines.tone:Tone",
}


def engine(name: str) -> type[Engine]:
    """The engine class of this name.

    Raises:
        ProfileError: there is none.
    """
    try:
        module, _, attribute = ENGINES[name].partition(":")
    except KeyError:
        raise ProfileError(
            f"there is no engine called {name!r}; there are {', '.join(ENGINES)}"
        ) from None
    return cast("type[Engine]", getattr(importlib.import_module(module), attribute))


def facts(name: str, options: dict[str, Any]) -> Facts:
    """What the engine declares for these options."""
    class_ = engine(name)
    return class_.facts(convert(options, class_.Options))


def placed(class_: type[Engine], options: Any, folders: Sequence[Path]) -> Any:
    """The options with the files that they name as absolute paths, if the engine needs files."""
    place = getattr(class_, "placed", None)
    return place(options, folders) if place else options


def open_engine(name: str, options: dict[str, Any], language: str) -> Engine:
    """Open the engine; only workers do."""
    class_ = engine(name)
    try:
        return class_(convert(options, class_.Options), language)
    except ValidationError as error:
        raise ProfileError(f"the engine {name} refuses its options: {error}") from error
