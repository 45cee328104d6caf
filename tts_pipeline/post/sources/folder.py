"""`folder`: the Markdown and HTML of a site generator, a notebook or an export.

Hugo, Jekyll, Eleventy and Obsidian are told by what they write; a Substack export by its
`posts.csv`. Nothing outside the folder is read, whatever a link in it says.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import yaml
from msgspec import structs

from tts_pipeline import files
from tts_pipeline.errors import PostError, SourceError
from tts_pipeline.model import Post
from tts_pipeline.model.source import FolderSource
from tts_pipeline.post import reader
from tts_pipeline.post.frontmatter import FrontMatter, split
from tts_pipeline.post.metadata import web_address
from tts_pipeline.post.sources import dialect, substack
from tts_pipeline.post.sources.encoding import decoded
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.reach import Reach

_SUFFIXES = (".md", ".markdown", ".html", ".htm")
_NOT_POSTS = frozenset(
    ("node_modules", "_includes", "_layouts", "_data", "_sass", "_site", "archetypes", "layouts")
)
_DATED = re.compile(r"(\d{4})-(\d{2})-(\d{2})-(.+)")
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", re.S | re.M)
_JSON = re.compile(r"\A\s*---json[ \t]*\n(.*?)^---[ \t]*$\n?", re.S | re.M)
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
        yield from substack.find(source, folder)
        return
    yield from _Folder(source, folder).finds(reach)


class _Folder:
    def __init__(self, source: FolderSource, folder: Path) -> None:
        self._source = source
        self._folder = folder

    def finds(self, reach: Reach) -> Iterator[Found]:
        for path in self._paths:
            name = path.relative_to(self._folder).as_posix()
            found = Found(key=name, title=name)
            try:
                front, body = self._parted(path)
                if why := self._left_out(path, front):
                    yield structs.replace(found, skipped=why)
                    continue
                post = self._post(path, name, front, body)
            except (PostError, SourceError) as error:
                yield structs.replace(found, failed=str(error))
                continue
            why = reach.too_old(post.date)
            yield structs.replace(
                found, title=post.title, url=post.url, post=None if why else post, skipped=why
            )

    @cached_property
    def _paths(self) -> list[Path]:
        found = []
        for directory, folders, names in os.walk(self._folder):
            folders[:] = sorted(
                name for name in folders if not name.startswith(".") and name not in _NOT_POSTS
            )
            found += [
                Path(directory, name)
                for name in sorted(names)
                if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES
            ]
        return found

    @cached_property
    def _vault(self) -> bool:
        around = (self._folder, *self._folder.parents)
        return any((folder / ".obsidian").is_dir() for folder in around)

    @cached_property
    def _notes(self) -> dict[str, Path]:
        """A note by its path, or its bare name, in small letters."""
        notes: dict[str, Path] = {}
        for path in self._paths:
            place = path.relative_to(self._folder).with_suffix("").as_posix().lower()
            notes.setdefault(place, path)
            notes.setdefault(place.rpartition("/")[2], path)
        return notes

    def _parted(self, path: Path) -> tuple[FrontMatter, str]:
        """Front matter, in whichever language, and the body."""
        text = self._text(path)
        try:
            if match := _TOML.match(text):
                return _front(tomllib.loads(match[1]), path), text[match.end() :]
            if match := _JSON.match(text):
                return _front(json.loads(match[1]), path), text[match.end() :]
        except (ValueError, RecursionError) as error:
            raise PostError(f"{path}: the front matter cannot be read: {error}") from error
        return split(text, str(path))

    def _text(self, path: Path) -> str:
        # A link may lead anywhere; what it leads to is not of this folder.
        if not path.resolve().is_relative_to(self._folder):
            raise SourceError(f"{path} is a link that leads out of the folder, so it is not read")
        try:
            with files.plain(path) as file:
                data = file.read(reader.LARGEST + 1)
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}") from error
        if len(data) > reader.LARGEST:
            raise SourceError(f"{path} is larger than {reader.LARGEST // 1_000_000} MB")
        return decoded(data, None).replace("\r\n", "\n").replace("\r", "\n")

    def _left_out(self, path: Path, front: FrontMatter) -> str | None:
        if path.stem == "_index":
            return "it is a section's page, not a post"
        if front.flag("eleventyexcludefromcollections"):
            return "it is left out of the site's collections"
        is_draft = (
            front.flag("draft")
            or front.flag("published") is False
            or "_drafts" in path.relative_to(self._folder).parts
        )
        return "it is a draft" if is_draft and not self._source.drafts else None

    def _post(self, path: Path, name: str, front: FrontMatter, body: str) -> Post:
        if path.suffix.lower() in (".md", ".markdown"):
            body = dialect.plain(body, vault=self._vault, note=self._embedded(path))
        dated = _DATED.fullmatch(path.stem)
        # What generators write where others write a date or an address is taken out before.
        given = front.without(
            *(key for key in ("date", "published") if _NOT_DATES.fullmatch(front.plain(key))),
            *(key for key in ("url", "link", "canonical") if not web_address(front.plain(key))),
        )
        markup = saved_text(given, body)
        post = reader.read_bytes(
            markup.encode("utf-8", "replace"),
            source=str(path),
            name=name,
            suffix=path.suffix,
            sites={},
        )
        published = post.date or (_day(dated) if dated else None)
        stem = dated[4] if dated else path.stem
        titled = post.title if front.plain("title") or post.title != _prettified(name) else ""
        return structs.replace(
            post,
            title=titled or _prettified(_spoken_stem(path, stem)),
            date=published,
            url=post.url or self._address(path, front, published, stem),
            id=post.id or name,
        )

    def _address(
        self, path: Path, front: FrontMatter, published: datetime | None, stem: str
    ) -> str | None:
        """Where the generator puts the post by its own rules, below the site's address."""
        base = self._source.base_url
        if base is None:
            return None
        base = base.rstrip("/") + "/"
        for key in ("url", "permalink"):
            given = front.plain(key)
            if given.startswith("/") and not re.search(r"[:{}]", given):
                return web_address(urljoin(base, quote(given.lstrip("/"), safe="/%-._~")))
        parts = path.relative_to(self._folder).parts
        named = front.plain("slug") or stem
        if published and ("_posts" in parts or self._folder.name == "_posts"):
            place = f"{published:%Y/%m/%d}/{named}.html"
        else:
            folders = parts[:-1]
            if stem in ("index", "README") and folders:
                *folders_, named = (*folders[:-1], front.plain("slug") or folders[-1])
                folders = tuple(folders_)
            place = "/".join((*folders, named)) + "/"
        return web_address(urljoin(base, quote(place)))

    def _embedded(self, path: Path, depth: int = 0) -> Any:
        """Bodies of other notes, for embeds; a note inside itself is its name alone."""

        def note(target: str) -> str | None:
            name, _, place = target.partition("#")
            key = name.strip().removesuffix(".md").lower().strip("/")
            other = self._notes.get(key) if key else path
            if other is None or depth >= _DEEPEST or (other == path and not place):
                return None
            try:
                _, body = self._parted(other)
            except (PostError, SourceError):
                return None
            part = dialect.section(body, place.strip()) if place else body
            if part is None:
                return None
            return dialect.plain(part, vault=self._vault, note=self._embedded(other, depth + 1))

        return note


def _front(given: Any, path: Path) -> FrontMatter:
    if not isinstance(given, dict):
        raise PostError(f"{path}: the front matter must be keys and values")
    return FrontMatter(_yaml(given), 1, str(path))


def _yaml(given: dict[str, Any]) -> str:
    return yaml.safe_dump(
        json.loads(json.dumps(given, default=_written)), allow_unicode=True, width=1_000_000
    )


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def saved_text(front: FrontMatter, body: str) -> str:
    """A post's text with front matter in YAML."""
    return f"---\n{_yaml(front.given())}---\n{body}" if front.given() else body


def _day(dated: re.Match[str]) -> datetime | None:
    try:
        return datetime(int(dated[1]), int(dated[2]), int(dated[3]), tzinfo=UTC)
    except ValueError:
        return None


def _spoken_stem(path: Path, stem: str) -> str:
    """Of a bundle, which is a folder around an index, the folder's name."""
    return path.parent.name if stem in ("index", "README") else stem


def _prettified(name: str) -> str:
    stem = re.sub(r"[-_]+", " ", Path(name).stem).strip()
    return stem[:1].upper() + stem[1:] or "Untitled"
