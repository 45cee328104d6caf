"""Hashes that tell whether anything that shapes a result has changed, the program included."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

_TEXT = (
    "emoji", "markdown-it-py", "mdit-py-plugins", "selectolax", "sentencex", "trafilatura",
)  # fmt: skip
"""Packages whose releases may read or cut a post in another way."""


@cache
def code() -> str:
    """A hash that changes whenever the same post might become another script."""
    digest = hashlib.sha256()
    for package in _TEXT:
        digest.update(f"{package} {version(package)}\n".encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        facts = path.stat()
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def of(*things: object) -> str:
    """SHA-256 over things that msgspec can encode, the order of keys aside."""
    return hashlib.sha256(msgspec.json.encode(things, order="deterministic")).hexdigest()
