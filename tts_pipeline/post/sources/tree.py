"""A folder of posts as it lies on the disk: its files, and what they say for each other.

Nothing outside the folder is read, whatever a link in it says.
"""

import json
import os
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from tts_pipeline import files
from tts_pipeline.errors import PostError, SourceError
from tts_pipeline.post import reader
from tts_pipeline.post.frontmatter import FrontMatter
from tts_pipeline.post.sources import front as fronts
from tts_pipeline.post.sources import generator
from tts_pipeline.post.sources.dialect import Dialect
from tts_pipeline.post.sources.encoding import decoded

_SUFFIXES = (".md", ".markdown", ".html", ".htm")
_NOT_POSTS = frozenset(
    ("node_modules", "_includes", "_layouts", "_data", "_sass", "_site", "archetypes", "layouts")
)
_DATA = (".11tydata.json", ".json")
_OF_HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "archetypes")


class Tree:
    """The folder of one source."""

    def __init__(self, folder: Path) -> None:
        """`folder` is whole, and leads through no link."""
        self.folder = folder
        self._data: dict[Path, FrontMatter] = {}
        self._cascades: dict[Path, FrontMatter] = {}

    @cached_property
    def paths(self) -> list[Path]:
        """The files that may be posts, in order."""
        found = []
        for directory, folders, names in os.walk(self.folder):
            folders[:] = sorted(
                name for name in folders if not name.startswith(".") and name not in _NOT_POSTS
            )
            found += [
                Path(directory, name)
                for name in sorted(names)
                if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES
            ]
        return found

    def place(self, path: Path) -> PurePosixPath:
        """Where a file stands in the folder."""
        return PurePosixPath(path.relative_to(self.folder).as_posix())

    @cached_property
    def dialect(self) -> Dialect:
        """What the files are written in."""
        around = (self.folder, *self.folder.parents)
        is_vault = any((folder / ".obsidian").is_dir() for folder in around)
        # A site's content lies in it, perhaps a section alone.
        is_hugo = any((folder / name).exists() for folder in around[:3] for name in _OF_HUGO)
        return Dialect(is_vault=is_vault, is_hugo=is_hugo or bool(self._sections))

    @cached_property
    def _sections(self) -> dict[Path, Path]:
        """Hugo's pages of sections, by their folders."""
        return {path.parent: path for path in self.paths if path.stem == "_index"}

    @cached_property
    def _bundles(self) -> set[Path]:
        """Folders whose index is a post."""
        return {path.parent for path in self.paths if path.name.startswith("index.")}

    def bundle(self, path: Path) -> str | None:
        """The folder of whose post Hugo takes the file for a part."""
        # The index itself is a part of bundles above its own alone; the site's is none.
        around = self._around(path)[:-1]
        around = around[1:] if path.name.startswith("index.") else around
        found = next((one for one in around if one in self._bundles), None)
        return self.place(found).as_posix() if found and self.dialect.is_hugo else None

    def _around(self, path: Path) -> list[Path]:
        """The folders that a file is in, from its own to the source's."""
        return [one for one in path.parents if one.is_relative_to(self.folder)]

    @cached_property
    def config(self) -> str:
        """Jekyll's settings."""
        path = self.folder / "_config.yml"
        return self.text(path) if path.is_file() else ""

    def text(self, path: Path) -> str:
        """What a file holds.

        Raises:
            SourceError: it cannot be read, or is not of this folder.
        """
        try:
            # A link may lead anywhere, and in a circle.
            if not path.resolve().is_relative_to(self.folder):
                raise SourceError(
                    f"{path} is a link that leads out of the folder, so it is not read"
                )
            with files.plain(path) as file:
                data = file.read(reader.LARGEST + 1)
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or error
            raise SourceError(f"{path} cannot be read: {why}") from error
        if len(data) > reader.LARGEST:
            raise SourceError(f"{path} is larger than {reader.LARGEST // 1_000_000} MB")
        return decoded(data, None).replace("\r\n", "\n").replace("\r", "\n")

    def parted(self, path: Path) -> tuple[FrontMatter, str]:
        """Front matter and body.

        Raises:
            PostError: the front matter is broken.
            SourceError: the file cannot be read.
        """
        return fronts.parted(self.text(path), str(path))

    def inherited(self, path: Path) -> FrontMatter:
        """What the folders around a file say for it: Eleventy's data, and Hugo's cascades.

        Raises:
            PostError: what says it is broken.
            SourceError: it cannot be read.
        """
        told = self._told(path.with_suffix(""))
        for folder in self._around(path):
            told = told.over(self._told(folder / folder.name))
            told = told.over(self._cascade(folder, self.place(path)))
        return told.only(*generator.INHERITED)

    def _told(self, stem: Path) -> FrontMatter:
        """By the data files beside what they are named after."""
        if stem not in self._data:
            front = fronts.of({}, str(stem))
            for suffix in _DATA:
                front = front.over(self._values(stem.with_name(f"{stem.name}{suffix}")))
            self._data[stem] = front
        return self._data[stem]

    def _values(self, path: Path) -> FrontMatter:
        given: Any = None
        if path.is_file():
            try:
                given = json.loads(self.text(path))
            except (ValueError, RecursionError) as error:
                raise PostError(
                    f"{path} speaks for the posts beside it, and cannot be read: {error}"
                ) from error
        return fronts.of(given if isinstance(given, dict) else {}, str(path))

    def _cascade(self, folder: Path, place: PurePosixPath) -> FrontMatter:
        page = self._sections.get(folder)
        if page and folder not in self._cascades:
            self._cascades[folder] = self.parted(page)[0]
        told = generator.cascaded(self._cascades[folder], place) if page else {}
        return fronts.of(told, str(page or folder))
