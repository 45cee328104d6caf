"""The page of an episode of an older show: header lines, the slate, then the text.

    SHOW TAG - TITLE by AUTHOR
    Apr 2, 2026
    25:38
    Welcome to SHOW, ... This is: TITLE, published by AUTHOR on April 2, 2026 on SITE.
    The text ...

All four lines must be there and agree in the title, so that no ordinary text is taken for one.
The old slate is not the post's text: it is left out, and said to be.
"""

import re

from msgspec import structs

from tts_pipeline.model import Omission, Post
from tts_pipeline.post import dates

_DURATION = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")
_SLATE = re.compile(
    r"(?P<welcome>.*?)\bThis is: (?P<title>.+?)"
    r"(?:, (?:published )?by (?P<author>.+?))?"
    r"(?:,? (?:published )?on (?P<date>[A-Z][a-z]+ \d{1,2}, \d{4}))"
    r"(?: on (?P<site>[^.]+(?:\.[^.\s]+)*))?\.?"
)
_TAG = re.compile(r"(?:^|\s)(?P<tag>[A-Z][A-Za-z0-9]{0,7}) [-–—] $")


def with_metadata(post: Post) -> Post | None:
    """The post with what the header tells; None if this is not such a page."""
    lines = [line.strip() for line in post.body.split("\n", 60) if line.strip()]
    if len(lines) < 5 or dates.parse(lines[1]) is None or not _DURATION.fullmatch(lines[2]):
        return None
    header, slate = lines[0], lines[3]
    match = _SLATE.fullmatch(slate)
    if match is None or match["title"] not in header:
        return None
    before = header[: header.index(match["title"])]
    tag = _TAG.search(before)
    body = post.body[post.body.index(slate) + len(slate) :]
    return structs.replace(
        post,
        title=match["title"],
        author=match["author"],
        date=dates.parse(match["date"]) or dates.parse(lines[1]),
        site=match["site"],
        tag=tag["tag"] if tag else None,
        body=body,
        omissions=(
            *(
                Omission("metadata", line, "a line of the page's header, not of the post")
                for line in lines[:3]
            ),
            Omission("slate", slate, "the page's own slate; the episode has one of its own"),
        ),
    )
