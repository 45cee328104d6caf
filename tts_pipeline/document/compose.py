"""The stages of a document in order: read, then set aside what is not to be spoken."""

from collections.abc import Callable

from msgspec import structs

from tts_pipeline.document import html, markdown, text
from tts_pipeline.document.folding import letters
from tts_pipeline.document.repeats import deduplicate
from tts_pipeline.errors import DocumentError
from tts_pipeline.model import Block, BlockKind, Document, Medium, Omission, Post
from tts_pipeline.words import count

_READERS: dict[Medium, Callable[[str], Document]] = {
    Medium.HTML: html.read,
    Medium.MARKDOWN: markdown.read,
    Medium.TEXT: text.read,
}


def compose(post: Post, *, title_is_spoken: bool) -> Document:
    """The post's blocks as they will be spoken, and every word that will not be.

    Raises:
        DocumentError: nothing is left to speak.
    """
    document = read(post)
    if title_is_spoken:
        document = drop_title(document, post.title)
    document = for_ear(deduplicate(document))
    if not any(count(block.text) for block in document.blocks):
        raise DocumentError(f"{post.source} holds no words to speak")
    return structs.replace(document, omissions=post.omissions + document.omissions)


def read(post: Post) -> Document:
    """The body as blocks; every word of it is in a block or an omission."""
    return _READERS[post.medium](post.body)


def drop_title(document: Document, title: str) -> Document:
    """Leave out a first heading or paragraph that says the title, which the slate says."""
    if not document.blocks:
        return document
    first, *rest = document.blocks
    if first.kind not in (BlockKind.HEADING, BlockKind.PARAGRAPH) or letters(first.text) != letters(
        title
    ):
        return document
    omission = Omission("title", first.text, "the title, which the slate says")
    return Document(tuple(rest), (*document.omissions, omission))


def for_ear(document: Document) -> Document:
    """Leave out what makes no sense to an ear."""
    kept: list[Block] = []
    omissions = list(document.omissions)
    for block in document.blocks:
        if block.kind is BlockKind.CODE:
            lines = block.text.count("\n") + 1
            reason = f"a block of code of {lines} line{'s' if lines > 1 else ''}"
            omissions.append(Omission("code", block.text, reason))
        elif block.text.strip():
            kept.append(block)
    return Document(tuple(kept), tuple(omissions))
