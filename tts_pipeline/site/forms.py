"""Dates, lengths and sizes as the pages write them."""

from datetime import datetime

_MONTHS = "January February March April May June July August September October November December"
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ks ps sd syr ug ur yi".split())


def day(when: datetime) -> str:
    """2 April 2026."""
    return f"{when.day} {_MONTHS.split()[when.month - 1]} {when.year}"


def length(ms: int) -> str:
    """`1 h 5 min`, `12 min` or `45 s`, never broken: as one says how long something is."""
    if ms < 59_500:
        return f"{round(ms / 1000)}\N{NO-BREAK SPACE}s"
    hours, minutes = divmod(round(ms / 60_000), 60)
    parts = (f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes))
    return " ".join(filter(None, parts)).replace(" ", "\N{NO-BREAK SPACE}")


def iso_length(ms: int) -> str:
    """PT754S: ISO 8601, as schema.org wants a duration."""
    return f"PT{round(ms / 1000)}S"


def size(count: int) -> str:
    """12.3 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1e3))} kB"


def direction(language: str) -> str:
    """`rtl` for languages that are written from right to left, else `ltr`."""
    tag = language.lower()
    return "rtl" if tag.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"
