"""Dates, years with a month, decades and eras."""

import re

from tts_pipeline.segment.normalize.en.letters import spell
from tts_pipeline.segment.normalize.en.numerals import (
    DIGITS,
    START,
    cardinal,
    ordinal,
    plural,
    year,
)
from tts_pipeline.segment.normalize.rule import rule

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_VERBS = frozenset({"may", "mar", "march"})
"""Months that are other words when they are not capitalised."""


def month_name(written: str) -> str | None:
    """The month that `jan`, `Sept.` or `MAY` means; None for `may` and `march` in lower case."""
    bare = written.rstrip(".")
    if bare in _VERBS:
        return None
    return MONTHS[_NUMBERS[bare[:3].lower()] - 1]


def _valid(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _spoken_year(written: str) -> str:
    if len(written) == 4:
        return year(int(written))
    short = int(written.lstrip("'"))
    return f"oh {cardinal(short)}" if 0 < short < 10 else cardinal(short)


def _american(month: int, day: int, written_year: str | None) -> str:
    said = f"{MONTHS[month - 1]} {ordinal(day)}"
    return f"{said}, {_spoken_year(written_year)}" if written_year else said


def _iso(match: re.Match[str]) -> str | None:
    month, day = int(match["m"]), int(match["d"])
    return _american(month, day, match["y"]) if _valid(month, day) else None


def _slashed(match: re.Match[str]) -> str | None:
    """Month first, as Americans write, unless there is no such month; with dots, day first."""
    first, second = int(match["a"]), int(match["b"])
    if match["sep"] == "." or first > 12:
        first, second = second, first
        if not _valid(first, second):
            return None
        if match["sep"] != "/":
            return f"the {ordinal(second)} of {MONTHS[first - 1]} {_spoken_year(match['y'])}"
    return _american(first, second, match["y"]) if _valid(first, second) else None


def _month_first(match: re.Match[str]) -> str | None:
    written, day = match["month"], int(match["d"])
    month = month_name(written if not match["y"] else written.title())
    if month is None or not _valid(1, day):
        return None
    said = f"{month} {ordinal(day)}"
    if match["to"]:
        said += f" to {ordinal(int(match['to']))}"
    return f"{said}, {_spoken_year(match['y'])}" if match["y"] else said


def _day_first(match: re.Match[str]) -> str | None:
    written, day = match["month"], int(match["d"])
    month = month_name(written if not match["y"] else written.title())
    if month is None or not _valid(1, day):
        return None
    article = "" if match["the"] else "the "
    said = f"{match['the'] or ''}{article}{ordinal(day)}"
    if match["to"]:
        said += f" to the {ordinal(int(match['to']))}"
    said += f" of {month}"
    if match["y"]:
        said += f" {_spoken_year(match['y'])}"
    return said + stop(match)


def _month_year(match: re.Match[str]) -> str | None:
    month = month_name(match["month"].title())
    return f"{month} {_spoken_year(match['y'])}"


def _weekday(match: re.Match[str]) -> str:
    return next(day for day in _DAYS if day.lower().startswith(match["weekday"].lower()))


def _decade(match: re.Match[str]) -> str | None:
    number = int(match["n"])
    if match["n"] == "00":
        return "two thousands" if match["short"] else None
    if number < 100:
        return plural(cardinal(number))
    if number % 100:
        return f"{cardinal(number // 100)} {plural(cardinal(number % 100))}"
    return plural(cardinal(number) if number % 1000 == 0 else year(number))


def _quarter(match: re.Match[str]) -> str:
    part = "quarter" if match["part"] == "Q" else "half"
    return f"the {ordinal(int(match['n']))} {part} of {_spoken_year(match['y'])}"


def _era(match: re.Match[str]) -> str:
    era = spell(re.sub(r"[^A-Za-z]", "", match["era"]))
    said = year(int(match["n"].replace(",", "")))
    if match["to"]:
        said += f" to {year(int(match['to'].replace(',', '')))}"
    return f"{said} {era}{stop(match)}"


def stop(match: re.Match[str], *, before_capital: bool = True) -> str:
    """The full stop that an abbreviation's dot also was, where a sentence ends with it."""
    rest = match.string[match.end() : match.end() + 2]
    ends = not rest.strip() or (before_capital and rest[0].isspace() and rest[1:].isupper())
    return "." if match[0].endswith(".") and ends else ""


def _month_alone(match: re.Match[str]) -> str | None:
    name = month_name(match["month"])
    return name and name + stop(match)


_YEAR = r"(?P<y>[12][0-9]{3})"
_AFTER = r"(?![0-9A-Za-z_]) (?![.,:/][0-9])"
_I = re.IGNORECASE

NUMERIC = (
    rule(
        "iso-date",
        rf"""{START} (?P<y>[0-9]{{4}})(?P<sep>[-/])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}})
        (?:(?=T[0-9]{{2}}:)|(?![0-9A-Za-z_/-])(?!\.[0-9]))""",
        _iso,
        DIGITS,
    ),
    rule(
        "slashed-date",
        rf"""{START} (?<![/-]) (?P<a>[0-9]{{1,2}})(?P<sep>[-/.])(?P<b>[0-9]{{1,2}})(?P=sep)
        (?P<y>[12][0-9]{{3}}|[0-9]{{2}}) {_AFTER} (?!-)""",
        _slashed,
        DIGITS,
    ),
)
RULES = (
    rule(
        "weekday",
        rf"(?<!\w) {_WEEKDAY}\.?(?=,?\ (?:(?:the\ )?[0-9]|(?:{_MONTH})\ [0-9]))",
        _weekday,
        DIGITS,
        _I,
    ),
    rule(
        "month-day",
        rf"""(?<!\w) {_MONTH}[\ -](?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?
        (?:\ ?[-–]\ ?(?P<to>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9A-Za-z_]))?
        (?:(?:,\ ?|\ |-){_YEAR}(?![0-9A-Za-z_]))? {_AFTER}""",
        _month_first,
        DIGITS,
        _I,
    ),
    rule(
        "day-month",
        rf"""{START} (?P<the>(?<!\w)the\ )? (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?
        (?:\ ?[-–]\ ?(?P<to>[0-9]{{1,2}})(?:st|nd|rd|th)?)?
        (?:\ of)?[\ -]{_MONTH}(?:[,]?[\ -]{_YEAR}(?![0-9A-Za-z_]))?(?!\w)""",
        _day_first,
        DIGITS,
        _I,
    ),
    rule(
        "month-year",
        rf"(?<!\w) {_MONTH},?\ (?P<y>[12][0-9]{{3}}|'[0-9]{{2}}) {_AFTER}",
        _month_year,
        DIGITS,
        _I,
    ),
    rule(
        "month",
        r"(?<!\w) (?P<month>Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.(?!\w)",
        _month_alone,
        ".",
    ),
    rule(
        "decade",
        rf"""(?:{START}|(?<=mid-)) (?P<short>')?
        (?P<n>[1-9][0-9]{{2}}0(?='?\ ?s)|[0-9]0(?='?s)) '?\ ?s(?![\w'])""",
        _decade,
        DIGITS,
    ),
    rule(
        "quarter",
        r"(?<!\w) (?P<n>[1-4])(?P<part>[QH])(?P<y>[0-9]{2}|20[0-9]{2}) (?!\w)",
        _quarter,
        "QH",
    ),
    rule(
        "era",
        rf"""{START} (?P<n>[0-9]{{1,3}}(?:,[0-9]{{3}})?|[0-9]{{4}})
        (?:\ ?[-–]\ ?(?P<to>[0-9]{{1,4}}))?\ ?(?P<era>BCE|BC|CE|AD|B\.C\.?(?:E\.?)?|A\.D\.?|C\.E\.?)
        (?![\w-])""",
        _era,
        DIGITS,
    ),
    rule(
        "era-first",
        r"(?<!\w) (?P<era>AD|A\.D\.)\ (?P<n>[0-9]{1,4})(?![\w,.]?[0-9A-Za-z])",
        lambda match: f"A.D {year(int(match['n']))}",
        DIGITS,
    ),
    rule(
        "short-year",
        r"(?<![\w'])'(?P<n>[0-9]{2})(?![\w'])",
        lambda match: _spoken_year(match["n"]),
        "'",
    ),
)
