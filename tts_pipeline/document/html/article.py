"""Which element of a page is its article.

trafilatura tells which words are the article's, but its own output loses anchors, code, notes
and formulas. So its words only point: the article is an element of the page's own tree, the one
whose words agree best with those found. Where that fails, the page's own `<article>` or `<main>`
counts, and else all of it is read.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from tts_pipeline.document.html.tree import UNSEEN, events, shown
from tts_pipeline.words import count, printable

log = logging.getLogger(__name__)

_WHOLE_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])", re.I)
_LARGEST = 2_000_000
"""Characters of a page that is searched; trafilatura reads 150,000 a second at the worst."""
_AGREEMENT = 0.7
"""The least agreement, from 0 to 1, of an element with the words found."""
_BETA = 2.0
"""How much more a word of the article counts than one that is not: agreement is the F2 score."""
_RUN = 3
"""Words in a row that are looked for: one word alone stands everywhere."""
_LEAST = 20
"""Words; fewer are no article."""
_WORD = re.compile(r"\w+")


class _Extent(NamedTuple):
    """An element, and the words of the page that it holds: `end` is exclusive."""

    element: LexborNode
    start: int
    end: int


def find(body: LexborNode, source: str) -> LexborNode:
    """The article's element; the body itself where a page is nothing but its text."""
    if _WHOLE_PAGE.match(source) and len(source) <= _LARGEST:
        element = _agreeing(body, _words(_extracted(source)))
        if element is not None:
            return element
    for selector in ("article", "main", "[role=main]"):
        marked = body.css(selector)
        if len(marked) == 1 and count(shown(marked[0])):
            return marked[0]
    return body


def _extracted(source: str) -> str:
    import trafilatura  # noqa: PLC0415  large, and only whole pages need it

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return trafilatura.extract(source, include_comments=False) or ""
    except Exception:
        # It reads the page with another parser; what that cannot stand is read without it.
        log.debug("trafilatura failed", exc_info=True)
        return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(printable(text).casefold())


def _agreeing(body: LexborNode, found: list[str]) -> LexborNode | None:
    """The element that agrees best with the words found; of equals, the innermost."""
    if len(found) < _LEAST:
        return None
    words, extents = _extents(body)
    before = list(accumulate(_told(words, found), initial=0))
    told = before[-1]
    if told < len(found) / 2:
        return None
    best, agreement = None, _AGREEMENT
    for element, start, end in extents:
        inside = before[end] - before[start]
        score = (1 + _BETA**2) * inside / (_BETA**2 * told + end - start)
        if score > agreement:
            best, agreement = element, score
    return best


def _told(words: list[str], found: list[str]) -> list[bool]:
    """For each word of the page, whether it is known to be the article's.

    A run of words that stands more often on the page than in the article, such as an opening that
    a teaser repeats, does not tell where the article is.
    """
    here, there = Counter(_runs(words)), Counter(_runs(found))
    told = [False] * len(words)
    for place, run in enumerate(_runs(words)):
        if here[run] == there[run]:
            told[place : place + _RUN] = [True] * _RUN
    return told


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[offset:] for offset in range(_RUN)), strict=False)


def _extents(body: LexborNode) -> tuple[list[str], list[_Extent]]:
    """The words of the page, and its elements, inner ones first."""
    words: list[str] = []
    extents: list[_Extent] = []
    starts: list[int] = []
    unseen = 0
    for node, entering in events(body):
        tag = node.tag or ""
        if tag in UNSEEN:
            unseen += 1 if entering else -1
        elif entering:
            starts.append(len(words))
            if tag == "-text" and not unseen:
                words += _words(node.text_content or "")
        else:
            start = starts.pop()
            if tag[:1] != "-":
                extents.append(_Extent(node, start, len(words)))
    return words, extents
