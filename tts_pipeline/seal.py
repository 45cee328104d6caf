"""A JSON object that ends in the SHA-256 of its own bytes, so that a bit that flips is found.

The hash is taken with null in its place: `"seal": null`.
"""

import hashlib
import re

_OPEN = b'"seal": null\n}\n'
_CLOSED = re.compile(rb'"seal": "([0-9a-f]{64})"\n}\n\Z')
_LONGEST = 100
"""Bytes that the end can have."""


def closed(data: bytes) -> tuple[memoryview, bytes]:
    """The object, whose last member is an open seal, with its seal: two parts, not copied."""
    seal = b'"seal": "%s"\n}\n' % _hash(data)
    return memoryview(data)[: -len(_OPEN)], seal


def is_whole(data: bytes) -> bool:
    """Whether a sealed object is what was sealed."""
    end = _CLOSED.search(data, max(0, len(data) - _LONGEST))
    return end is not None and _hash(data[: end.start()] + _OPEN) == end[1]


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
