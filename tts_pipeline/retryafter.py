"""Retry-After: how long a server asks to be left in peace (RFC 9110, 10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 1e9
"""Seconds, some 30 years: what is longer is no other answer."""


def seconds(written: str | None, answered: str | None) -> float | None:
    """Seconds to wait; None if the server does not say, or not in a way that can be read.

    Args:
        written: Retry-After, a number of seconds or a date.
        answered: the answer's own Date, from which a date counts: no clock but the server's does.
    """
    written = (written or "").strip()
    if re.fullmatch("[0-9]+", written):
        return min(float(written), _LONGEST)
    until, since = _moment(written), _moment(answered or "")
    if until is None or since is None:
        return None
    return min(max((until - since).total_seconds(), 0.0), _LONGEST)


def _moment(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written)
    except (ValueError, OverflowError):  # a year may have any number of digits
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
