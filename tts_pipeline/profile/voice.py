"""voices/NAME.toml -> Voice."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import field, structs
from platformdirs import user_data_path

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Noun
from tts_pipeline.profile import toml


class VoiceTable(Noun, kw_only=True):
    """[voice] in voices/NAME.toml."""

    engine: str
    language: str = "en-us"
    lexicon: list[str] = field(default_factory=list)
    fallback: str | None = None
    price: str | None = None


class VoiceFile(Noun, kw_only=True):
    """voices/NAME.toml as it is written: what [engine] may hold is for the engine to say."""

    voice: VoiceTable
    engine: dict[str, Any] = field(default_factory=dict)


def shipped() -> Path:
    """The voices that come with the program: inside the wheel, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "voices"
    return inside if inside.is_dir() else package.parent / "voices"


def installed() -> Path:
    """Where `voices install` puts voices: in the user's data folder."""
    return user_data_path("tts-pipeline") / "voices"


def folders(root: str | None) -> tuple[Path, ...]:
    """Where voices are, nearest first: the show's, this folder's, installed ones, the program's."""
    near = (Path(root) / "voices",) if root else ()
    return (*near, Path("voices").resolve(), installed(), shipped())


def names(where: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Each voice once, by the nearest file of its name, in order of names."""
    found: dict[str, Path] = {}
    for folder in where:
        for path in folder.glob("*.toml"):
            found.setdefault(path.stem, path)
    yield from sorted(found.items())


def find(name: str, where: Sequence[Path]) -> Path:
    """The file of the voice called `name`.

    Raises:
        ProfileError: there is none; says which there are and where it was looked for.
    """
    known = dict(names(where))
    if name in known:
        return known[name]
    looked = ", ".join(dict.fromkeys(str(folder) for folder in where))
    raise ProfileError(
        f"there is no voice called {name!r}; there are {', '.join(known) or 'none'} "
        f"(looked in {looked})"
    )


def load(path: Path) -> VoiceFile:
    """Read one voice; `lexicon` becomes absolute paths: beside the voice, else of the program's.

    Raises:
        ProfileError: naming file, line and key.
    """
    text = toml.read(path, "voice")
    given = toml.convert(toml.parse(text, path), VoiceFile, path, text)
    lexicons = []
    for name in given.voice.lexicon:
        places = [folder / name for folder in (path.resolve().parent, shipped())]
        lexicon = next((place for place in places if place.is_file()), None)
        if lexicon is None:
            raise toml.wrong(
                path, text, ("voice", "lexicon"), f"names {name}, which is not in {path.parent}"
            )
        lexicons.append(str(lexicon))
    return VoiceFile(voice=structs.replace(given.voice, lexicon=lexicons), engine=given.engine)
