"""Signs in prose: said where they mean something, silent where they are decoration."""

import re

from tts_pipeline.segment.normalize.rule import MASK, WORD_MASK, rule

_M = f"{MASK}{WORD_MASK}"
_OPERATORS = {
    "=": "equals",
    "==": "equals",
    "!=": "is not equal to",
    ":=": "is defined as",
    "≠": "is not equal to",
    "≈": "is approximately",
    "≃": "is approximately",
    "≅": "is congruent to",
    "≡": "is equivalent to",
    "∝": "is proportional to",
    "<": "is less than",
    ">": "is greater than",
    "<=": "is at most",
    ">=": "is at least",
    "≤": "is at most",
    "≥": "is at least",
    "≪": "is much less than",
    "≫": "is much greater than",
    "<<": "is much less than",
    ">>": "is much greater than",
    "×": "times",
    "·": "times",
    "⋅": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "∓": "minus or plus",
    "→": "to",
    "⟶": "to",
    "->": "to",
    "-->": "to",
    "=>": "implies",
    "⇒": "implies",
    "⟹": "implies",
    "<=>": "if and only if",
    "⇔": "if and only if",
    "←": "from",
    "<-": "from",
    "⇐": "is implied by",
    "↔": "to and from",
    "<->": "to and from",
    "↑": "up",
    "↓": "down",
    "∈": "in",
    "∉": "not in",
    "⊂": "is a subset of",
    "⊆": "is a subset of",
    "∪": "union",
    "∩": "intersection",
    "∧": "and",
    "∨": "or",
    "⊢": "proves",
    "⊨": "entails",
    "∘": "after",
    "⊕": "plus",
    "⊗": "tensor",
    "−": "minus",
}
_PREFIXES = {
    "¬": "not",
    "∀": "for all",
    "∃": "there exists",
    "∑": "the sum of",
    "∏": "the product of",
    "∫": "the integral of",
    "√": "the square root of",
    "∂": "partial",
    "∇": "nabla",
    "∞": "infinity",
    "∅": "the empty set",
    "∴": "therefore",
    "∵": "because",
    "✓": "check mark",
    "✔": "check mark",
    "✗": "cross mark",
    "✘": "cross mark",
    "°": "degrees",
    "€": "euro",
    "£": "pound",
    "¥": "yen",
    "%": "percent",
    "′": "prime",
    "″": "double prime",
}
_DECORATION = "•◦▪▫■□●○◆◇★☆‣⁃❖†‡¶©®™℠‹›«»|*_`^~¦◊♦♥♠♣←↑→↓"
_INLINE = "|".join(re.escape(sign) for sign in sorted(_OPERATORS, key=len, reverse=True))


def _compared(match: re.Match[str]) -> str:
    """Before a number alone, `<5` and `>5`."""
    names = {"<": "less than ", ">": "more than ", "≤": "at most ", "≥": "at least "}
    names |= {"<=": "at most ", ">=": "at least ", "±": "plus or minus ", "≈": "about "}
    return names[match["sign"]]


RULES = (
    rule(
        "tag",  # markup that stands in the text as text
        r"</?(?P<name>[A-Za-z][\w:-]{0,30})(?:\ [^<>]{0,200})?/?>",
        lambda match: f" {match['name'].replace(':', ' ')} ",
        "<",
    ),
    rule("heart", r"(?<!\S)<3(?![\w.,])", lambda _: "heart", "<"),
    rule("arrow-start", r"^\s{0,4}(?:→|->|=>|⇒|➔|➜|>)\ ", lambda _: "", "→>⇒➔➜"),
    rule(
        "comparison",
        rf"""(?<![^\s(\["'{_M}]) (?<![\w)\]{_M}]\ ) (?P<sign><=|>=|[<>≤≥±≈])\ ?
        (?=[0-9{_M}.])""",
        _compared,
        "<>≤≥±≈",
    ),
    rule("about", rf"(?<![\w~/{_M}]) ~\ ?(?=[0-9{_M}A-Za-z])(?!~)", lambda _: "about ", "~"),
    rule(
        "minus", rf"(?<={MASK})\ -\ (?=[{MASK}]{{1,20}}\ ?(?:=|equals))", lambda _: " minus ", "-"
    ),
    rule(
        "operator",
        rf"(?<=[\w)\]{_M}\"'%.…])\ ?(?P<sign>{_INLINE})\ ?(?=[\w(\[{_M}\"'¬√∞−+$-])(?<![A-Za-z]-)",
        lambda match: f" {_OPERATORS[match['sign']]} ",
        "=<>≠≈≃≅≡∝≤≥≪≫×·⋅÷±∓→⟶⇒⟹⇔←⇐↔↑↓∈∉⊂⊆∪∩∧∨⊢⊨∘⊕⊗−",
    ),
    rule(
        "plus",
        rf"(?<=[\w)\]{_M}])(?:\ \+\ |\+)(?=[\w(\[{_M}])",
        lambda _: " plus ",
        "+",
    ),
    rule("plus-after", rf"(?<=[A-Z{_M}])\+(?![\w+])", lambda _: " plus", "+"),
    rule("plus-plus", r"(?<=[A-Za-z])\+\+", lambda _: " plus plus", "+"),
    rule("sharp", r"(?<=\b[CF])\#(?!\w)", lambda _: " sharp", "#"),
    rule("times", rf"(?<=[0-9{_M})])\ ?\*\ ?(?=[0-9{_M}(])", lambda _: " times ", "*"),
    rule("by", r"(?<=[0-9\ue000])\ x\ (?=[0-9\ue000])", lambda _: " times ", "x"),
    rule(
        "ampersand",
        r"\ ?&(?:amp;)?\ ?(?=\S)",
        lambda _: " and ",
        "&",
    ),
    rule(
        "prefix",
        "[" + "".join(re.escape(sign) for sign in _PREFIXES) + "]",
        lambda match: f" {_PREFIXES[match[0]]} ",
        "".join(_PREFIXES),
    ),
    rule("at", r"@(?!@)", lambda _: " at ", "@"),
    rule("number-sign", rf"\#(?=[{_M}])", lambda _: "number ", "#"),
    rule("hash", r"\#(?=[A-Za-z])", lambda _: " hash ", "#"),
    rule(
        "dollar",
        r"(?<!\$)\$+(?=\w)|(?<=\w)\$+|(?<!\S)\$(?!\S)",
        lambda match: " dollar" * min(len(match[0]), 2) + " ",
        "$",
    ),
    rule("backslash", r"(?<=\w)\\(?=\w)", lambda _: " backslash ", "\\"),
    rule(
        "letters-slash",
        r"(?<![\w/])(?P<a>[A-Z])/(?P<b>[A-Z])(?![\w/])",
        lambda match: f"{match['a']}-{match['b']}",
        "/",
    ),
    rule(
        "slash",
        rf"(?<=[\w)\"'.{_M}])\ ?/\ ?(?=[\w(\"'{_M}])",
        lambda _: " slash ",
        "/",
    ),
    rule("decoration", rf"[{re.escape(_DECORATION)}]+", lambda _: " ", _DECORATION),
    rule("smile", r"(?<!\S)[:;]-?[)(DPp/|](?!\w)", lambda _: "", ":;"),
    rule("rest", r"[\\#@$<>{}=+]+", lambda _: " ", "\\#@$<>{}=+"),
)
