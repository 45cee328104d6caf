"""A show's episodes in lists: pages that stay as they are once they are full, and a search index.

Pages are numbered from the oldest. The newest episodes, at least a page full of them, stand at the
show's own address; the rest stand in full pages, so that a new episode changes the first page
alone.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tts_pipeline.feed.text import line
from tts_pipeline.model import Episode, Noun

PAGE = 25
"""Episodes of a full page."""


class Line(Noun):
    """What a list says about an episode."""

    slug: str
    title: str
    author: str | None
    tag: str | None
    published: datetime
    duration_ms: int
    language: str
    cover: str | None = None
    """The file of its own; in the folder of assets lies a small one of that name."""


class Page(Noun):
    """One page of a show's list."""

    name: str
    """Its file."""
    first: int
    """The number of its oldest episode, from 1."""
    last: int
    lines: tuple[Line, ...]
    """Newest first."""
    newer: str | None
    older: str | None
    oldest: str | None


def entry(episode: Episode, cover: str | None = None) -> Line:
    """The line of an episode."""
    return Line(
        slug=episode.slug,
        title=line(episode.post_title) or line(episode.title) or episode.slug,
        author=line(episode.author or "") or None,
        tag=episode.tag,
        published=episode.published,
        duration_ms=episode.duration_ms,
        language=episode.language,
        cover=cover,
    )


def pages(lines: Sequence[Line], size: int = PAGE) -> list[Page]:
    """The first page, then the full ones from the newest to the oldest."""
    total = len(lines)
    full = max(0, total // size - 1)
    names = {number: f"page-{number}.html" for number in range(1, full + 1)}
    oldest = names.get(1)
    made = [
        Page("index.html", full * size + 1, total, tuple(lines[: total - full * size]), None,
             names.get(full), oldest)
    ]  # fmt: skip
    for number in range(full, 0, -1):
        start = total - number * size
        made.append(
            Page(
                name=names[number],
                first=(number - 1) * size + 1,
                last=number * size,
                lines=tuple(lines[start : start + size]),
                newer=names.get(number + 1, "./"),
                older=names.get(number - 1),
                oldest=oldest if number > 1 else None,
            )
        )
    return made


def index(lines: Sequence[Line]) -> bytes:
    """What a search looks through, as JSON: each author once, each episode as a short list.

    Of the name of an episode's own cover stands what follows the slug.
    """
    authors: dict[str, int] = {}
    episodes = [
        (
            each.slug,
            each.title,
            authors.setdefault(each.author or "", len(authors)),
            each.published.date().isoformat(),
            round(each.duration_ms / 1000),
            *((each.cover.removeprefix(each.slug),) if each.cover else ()),
        )
        for each in lines
    ]
    return msgspec.json.encode({"authors": list(authors), "episodes": episodes}) + b"\n"
