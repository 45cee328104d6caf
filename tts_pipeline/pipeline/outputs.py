"""episode -> feed, site: from the records alone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tts_pipeline.feed import build, cover
from tts_pipeline.feed.selection import Decision
from tts_pipeline.model import (
    Show,
)

if TYPE_CHECKING:
    from tts_pipeline.site import build as site


def cover_image(show: Show) -> bytes:
    """The cover as it stands in the MP3."""
    return cover.embedded(show)


def write_feed(show: Show, out: Path, now: datetime, *, expire: bool = True) -> build.Result:
    """The show's feed from the records under `out`; with `expire`, old files go in their time."""
    return build.build(show, out, now, expire=expire)


def explain_feed(show: Show, out: Path, now: datetime) -> list[Decision]:
    """Why each episode under `out` stands in the show's feed or does not."""
    return build.explain(show, out, now)


def write_site(
    shows: Sequence[Show],
    out: Path,
    now: datetime,
    done: Callable[[int, int], None] = lambda _n, _of: None,
) -> "site.Result":
    """The pages of the shows from the records under `out`; `done` is told of each episode."""
    from tts_pipeline.site import build as site  # noqa: PLC0415  templates, which no other needs

    return site.build(shows, out, now=now, picture=cover_image, done=done)
