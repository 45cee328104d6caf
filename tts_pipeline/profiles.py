"""Shows and voices, checked against the engines and lexicons that they name."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tts_pipeline.errors import PipelineError, ProfileError
from tts_pipeline.model import Cast, NamedSource, Noun, Show, Voice
from tts_pipeline.profile import show as shows
from tts_pipeline.profile import sources, toml
from tts_pipeline.profile import voice as voices
from tts_pipeline.segment.lexicon import in_phonemes, load
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine


class VoiceLine(Noun):
    """A voice in a list."""

    name: str
    engine: str
    language: str
    path: str
    error: str | None = None
    """Why nothing can be spoken with it."""


def load_show(path: Path) -> Show:
    """A show from its file."""
    return shows.load(path)


def only_shows(paths: Sequence[Path]) -> list[Path]:
    """The files of shows among these, where feeds/*.toml takes feeds/sources.toml along.

    Raises:
        ProfileError: there is none.
    """
    found = [path for path in paths if path.name != sources.SHARED]
    if not found:
        raise ProfileError(f"{', '.join(map(str, paths))}: sources alone; name a show beside them")
    return found


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
    link = None
    given = []
    for path in paths:
        if path.name == sources.SHARED:
            given.append((path, sources.load(path)))
        else:
            show = shows.load(path)
            link = link or show.link or show.base_url
            given.append((path, shows.load_sources(path)))
    found = together(given)
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


def together(
    given: Iterable[tuple[Path, Iterable[NamedSource]]],
) -> dict[str, NamedSource]:
    """The sources of these files by name, each once.

    Raises:
        ProfileError: two share a name.
    """
    found: dict[str, NamedSource] = {}
    for path, sources_ in given:
        for one in sources_:
            if found.setdefault(one.name, one) != one:
                raise ProfileError(
                    f"{path}: there are two sources called {one.name!r}; rename one, since their "
                    "posts would lie in the same folder"
                )
    return found


def faster(show: Show) -> Show:
    """The show, encoded with LAME's quality 7."""
    return msgspec.structs.replace(show, audio=msgspec.structs.replace(show.audio, quality=7))


def load_voice(name: str, show: Show | None, before: tuple[str, ...] = ()) -> Voice:
    """A voice by name, with its options checked by its engine and its lexicons read.

    Args:
        name: of the voice.
        show: its folder is looked into first, and its lexicons come last.
        before: voices that fall back to this one.
    """
    folders = voices.folders(show.root if show else None)
    path = voices.find(name, folders)
    given = voices.load(path)
    text = path.read_text(encoding="utf-8")
    try:
        engine = registry.engine(given.voice.engine)
    except ProfileError as error:
        raise toml.wrong(path, text, ("voice", "engine"), f"is wrong: {error}") from error
    _see_no_key(given.engine, engine, path, text)
    options = toml.convert(given.engine, engine.Options, path, text, ("engine",))
    try:
        options = registry.placed(engine, options, (path.resolve().parent, *folders))
    except ProfileError as error:
        raise toml.wrong(path, text, ("engine", "model"), str(error)) from error
    fallback = _fallback(given, show, (*before, name), path, text)
    takes_phonemes = engine.facts(options).phonemes and all(
        registry.facts(voice.engine, voice.options).phonemes
        for voice in (fallback.chain if fallback else ())
    )
    entries: list[tuple[str, str]] = []
    for file in (*given.voice.lexicon, *(show.lexicon if show else ())):
        entries += load(Path(file))
        if any(map(in_phonemes, entries)) and not takes_phonemes:
            raise ProfileError(
                f"the lexicon {file} says words in phonemes ([[...]]), which the engine "
                f"{given.voice.engine} of the voice {name!r}, or that of its fallback, does not "
                "take; write them in letters"
            )
    return Voice(
        name=name,
        engine=given.voice.engine,
        language=given.voice.language,
        options=msgspec.to_builtins(options),
        lexicon=tuple(entries),
        fallback=fallback,
        price=_price(given, path, text),
    )


_KEYS = frozenset(("key", "api_key", "apikey", "token", "secret", "password", "authorization"))


def _see_no_key(given: dict[str, Any], engine: type[Engine], path: Path, text: str) -> None:
    """A voice file is shared and kept; what it holds is in no place for a key."""
    for key in given:
        if key.lower() in _KEYS and key not in engine.Options.__struct_fields__:
            raise toml.wrong(
                path,
                text,
                ("engine", key),
                "does not belong in a voice file, which others may read. Put the key into the "
                "environment (`key_env` names the variable) or a file of its own (`key_file`)",
            )


def _fallback(
    given: voices.VoiceFile, show: Show | None, chain: tuple[str, ...], path: Path, text: str
) -> Voice | None:
    """The voice that speaks what this one cannot: the words are written for the first."""
    name = given.voice.fallback
    if name is None:
        return None
    at = ("voice", "fallback")
    if name in chain:
        raise toml.wrong(path, text, at, f"goes round in a circle: {' -> '.join((*chain, name))}")
    fallback = load_voice(name, show, chain)
    ours, theirs = given.voice.language, fallback.language
    if ours.split("-")[0].lower() != theirs.split("-")[0].lower():
        raise toml.wrong(path, text, at, f"names {name!r}, which speaks {theirs}, not {ours}")
    return fallback


_PRICE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ([A-Z]{3})")


def _price(given: voices.VoiceFile, path: Path, text: str) -> tuple[float, str] | None:
    written = given.voice.price
    if written is None:
        return None
    found = _PRICE.fullmatch(written)
    if found is None:
        raise toml.wrong(
            path,
            text,
            ("voice", "price"),
            "must be what a million characters cost, and the currency, such as "
            f'"15.00 USD", not {written!r}',
        )
    return float(found[1]), found[2]


def load_cast(show: Show, narrator: str | None = None) -> Cast:
    """The voices that the show names, with another narrator if one is given."""

    def chosen(name: str | None) -> Voice | None:
        return load_voice(name, show) if name else None

    return Cast(
        narrator=load_voice(narrator or show.voice, show),
        quote=chosen(show.quote_voice if show.reading.quotes == "voice" else None),
        code=chosen(show.code_voice),
        notes=chosen(show.notes_voice),
        speakers=tuple(load_voice(name, show) for name in show.speaker_voices),
        named={who: load_voice(name, show) for who, name in show.named_voices.items()},
    )


def list_voices() -> list[VoiceLine]:
    """The voices of this folder and of the program, each with what is wrong with it."""
    return [_voice_line(name, path) for name, path in voices.names(voices.folders(None))]


def _voice_line(name: str, path: Path) -> VoiceLine:
    engine, language = "", ""
    try:
        voice = voices.load(path).voice
        engine, language = voice.engine, voice.language
        load_voice(name, None)
    except PipelineError as error:
        return VoiceLine(name, engine, language, str(path), str(error))
    return VoiceLine(name, engine, language, str(path))


def plain_show() -> Show:
    """A show for looking at a script without one."""
    return shows.plain()
