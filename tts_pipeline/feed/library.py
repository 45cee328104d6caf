"""The finished episodes in the output directory: OUT/episodes/SLUG/episode.json and the MP3."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tts_pipeline import seal
from tts_pipeline.errors import FeedError
from tts_pipeline.model import Episode
from tts_pipeline.untouched import Untouched

_DECODER = msgspec.json.Decoder(Episode)


class _Version(msgspec.Struct):
    """What can be read of a record of any version."""

    version: int | None = None


def paths(out: Path) -> list[Path]:
    """Where the records lie, in order of slugs."""
    return sorted(out.glob("episodes/*/episode.json"))


def slugs(out: Path) -> list[str]:
    """The names of the episodes' folders, in order; some may hold no record yet."""
    try:
        return sorted(path.name for path in (out / "episodes").iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def read(path: Path) -> Episode:
    """One record, checked as far as it can be without its MP3.

    Raises:
        FeedError: it cannot be read, is of another version, or names what it must not.
    """
    again = (
        f"Make the episode again with `tts-pipeline episode POST --force`, or remove {path.parent}."
    )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror or error}. {again}") from error
    try:
        episode = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        version = _version(data)
        if version not in (None, 1):
            raise FeedError(
                f"{path} is a record of version {version}, and this tts-pipeline reads version 1. "
                f"Install the newer program, or: {again}"
            ) from error
        raise FeedError(f"{path} is not an episode's record: {error}. {again}") from error
    if episode.seal is not None and not seal.is_whole(data):
        raise FeedError(f"{path} is damaged: it does not agree with its seal. {again}")
    if problem := _problem(episode, path):
        raise FeedError(f"{path} {problem}. {again}")
    return episode


def records(out: Path) -> Iterator[Episode]:
    """Every record in order of slugs, one in memory at a time; then all that is wrong.

    Raises:
        FeedError: after the last good record, naming each that cannot be read.
    """
    problems: list[FeedError] = []
    for path in paths(out):
        try:
            yield read(path)
        except FeedError as error:
            problems.append(error)
    together(problems)


def see_whole(out: Path, episode: Episode, untouched: Untouched) -> None:
    """`verify`, unless neither the MP3 nor its record has been touched since it was seen whole.

    Raises:
        FeedError: as `verify`.
    """
    names = (record_path(out, episode).name, episode.audio)
    if not untouched.are(episode.slug, names):
        verify(out, episode)
        untouched.note(episode.slug, names)


def verify(out: Path, episode: Episode) -> None:
    """Check that the MP3 is there and is the one that the record describes, byte for byte.

    Raises:
        FeedError: it is missing, cannot be read, or differs in size or SHA-256.
    """
    path = audio_path(out, episode)
    again = (
        f"Run `tts-pipeline episode {episode.source} --show feeds/{episode.show}.toml "
        f"--out {out} --force`."
    )
    if not path.is_file():
        raise FeedError(f"{path} is missing, and its record names it. {again}")
    try:
        size = path.stat().st_size
        if size != episode.bytes:
            raise FeedError(
                f"{path} is {size} bytes long, but its record says {episode.bytes}. {again}"
            )
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror or error}. {again}") from error
    if digest != episode.sha256:
        raise FeedError(
            f"{path} is not the file that its record describes: its SHA-256 begins with "
            f"{digest[:8]}, the record's with {episode.sha256[:8]}. {again}"
        )


def record_path(out: Path, episode: Episode) -> Path:
    """Where the episode's record lies."""
    return out / "episodes" / episode.slug / "episode.json"


def audio_path(out: Path, episode: Episode) -> Path:
    """Where the episode's MP3 lies."""
    return out / "episodes" / episode.slug / episode.audio


def together(problems: list[FeedError]) -> None:
    """Raise all problems as one, a line each; nothing when there are none."""
    if problems:
        raise FeedError("\n".join(map(str, problems)))


def _is_name(name: str) -> bool:
    """Whether it names a file in its folder, and leads nowhere else."""
    return name not in ("", ".", "..") and not any(sign in name for sign in "/\\\0")


def _is_in_calendar(moment: datetime) -> bool:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _version(data: bytes) -> int | None:
    try:
        return msgspec.json.decode(data, type=_Version).version
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _problem(episode: Episode, path: Path) -> str | None:
    """What a well-formed record must not say, as the end of a sentence."""
    if episode.slug != path.parent.name:
        return f"says that it belongs in episodes/{episode.slug}, not in {path.parent.name}"
    others = (("file", name) for name in episode.files)
    for what, name in (("audio", episode.audio), ("cover", episode.cover), *others):
        if name is not None and not _is_name(name):
            return f"names the {what} {name!r}, which is not the name of a file beside it"
    if episode.published.tzinfo is None:
        return "has a `published` without a time zone"
    if not _is_in_calendar(episode.published):
        return "has a `published` that is in no calendar in UTC"
    if not episode.chapters:
        return "has no chapter"
    if episode.bytes < 0 or episode.duration_ms < 0:
        return "has a negative size or duration"
    if not episode.guid.strip():
        return "has an empty guid"
    return None
