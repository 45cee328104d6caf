"""Posts that fail: when each is tried again. OUT/library/failing.jsonl, a line a post.

After its first failure a post is tried at the next run, then after a quarter of an hour, and each
time after twice as long, up to a day. One whose text, show or voices have changed is tried at
once, and so is each one if the clock has been set back. The file may be deleted: then all are
tried at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tts_pipeline import ledger
from tts_pipeline.model import Noun

_FIRST = timedelta(minutes=15)
_LONGEST = timedelta(days=1)


class Failing(Noun):
    """A post that failed when it was last tried."""

    show: str
    post: str
    """Its path from the output folder."""
    part: str | None
    """Its chapter, in a book."""
    stamp: str
    """Changes when the post, its show or its voices do."""
    error: str
    tries: int
    last: datetime
    """When it was tried last."""

    @property
    def key(self) -> "Key":
        """What it is remembered by."""
        return self.show, self.post, self.part

    @property
    def next(self) -> datetime:
        """When it is tried again."""
        if self.tries < 2:
            return self.last
        doublings = min(self.tries - 2, 20)
        return self.last + min(_FIRST * (1 << doublings), _LONGEST)


Key = tuple[str, str, str | None]
"""Show, post and part."""


def waits(failing: Failing, stamp: str, now: datetime) -> bool:
    """Whether the post is to be left alone for now."""
    return failing.stamp == stamp and failing.last <= now < failing.next


def failed(before: Failing | None, key: Key, *, stamp: str, error: str, now: datetime) -> Failing:
    """The post after one more failure; that of a changed post is its first."""
    tries = before.tries + 1 if before and before.stamp == stamp else 1
    return Failing(*key, stamp, error, tries, now)


def path(out: Path) -> Path:
    """Where they are remembered."""
    return out / "library" / "failing.jsonl"


def read(out: Path) -> dict[Key, Failing]:
    """Those that are known; a damaged line is said, and its post is tried at once."""
    return {one.key: one for one in ledger.read(path(out), Failing)}


def write(out: Path, failures: Iterable[Failing]) -> None:
    """Remember these, and no others.

    Raises:
        OutputError: they cannot be written.
    """
    ordered = sorted(failures, key=lambda one: (one.show, one.post, one.part or ""))
    if ordered or path(out).exists():
        ledger.write(path(out), map(msgspec.json.encode, ordered))
