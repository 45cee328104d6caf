"""Numbers by themselves, and numbers inside words."""

import re

from tts_pipeline.segment.normalize.en.numerals import DIGITS, NUMBER, cardinal, digits, said, year
from tts_pipeline.segment.normalize.rule import rule

_YEAR = re.compile(r"1[1-9][0-9]{2}|10[1-9][0-9]|20[0-9]{2}|2000")


def _number(match: re.Match[str]) -> str:
    """Four figures that could be a year are said as one: "1500 people" bears it as well."""
    number = match["n"]
    signs = {"-": "minus ", "−": "minus ", "+": "plus "}
    sign = signs.get(match["sign"] or "", "")
    plus = " plus" if match["plus"] else ""
    if _YEAR.fullmatch(number) and not sign:
        return year(int(number)) + plus
    words = said(number)
    if _is_glued(match):
        words = words.replace(" and ", " ")
    return sign + words + plus


def _is_glued(match: re.Match[str]) -> bool:
    """Whether it is a part of a code, such as 133-ABC."""
    after = match.string[match.end() : match.end() + 2]
    before = match.string[max(match.start() - 2, 0) : match.start()]
    return (after[:1] == "-" and after[1:].isupper()) or (before[1:] == "-" and before[0].isalnum())


def _inside(match: re.Match[str]) -> str:
    """`x86`, `B2B`, `t2000`; a long one that is no year is a code, said figure by figure."""
    number = match[0]
    if number[0] == "0" or (
        len(number) > 3 and not (_YEAR.fullmatch(number) or number[-2:] == "00")
    ):
        return digits(number)
    return year(int(number)) if _YEAR.fullmatch(number) else cardinal(int(number))


RULES = (
    rule(
        "card",
        r"""(?P<before>\b(?:card|account|number|phone)(?:\ number)?\ ending\ (?:in|with)\ )
        (?P<n>[0-9]{3,6}) (?!\w)""",
        lambda match: f"{match['before']}{digits(match['n'])}",
        DIGITS,
    ),
    rule(
        "numbered",
        r"(?<![\w&\#]) (?:\#|[Nn]os?\.\ ?|[Nn]°\.?\ ?|№\ ?)(?P<n>[0-9]{1,9}) (?![\w])(?!,[0-9]{3})",
        lambda match: (
            ("numbers " if match[0][2:3] == "s" else "number ") + cardinal(int(match["n"]))
        ),
        DIGITS,
    ),
    rule(
        "number",
        rf"""(?<![A-Za-z0-9_]) (?<![0-9][.,]) (?:(?<![\w)\].\ue000"'])(?P<sign>[-−+]))?
        (?P<n>{NUMBER}) (?![0-9A-Za-z_]) (?![.,][0-9]) (?P<plus>\+(?![\w+]))?""",
        _number,
        DIGITS,
    ),
    rule(
        "decimal-inside",
        r"(?<=[A-Za-z]-)(?<!-[A-Za-z]-)[0-9]{1,4}\.[0-9]{1,6}(?![0-9])",
        lambda match: said(match[0]),
        DIGITS,
    ),
    rule("inside", r"[0-9]+", _inside, DIGITS),
)
