"""Which element of a page is its article.

A page that marks one says so. For others trafilatura finds the text, and the element that holds
it is taken from the page's own tree, so that headings, notes, tables and code stay as they are.
"""

import logging
import re
from collections import Counter

from selectolax.lexbor import LexborNode

from tts_pipeline.document.html.tree import shown
from tts_pipeline.words import count, words

_WHOLE_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])", re.I)
_LARGEST = 3_000_000
"""Characters of a page that is worth the search."""
_SHARE = 0.95
"""Of the found words, that the element must hold."""
_DEEPEST = 60
_LEAST = 20
"""Words; fewer are no article, so the whole page is read."""


def find(body: LexborNode, source: str) -> LexborNode:
    """The article's element; the body itself where a page is nothing but its text."""
    for selector in ("article", "main", "[role=main]"):
        marked = body.css(selector)
        if len(marked) == 1 and count(shown(marked[0])):
            return marked[0]
    if not _WHOLE_PAGE.match(source) or len(source) > _LARGEST:
        return body
    found = Counter(words(_extracted(source)))
    if found.total() < _LEAST:
        return body
    return _smallest(body, found)


def _extracted(source: str) -> str:
    import trafilatura  # noqa: PLC0415  large, and only whole pages need it

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return trafilatura.extract(source, include_comments=False, favor_recall=True) or ""
    except Exception:
        # It reads the page with another parser; what that cannot stand is read whole.
        logging.getLogger(__name__).debug("trafilatura failed", exc_info=True)
        return ""


def _smallest(body: LexborNode, found: Counter[str]) -> LexborNode:
    """The innermost element that holds nearly all of the found words."""
    element = body
    for _ in range(_DEEPEST):
        inner = next(
            (child for child in element.iter() if _holds(child, found)),
            None,
        )
        if inner is None:
            break
        element = inner
    # A paragraph or a row is no article: the text then stands in the element around it.
    while element.tag in ("p", "tr", "tbody", "ul", "ol", "li", "span", "h1"):
        if element.parent is None or element.mem_id == body.mem_id:
            break
        element = element.parent
    return element


def _holds(element: LexborNode, found: Counter[str]) -> bool:
    held = Counter(words(shown(element))) & found
    return held.total() >= _SHARE * found.total()
