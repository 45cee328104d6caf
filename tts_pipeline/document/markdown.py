"""Markdown -> blocks: rendered to HTML, then walked as HTML is, raw HTML in it included."""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from tts_pipeline.document import html
from tts_pipeline.model import Document


def read(body: str) -> Document:
    """CommonMark with tables, strikethrough, footnotes and `{#anchor}` behind headings."""
    return html.read(_parser().render(body), braced_anchors=True)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 60})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin)
