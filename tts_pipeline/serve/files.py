"""Which file a path means, and what is told about it."""

import re
from pathlib import Path
from urllib.parse import quote

from tts_pipeline.model import Noun

_TYPES = {
    ".chapters.json": "application/json+chapters",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_FEED = "application/rss+xml; charset=utf-8"
_HASHED = re.compile(r"-[0-9a-f]{8}\.(?!xml$)[a-z0-9.]+$")
"""A name that changes with its content."""
_OURS = frozenset({"library", "posts"})
"""Folders that are for the program alone: a fetched page is a stranger's, with its scripts."""
_SHARED = frozenset({".json", ".srt", ".vtt"})


class Found(Noun):
    """What a path leads to."""

    path: Path | None = None
    redirect: str | None = None
    """A folder's address with its slash."""


def find(root: Path, path: str) -> Found:
    """The file below `root` at `path`, if it is for listeners.

    Neither hidden files, nor anything outside, nor what was fetched or is remembered is ever found.
    """
    parts = [part for part in path.split("/") if part]
    if any(set(part) & set("\\\0") for part in parts):
        return Found()
    target = root.joinpath(*parts)
    try:
        if not _is_for_listeners(root, target):
            return Found()
        if target.is_dir():
            if not path.endswith("/"):
                return Found(redirect="/" + "/".join(map(quote, parts)) + "/")
            target /= "index.html"
        elif path.endswith("/"):
            return Found()
        is_found = target.is_file() and _is_for_listeners(root, target)
        return Found(target) if is_found else Found()
    except (OSError, ValueError):
        return Found()


def _is_for_listeners(root: Path, target: Path) -> bool:
    """Whether neither the path nor what its links lead to is hidden, ours or outside."""
    base, final = root.resolve(), target.resolve()
    if not final.is_relative_to(base):
        return False
    given, led = target.relative_to(root).parts, final.relative_to(base).parts
    ours = {part.casefold() for part in (*given[:1], *led[:1])} & _OURS
    return not ours and not any(part.startswith(".") for part in (*given, *led))


def media_type(path: Path) -> str:
    """The type that directories and apps expect."""
    if path.suffix == ".xml" and path.parent.name == "feeds":
        return _FEED
    ends = (path.name[at:] for at, sign in enumerate(path.name) if sign == ".")
    return next((_TYPES[end] for end in ends if end in _TYPES), "application/octet-stream")


def is_hashed(path: Path) -> bool:
    """Whether the name changes with the content; a feed's never does, whatever it is called."""
    return _HASHED.search(path.name) is not None


def headers(path: Path) -> dict[str, str]:
    """How long it may be kept, and who may read it."""
    hashed = is_hashed(path)
    told = {
        "Cache-Control": "public, max-age=31536000, immutable" if hashed else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    shared = path.suffix in _SHARED or (path.suffix == ".html" and hashed)
    if shared or media_type(path) == _FEED:
        told["Access-Control-Allow-Origin"] = "*"
    return told
