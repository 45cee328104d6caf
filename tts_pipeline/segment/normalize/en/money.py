"""Amounts of money, with magnitude, range and rate."""

import re

from tts_pipeline.segment.normalize.en.numerals import DIGITS, NUMBER, cardinal, said
from tts_pipeline.segment.normalize.rule import listed, rule

_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "", ""),
    "₽": ("ruble", "rubles", "", ""),
    "₿": ("bitcoin", "bitcoin", "", ""),
    "₺": ("lira", "lira", "", ""),
    "₴": ("hryvnia", "hryvnia", "", ""),
    "₪": ("shekel", "shekels", "", ""),
    "CHF": ("Swiss franc", "Swiss francs", "", ""),
    "CNY": ("yuan", "yuan", "", ""),
    "SEK": ("Swedish krona", "Swedish kronor", "", ""),
    "NOK": ("Norwegian krone", "Norwegian kroner", "", ""),
    "DKK": ("Danish krone", "Danish kroner", "", ""),
}
_CODES = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "BTC": "₿",
    "CHF": "CHF",
    "CNY": "CNY",
    "RMB": "CNY",
    "SEK": "SEK",
    "NOK": "NOK",
    "DKK": "DKK",
}
_NATIONS = {
    "US": "US",
    "U.S.": "US",
    "A": "Australian",
    "AU": "Australian",
    "C": "Canadian",
    "CA": "Canadian",
    "NZ": "New Zealand",
    "HK": "Hong Kong",
    "S": "Singapore",
    "R": "Brazilian",
}
MAGNITUDES = {
    "k": "thousand",
    "thousand": "thousand",
    "m": "million",
    "mm": "million",
    "mn": "million",
    "mil": "million",
    "mln": "million",
    "million": "million",
    "b": "billion",
    "bn": "billion",
    "bln": "billion",
    "billion": "billion",
    "t": "trillion",
    "tn": "trillion",
    "trn": "trillion",
    "trillion": "trillion",
    "quadrillion": "quadrillion",
    "hundred": "hundred",
}
PERIODS = {
    "mo": "month",
    "mos": "month",
    "yr": "year",
    "y": "year",
    "wk": "week",
    "d": "day",
    "hr": "hour",
    "h": "hour",
    "hrs": "hour",
    "min": "minute",
    "sec": "second",
    "s": "second",
}
_SYMBOLS = "".join(symbol for symbol in _CURRENCIES if len(symbol) == 1)
_MAGNITUDE = (
    r"(?:(?:\ |-)?(?P<big>hundred|thousand|million|billion|trillion|quadrillion)(?![A-Za-z])"
    r"|\ ?(?P<short>[kKmMbBtT]|mm|MM|[mbt]n|BN|MN|TN|[mb]ln|mil|trn)(?![\w'&]))?"
)
_RATE = r"(?:\ ?/\ ?(?P<per>[A-Za-z]{1,20})(?![\w/]))?"
_NOUN = re.compile(r"[ -][a-z]+")
_NO_NOUN = listed(
    "a an and are as at by each every for from if in is of on or per since than that the then to "
    "was were which while who with would after before but during extra more less"
)


def _words(amount: str, currency: str, magnitude: str | None, nation: str, *, single: bool) -> str:
    """One amount: `five dollars fifty cents`, `one point five million dollars`."""
    one, many, cent, cents = _CURRENCIES[currency]
    if magnitude:
        return f"{large(amount, magnitude)} {nation}{one if single else many}"
    whole, _, decimals = amount.replace(",", "").partition(".")
    exact = decimals.rstrip("0")
    if not exact:
        unit = one if single or whole == "1" else many
        return f"{said(whole)} {nation}{unit}"
    if len(exact) > 2 or not cent:
        return f"{said(amount)} {nation}{one if single else many}"
    hundredths = int(exact.ljust(2, "0"))
    small = f"{cardinal(hundredths)} {cent if hundredths == 1 else cents}"
    if not whole.strip("0"):
        return small
    return f"{said(whole)} {nation}{one if whole == '1' else many} {small}"


def _magnitude(match: re.Match[str]) -> str | None:
    found = match["big"] or match["short"]
    return MAGNITUDES[found.lower()] if found else None


def _amounts(match: re.Match[str], currency: str, nation: str = "") -> str:
    """The amount or amounts of a match, its sign and its rate."""
    magnitude, per = _magnitude(match), match["per"]
    single = not per and not match["to"] and _attributive(match)
    sign = "minus " if match["sign"] else ""
    low = match["n"]
    if match["to"]:
        # "$1-2M": the magnitude is that of both.
        first = f"{said(low)} to "
        if "." in low and not magnitude:
            first = f"{_words(low, currency, None, nation, single=False)} to "
        text = first + _words(match["to"], currency, magnitude, nation, single=False)
    else:
        text = _words(low, currency, magnitude, nation, single=single)
    if per:
        text += f" per {PERIODS.get(per.lower(), per)}"
    return f"{sign}{text} plus" if match["plus"] else f"{sign}{text}"


def _attributive(match: re.Match[str]) -> bool:
    """Whether an amount stands before its noun, `a $5 million fund`: then it has no plural."""
    before = match.string[max(0, match.start() - 3) : match.start()].lower()
    if not before.endswith((" a ", " an ")) and before not in ("a ", "an "):
        return False
    after = _NOUN.match(match.string, match.end(), match.end() + 24)
    return after is not None and after[0][1:] not in _NO_NOUN


def _symbol(match: re.Match[str]) -> str:
    nation = _NATIONS.get(match["nation"] or "", "")
    return _amounts(match, match["symbol"], f"{nation} " if nation else "")


def _symbol_after(match: re.Match[str]) -> str:
    return _amounts(match, match["symbol"])


def _code(match: re.Match[str]) -> str:
    return _amounts(match, _CODES[match["code"]])


def _cents(match: re.Match[str]) -> str:
    return f"{said(match['n'])} {'cent' if match['n'] == '1' else 'cents'}"


def large(number: str, magnitude: str) -> str:
    """`four hundred sixty billion`: "and" would stand before the last figures alone."""
    return f"{said(number).replace(' and ', ' ')} {magnitude}"


_SIGN = r"(?:(?<![\w)])(?P<sign>[-−]))?"
_TO = rf"(?:\ ?(?:[-–—]|to)\ ?[{_SYMBOLS}]?(?P<to>{NUMBER})(?![0-9]))?"
_PLUS = r"(?P<plus>\+(?!\w))?"
_NEEDS = _SYMBOLS + "$"
_CODE = "|".join(_CODES)

RULES = (
    rule(
        "money",
        rf"""(?<![\w$]) {_SIGN} (?P<nation>US|U\.S\.|AU?|CA?|NZ|HK|S|R)?(?P<symbol>[{_SYMBOLS}])
        \ ?(?P<n>{NUMBER})(?![0-9]) {_TO} {_MAGNITUDE} {_PLUS} {_RATE}""",
        _symbol,
        _NEEDS,
    ),
    rule(
        "money-after",
        rf"""(?<![\w.,$]) {_SIGN} (?P<n>{NUMBER})(?![0-9]) {_TO} {_MAGNITUDE}
        \ ?(?P<symbol>[{_SYMBOLS.replace("$", "")}]|(?<!\ )\$)
        (?!\ ?[\w.]{{0,20}}[0-9]) {_PLUS} {_RATE}""",
        _symbol_after,
        _NEEDS,
    ),
    rule(
        "money-code",
        rf"""(?<![\w.,$]) {_SIGN} (?P<n>{NUMBER})(?![0-9]) {_TO} {_MAGNITUDE}
        \ ?(?P<code>{_CODE})(?!\w) {_PLUS} {_RATE}""",
        _code,
        DIGITS,
    ),
    rule(
        "code-money",
        rf"""(?<![\w$]) {_SIGN} (?P<code>{_CODE})\ ?(?P<n>{NUMBER})(?![0-9])
        {_TO} {_MAGNITUDE} {_PLUS} {_RATE}""",
        _code,
        DIGITS,
    ),
    rule("cents", rf"(?<![\w.,$]) (?P<n>{NUMBER})\ ?¢", _cents, "¢"),
)
