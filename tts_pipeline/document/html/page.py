"""A page, or a piece of one such as a feed carries, as a document."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_pipeline.document.html import article, notes, tables
from tts_pipeline.document.html.elements import Elements
from tts_pipeline.document.html.tree import events, shown
from tts_pipeline.document.html.walk import Walk
from tts_pipeline.errors import DocumentError
from tts_pipeline.markup import sound_part
from tts_pipeline.model import Document, Omission
from tts_pipeline.words import count, missing


def read(source: str, *, braced_anchors: bool = False) -> Document:
    """The article's blocks, and what stands around it as omissions.

    Args:
        source: a page, or a piece of one such as a feed carries.
        braced_anchors: whether `{#name}` behind a heading is its anchor.

    Raises:
        DocumentError: the page leaves hundreds of elements open.
    """
    body = parse(source)
    if body is None:
        return Document(())
    chosen = article.find(body, source)
    walk = Walk(Elements(notes.find(chosen), tables.layout(chosen)), braced_anchors)
    for node, entering in events(chosen):
        (walk.enter if entering else walk.leave)(node)
    _see_all_there(shown(chosen), walk)
    omissions = tuple(walk.omissions)
    if chosen is not body:
        chosen.decompose()
        around = shown(body)
        if count(around):
            omissions = (Omission("page", around, "what stands around the article"), *omissions)
    return Document(tuple(walk.blocks), omissions)


def _see_all_there(on_screen: str, walk: Walk) -> None:
    """Each letter that the screen shows was gathered.

    Raises:
        DocumentError: naming words that were not.
    """
    gathered = [block.text for block in walk.blocks]
    gathered += [omission.text for omission in walk.omissions]
    gathered += walk.redrawn
    if lost := missing(on_screen, "\n".join(gathered)):
        raise DocumentError(
            f"words of the page went missing as it was read, such as {lost}; this is a fault of "
            "the program, please report it with the post"
        )


def parse(source: str) -> LexborNode | None:
    """The page's body, if it has one.

    Raises:
        DocumentError: the page nests too deeply.
    """
    sound = sound_part(source)
    if len(sound) < len(source):
        line = sound.count("\n") + 1
        raise DocumentError(
            f"line {line} of the page opens more elements inside each other, or gives one more "
            "attributes, than any page needs; some may never be closed. Mend the page, or give the "
            "post as Markdown"
        )
    return LexborHTMLParser(source).body
