"""Slates, outros and titles from templates whose clauses go when a post lacks their value.

"published by {author} on {date}" without an author is "published on {date}"; without both it
goes whole. No "None", no empty comma and no lonely "by" is ever spoken or printed.
"""

import re
import string
from collections.abc import Mapping
from datetime import datetime

_CLAUSE_END = re.compile(r"((?:\s+[-–—|·•]\s+)|(?:[,;:]\s+)|(?:[.!?…]+(?:\s+|$)))")
_PREPOSITION = re.compile(r"(?:^|(?<=\s))[^\W\d_]{1,4}\s+$")
"""One short word before a placeholder belongs to it: by, on, in, at, from, von, am, auf, ..."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ENDS = (".", "!", "?", "…")
_STOPS = (*_ENDS, "")
_TIDY = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"([(\[])[\s,;:]+", r"\1"),
        (r"\(\)|\[\]", ""),
        (r"\s+", " "),
        (r" (?=[.,;:!?)\]])", ""),
    )
)


def fill(template: str, values: Mapping[str, str | None]) -> str:
    """The template with its placeholders filled and the clauses that have no value dropped.

    Args:
        template: text with `{name}` placeholders; `{{` and `}}` are braces.
        values: each name's value; None and the empty string mean that the post lacks it.
    """
    marks = {name: chr(0xE000 + index) for index, name in enumerate(values) if values[name]}
    text = ""
    separator = ""
    for clause, end in _clauses(template):
        filled = _fill_clause(clause, marks)
        if filled is not None:
            text += separator + filled
            separator = end
        else:
            text += clause[-1:] if clause.endswith((")", "]")) else ""
            separator = end if text and end.strip()[:1] in _STOPS else separator
    text += separator
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    text = text.strip().strip("-–—|·•,;:").strip()
    # Values come last, and at once, so that nothing in a title is taken for the template's.
    given = {mark: " ".join((values[name] or "").split()) for name, mark in marks.items()}
    return re.sub(
        r"([\ue000-\uf8ff])(\.?)",
        lambda found: _followed(given[found[1]], found[2]) if found[1] in given else found[0],
        text,
    )


def _followed(value: str, stop: str) -> str:
    """A value and the stop after it, which is one."""
    return value if value.endswith(_ENDS) else value + stop


def spoken_date(date: datetime) -> str:
    """April 2, 2024."""
    return f"{_MONTHS[date.month - 1]} {date.day}, {date.year}"


def _clauses(template: str) -> list[tuple[str, str]]:
    """(clause, the punctuation after it); braces are never cut, since names hold no marks."""
    parts = _CLAUSE_END.split(template)
    return [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]


def _fill_clause(clause: str, marks: Mapping[str, str]) -> str | None:
    """The clause with marks for values; None when it names values and has none of them."""
    pieces: list[str] = []
    named = given = 0
    for literal, name, _, _ in string.Formatter().parse(clause):
        pieces.append(literal)
        if name is None:
            continue
        named += 1
        if name in marks:
            given += 1
            pieces.append(marks[name])
        else:
            pieces[-1] = _PREPOSITION.sub("", literal)
    return None if named and not given else "".join(pieces)
