"""Ordinal numbers written with figures."""

import re

from tts_pipeline.segment.normalize.en.numerals import DIGITS, ordinal
from tts_pipeline.segment.normalize.rule import rule


def _suffix(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _ordinal(match: re.Match[str]) -> str | None:
    number = int(match["n"].replace(",", ""))
    return ordinal(number) if _suffix(number) == match["suffix"].lower() else None


_VARIABLES = {"n": "en", "k": "kay", "m": "em", "i": "eye", "j": "jay"}
"""Letters respelled, since `nth` is read letter by letter."""

RULES = (
    rule(
        "ordinal",
        r"""(?<![\w.,]) (?P<n>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})[-']?
        (?P<suffix>st|nd|rd|th|ST|ND|RD|TH)(?!\w)""",
        _ordinal,
        DIGITS,
    ),
    rule(
        "variable",
        r"(?<!\w)(?P<n>[nkmij])-?th(?!\w)",
        lambda match: _VARIABLES[match["n"]] + "th",
    ),
)
