"""Acronyms: spelled letter by letter, or spoken as the words that they are."""

import re
from string import ascii_uppercase

from tts_pipeline.segment.normalize.en.letters import spell, words
from tts_pipeline.segment.normalize.rule import listed, rule

_SPELLED = listed(
    "ACLU ADHD APOE IAEA ICAO ICBM IEEE IARC LGBT NAACP OECD UCLA UCSF USAF USDA AAAI AAAS ICLR "
    "IIRC IIUC AFAIK AFAICT AFAICS IMHO IANAL EEOC FOIA IUCN ISBN"
)
_SPOKEN = listed(
    "NASA NATO AIDS DARPA IARPA NAFTA OPEC UNICEF UNESCO SWAT RAM ROM LAN WAN SIM PIN GIF SARS "
    "MERS CAD RADAR SONAR LASER SCUBA TED SAT DOS NAND BIOS GUI CAPTCHA JPEG WASP NIMBY YIMBY "
    "FOMO YOLO POTUS SCOTUS FLOTUS AWOL MENSA BASIC BERT LIDAR LORA SCRAM SIDS STEM TASER UNIX "
    "ZIP PAC HAL DALL LAMBDA MATS ARPA ANOVA FLOP FLOPS CRISPR GABA"
)
_SHORT_WORDS = listed(
    "a am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we ah ha hm "
    "all and any are ask bad big but buy can cut day did die due end far few for fun get god got "
    "had has her hey him his hot how its job key law lay let lie lot low man may men met new nor "
    "not now odd off old one our out own pay per put ran red run sad saw say see set she sit six "
    "son sun ten the tie too top try two use war was way who why win won yes yet you wow ugh huh "
    "this that they them then than with will what when were want very only just even ever more "
    "most much must need real some such sure take tell here have high hard good know last less "
    "like long look love made make many been best both come does done down each else from full "
    "gave give goes gone help your you're don't can't won't isn't over really never always every "
    "stop wait work year zero also back call case find same seem show side once open part"
)
_INITIALISMS = frozenset({"it", "us", "who", "am", "pm", "or", "hr", "so", "per", "oh", "as", "me"})
"""Short words whose capitals more often mean letters, unless the words around them shout too."""

_ONSET = (
    r"(?:s(?:ch|cr|phr|pl|pr|qu|tr|[cklmnpqtwh])|[bcfgkp]l|[bcdfgkpt]r|thr?|chr?|shr?|ph|wh|wr|kn|"
    r"gn|tw|dw|qu|gh|rh|ps|[b-df-hj-np-tv-z])?"
)
_CODA = (
    r"(?:[b-df-hj-np-tv-z]|[lrn](?:d|t|k|s|m|p|b|f|v|n|l|g|c|th|ch|sh|ts|ds|ks|gs)|[sc][tkp]s?|"
    r"sm|sh|ch|th|ck|ff|ll|ss|zz|tch|mp|mb|mn|ms|ps|ts|ks|gs|ds|bs|ct|ft|pt|ght|gh|ph|w[nls]|xt|"
    r"ng|nk|nd|nt|ns|rld|rst|nct|mps|nth|rd|rt|lth)?"
)
_SAYABLE = re.compile(
    rf"{_ONSET}[aeiouy](?:[aeiouy]|[b-df-hj-np-tv-z]{{1,3}}[aeiouy]){{0,12}}{_CODA}"
)
_CAPITALS = re.compile(r"[A-Z][A-Z']+")


def sayable(word: str) -> bool:
    """Whether English would let `word` be said as a word: its onset and its coda exist."""
    return _SAYABLE.fullmatch(word.lower()) is not None


def _shouts(word: str) -> bool:
    return word.lower() in _SHORT_WORDS or (len(word) > 4 and sayable(word))


def _among_shouts(match: re.Match[str]) -> bool:
    """Whether a word beside the match is a plain word in capitals: "DO IT NOW"."""
    before = match.string[max(0, match.start() - 24) : match.start()].split()
    after = match.string[match.end() : match.end() + 24].split()
    near = [*before[-1:], *after[:1]]
    bare = (word.strip(".,;:!?\"'()*_") for word in near)
    return any(_CAPITALS.fullmatch(word) and _shouts(word) for word in bare)


def _acronym(match: re.Match[str]) -> str | None:
    letters, ending = match["letters"], match["ending"] or ""
    lower = letters.lower()
    if letters in _SPOKEN:
        return None
    if letters not in _SPELLED:
        if lower in _SHORT_WORDS and not ending:
            if lower not in _INITIALISMS or _among_shouts(match):
                return None if len(letters) > 3 else lower
        elif len(letters) > 3 and sayable(letters):
            return None
    return spell(letters, ending)


def _dotted(match: re.Match[str]) -> str:
    letters = spell(match["letters"].replace(".", ""), match["ending"] or "")
    at_end = not match.string[match.end() :].strip() and match[0].endswith(".")
    return f"{letters}." if at_end else letters


def _mixed(match: re.Match[str]) -> str | None:
    """`OpenAI`, `mRNA`; but not `DALYs` and `LARPing`, where a word is bent."""
    bent = re.fullmatch(r"([A-Z]{3,})[a-z]{1,3}", match[0])
    if bent and (sayable(bent[1]) or bent[1] in _SPOKEN):
        return match[0].capitalize()
    return words(match[0])


_NAMED = listed(
    "plan option vitamin hepatitis influenza type group case team series grade point person player "
    "node agent world scenario condition model policy version part appendix section exhibit class "
    "theorem side event action answer candidate hypothesis choice column row state variable "
    "treatment letter box door urn company country gate step set lottery"
)


def _letter(match: re.Match[str]) -> str | None:
    """`plan A is`: the letter, which engines take for the article."""
    before = match.string[max(0, match.start() - 20) : match.start()].split()
    return " eigh" if before and before[-1].lower() in _NAMED else None


RULES = (
    rule(
        "dotted-acronym",
        r"""(?<![\w.]) (?P<letters>(?:[A-Z]\.){2,8}(?:[A-Z](?![\w.]))?
          |[A-Z](?:\.[A-Z]){1,7}|(?:[a-z]\.){2,6})
        (?P<ending>'?s(?!\w))? (?![A-Za-z])""",
        _dotted,
        ".",
    ),
    rule(
        "initial",
        r"(?<![\w.]) (?P<letter>[A-Z])\.(?=\ ?[A-Z][a-z'.])",
        lambda match: match["letter"],
        ".",
    ),
    rule(
        "ampersand",
        r"(?<![\w&])(?P<first>[A-Z]{1,4})&(?P<second>[A-Z]{1,4})(?![\w&])",
        lambda match: f"{spell(match['first'])} and {spell(match['second'])}",
        "&",
    ),
    rule(
        "acronym",
        r"""(?<![A-Za-z_]) (?P<letters>[A-Z]{2,24}) (?P<ending>s'(?!\w)|'?s|'d|'ed)?(?![A-Za-z_])
        (?!'[A-Za-z]{1,2}(?![A-Za-z]))""",
        _acronym,
        ascii_uppercase,
    ),
    rule(
        "mixed-case",
        r"(?<![A-Za-z_'])(?=[A-Za-z]{0,30}[a-z])[A-Za-z]{0,30}?[A-Z]{2}[A-Za-z]{0,30}(?![A-Za-z_])",
        _mixed,
        ascii_uppercase,
    ),
    rule("letter", r"(?<=[a-z])\ A(?=\ [a-z])", _letter, "A"),
)
