"""Dates as people and programs write them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

FORMS = (
    "2024-04-02, 2024-04-02T15:45:00Z, Tue, 02 Apr 2024 15:45:00 +0000, April 2, 2024, "
    "Apr 2, 2024 or 2 April 2024"
)
"""The accepted forms, for messages."""

_LONGEST = 80
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAY = r"(?:[A-Za-z]{3,9},? )?"
_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_NAMED = (
    re.compile(rf"{_WEEKDAY}{_NAME} {_DAY},? (?P<year>[0-9]{{4}})"),
    re.compile(rf"{_WEEKDAY}{_DAY} {_NAME},? (?P<year>[0-9]{{4}})"),
)
_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?P<dash>[-/])(?P<month>[0-9]{1,2})(?P=dash)(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt]| )(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?:(?P<utc>[Zz]|UTC|GMT)|(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)?"
    r")?"
)
_RFC_2822 = re.compile(
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})[ -]{_NAME}[ -](?P<year>[0-9]{{4}}|[0-9]{{2}}) "
    r"(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?: (?:(?P<offset>[+-][0-9]{2}):?(?P<minutes>[0-9]{2})|(?P<zone>[A-Z]{1,5})))?"
)
"""Also with the short years of RFC 822, the hyphens of RFC 850, and months in full."""


def parse(written: str) -> datetime | None:
    """The moment that is written, UTC where no zone is named; None when it cannot be read."""
    if len(written) > _LONGEST:
        return None
    text = " ".join(written.split())
    try:
        read = _iso(text) or _named(text) or _rfc_2822(text)
    except (ValueError, OverflowError):
        return None
    # The first and the last year would leave the calendar when moved to UTC.
    if read is None or not 1000 <= read.year <= 9998:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _iso(text: str) -> datetime | None:
    """ISO 8601, with the slashes, spaces and single digits that programs put into it."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
    offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    zone = timezone(-offset if match["sign"] == "-" else offset)
    return datetime(year, month, day, hour, minute, second, microsecond, zone)


def _named(text: str) -> datetime | None:
    for form in _NAMED:
        if match := form.fullmatch(text):
            month = _month(match["month"])
            return datetime(int(match["year"]), month, int(match["day"]), tzinfo=UTC)
    return None


def _month(name: str) -> int:
    for number, month in enumerate(_MONTHS, 1):
        if month.startswith(name.lower()):
            return number
    raise ValueError(name)


def _rfc_2822(text: str) -> datetime | None:
    match = _RFC_2822.fullmatch(text)
    if match is None:
        return None
    month = _MONTHS[_month(match["month"]) - 1][:3]
    zone = match["zone"] or (f"{match['offset']}{match['minutes']}" if match["offset"] else "")
    day = f"{match['day']} {month} {match['year']}"
    return parsedate_to_datetime(f"{day} {match['time']} {zone}".rstrip())
