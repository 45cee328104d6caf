"""Markdown with YAML front matter."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import structs

from tts_pipeline.errors import PostError
from tts_pipeline.model import Post
from tts_pipeline.post import frontmatter
from tts_pipeline.words import printable

_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,50}\]")
_ANCHOR = re.compile(r"\s*\{[#.:][^{}]{0,100}\}\s*$")

_TITLE_WITHIN = 10_000
"""Characters of the body among which a title is looked for."""


def with_metadata(post: Post) -> Post:
    """Take the front matter off; a heading may give the title that it lacks.

    Raises:
        PostError: the front matter is broken, or holds what it must not.
    """
    front, body = frontmatter.split(post.body, post.source)
    if not body.strip():
        raise PostError(f"{post.source} holds nothing after its front matter")
    told = frontmatter.metadata(front)
    return structs.replace(
        post,
        body=body,
        **{"title": told.get("title") or _titled(body), **told},
    )


def _titled(body: str) -> str:
    """The words of the first heading that is of level 1 or opens the body."""
    tokens = _parser().parse(printable(body[:_TITLE_WITHIN]))
    shown = [token for token in tokens if token.type not in ("hr", "html_block")]
    for place, token in enumerate(shown):
        titles = token.type == "heading_open" and token.level == 0
        if titles and (token.tag == "h1" or place == 0) and (words := _plain(shown[place + 1])):
            return words
    return ""


def _plain(inline: Token) -> str:
    parts = [
        " " if token.type.endswith("break") else token.content
        for token in inline.children or ()
        if token.type != "html_inline"
    ]
    return _NOTE_MARK.sub("", _ANCHOR.sub("", "".join(parts))).strip()


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 20}).enable("strikethrough")
