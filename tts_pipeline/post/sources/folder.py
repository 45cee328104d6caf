"""`folder`: the Markdown and HTML of a site generator, a notebook or an export.

Hugo, Jekyll, Eleventy and Obsidian are told by what they write; a Substack export by its
`posts.csv`. Nothing outside the folder is read, whatever a link in it says.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import structs

from tts_pipeline.errors import PostError, SourceError
from tts_pipeline.model import Post
from tts_pipeline.model.source import FolderSource
from tts_pipeline.post import reader
from tts_pipeline.post.frontmatter import FrontMatter
from tts_pipeline.post.metadata import web_address
from tts_pipeline.post.sources import dialect, generator, substack
from tts_pipeline.post.sources import front as fronts
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.generator import Place
from tts_pipeline.post.sources.reach import Reach
from tts_pipeline.post.sources.tree import Tree

log = logging.getLogger(__name__)

_DATED = re.compile(r"(\d{4})-(\d{2})-(\d{2})-(.+)")
_NOT_DATES = re.compile(r"(?:true|false|created|last modified|git .*)", re.I)
_DEEPEST = 3
"""Notes embedded in notes."""


def find(source: FolderSource, reach: Reach) -> Iterator[Found]:
    """Each post in the folder, in order of names.

    Raises:
        SourceError: there is no such folder.
    """
    folder = (reach.root / source.path).resolve()
    if not folder.is_dir():
        raise SourceError(f"the folder {folder} does not exist")
    if (folder / substack.LIST).is_file():
        yield from substack.find(source, folder, reach)
        return
    yield from _Folder(source, folder).finds(reach)


class _Folder:
    def __init__(self, source: FolderSource, folder: Path) -> None:
        self._source = source
        self._tree = Tree(folder)
        self._unused: Counter[str] = Counter()

    def finds(self, reach: Reach) -> Iterator[Found]:
        for path in self._tree.paths:
            name = self._tree.place(path).as_posix()
            found = Found(key=name, title=name)
            try:
                front, body = self._tree.parted(path)
                whole = front.over(self._tree.inherited(path))
                if why := self._left_out(path, whole, reach.now):
                    yield structs.replace(found, skipped=why)
                    continue
                post = self._post(path, name, front, body)
                post = structs.replace(post, url=post.url or self._address(path, whole))
            except (PostError, SourceError) as error:
                yield structs.replace(found, failed=str(error))
                continue
            why = reach.too_old(post.date)
            yield structs.replace(
                found, title=post.title, url=post.url, post=None if why else post, skipped=why
            )
        if self._unused:
            told = ", ".join(f"`{key}` ({count})" for key, count in self._unused.most_common())
            log.warning(
                "%s: values of front matter that mean something else here are left out: %s",
                self._tree.folder,
                told,
            )

    @cached_property
    def _notes(self) -> dict[str, Path]:
        """A note by its path, or its bare name, in small letters."""
        notes: dict[str, Path] = {}
        for path in self._tree.paths:
            place = self._tree.place(path).with_suffix("").as_posix().lower()
            notes.setdefault(place, path)
            notes.setdefault(place.rpartition("/")[2], path)
        return notes

    def _place(self, path: Path) -> Place:
        place = self._tree.place(path)
        if self._tree.folder.name == "_posts":
            # Of Jekyll's site, its posts alone were named.
            place = PurePosixPath("_posts", place)
        dated = _DATED.fullmatch(path.stem)
        return Place(
            path=place,
            stem=dated[4] if dated else path.stem,
            day=_day(dated) if dated else None,
        )

    def _left_out(self, path: Path, front: FrontMatter, now: datetime) -> str | None:
        if bundle := self._tree.bundle(path):
            return f"it is a part of the post {bundle}, as Hugo sees it"
        return generator.left_out(front, self._place(path), now, drafts=self._source.drafts)

    def _address(self, path: Path, front: FrontMatter) -> str | None:
        base = self._source.base_url
        return (
            generator.address(front, self._place(path), base, self._tree.config) if base else None
        )

    def _post(self, path: Path, name: str, front: FrontMatter, body: str) -> Post:
        if path.suffix.lower() in (".md", ".markdown"):
            body = dialect.plain(body, self._tree.dialect, self._embedded(path))
        elif front.given():
            # Without front matter, no generator but Eleventy takes a file for a template.
            body = dialect.page(body, self._tree.dialect)
        post = reader.read_bytes(
            fronts.text(self._told(path, front), body).encode("utf-8", "replace"),
            source=str(path),
            name=name,
            suffix=path.suffix,
            sites={},
        )
        place = self._place(path)
        # Of a bundle, which is a folder around an index, the folder's name.
        spoken = _prettified(f"{path.parent.name if place.is_index else place.name}{path.suffix}")
        titled = post.title if front.plain("title") or post.title != _prettified(name) else ""
        return structs.replace(
            post, title=titled or spoken, date=post.date or place.day, id=post.id or name
        )

    def _told(self, path: Path, front: FrontMatter) -> FrontMatter:
        """What front matter says of the post; what generators write for themselves is taken out."""
        if self._tree.dialect.is_vault:
            front = fronts.unlinked(front, str(path))
        front = front.without(
            *(key for key in ("date", "published") if _NOT_DATES.fullmatch(front.plain(key))),
            *(key for key in ("url", "link", "canonical") if not web_address(front.plain(key))),
        )
        unusable = fronts.unusable(front)
        self._unused.update(list(front.only(*unusable).given()))
        return front.without(*unusable)

    def _embedded(self, path: Path, depth: int = 0) -> Any:
        """Bodies of other notes, for embeds; a note inside itself is its name alone."""

        def note(target: str) -> str | None:
            name, _, place = target.partition("#")
            key = name.strip().removesuffix(".md").lower().strip("/")
            other = self._notes.get(key) if key else path
            if other is None or depth >= _DEEPEST or (other == path and not place):
                return None
            try:
                _, body = self._tree.parted(other)
            except (PostError, SourceError):
                return None
            part = dialect.section(body, place.strip()) if place else body
            if part is None:
                return None
            return dialect.plain(part, self._tree.dialect, self._embedded(other, depth + 1))

        return note


def _day(dated: re.Match[str]) -> datetime | None:
    try:
        return datetime(int(dated[1]), int(dated[2]), int(dated[3]), tzinfo=UTC)
    except ValueError:
        return None


def _prettified(name: str) -> str:
    stem = re.sub(r"[-_]+", " ", Path(name).stem).strip()
    return stem[:1].upper() + stem[1:] or "Untitled"
