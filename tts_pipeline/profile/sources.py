"""[sources.NAME] of a show, and of feeds/sources.toml, which shows share -> sources."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import field

from tts_pipeline.model import NamedSource, Noun
from tts_pipeline.model.source import (
    EpubSource,
    FeedSource,
    FolderSource,
    ForumSource,
    PageSource,
    SitemapSource,
    Source,
)
from tts_pipeline.profile import toml

SHARED = "sources.toml"
"""The file beside the shows whose sources any of them may name."""

TYPES: dict[str, type[Source]] = {
    "feed": FeedSource,
    "forum": ForumSource,
    "page": PageSource,
    "sitemap": SitemapSource,
    "folder": FolderSource,
    "epub": EpubSource,
}

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class SourcesFile(Noun):
    """feeds/sources.toml as it is written."""

    sources: dict[str, dict[str, Any]] = field(default_factory=dict)


def shared(show: Path) -> Path:
    """Where a show looks for the sources that it names."""
    return show.resolve().parent / SHARED


def of_show(
    path: Path, text: str, named: list[str], own: dict[str, dict[str, Any]]
) -> tuple[NamedSource, ...]:
    """The sources of the show in `path`: its own, then those that it names.

    Raises:
        ProfileError: naming file, line and key.
    """
    found = dict(_checked(own, path, text))
    if named:
        common = _shared(path, text)
        for name in named:
            if name in found:
                raise toml.wrong(
                    path, text, ("show", "sources"), f"names {name}, which is a source of its own"
                )
            if name not in common:
                near = difflib.get_close_matches(name, common, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(common)}"
                raise toml.wrong(
                    path,
                    text,
                    ("show", "sources"),
                    f"names {name}, which {shared(path)} does not have; {hint}",
                )
            found[name] = common[name]
    root = path.resolve().parent
    root = root.parent if root.name == "feeds" else root
    return tuple(NamedSource(name, source, str(root)) for name, source in found.items())


def _shared(path: Path, text: str) -> dict[str, Source]:
    file = shared(path)
    if not file.is_file():
        raise toml.wrong(
            path,
            text,
            ("show", "sources"),
            f"names sources, but {file} does not exist; write them there, or here as "
            "[sources.NAME]",
        )
    written = toml.read(file, "sources")
    given = toml.convert(toml.parse(written, file), SourcesFile, file, written)
    return dict(_checked(given.sources, file, written))


def _checked(
    tables: dict[str, dict[str, Any]], path: Path, text: str
) -> Iterator[tuple[str, Source]]:
    for name, table in tables.items():
        at = ("sources", name)
        if not _NAME.fullmatch(name):
            raise toml.wrong(
                path, text, at, "must be a name of small letters, digits and hyphens: a folder's"
            )
        kind = table.get("type")
        if not isinstance(kind, str) or kind not in TYPES:
            near = difflib.get_close_matches(str(kind), TYPES, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if kind and near else ""
            raise toml.wrong(
                path,
                text,
                (*at, "type"),
                f"must be one of {', '.join(TYPES)}, not {kind!r}{hint}"
                if kind is not None
                else f"is missing; write one of {', '.join(TYPES)}",
            )
        source = toml.convert(table, TYPES[kind], path, text, at)
        for key, problem in _problems(source):
            raise toml.wrong(path, text, (*at, key), problem)
        yield name, source


def _problems(source: Source) -> Iterator[tuple[str, str]]:
    for key in ("url", "base_url", "crossposts"):
        yield from _address(key, getattr(source, key, None))
    if isinstance(source, PageSource):
        if not source.urls:
            yield "urls", "is empty; write the pages' addresses"
        for url in source.urls:
            yield from _address("urls", url)
    if isinstance(source, EpubSource) and not source.paths:
        yield "paths", "is empty; write the books' files"
    if not isinstance(source, FolderSource | EpubSource) and not 0 <= source.pause <= 3600:
        yield "pause", "must be 0 to 3600 seconds"
    if isinstance(source, ForumSource):
        if not 0 <= source.recheck <= 36500:
            yield "recheck", "must be a number of days, 0 or more"
        chosen = [key for key in ("forum_tag", "author", "sequence") if getattr(source, key)]
        if len(chosen) > 1:
            yield (
                chosen[1].removeprefix("forum_"),
                f"stands beside `{chosen[0].removeprefix('forum_')}`; give one of tag, author and "
                "sequence, and make a source of each other",
            )
    if isinstance(source, SitemapSource) and source.include is not None:
        try:
            re.compile(source.include)
        except re.error as error:
            yield "include", f"is no regular expression: {error}"


def _address(key: str, url: str | None) -> Iterator[tuple[str, str]]:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or " " in url or not url.isprintable():
        yield key, f"must be an http or https address, not {url!r}"


def load(path: Path) -> tuple[NamedSource, ...]:
    """The sources in a feeds/sources.toml.

    Raises:
        ProfileError: naming file, line and key.
    """
    text = toml.read(path, "sources")
    given = toml.convert(toml.parse(text, path), SourcesFile, path, text)
    return of_show(path, text, [], given.sources)
