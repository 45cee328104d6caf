"""Shows and voices, checked against the engines and lexicons that they name."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Cast, NamedSource, Noun, Show, Voice
from tts_pipeline.profile import show as shows
from tts_pipeline.profile import sources, toml
from tts_pipeline.profile import voice as voices
from tts_pipeline.segment.lexicon import in_phonemes, load
from tts_pipeline.speech import registry


class VoiceLine(Noun):
    """A voice in a list."""

    name: str
    engine: str
    language: str
    path: str


def load_show(path: Path) -> Show:
    """A show from its file."""
    return shows.load(path)


def load_sources(
    paths: Sequence[Path], only: Sequence[str] = ()
) -> tuple[tuple[NamedSource, ...], str | None]:
    """The sources of these shows, each once, and the address of the first show.

    Args:
        paths: shows, or a file of sources.
        only: the names of those that are meant; all if empty.

    Raises:
        ProfileError: a file is wrong, two sources share a name, or there is none of a name.
    """
    found: dict[str, NamedSource] = {}
    link = None
    for path in paths:
        if path.name == sources.SHARED:
            given = sources.load(path)
        else:
            show = shows.load(path)
            link = link or show.link or show.base_url
            given = shows.load_sources(path)
        for one in given:
            if found.setdefault(one.name, one) != one:
                raise ProfileError(
                    f"{path}: there are two sources called {one.name!r}; rename one, since their "
                    "posts would lie in the same folder"
                )
    for name in only:
        if name not in found:
            known = ", ".join(found) or "none"
            raise ProfileError(f"there is no source called {name!r}; there are: {known}")
    chosen = tuple(one for name, one in found.items() if not only or name in only)
    if not chosen:
        raise ProfileError(
            f"{', '.join(map(str, paths))}: no sources; write a table [sources.NAME] with a `type`"
        )
    return chosen, link


def faster(show: Show) -> Show:
    """The show, encoded with LAME's quality 7."""
    return msgspec.structs.replace(show, audio=msgspec.structs.replace(show.audio, quality=7))


def load_voice(name: str, show: Show | None) -> Voice:
    """A voice by name, with its options checked by its engine and its lexicons read.

    With a show, its folder is looked into first, and its lexicons come last.
    """
    path = voices.find(name, voices.folders(show.root if show else None))
    given = voices.load(path)
    text = path.read_text(encoding="utf-8")
    try:
        engine = registry.engine(given.voice.engine)
    except ProfileError as error:
        raise toml.wrong(path, text, ("voice", "engine"), f"is wrong: {error}") from error
    options = toml.convert(given.engine, engine.Options, path, text, ("engine",))
    entries: list[tuple[str, str]] = []
    for file in (*given.voice.lexicon, *(show.lexicon if show else ())):
        entries += load(Path(file))
        if any(map(in_phonemes, entries)) and not engine.facts(options).phonemes:
            raise ProfileError(
                f"the lexicon {file} says words in phonemes ([[...]]), which the engine "
                f"{given.voice.engine} of the voice {name!r} does not take; write them in letters"
            )
    return Voice(
        name=name,
        engine=given.voice.engine,
        language=given.voice.language,
        options=msgspec.to_builtins(options),
        lexicon=tuple(entries),
    )


def load_cast(show: Show, narrator: str | None = None) -> Cast:
    """The voices that the show names, with another narrator if one is given."""
    wanted = show.quote_voice if show.reading.quotes == "voice" else None
    return Cast(
        narrator=load_voice(narrator or show.voice, show),
        quote=load_voice(wanted, show) if wanted else None,
        speakers=tuple(load_voice(name, show) for name in show.speaker_voices),
    )


def list_voices() -> list[VoiceLine]:
    """The voices of this folder and of the program."""
    return [
        VoiceLine(name, given.voice.engine, given.voice.language, str(path))
        for name, path in voices.names(voices.folders(None))
        for given in [voices.load(path)]
    ]


def plain_show() -> Show:
    """A show for looking at a script without one."""
    return shows.plain()
