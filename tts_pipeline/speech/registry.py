"""Which engines there are."""

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from msgspec import ValidationError, convert, structs

from tts_pipeline.errors import PipelineError, ProfileError
from tts_pipeline.speech import plugins
from tts_pipeline.speech.engine import Engine, Facts

T = TypeVar("T")

ENGINES = {
    "pyttsx3": (
        "tts_pipeline.speech.engines.native:Native"
        if sys.platform in ("darwin", "win32")
        else "tts_pipeline.speech.engines.pyttsx3:Pyttsx3"
    ),
    "command": "tts_pipeline.speech.engines.command:Command",
    "openai": "tts_pipeline.speech.engines.openai:OpenAI",
    "piper": "tts_pipeline.speech.engines.piper:Piper",
    "tone": "tts_pipeline.speech.engines.tone:Tone",
}
"""Those that come with the program; no other package can take over one of these names."""


def engine(name: str) -> type[Engine]:
    """The engine class of this name.

    Raises:
        ProfileError: there is none, or the package that brings it is broken.
    """
    if name in ENGINES:
        module, _, attribute = ENGINES[name].partition(":")
        return cast("type[Engine]", getattr(importlib.import_module(module), attribute))
    brought = plugins.load(name)
    if brought is None:
        known = ", ".join((*ENGINES, *plugins.names()))
        raise ProfileError(f"there is no engine called {name!r}; there are {known}")
    return brought


def facts(name: str, options: dict[str, Any]) -> Facts:
    """What the engine declares for these options.

    Raises:
        ProfileError: it refuses them.
    """
    class_ = engine(name)
    declared = _asked(name, lambda: class_.facts(convert(options, class_.Options)))
    if name in ENGINES:
        return declared
    # A new release may sound different, whatever it says of itself.
    versions = {**declared.versions, "package": plugins.package(name) or ""}
    return structs.replace(declared, versions=versions)


def placed(class_: type[Engine], options: Any, folders: Sequence[Path]) -> Any:
    """The options with the files that they name as absolute paths, if the engine needs files."""
    place = getattr(class_, "placed", None)
    return place(options, folders) if place else options


def open_engine(name: str, options: dict[str, Any], language: str) -> Engine:
    """Open the engine; only workers do.

    Raises:
        ProfileError: it refuses its options.
        SpeechError: it does not work here.
    """
    class_ = engine(name)
    return _asked(name, lambda: class_(convert(options, class_.Options), language))


def _asked(name: str, ask: Callable[[], T]) -> T:
    """What the engine says; what another package's raises is told with the package's name."""
    try:
        return ask()
    except ValidationError as error:
        raise ProfileError(f"the engine {name} refuses its options: {error}") from error
    except PipelineError:
        raise
    except Exception as error:
        if name in ENGINES:
            raise
        raise ProfileError(
            f"the engine {name!r} of the package {plugins.package(name)} failed: "
            f"{type(error).__name__}: {error}"
        ) from error
