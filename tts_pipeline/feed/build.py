"""A show's feed and cover, written to OUT/feeds/ whole or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tts_pipeline import files
from tts_pipeline.errors import FeedError
from tts_pipeline.feed import cover, library, rss
from tts_pipeline.model import Episode, Noun, Show


class Result(Noun, frozen=True):
    """What `build` did."""

    path: str
    """The feed."""
    cover: str
    episodes: int
    changed: bool
    """Whether anything was written; False when every byte was there already."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What orders an episode; the rest of its record is read again when its item is written."""

    published: datetime
    guid: str
    path: Path


def build(show: Show, out: Path) -> Result:
    """Write the feed of `show` from the episodes in `out`.

    Every record and every MP3 is checked before the first byte is written, so an error leaves
    the old feed as it was. The cover is written before the feed that names it.

    Raises:
        FeedError: there is no episode, or some do not match their MP3; all of them are named.
        ProfileError: the show's cover is not one that directories accept.
        OutputError: the disk is full, the folder cannot be written, and the like.
    """
    entries = _entries(show, out)
    name, image = cover.prepare(show)
    folder = out / "feeds"
    path = folder / f"{show.name}.xml"

    def pieces() -> Iterator[bytes]:
        return rss.write(show, (library.read(entry.path) for entry in entries), name)

    changed = files.write(folder / name, image)
    if not _holds(path, pieces()):
        with files.replacing(path) as file:
            file.writelines(pieces())
        changed = True
    return Result(path=str(path), cover=str(folder / name), episodes=len(entries), changed=changed)


def _entries(show: Show, out: Path) -> list[_Entry]:
    """The show's episodes, newest first, each checked against its MP3."""
    problems: list[FeedError] = []
    entries: dict[str, _Entry] = {}
    for episode in _mine(show, out, problems):
        path = library.record_path(out, episode)
        try:
            library.verify(out, episode)
        except FeedError as error:
            problems.append(error)
        twin = entries.setdefault(episode.guid, _Entry(episode.published, episode.guid, path))
        if twin.path != path:
            problems.append(
                FeedError(
                    f"{twin.path} and {path} are the same episode (guid {episode.guid}), and apps "
                    f"would show one of them at random. Remove {twin.path.parent} or {path.parent}."
                )
            )
    library.together(problems)
    if not entries:
        raise FeedError(
            f"there is no episode of the show {show.name!r} in {out}. Make some with "
            f"`tts-pipeline episode POST --show feeds/{show.name}.toml --out {out}`."
        )
    return sorted(entries.values(), key=lambda entry: rss.newest_first(entry.published, entry.guid))


def _mine(show: Show, out: Path, problems: list[FeedError]) -> Iterator[Episode]:
    """The show's episodes one at a time; records that cannot be read go to `problems`."""
    try:
        yield from (episode for episode in library.records(out) if episode.show == show.name)
    except FeedError as error:
        problems.append(error)


def _holds(path: Path, pieces: Iterable[bytes]) -> bool:
    """Whether the file is already these bytes; stops at the first piece that differs."""
    try:
        with path.open("rb") as file:
            return all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)
    except OSError:
        return False
