"""Percentages, quantities with units, multiples and dimensions."""

import re

from tts_pipeline.segment.normalize.en.fraction import VULGAR, fraction
from tts_pipeline.segment.normalize.en.money import MAGNITUDES, PERIODS, large
from tts_pipeline.segment.normalize.en.numerals import DIGITS, NUMBER, START, is_one, said
from tts_pipeline.segment.normalize.rule import MASK, rule

_PREFIXES = {"k": "kilo", "M": "mega", "G": "giga", "T": "tera", "m": "milli", "µ": "micro"}
_PREFIXES |= {"n": "nano", "μ": "micro", "P": "peta", "c": "centi"}


def _prefixed(prefixes: str, unit: str, one: str, many: str) -> dict[str, tuple[str, str]]:
    return {
        prefix + unit: (_PREFIXES.get(prefix, "") + one, _PREFIXES.get(prefix, "") + many)
        for prefix in prefixes
    }


UNITS = {
    **_prefixed("kcmµμn", "m", "meter", "meters"),
    **_prefixed("kmµμn", "g", "gram", "grams"),
    **_prefixed("mµμ", "L", "liter", "liters"),
    **_prefixed("mµμ", "l", "liter", "liters"),
    **_prefixed("mµμn", "s", "second", "seconds"),
    **_prefixed("kMGT", "Hz", "hertz", "hertz"),
    **_prefixed("kMGTm", "W", "watt", "watts"),
    **_prefixed("kMGT", "Wh", "watt hour", "watt hours"),
    **_prefixed("kMGTP", "B", "byte", "bytes"),
    **_prefixed("kMGT", "bps", "bit per second", "bits per second"),
    **_prefixed("kM", "J", "joule", "joules"),
    **_prefixed("kMG", "Pa", "pascal", "pascals"),
    **_prefixed("kMGT", "eV", "electron volt", "electron volts"),
    **_prefixed("mk", "V", "volt", "volts"),
    **_prefixed("mµμn", "mol", "mole", "moles"),
    "m": ("meter", "meters"),
    "g": ("gram", "grams"),
    "KG": ("kilogram", "kilograms"),
    "Kg": ("kilogram", "kilograms"),
    "kgs": ("kilogram", "kilograms"),
    "KB": ("kilobyte", "kilobytes"),
    "GiB": ("gibibyte", "gibibytes"),
    "MiB": ("mebibyte", "mebibytes"),
    "mbps": ("megabit per second", "megabits per second"),
    "L": ("liter", "liters"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "yds": ("yard", "yards"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"),
    "mpg": ("mile per gallon", "miles per gallon"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "fps": ("frame per second", "frames per second"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "h": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "wk": ("week", "weeks"),
    "wks": ("week", "weeks"),
    "mAh": ("milliamp hour", "milliamp hours"),
    "mA": ("milliamp", "milliamps"),
    "V": ("volt", "volts"),
    "W": ("watt", "watts"),
    "Wh": ("watt hour", "watt hours"),
    "Hz": ("hertz", "hertz"),
    "Pa": ("pascal", "pascals"),
    "eV": ("electron volt", "electron volts"),
    "dB": ("decibel", "decibels"),
    "cal": ("calorie", "calories"),
    "kcal": ("kilocalorie", "kilocalories"),
    "Da": ("dalton", "daltons"),
    "kDa": ("kilodalton", "kilodaltons"),
    "kb": ("kilobase", "kilobases"),
    "Mb": ("megabit", "megabits"),
    "Gb": ("gigabit", "gigabits"),
    "ha": ("hectare", "hectares"),
    "px": ("pixel", "pixels"),
    "pp": ("percentage point", "percentage points"),
    "pps": ("percentage point", "percentage points"),
    "bps": ("basis point", "basis points"),
    "psi": ("P.S.I", "P.S.I"),
    "ppm": ("part per million", "parts per million"),
    "ppb": ("part per billion", "parts per billion"),
    "tok": ("token", "tokens"),
    "req": ("request", "requests"),
    "cc": ("C.C", "C.C"),
    "FLOP": ("flop", "flops"),
    "FLOPs": ("flop", "flops"),
    "FLOPS": ("flops", "flops"),
    "Ω": ("ohm", "ohms"),
    "kΩ": ("kiloohm", "kiloohms"),
    "°": ("degree", "degrees"),
    "º": ("degree", "degrees"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "º C": ("degree Celsius", "degrees Celsius"),
    "ºC": ("degree Celsius", "degrees Celsius"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "° C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "ºF": ("degree Fahrenheit", "degrees Fahrenheit"),
    "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "%": ("percent", "percent"),
    "‰": ("per mille", "per mille"),
}
"""Singular and plural. Left out: letters that mean too much after a number (s, A, K, G, in)."""
_DENOMINATORS = {**{unit: names[0] for unit, names in UNITS.items()}, **PERIODS, "person": "person"}
_POWERS = {"2": "square", "²": "square", "3": "cubic", "³": "cubic"}
_LONGEST_FIRST = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_BELOW = "|".join(re.escape(unit) for unit in sorted(_DENOMINATORS, key=len, reverse=True))
_NUMBERED = r"(?<![A-Za-z0-9_^])(?<![0-9][.,])(?:(?<![\w)\ue000])(?P<sign>[-−+]))?"
_RANGE = rf"(?P<n>{NUMBER})%?(?![0-9])(?:\ ?(?:[-–—]|to)\ ?(?P<to>{NUMBER})(?![0-9]))?"
_BIG = r"(?:(?P<big>(?:\ ?)(?:thousand|million|billion|trillion|bn|mn)|[kKMBT])(?![A-Za-z]))"


def amount(match: re.Match[str]) -> str:
    """The number or range of a match with its sign and magnitude."""
    signs = {"-": "minus ", "−": "minus ", "+": "plus ", None: ""}
    sign, low, high = signs[match["sign"]], match["n"], match["to"]
    if big := match.groupdict().get("big"):
        last = large(high or low, MAGNITUDES[big.lower().strip()])
    else:
        last = said(high or low)
    return f"{sign}{said(low)} to {last}" if high else sign + last


def _quantity(match: re.Match[str]) -> str | None:
    unit, power, per = match["unit"], match["power"], match["per"]
    one, many = UNITS[unit]
    single = is_one(match["n"]) and not match["to"] and not match["big"]
    # "a 5-kg bag": before its noun a unit has no plural.
    if match["hyphen"] and match.string[match.end() : match.end() + 1] in {" ", "-"}:
        single = True
    name = one if single else many
    if power:
        name = f"{_POWERS[power]} {name}"
    words = f"{amount(match)} {name}"
    if per:
        words += f" per {_DENOMINATORS[per]}"
        if match["per_power"]:
            words += {"²": " squared", "2": " squared"}.get(match["per_power"], " cubed")
    return f"{words} plus" if match["plus"] else words


def _part(match: re.Match[str]) -> str:
    """`4 1/2 lbs`, `½ mile`: after a whole number in the plural."""
    one, many = UNITS[match["unit"]]
    if match["vulgar"]:
        top, bottom = VULGAR[match["vulgar"]]
    else:
        top, bottom = int(match["top"]), int(match["bottom"])
    part = fraction(top, bottom, mixed=bool(match["whole"]))
    return f"{said(match['whole'])} and {part} {many}" if match["whole"] else f"{part} {one}"


def _rate(match: re.Match[str]) -> str:
    return f"{said(match['n'])} per {_DENOMINATORS[match['per']]}"


def _dimensions(match: re.Match[str]) -> str:
    return " by ".join(said(number) for number in re.findall(NUMBER, match[0]))


RULES = (
    rule(
        "part-quantity",
        rf"""{START} (?<![/-]) (?:(?P<whole>[0-9]{{1,6}})\ ?(?=[{"".join(VULGAR)}]|(?<=\ )))?
        (?:(?P<top>[0-9]{{1,3}})/(?P<bottom>[0-9]{{1,3}})|(?P<vulgar>[{"".join(VULGAR)}]))
        [\ -]?(?P<unit>{_LONGEST_FIRST}) (?![A-Za-z0-9_/])""",
        _part,
        "/" + "".join(VULGAR),
    ),
    rule(
        "quantity",
        rf"""{_NUMBERED} {_RANGE} {_BIG}? (?:\ |(?P<hyphen>-))? (?P<unit>{_LONGEST_FIRST})
        \^?(?P<power>[²³]|(?<=\^)[23]|(?<=[mt])[23](?![0-9]))?
        (?:/(?P<per>{_BELOW})\^?(?P<per_power>[²³]|(?<=\^)[23])?)? (?![A-Za-z0-9_]) (?!/[A-Za-z])
        (?P<plus>\+)? """,
        _quantity,
        DIGITS,
    ),
    rule(
        "rate", rf"{_NUMBERED} (?P<n>{NUMBER})/(?P<per>kg|person|mo|yr|wk|hr|km)(?!\w)", _rate, "/"
    ),
    rule(
        "dimensions",
        rf"""(?<![A-Za-z0-9_.,]) {NUMBER}(?:(?:×|\ x\ |x(?=[0-9])){NUMBER}){{1,3}}
        (?![A-Za-z0-9_^⁰¹²³⁴⁵⁶⁷⁸⁹⁻])""",
        _dimensions,
        "x×",
    ),
    rule(
        "multiple",
        rf"{_NUMBERED} {_RANGE}\ ?[x×](?![\w×])(?!\ ?[0-9])",
        lambda match: f"{amount(match)} x",
        "x×",
    ),
    rule(
        "magnitude",
        rf"{_NUMBERED} {_RANGE} {_BIG} (?![\w'&]) (?P<plus>\+(?!\w))?",
        lambda match: amount(match) + (" plus" if match["plus"] else ""),
        DIGITS,
    ),
    rule(
        "per",
        rf"(?<={MASK})\ ?/\ ?(?P<per>{_BELOW}|day|week|month|year|user|token|hour)(?!\w)",
        lambda match: f" per {_DENOMINATORS.get(match['per'], match['per'])}",
        "/",
    ),
)
