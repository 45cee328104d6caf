"""Golden twins: each kind of markup beside what becomes of it for the ear.

A line a block: its kind, what encloses it, and its words. `[...]` is announced and not in the
post, `{written=spoken}` is said in another way, `^name` cites a note. What is left out follows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tts_pipeline.document import compose
from tts_pipeline.model import Block, Document, Medium, Post, Reading, Span, SpanKind

GOLDEN = Path(__file__).parent / "golden"
SOURCES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".golden")
MEDIA = {".md": Medium.MARKDOWN, ".html": Medium.HTML, ".txt": Medium.TEXT}


def composed(text: str, medium: Medium, reading: Reading | None = None) -> Document:
    post = Post(source="post", name="post", medium=medium, body=text, title="The title")
    return compose(post, reading or Reading(), language="en-us", title_is_spoken=True)


def lines(document: Document) -> Iterator[str]:
    """The document as a person reads it."""
    for block in document.blocks:
        yield _line(block)
    for note in document.notes:
        for block in note:
            yield f"note: {_line(block)}"
    for omission in document.omissions:
        yield f"left out, {omission.kind}: {omission.text} ({omission.reason})"


def _line(block: Block) -> str:
    about = [str(block.kind)]
    about += [str(block.level)] if block.level else []
    about += [f"#{block.anchor}"] if block.anchor else []
    about += [f"in {group.kind} {group.label}".strip() for group in block.within]
    about += [block.language] if block.language else []
    return f"{' '.join(about)}: {''.join(map(_shown, block.spans))}"


def _shown(span: Span) -> str:
    text = span.text.replace("\n", " / ")
    if span.kind is SpanKind.NOTE:
        return f"^{span.target}"
    if span.spoken is None:
        return text
    return f"{{{text}={span.spoken}}}" if text else f"[{span.spoken}]"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_markup_for_the_ear(path: Path) -> None:
    document = composed(path.read_text(encoding="utf-8"), MEDIA[path.suffix])
    expected = path.with_name(path.name + ".golden").read_text(encoding="utf-8")
    assert "\n".join(lines(document)) + "\n" == expected
