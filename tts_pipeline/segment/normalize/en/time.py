"""Times of day, timestamps and durations."""

import re

from tts_pipeline.segment.normalize.en.date import stop
from tts_pipeline.segment.normalize.en.letters import spell
from tts_pipeline.segment.normalize.en.numerals import DIGITS, START, cardinal
from tts_pipeline.segment.normalize.rule import rule

_HALF = r"(?P<half>[ap]\.?m(?:\.|(?![\w.])|(?=\.)))"
_ZONE = (
    r"(?:\ ?(?P<zone>UTC|GMT|[ECMP][SDE]?T|CEST|BST|JST|IST|e\.s\.t\.?|p\.s\.t\.?|e[sd]t|p[sd]t)"
    r"(?!\w))?"
)
_UNITS = {"h": "hour", "m": "minute", "s": "second"}


def count(number: int, unit: str) -> str:
    """`one minute`, `two minutes`."""
    return f"{cardinal(number)} {unit}{'' if number == 1 else 's'}"


def _half(written: str | None) -> str:
    return f" {written[0].upper()}M" if written else ""


def _zone(written: str | None) -> str:
    return f" {spell(re.sub('[^A-Za-z]', '', written))}" if written else ""


def _clock(hour: int, minute: int, half: str | None) -> str:
    if minute:
        return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{_half(half)}"
    if half:
        return cardinal(hour) + _half(half)
    full = "o'clock" if 0 < hour < 24 else "hundred"
    return f"{cardinal(hour)} {full}"


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["h"]), int(match["m"])
    if hour > 24 or minute > 59:
        return None
    said = _clock(hour, minute, match["half"])
    return said + _zone(match["zone"]) + stop(match)


def _hour(match: re.Match[str]) -> str | None:
    if not 0 < int(match["h"]) <= 12:
        return None
    said = cardinal(int(match["h"]))
    if match["to"]:
        said += f" to {cardinal(int(match['to']))}"
    return said + _half(match["half"]) + _zone(match["zone"]) + stop(match)


def _long(match: re.Match[str]) -> str | None:
    """A timestamp or a length: `1:02:03`."""
    hours, minutes, seconds = int(match["h"]), int(match["m"]), int(match["s"])
    if minutes > 59 or seconds > 59:
        return None
    parts = f"{count(hours, 'hour')} {count(minutes, 'minute')} and {count(seconds, 'second')}"
    return parts + _half(match["half"]) + _zone(match["zone"]) + stop(match)


def _duration(match: re.Match[str]) -> str:
    parts = re.findall(r"(\d+)\ ?([hms])", match[0])
    return " ".join(count(int(number), _UNITS[unit]) for number, unit in parts)


def _feet(match: re.Match[str]) -> str:
    feet, inches = int(match["feet"]), int(match["inches"])
    said = "one foot" if feet == 1 else f"{cardinal(feet)} feet"
    return f"{said} {cardinal(inches)}" if inches else said


_RATIO = r"(?<!ratio\ of\ )(?<!odds\ of\ )(?<!odds\ are\ )(?<!odds,\ )"

RULES = (
    rule(
        "timestamp",
        rf"""(?:{START}|(?<=[0-9]T)) (?P<h>[0-9]{{1,3}}):(?P<m>[0-9]{{2}}):(?P<s>[0-9]{{2}})
        (?:\ ?{_HALF})?{_ZONE} (?![0-9:])""",
        _long,
        ":",
        re.IGNORECASE,
    ),
    rule(
        "time",
        rf"""(?:{START}|(?<=[0-9]T)) {_RATIO} (?P<h>[0-9]{{1,2}}):(?P<m>[0-9]{{2}})(?![0-9:])
        (?!\ (?:odds|ratio)) (?:\ ?{_HALF})?{_ZONE}""",
        _time,
        ":",
        re.IGNORECASE,
    ),
    rule(
        "dotted-time",
        rf"{START} (?P<h>[0-9]{{1,2}})\.(?P<m>[0-9]{{2}})\ ?{_HALF}{_ZONE}",
        _time,
        DIGITS,
        re.IGNORECASE,
    ),
    rule(
        "hour",
        rf"""{START} (?P<h>[0-9]{{1,2}})(?:\ ?[-–]\ ?(?P<to>[0-9]{{1,2}}))?\ ?{_HALF}{_ZONE}""",
        _hour,
        DIGITS,
        re.IGNORECASE,
    ),
    rule(
        "half",
        r"(?<!\w) (?P<half>[ap]\.m\.)",
        lambda match: _half(match["half"]).strip() + stop(match),
        ".",
    ),
    rule(
        "duration",
        rf"""{START} (?:[0-9]{{1,4}}\ ?h\ ?[0-9]{{1,2}}\ ?m(?:\ ?[0-9]{{1,2}}\ ?s)?
        |[0-9]{{1,4}}\ ?m\ ?[0-9]{{1,2}}\ ?s) (?:ecs?|ins?)? (?!\w)""",
        _duration,
        DIGITS,
    ),
    rule(
        "feet",
        rf"""{START} (?P<feet>[0-9])'\ ?(?P<inches>[0-9]{{1,2}})(?:"|'')""",
        _feet,
        "'’′",
    ),
)
