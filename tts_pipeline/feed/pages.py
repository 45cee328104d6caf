"""A long feed in pages (RFC 5005): archive pages from the oldest episode on, then the feed itself.

An archive page holds half as many items as the feed may hold, and it is split off as soon as as
many are left for the feed. So an archive page never changes once it is there, no episode stands in
two pages, and the feed, which many apps read alone, always holds between half and all that it may.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_BYTES = 4_500_000
"""Of items in one file; the W3C's validator refuses feeds of over 5,000,000 bytes."""


class Item(NamedTuple):
    """An item as it stands in the file."""

    date: str
    """When its episode was published, as in the file."""
    data: bytes


class Page(NamedTuple):
    """What one file holds."""

    number: int | None
    """1 holds the oldest; None is the feed itself."""
    items: list[Item]
    """Newest first."""
    archives: int
    """How many pages are older than this one."""


def paged(items: Iterable[Item], limit: int, most_bytes: int = MOST_BYTES) -> Iterator[Page]:
    """The archive pages, oldest first, then the feed itself; two pages at most are in memory.

    Args:
        items: oldest first.
        limit: items of one file.
        most_bytes: of the items of one file; a single item may be larger.
    """
    half, half_bytes = limit // 2, most_bytes // 2
    before: list[Item] = []
    page: list[Item] = []
    size = number = 0
    for item in items:
        if page and (len(page) == half or size + len(item.data) > half_bytes):
            if before:
                number += 1
                yield Page(number, before[::-1], number - 1)
            before, page, size = page, [], 0
        page.append(item)
        size += len(item.data)
    yield Page(None, (before + page)[::-1], number)
