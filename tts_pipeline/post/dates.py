"""Dates as people and programs write them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FORMS = (
    "2024-04-02, 2024-04-02T15:45:00Z, Tue, 02 Apr 2024 15:45:00 +0000, April 2, 2024, "
    "Apr 2, 2024 or 2 April 2024"
)
"""The accepted forms, for messages."""

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAMED = (
    re.compile(rf"{_NAME} {_DAY},? (?P<year>\d{{4}})"),
    re.compile(rf"{_DAY} {_NAME},? (?P<year>\d{{4}})"),
)
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?)?([+-]\d{2}:?\d{2}|Z)?"
)
_RFC_2822 = re.compile(
    r"([A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(:\d{2})? ([+-]\d{4}|[A-Z]{1,4})"
)


def parse(value: object) -> datetime | None:
    """The moment that `value` names, UTC where it names no zone; None when it cannot be read.

    A date that YAML has read already is taken by its ISO form.
    """
    text = " ".join(str(value).split())
    try:
        read = _iso(text) or _named(text) or _rfc_2822(text)
    except (ValueError, OverflowError):
        return None
    if read is None or not 1000 <= read.year <= 9998:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _iso(text: str) -> datetime | None:
    """ISO 8601, also with the spaces that YAML and site generators put into it."""
    joined = re.sub(r"(?<=\d) ?(UTC|GMT)$", "Z", re.sub(r"(?<=\d) (?=[+-]\d|Z$)", "", text))
    return datetime.fromisoformat(joined) if _ISO.fullmatch(joined) else None


def _named(text: str) -> datetime | None:
    for form in _NAMED:
        if match := form.fullmatch(text):
            return datetime(
                int(match["year"]), _month(match["month"]), int(match["day"]), tzinfo=UTC
            )
    return None


def _month(name: str) -> int:
    for number, month in enumerate(_MONTHS, 1):
        if month.startswith(name.lower()) or name.lower() == "sept" == month[:4]:
            return number
    raise ValueError(name)


def _rfc_2822(text: str) -> datetime | None:
    return parsedate_to_datetime(text) if _RFC_2822.fullmatch(text) else None
