"""What a run is told besides its shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Options:
    """How, where and when."""

    out: Path
    cache: Path
    jobs: int
    cluster: str | None = None
    now: datetime
    agent: Callable[[str | None], str]
    """The User-Agent, by a show's address."""
    since: datetime | None = None
    """Older posts are left."""
    limit: int | None = None
    """New posts to fetch of each source, and episodes to make, at most."""
    retry: bool = False
    """Whether posts that wait for their next try are tried now."""
    dry_run: bool = False
    """Whether to say what would be done, and write nothing to the output folder."""
    clean: Callable[[str], str] = str
    """Takes secrets out of a sentence."""
