"""Which posts a show makes episodes of: those of its sources, and those in its folders."""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from tts_pipeline import pipeline, post
from tts_pipeline.batch import Outcome
from tts_pipeline.errors import PipelineError
from tts_pipeline.model import Noun, Show
from tts_pipeline.pipeline import Source
from tts_pipeline.post.twins import same_post


def below(paths: Sequence[Path], *, empty: bool = False) -> tuple[list[Source], list[Outcome]]:
    """The posts in these files and folders, and what could not even be looked into.

    With `empty`, a folder may hold none.
    """
    sources: list[Source] = []
    failures: list[Outcome] = []
    seen: set[Path] = set()
    for given in paths:
        try:
            found = list(post.find([given], empty=empty))
        except PipelineError as error:
            failures.append(Outcome(str(given), "failed", error=str(error)))
            continue
        for path in found:
            if (place := path.absolute()) in seen:
                continue  # a folder and one below it were given
            seen.add(place)
            try:
                parts = post.parts(path)
            except PipelineError as error:
                failures.append(Outcome(str(path), "failed", error=str(error)))
                continue
            for part in parts:
                label = f"{path}, {part}" if part else str(path)
                sources.append(Source(label, str(path), part=part))
    return sources, failures


class Posts(Noun):
    """The posts of a show."""

    sources: tuple[Source, ...]
    failures: tuple[Outcome, ...]
    """What could not even be looked into."""
    ignored: frozenset["Name"]
    older: tuple[Source, ...] = ()
    """What is left for its age."""


def of_show(
    folders: Sequence[Path], show: Show, out: Path, *, since: datetime | None = None
) -> Posts:
    """The posts of a show in these files and folders, without those that it ignores.

    Args:
        folders: may be empty; one that is not there is a failure.
        show: whose posts they are.
        out: the output folder.
        since: older posts are left; those without a date are not.
    """
    there = [path for path in folders if path.exists()]
    sources, failures = below(there, empty=True)
    for path in folders:
        if path not in there:
            told = f"{path}, where the show {show.name!r} has its posts, is not there"
            failures.append(Outcome(str(path), "failed", error=told))
    is_ignored = _Ignored(show, out)
    ignored: list[Source] = []
    kept: list[Source] = []
    for source in sources:
        (ignored if is_ignored(source) else kept).append(source)
    older = [source for source in kept if since and _older(source, show, since)]
    if older:
        left = set(older)
        kept = [source for source in kept if source not in left]
    names = frozenset(name(each, out) for each in ignored)
    return Posts(tuple(kept), tuple(failures), names, tuple(older))


Name = tuple[str, str | None]
"""What a post is remembered by: its path from the output folder, and its chapter."""


def name(source: Source, out: Path) -> Name:
    """Of a post in a file."""
    return os.path.relpath(source.path or "", out), source.part


class _Ignored:
    """Whether a show wants nothing of a post, by its address or a pattern of its path."""

    def __init__(self, show: Show, out: Path) -> None:
        self._show = show
        self._roots = (Path(show.root).resolve(), out.resolve())
        self._patterns = [one for one in show.ignore if "://" not in one]
        addresses = {same_post(one) for one in show.ignore if "://" in one}
        self._addresses = {one: _trace(one) for one in addresses}

    def __call__(self, source: Source) -> bool:
        return self._by_path(source) or self._by_address(source)

    def _by_path(self, source: Source) -> bool:
        return any(
            fnmatchcase(path, pattern) for pattern in self._patterns for path in self._paths(source)
        )

    def _paths(self, source: Source) -> Iterator[str]:
        path = Path(source.path or "").resolve()
        for root in self._roots:
            if path.is_relative_to(root):
                place = path.relative_to(root).as_posix()
                yield place
                if source.part:
                    yield f"{place}#{source.part}"

    def _by_address(self, source: Source) -> bool:
        if not self._addresses:
            return False
        try:
            # Few posts hold the words of an address, and only those are read for theirs.
            content = post.content(Path(source.path or ""))
            if not any(trace in content for trace in self._addresses.values()):
                return False
            url = pipeline.read_post(source, self._show).url
        except PipelineError:
            return False
        return url is not None and same_post(url) in self._addresses


def _trace(address: str) -> bytes:
    """What stands in a post however it writes the address: the longest word at the path's end."""
    words = _PLAIN.findall(urlsplit(f"//{address}").path.rpartition("/")[2])
    return max(words, key=len, default="").encode()


_PLAIN = re.compile("[A-Za-z0-9_-]+")
"""What no address needs to escape."""


def _older(source: Source, show: Show, since: datetime) -> bool:
    try:
        date = pipeline.read_post(source, show).date
    except PipelineError:
        return False  # it is told where it is made
    return date is not None and date < since
