"""White space, as a browser shows it."""

from collections.abc import Iterator

from tts_pipeline.document.folding import fold
from tts_pipeline.model import Span, SpanKind

BREAK = "\x1e"
"""Stands for <br> while a block is gathered; no page holds it, since it is not visible."""


def with_text(span: Span, text: str) -> Span:
    """The span with another text."""
    return Span(text, span.kind, span.target, span.spoken)


def folded(spans: list[Span], line: str) -> Iterator[Span]:
    """White space folded across spans: one space between words, none at the ends.

    `line` is what a <br> becomes.
    """
    space = True
    pending: Span | None = None
    for span in spans:
        # A <br> swallows the white space around it.
        text = span.text.replace("\n", " ") if BREAK not in span.text else line
        text = text if text == "\n" else fold(text)
        if space:
            text = text.lstrip(" ")
        if text == "\n" and pending is not None and pending.text.endswith((" ", "\n")):
            pending = with_text(pending, pending.text.rstrip())
        if not text and span.kind is SpanKind.TEXT:
            continue
        space = text.endswith((" ", "\n")) if text else space
        if pending is not None and _alike(pending, span):
            pending = with_text(pending, pending.text + text)
            continue
        if pending is not None:
            yield pending
        pending = with_text(span, text)
    if pending is not None:
        yield with_text(pending, pending.text.rstrip())


def _alike(one: Span, two: Span) -> bool:
    return one.kind is two.kind and one.kind not in (SpanKind.NOTE, SpanKind.IMAGE) and (
        one.target, one.spoken
    ) == (two.target, two.spoken)  # fmt: skip
