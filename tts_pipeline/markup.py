"""Pages made to be slow: the parser's time grows with the square of depth and of attributes."""

import re
from collections import Counter

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CLOSED_BY_NEXT = frozenset(
    "area base br col hr img input link meta param source track wbr p li dt dd td th tr option "
    "optgroup rp rt a".split()
)
_DEEPEST = 512
"""Elements that may stand open at once, as in browsers."""
_MOST_ATTRIBUTES = 2000


def _count(attributes: str) -> int:
    return len(_QUOTED.sub("", attributes).split())


def sound_part(source: str) -> str:
    """A page up to where it nests deeper, or a tag grows longer, than any that is meant."""
    opened: Counter[str] = Counter()
    depth = 0
    for match in _TAG.finditer(source):
        closing, name, attributes = match.groups()
        tag = name.lower()
        if tag not in _CLOSED_BY_NEXT:
            step = -min(1, opened[tag]) if closing else 1
            opened[tag] += step
            depth += step
        if depth > _DEEPEST or len(attributes) > _MOST_ATTRIBUTES < _count(attributes):
            return source[: match.start()]
    return source
