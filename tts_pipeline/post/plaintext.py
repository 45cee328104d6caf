"""Plain text: the first line is the title."""

import re

from msgspec import structs

from tts_pipeline.errors import PostError
from tts_pipeline.model import Post

_BLANK = re.compile(r"\n[^\S\n]*\n")
_LONGEST_TITLE = 200
"""Characters; a longer first line is a paragraph."""


def with_metadata(post: Post) -> Post:
    """The first line that holds anything is the title; it stays in the body, as headings do.

    Raises:
        PostError: there is nothing but a title.
    """
    first, _, rest = post.body.strip().partition("\n")
    if len(first) > _LONGEST_TITLE:
        return post
    if not rest.strip():
        raise PostError(f"{post.source} holds nothing after its first line, which is the title")
    # Blank lines part paragraphs only where there are any, and the title is one of its own.
    gap = "\n\n" if _BLANK.search(rest.strip()) else "\n"
    return structs.replace(post, title=first, body=f"{first}{gap}{rest.lstrip()}")
