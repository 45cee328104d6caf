"""Roman numerals, where their neighbour says that they are numerals."""

import re

from tts_pipeline.segment.normalize.en.numerals import cardinal, ordinal
from tts_pipeline.segment.normalize.rule import rule

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_VALID = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_RULERS = (
    "Albert|Alexander|Alfonso|Anne|Augustus|Baldwin|Benedict|Boniface|Catherine|Charles|Christian|"
    "Clement|Cleopatra|Constantine|Darius|Edward|Elizabeth|Ferdinand|Francis|Frederick|George|"
    "Gregory|Gustav|Harald|Haakon|Henry|Innocent|Isabella|Ivan|James|Joan|John|Julius|Justinian|"
    "Leo|Leopold|Louis|Ludwig|Margaret|Mary|Mehmed|Murad|Napoleon|Nicholas|Olaf|Otto|Paul|Peter|"
    "Philip|Pius|Ptolemy|Rameses|Ramses|Richard|Robert|Rudolf|Sixtus|Stephen|Suleiman|Urban|"
    "Victoria|Vittorio|Wilhelm|William|Xerxes"
)
_PARTS = (
    "Act|Amendment|Annex|Apollo|Appendix|Article|Book|Chapter|Class|Division|Episode|Exhibit|"
    "Fantasy|Figure|Grade|Group|Level|Lesson|Mark|Model|Module|Part|Parts|Phase|Plan|Proposition|"
    "Protocol|Round|Rule|Scene|Schedule|Season|Section|Series|Stage|Table|Tier|Title|Type|Unit|"
    "Vatican|Volume|Vol\\.|War|Bowl|Saturn|Mk|Fig\\.|Ch\\.|Sec\\."
)
_I_ALONE = r"(?=\s*(?:[.,;:)\]!?–—]|$|(?:of|and|was|is|to|in|had|or|has)\b))"
"""After a lone I, so that it is not the pronoun: "World War I was", never "Part I want"."""


def value(numeral: str) -> int | None:
    """What a Roman numeral stands for; None when it is none."""
    if not numeral or not _VALID.fullmatch(numeral):
        return None
    total = 0
    for this, following in zip(numeral, numeral[1:] + " ", strict=True):
        worth = _VALUES[this]
        total += -worth if _VALUES.get(following, 0) > worth else worth
    return total


def _value(match: re.Match[str]) -> int | None:
    return value((match["numeral"] or "I").upper())


def _cardinal(match: re.Match[str]) -> str | None:
    number = _value(match)
    return None if number is None else cardinal(number)


def _ordinal(match: re.Match[str]) -> str | None:
    number = _value(match)
    return None if number is None else f"the {ordinal(number)}"


def _century(match: re.Match[str]) -> str | None:
    number = value(match["numeral"])
    return None if number is None else ordinal(number)


def _named(match: re.Match[str]) -> str | None:
    said = _cardinal(match)
    return said and f"{match['name']} {said}"


def _ruler(match: re.Match[str]) -> str | None:
    said = _ordinal(match)
    return said and f"{match['name']} {said}"


_NUMERAL = rf"(?:(?P<numeral>[IVXLCDM]{{2,12}}|[VX])|(?P<one>I){_I_ALONE})"

RULES = (
    rule(
        "ruler",
        rf"(?<!\w)(?P<name>(?:{_RULERS})(?:\ Paul)?)\ {_NUMERAL}(?![\w-])",
        _ruler,
        "IVX",
    ),
    rule(
        "part",
        rf"(?<!\w)(?P<name>{_PARTS})\ {_NUMERAL}(?!\w)",
        _named,
        "IVXLCM",
    ),
    rule("century", r"(?<!\w)(?P<numeral>[IVX]{1,6})(?:th|(?=\ centur))(?!\w)", _century, "IVX"),
    rule(
        "numeral",  # without a telling neighbour only what can hardly be anything else
        r"(?<![\w.&-])(?P<numeral>III|II|VII|VIII|XI{1,3}|XIV|XVI{0,3}|XIX|XXI{0,3}|IX)(?![\w&]|\.[A-Z])",
        _cardinal,
        "IX",
    ),
    rule(
        "item",
        r"(?<!\w)\((?P<numeral>i{1,3}|iv|vi{1,3}|ix|xi{1,2})\)",
        lambda match: f"({_cardinal(match)})",
        "(",
    ),
)
