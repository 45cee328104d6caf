"""What a type of source works with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from tts_pipeline.post.sources.client import Client
from tts_pipeline.post.sources.store import Store


@dataclass(frozen=True)
class Reach:
    """The web, what has been fetched before, and the time."""

    client: Client
    store: Store
    root: Path
    """The show's folder, from which a source's paths start."""
    now: datetime
    since: datetime | None
    """Older posts are left."""

    def too_old(self, published: datetime | None) -> str | None:
        """Why a post of this date is left."""
        if self.since and published and published < self.since:
            return f"it is older than {self.since.date()}"
        return None


def midnight(day: date) -> datetime:
    """When a day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
