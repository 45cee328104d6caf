"""What a person asks to be checked: an MP3, an episode's folder, an output folder."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from tts_pipeline.episode.record import RECORD
from tts_pipeline.errors import CheckError


class _Named(msgspec.Struct):
    """As much of a record as is needed to find the audio."""

    audio: str


def find(given: Path) -> Iterator[Path]:
    """The MP3s that are meant; those of a folder in order of names.

    Raises:
        CheckError: there are none, or it is something else.
    """
    if given.is_dir():
        yield from _within(given)
    elif given.suffix.lower() == ".mp3" and given.is_file():
        yield given
    elif given.exists():
        raise CheckError(
            f"{given} cannot be checked; give an MP3, a folder of episodes, a show's file or the "
            "address of a feed"
        )
    else:
        raise CheckError(f"{given} is not there; give an MP3, or a folder with episodes")


def _within(folder: Path) -> Iterator[Path]:
    """What the records below a folder name; where there is no record, every MP3."""
    records = sorted(folder.rglob(RECORD))
    found = [_audio(record) for record in records] or sorted(folder.rglob("*.mp3"))
    if not found:
        raise CheckError(f"there is no episode in {folder}; give the folder that --out named")
    yield from found


def _audio(record: Path) -> Path:
    """The MP3 that a record names; one that cannot be read stands beside the MP3 itself."""
    try:
        named = msgspec.json.decode(record.read_bytes(), type=_Named).audio
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        beside = sorted(record.parent.glob("*.mp3"))
        return beside[0] if beside else record.with_name("none.mp3")
    return record.parent / Path(named).name
