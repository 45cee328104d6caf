"""A post as a file: front matter, and below it the body as it is."""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from tts_pipeline.model import Medium, Post
from tts_pipeline.words import fold

_MOST = 100
"""Tags, authors or copies: what more there is serves nobody, and front matter has a limit."""
_LONGEST = 300
"""Characters of a title or a name."""
_LONGEST_ADDRESS = 2000
_LONGEST_QUOTE = 1000
"""Characters; a quote that is cut would not be found."""
_SUFFIXES = {Medium.HTML: ".html", Medium.MARKDOWN: ".md", Medium.TEXT: ".txt"}


def encode(post: Post, revision: str | None = None) -> bytes:
    """The file of a post; its title, like every word in it, is data and never markup.

    `revision` is for whoever fetches the post again; readers pass over it.
    """
    told: dict[str, Any] = {
        "title": _text(post.title),
        "authors": _texts(post.authors),
        "date": post.date.isoformat() if post.date else None,
        "url": _address(post.url),
        "id": _text(post.id),
        "site": _text(post.site),
        "tag": _text(post.tag),
        "tags": _texts(post.tags),
        "language": post.language,
        "score": post.score,
        "series": _text(post.series),
        "number": post.number,
        "copies": [copy for copy in map(_address, post.copies[:_MOST]) if copy],
        "label": post.label,
        "soundbite": [
            quote for quote in map(fold, post.soundbites[:_MOST]) if len(quote) <= _LONGEST_QUOTE
        ],
        "revision": _text(revision),
    }
    told = {name: value for name, value in told.items() if value not in (None, [], "")}
    front = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=1_000_000)
    # A lone surrogate cannot be written, and a NUL makes a file a binary one; nobody can have meant
    # either.
    body = post.body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return f"---\n{front}---\n{body}".encode("utf-8", "replace")


def suffix(post: Post) -> str:
    """By which the readers know what the body is written in."""
    return _SUFFIXES[post.medium]


def name(post: Post, key: str) -> str:
    """A file's stem: words for people, then digits of the key that make it unique.

    Small letters, digits and hyphens alone, whatever the post or its address says.
    """
    path = unquote(urlsplit(post.url).path) if post.url else ""
    named = PurePosixPath(path).stem or post.title
    ascii_ = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")
    return f"{words[:60].rstrip('-') or 'post'}-{digits(key)}"


def digits(key: str) -> str:
    """Of the key, for a file's name."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:12]


def _text(text: str | None) -> str | None:
    return fold(text or "")[:_LONGEST].strip() or None


def _texts(texts: tuple[str, ...]) -> list[str]:
    folded = (fold(text)[:_LONGEST].strip() for text in texts[:_MOST])
    return list(dict.fromkeys(text for text in folded if text))


def _address(url: str | None) -> str | None:
    return url if url and len(url) <= _LONGEST_ADDRESS else None
