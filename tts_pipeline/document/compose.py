"""The stages of a document in order: read, set aside what is not to be spoken, make for the ear."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import structs

from tts_pipeline.document import html, markdown, text
from tts_pipeline.document.reading import boilerplate, for_ear, notes, references
from tts_pipeline.document.repeats import deduplicate
from tts_pipeline.errors import DocumentError
from tts_pipeline.model import Block, BlockKind, Document, Medium, Omission, Post, Reading
from tts_pipeline.words import count, letters, missing

_READERS: dict[Medium, Callable[[str], Document]] = {
    Medium.HTML: html.read,
    Medium.MARKDOWN: markdown.read,
    Medium.TEXT: text.read,
}


def compose(post: Post, reading: Reading, *, language: str, title_is_spoken: bool) -> Document:
    """The post's blocks as they will be spoken, and every word that will not be.

    Args:
        post: read, its body not yet.
        reading: how each kind of thing is treated.
        language: that of the voice, in which announcements are made.
        title_is_spoken: whether the slate says the title.

    Raises:
        DocumentError: nothing is left to speak, or a word went missing on the way.
    """
    source = read(post)
    document = notes.gather(source, reading)
    # Before the title is looked for: "Published on ..." often stands above it.
    if reading.boilerplate == "drop":
        document = _without(document, boilerplate.drop)
    if title_is_spoken:
        document = _drop_title(document, post.title)
    if reading.duplicates == "drop":
        document = deduplicate(document)
    if reading.references == "drop":
        document = _without(document, references.drop)
    document = for_ear(document, reading, language)
    if not any(count(block.text) for block in document.blocks):
        raise DocumentError(f"{post.source} holds no words to speak")
    _see_all_there(source, document, post.source)
    return structs.replace(document, omissions=post.omissions + document.omissions)


def read(post: Post) -> Document:
    """The body as blocks; every word of it is in a block or an omission."""
    return _read(post.medium, post.body)


@lru_cache(maxsize=1)
def _read(medium: Medium, body: str) -> Document:
    # A post that is made alone is looked at for its twins first, and then for what it says.
    return _READERS[medium](body)


def _without(
    document: Document, drop: Callable[[Sequence[Block]], tuple[list[Block], list[Omission]]]
) -> Document:
    blocks, omissions = drop(document.blocks)
    return structs.replace(
        document, blocks=tuple(blocks), omissions=(*document.omissions, *omissions)
    )


def _drop_title(document: Document, title: str) -> Document:
    """Leave out a first heading or paragraph that says the title, which the slate says."""
    if not document.blocks:
        return document
    first, *rest = document.blocks
    if first.kind not in (BlockKind.HEADING, BlockKind.PARAGRAPH) or letters(first.text) != letters(
        title
    ):
        return document
    omission = Omission("title", first.text, "the title, which the slate says")
    return structs.replace(document, blocks=tuple(rest), omissions=(*document.omissions, omission))


def _see_all_there(source: Document, document: Document, name: str) -> None:
    """Each letter that was read is in a block, in a note, or in an omission.

    Raises:
        DocumentError: naming words that are not.
    """
    if lost := missing(_text(source), _text(document)):
        raise DocumentError(
            f"{name}: words went missing while the post was made ready for the ear, such as "
            f"{lost}; this is a fault of the program, please report it with the post"
        )


def _text(document: Document) -> str:
    blocks: list[Block] = [*document.blocks]
    for note in document.notes:
        blocks += note
    parts = [block.text for block in blocks] + [omission.text for omission in document.omissions]
    return "\n".join(parts)
