"""The page of an episode of an older show: header lines, the slate, then the text.

    SHOW TAG - TITLE by AUTHOR
    Apr 2, 2026
    25:38
    Welcome to SHOW, ... This is: TITLE, published by AUTHOR on April 2, 2026 on SITE.
    The text ...

All four lines must be there, and title and author must be the same in both places, so that no
ordinary text is taken for such a page. The old slate is not the post's text: it is left out, and
said to be.
"""

import re
from collections.abc import Iterator

from msgspec import structs

from tts_pipeline.model import Omission, Post
from tts_pipeline.post import dates

_LONGEST = 2000
"""Characters of a header line or a slate."""

_LINE = r"\s*(\S.*)\n"
_LINES = re.compile(_LINE * 4)
_DURATION = re.compile(r"(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}")
_DATED = re.compile(
    r",? (?:published )?on (?P<date>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4})(?: on (?P<site>\S.*?))?\.?"
)
_BY = re.compile(r", (?:published )?by ")
_TAG = re.compile(r"(?:^|\s)(?P<tag>[A-Z][A-Z0-9]{1,7}) [-–—] $")


def with_metadata(post: Post) -> Post | None:
    """The post with what the header tells; None if this is not such a page."""
    match = _LINES.match(post.body)
    if match is None or not post.body[match.end() :].strip():
        return None
    lines = [line.strip() for line in match.groups()]
    header, published, duration, slate = lines
    if max(map(len, lines)) > _LONGEST or not _DURATION.fullmatch(duration):
        return None
    _, this_is, said = slate.partition("This is: ")
    dated = next(_dated(said), None)
    if not this_is or dates.parse(published) is None or dated is None:
        return None
    named = next(_named(said[: dated.start()], header), None)
    if named is None:
        return None
    title, author, before = named
    tag = _TAG.search(before)
    reason = "a line of the page's header, not of the post"
    return structs.replace(
        post,
        title=title,
        author=author,
        authors=(author,) if author else (),
        date=dates.parse(dated["date"]) or dates.parse(published),
        site=dated["site"],
        tag=tag["tag"] if tag else None,
        body=post.body[match.end() :],
        omissions=(
            *(Omission("metadata", line, reason) for line in (header, published, duration)),
            Omission("slate", slate, "the page's own slate; the episode has one of its own"),
        ),
    )


def _dated(said: str) -> Iterator[re.Match[str]]:
    """The date that ends the slate, with its site; a title may hold others before it."""
    places = [match.start() for match in re.finditer(r",? (?:published )?on [A-Z]", said)]
    for place in reversed(places):
        if match := _DATED.fullmatch(said, place):
            yield match


def _named(said: str, header: str) -> Iterator[tuple[str, str | None, str]]:
    """Title, author and what the header says before them, where header and slate agree.

    Both may hold "by" more than once: "Stand by Me, published by Ann Lee".
    """
    pairs = [(said[: match.start()], said[match.end() :]) for match in _BY.finditer(said)]
    for title, author in (*pairs, (said, None)):
        for end in (f"{title} by {author}", title):
            before = header.removesuffix(end)
            if title.strip() and author != "" and before != header and before[-1:] in ("", " "):
                yield title, author, before
