"""Fractions, ratios, scores, ranges and powers."""

import re

from tts_pipeline.segment.normalize.en.numerals import (
    DIGITS,
    END,
    NUMBER,
    START,
    cardinal,
    ordinal,
    plural,
    said,
    year,
)
from tts_pipeline.segment.normalize.rule import MASK, rule

VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8),
    "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
_NAMED = {(24, 7): "twenty-four seven", (9, 11): "nine eleven", (20, 20): "twenty twenty"}
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿⁱ", "0123456789-+ni")
_LETTERS_BELOW = "ₐₑᵢₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ"
_SUB = str.maketrans(_LETTERS_BELOW, "aeioruvxhklmnpst")


def fraction(top: int, bottom: int, *, mixed: bool = False) -> str:
    """`one half`, `three quarters`, `two out of ten`; after a whole number `a half`."""
    if bottom < 2 or (bottom > 1000 and top != 1):
        return f"{cardinal(top)} over {cardinal(bottom)}"
    name = {2: "half", 4: "quarter"}.get(bottom) or ordinal(bottom)
    if top == 1:
        return f"a {name}" if mixed and bottom == 2 else f"one {name}"
    return f"{cardinal(top)} {plural(name)}"


def _fraction(match: re.Match[str]) -> str | None:
    top, bottom = int(match["top"].replace(",", "")), int(match["bottom"].replace(",", ""))
    if match["whole"]:
        whole = cardinal(int(match["whole"]))
        return f"{whole} and {fraction(top, bottom, mixed=True)}"
    if (top, bottom) in _NAMED:
        return _NAMED[top, bottom]
    if top + bottom == 100 and top != 1:
        return f"{cardinal(top)} {cardinal(bottom)}"
    if bottom in {10, 100} and top > 1 and not match["th"]:
        return f"{cardinal(top)} out of {cardinal(bottom)}"
    return fraction(top, bottom)


def _vulgar(match: re.Match[str]) -> str:
    top, bottom = VULGAR[match["sign"]]
    if match["whole"]:
        return f"{said(match['whole'])} and {fraction(top, bottom, mixed=True)}"
    return fraction(top, bottom)


def _ratio(match: re.Match[str]) -> str:
    parts = match[0].replace(" ", "").split(":")
    if parts in (["50", "50"], ["80", "20"]):
        return " ".join(said(part) for part in parts)
    return " to ".join(said(part) for part in parts)


def _side(number: str) -> str:
    return year(int(number)) if re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", number) else said(number)


def _range(match: re.Match[str]) -> str | None:
    """A range, or a score; a long number before a smaller one is a code."""
    low, high = match["low"], match["high"]
    if low == high == "50":
        return "fifty fifty"
    if len(low) == 4 and len(high) == 2 and "." not in high:  # 1914-18
        return f"{_side(low)} to {cardinal(int(high)) if high[0] != '0' else 'oh ' + said(high[1])}"
    falls = float(low.replace(",", "")) > float(high.replace(",", ""))
    return None if falls and len(low) > 2 else f"{_side(low)} to {_side(high)}"


def _power(match: re.Match[str]) -> str:
    written = match["super"] or match["caret"] or match["brace"]
    exponent = written.translate(_SUPER)
    base = match["base"] or ""
    base = said(base) if base[:1].isdigit() else base
    if match["times"]:
        base = f"{said(match['times'])} times {base}"
    if exponent in {"2", "3"}:
        return f"{base} {'squared' if exponent == '2' else 'cubed'}"
    sign = "minus " if exponent[0] in "-−" else ""
    bare = exponent.lstrip("-−+")
    return f"{base} to the {sign}{said(bare) if bare[:1].isdigit() else bare}"


def _signs(exponent: str) -> str:
    """`n+1`: "n plus one"."""
    words = re.findall(r"[0-9]+|[^0-9]", exponent)
    names = {"+": "plus", "-": "minus"}
    return " ".join(said(word) if word.isdigit() else names.get(word, word) for word in words)


def _scientific(match: re.Match[str]) -> str:
    sign = "minus " if match["sign"] == "-" else ""
    return f"{said(match['n'])} E {sign}{cardinal(int(match['exponent']))}"


_EXPONENT = (
    r"(?:\^\{(?P<brace>[-−+]?(?:[0-9]{1,9}|[A-Za-z]))\}"
    r"|\^(?P<caret>[-−+]?(?:[0-9]{1,9}(?:\.[0-9]{1,4})?|[A-Za-z](?![A-Za-z])))"
    r"|(?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,9}))"
)

RULES = (
    rule(  # between two things already said: "2pm-5pm", "$1k–$5k"
        "span",
        rf"(?<={MASK})\ ?[-–]\ ?(?={MASK})",
        lambda _: " to ",
        "-–",
    ),
    rule(  # of a footnote: "word¹", "end.²"
        "mark",
        r"""(?:(?<=[A-Za-z][a-z])|(?<=[a-z][.,;:!?"”’])|(?<![^\s("“])) [⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}
        (?![\w⁰¹²³⁴⁵⁶⁷⁸⁹/⁄])""",
        lambda _: "",
        "⁰¹²³⁴⁵⁶⁷⁸⁹",
    ),
    rule(
        "raised",
        r"(?<=[A-Za-z0-9)\]])(?=[^ⁿⁱ]{0,8}[ⁿⁱ])[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ]{1,9}",
        lambda match: f" to the {_signs(match[0].translate(_SUPER))}",
        "ⁿⁱ",
    ),
    rule(
        "lowered",
        rf"(?<=[A-Za-z])[{_LETTERS_BELOW}]{{1,3}}(?!\w)",
        lambda match: f" sub {match[0].translate(_SUB)}",
        _LETTERS_BELOW,
    ),
    rule(
        "power",
        rf"""(?:(?<![\w.,^]) (?:(?P<times>{NUMBER})\ ?[×*x]\ ?)? (?P<base>{NUMBER}|[A-Za-z])
        |(?<=[\w)\]])) {_EXPONENT} (?![\w⁰¹²³⁴⁵⁶⁷⁸⁹])""",
        _power,
        "^⁰¹²³⁴⁵⁶⁷⁸⁹",
    ),
    rule(
        "scientific",
        rf"""{START} (?P<n>{NUMBER})[eE](?P<sign>[-+])?(?P<exponent>[0-9]{{1,3}}) (?!\w)
        (?!\.[0-9])""",
        _scientific,
        "eE",
    ),
    rule(
        "vulgar",
        rf"(?:(?<![\w.,])(?P<whole>{NUMBER})\ ?)?(?P<sign>[{''.join(VULGAR)}])",
        _vulgar,
        "".join(VULGAR),
    ),
    rule(
        "fraction",
        rf"""{START} (?<![/-]) (?:(?P<whole>[0-9]{{1,6}})\ )?
        (?P<top>[0-9]{{1,9}}(?:,[0-9]{{3}}){{0,3}}) (?:/|\ /\ )
        (?P<bottom>[0-9]{{1,9}}(?:,[0-9]{{3}}){{0,3}})
        (?P<th>th|rd|nd|ths|rds|TH|RD|ST|st)? (?![\w/]) (?!\.[0-9])""",
        _fraction,
        "/",
    ),
    rule(
        "ratio",
        rf"{START} (?<!:) {NUMBER}(?:\ ?:\ ?{NUMBER}){{1,4}} {END} (?!:)",
        _ratio,
        ":",
    ),
    rule(
        "range",
        rf"""{START} (?<![-–/]) (?P<low>{NUMBER})(?:\ ?[–—]\ ?|-)(?P<high>{NUMBER}) {END}
        (?![-–/][0-9A-Za-z])""",
        _range,
        DIGITS,
    ),
)
