"""Telephone and other numbers that are read figure by figure."""

import re

from tts_pipeline.segment.normalize.en.numerals import DIGITS, digits
from tts_pipeline.segment.normalize.rule import rule

_GROUPS = re.compile(r"[0-9]+")


def _groups(match: re.Match[str]) -> str:
    written = match[0]
    groups = [
        "eight hundred" if group == "800" else digits(group) for group in _GROUPS.findall(written)
    ]
    return ("plus " if written.startswith("+") else "") + ", ".join(groups)


RULES = (
    rule(
        "telephone",
        r"""(?<![\w.,/+-]) (?:
          (?:\+?[0-9]{1,3}[-.\ ]?)? (?:\([0-9]{3}\)[-.\ ]?|(?<![0-9])[0-9]{3}[-.\ ])
          [0-9]{3}[-.\ ][0-9]{4} (?:-[0-9]{1,4})?
        | \+[0-9]{1,3}(?:[-.\ ]\(?[0-9]{1,5}\)?){2,5}
        | \+[0-9]{8,15}
        | [0-9]{3}-[0-9]{2}-[0-9]{4}
        ) (?![\w/-]) (?!\.[0-9])""",
        _groups,
        DIGITS,
    ),
)
