"""Engines that other packages bring, by the entry point group `tts_pipeline.engines`."""

from functools import cache
from typing import TYPE_CHECKING, cast

from tts_pipeline.errors import ProfileError
from tts_pipeline.speech.engine import Engine

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

GROUP = "tts_pipeline.engines"

_PARTS = ("Options", "facts", "speak")


def names() -> tuple[str, ...]:
    """What the installed packages call their engines."""
    return tuple(sorted(_entries().names))


def load(name: str) -> type[Engine] | None:
    """The engine of this name, if a package brings one.

    Raises:
        ProfileError: two do, or it is no engine or cannot be imported; names the package.
    """
    found = _entry(name)
    if found is None:
        return None
    try:
        loaded = found.load()
    except Exception as error:
        raise ProfileError(
            f"the engine {name!r} of the package {package(name)} cannot be loaded: "
            f"{type(error).__name__}: {error}. Update the package or remove it"
        ) from error
    if lacking := [part for part in _PARTS if not hasattr(loaded, part)]:
        raise ProfileError(
            f"what the package {package(name)} offers as the engine {name!r} ({found.value}) is "
            f"none: it has no {', '.join(lacking)}"
        )
    return cast("type[Engine]", loaded)


def package(name: str) -> str | None:
    """Name and version of the package that brings this engine."""
    found = _entry(name)
    return f"{found.dist.name} {found.dist.version}" if found and found.dist else None


def _entries() -> "EntryPoints":
    from importlib.metadata import entry_points  # noqa: PLC0415  20 ms that most voices save

    return entry_points(group=GROUP)


@cache
def _entry(name: str) -> "EntryPoint | None":
    found = list(_entries().select(name=name))
    if len({entry.value for entry in found}) > 1:
        brought = " and ".join(sorted(entry.dist.name for entry in found if entry.dist))
        raise ProfileError(f"{brought} both bring an engine called {name!r}; remove one of them")
    return found[0] if found else None
