"""A post of a run, and the picture that it names: what they are read from."""

import hashlib
from itertools import chain
from pathlib import Path

import msgspec

from tts_pipeline import document, files, post
from tts_pipeline.episode.record import Identity
from tts_pipeline.errors import PostError
from tts_pipeline.model import Former, Noun, Post, Show
from tts_pipeline.words import words

_LARGEST_PICTURE = 50_000_000
"""Bytes; what is larger is cut off, so it is refused as damaged."""


class Source(Noun):
    """Where a post is read from."""

    label: str
    """As the user named it."""
    path: str | None
    data: bytes | None = None
    """What standard input held."""
    part: str | None = None
    """Which chapter of a book."""
    copies: tuple["Copied", ...] = ()
    """Other posts that this one stands for."""
    labelled: str | None = None
    """What was found of it: `excerpt` or `linkpost`."""
    identity: Identity | None = None
    """Of the episode that it goes on with, where that is not the one that its name gives."""
    former: tuple[Former, ...] = ()
    """Posts whose episode it was before."""


class Copied(Noun):
    """A post that is the same as another, and is heard as that one."""

    source: Source
    stamp: str
    """Changes when its file does."""
    reason: str
    score: float
    guid: str | None = None
    """Of the episode that it has of its own all the same."""


class Picture(Noun):
    """A file that a post names as its picture."""

    path: str
    sha256: str


def read_post(source: Source, show: Show) -> Post:
    """The post, with its site and tag by the show's sites."""
    if source.path is None:
        return post.read_bytes(
            source.data or b"", source=source.label, name="-", suffix=None, sites=show.sites
        )
    path = Path(source.path)
    name = _name_within(path, Path(show.root))
    read = post.read(path, name=name, sites=show.sites, part=source.part)
    return msgspec.structs.replace(read, label=read.label or source.labelled)


def words_of(read: Post) -> list[str]:
    """The words of the body, footnotes last, as they stand."""
    told = document.read(read)
    return words("\n".join(block.text for block in (*told.blocks, *chain(*told.notes))))


def picture_of(source: Source, read: Post) -> Picture | None:
    """The post's picture, if it names a file; an address is never fetched.

    Posts are not trusted, so it must lie beside the post or below.

    Raises:
        PostError: it lies elsewhere, or cannot be read.
    """
    if source.path is None or not read.image or ":" in read.image or read.image.startswith("/"):
        return None
    folder = Path(source.path).resolve().parent
    path = (folder / read.image).resolve()
    if not path.is_relative_to(folder):
        raise PostError(
            f"{source.label}: `image` in the front matter leads out of the post's folder: "
            f"{read.image}; put the picture beside the post"
        )
    try:
        return Picture(str(path), hashlib.sha256(picture_bytes(path)).hexdigest())
    except OSError as error:
        raise PostError(
            f"{source.label}: the picture that `image` in the front matter names cannot be read: "
            f"{read.image}: {error.strerror or error}; put it beside the post or take `image` out"
        ) from error


def is_same(picture: Picture) -> bool:
    """Whether the file is what it was."""
    try:
        return hashlib.sha256(picture_bytes(Path(picture.path))).hexdigest() == picture.sha256
    except OSError:
        return False


def picture_bytes(path: Path) -> bytes:
    with files.plain(path) as file:
        return file.read(_LARGEST_PICTURE)


def _name_within(path: Path, root: Path) -> str:
    """The path below the show's folder, so that it names the post wherever the show is moved."""
    absolute = path.resolve()
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path.name
