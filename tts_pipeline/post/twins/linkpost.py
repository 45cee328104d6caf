"""Whether a post says that it only leads to another."""

import re

_TITLE = re.compile(r"[\[(]\s*link[\s-]?posts?\b[^\])]*[\])]|^\s*link[\s-]?post\s*:", re.I)
_OPENING = re.compile(r"\bthis is a link[\s-]?post (?:for|to)\b", re.I)


def is_linkpost(title: str, opening: str) -> bool:
    """By its title, or by its first words.

    >>> is_linkpost("[Linkpost] On tides", ""), is_linkpost("How to write a linkpost", "")
    (True, False)
    """
    return bool(_TITLE.search(title) or _OPENING.search(opening))
