"""Abbreviations, in the context that tells what they stand for."""

import re

from tts_pipeline.segment.normalize.en.date import stop
from tts_pipeline.segment.normalize.rule import MASK, Rule, listed, rule

_TITLES = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Dr": "Doctor",
    "Drs": "Doctors",
    "Prof": "Professor",
    "Profs": "Professors",
    "Rev": "Reverend",
    "Gen": "General",
    "Sen": "Senator",
    "Rep": "Representative",
    "Gov": "Governor",
    "Capt": "Captain",
    "Cmdr": "Commander",
    "Col": "Colonel",
    "Lt": "Lieutenant",
    "Maj": "Major",
    "Sgt": "Sergeant",
    "Hon": "Honorable",
    "Pres": "President",
    "Supt": "Superintendent",
    "Mt": "Mount",
    "Ft": "Fort",
    "St": "Saint",
}
_STREETS = {
    "St": "Street",
    "Dr": "Drive",
    "Ave": "Avenue",
    "Av": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Ln": "Lane",
    "Hwy": "Highway",
    "Pkwy": "Parkway",
    "Sq": "Square",
    "Ct": "Court",
}
_REFERENCES = {
    "p": "page",
    "pp": "pages",
    "pg": "page",
    "pgs": "pages",
    "ch": "chapter",
    "chs": "chapters",
    "chap": "chapter",
    "chaps": "chapters",
    "sec": "section",
    "sect": "section",
    "secs": "sections",
    "fig": "figure",
    "figs": "figures",
    "eq": "equation",
    "eqs": "equations",
    "eqn": "equation",
    "vol": "volume",
    "vols": "volumes",
    "ep": "episode",
    "para": "paragraph",
    "thm": "theorem",
    "ca": "circa",
    "c": "circa",
    "ver": "version",
}
_ALWAYS = {
    "e.g.": "for example",
    "eg.": "for example",
    "i.e.": "that is",
    "ie.": "that is",
    "cf.": "compare",
    "vs.": "versus",
    "vs": "versus",
    "viz.": "namely",
    "et al.": "et al",
    "ibid.": "ibid",
    "N.B.": "note well",
    "n.b.": "note well",
    "a.k.a.": "also known as",
    "aka": "also known as",
    "approx.": "approximately",
    "appx.": "approximately",
    "est.": "estimated",
    "esp.": "especially",
    "excl.": "excluding",
    "incl.": "including",
    "resp.": "respectively",
    "w.r.t.": "with respect to",
    "wrt": "with respect to",
    "w.l.o.g.": "without loss of generality",
    "s.t.": "such that",
    "iff": "if and only if",
    "w/o": "without",
    "w/out": "without",
    "w/": "with ",
    "b/c": "because",
    "b/w": "between",
    "TL;DR": "T.L.D.R",
    "TL/DR": "T.L.D.R",
    "and/or": "and or",
    "n/a": "not applicable",
    "N/A": "not applicable",
    "avg.": "average",
    "max.": "maximum",
    "min.": "minimum",
    "dept.": "department",
    "Dept.": "Department",
    "govt.": "government",
    "gov't": "government",
    "univ.": "university",
    "Univ.": "University",
    "assoc.": "associate",
    "Assoc.": "Association",
    "Inc.": "Incorporated",
    "Corp.": "Corporation",
    "Ltd.": "Limited",
    "Co.": "Company",
    "Bros.": "Brothers",
    "Jr.": "Junior",
    "Sr.": "Senior",
    "Esq.": "Esquire",
    "etc.": "et cetera",
    "etc": "et cetera",
    "misc.": "miscellaneous",
    "ed.": "editor",
    "eds.": "editors",
    "trans.": "translated",
    "repr.": "reprinted",
    "fwiw": "for what it's worth",
    "lit.": "literally",
    "orig.": "originally",
    "prob.": "probably",
    "temp.": "temperature",
    "tel.": "telephone",
    "Tel.": "Telephone",
    "Ph.D.": "P.H.D",
    "Ph.D": "P.H.D",
    "PhD": "P.H.D",
    "WWI": "World War One",
    "WWII": "World War Two",
    "PhDs": "P.H.D.'s",
    "Ph.D.s": "P.H.D.'s",
    "DPhil": "D Phil",
    "M.Sc.": "M.S.C",
    "MSc": "M.S.C",
    "BSc": "B.S.C",
    "B.Sc.": "B.S.C",
}
_STARTS = listed("The It He She They We I In On At But And This That There A An So If")
_CAPITAL = rf"(?=\ (?:[A-Z]|{MASK}))"


def _written(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _capital(match: re.Match[str], word: str) -> str:
    return word[:1].upper() + word[1:] if match["key"][:1].isupper() else word


def _street(match: re.Match[str]) -> str | None:
    """A street's name precedes: "1428 Elm St.". A saint's or a doctor's own name follows."""
    following = re.match(r"\ ([A-Z]\w*)", match.string[match.end() : match.end() + 40])
    before = match.string[max(match.start() - 2, 0) : match.start()]
    numbered = before.endswith(" ") and (before[:1].isdigit() or before[:1] == MASK)
    if following and following[1] not in _STARTS and not numbered:
        return None
    return f"{match['name']} {_STREETS[match['key'].title()]}{stop(match)}"


def _always(match: re.Match[str]) -> str:
    word = _CASED[match["key"]]
    return _capital(match, word) + stop(match, before_capital=match["key"] in _LAST)


def _reference(match: re.Match[str]) -> str:
    return f"{_capital(match, _REFERENCES[match['key'].lower()])} "


_LAST = listed("etc. Inc. Corp. Ltd. Co. Bros. Jr. Sr. Esq. Ph.D. M.Sc. B.Sc.")
"""Often the last word of a sentence; the others never are, so a capital after them is a name."""
_AMBIGUOUS = frozenset({"max.", "min.", "est.", "lit.", "ed.", "resp."})
"""Not where they begin with a capital: "I met Max."."""
_CASED = {
    cased: word
    for key, word in _ALWAYS.items()
    for cased in {key, key if key in _AMBIGUOUS else key[0].upper() + key[1:]}
}

RULES: tuple[Rule, ...] = (
    rule(
        "street",
        rf"""(?<![\w.{MASK}]) (?P<name>(?:[NSEW]\.?\ )?
        (?!In|On|At|The|To|And|From|Visit|See|Of)[A-Z][\w']{{1,30}}(?:\ [A-Z][\w']{{1,30}})?)
        \ (?P<key>{_written(_STREETS)})\.(?!\w)""",
        _street,
        ".",
    ),
    rule(
        "title",
        rf"(?<![\w.]) (?P<key>(?:{_written(_TITLES)})(?=\.)|Mrs?|Ms|Dr|St|Mt|Prof)\.?{_CAPITAL}",
        lambda match: _TITLES[match["key"]],
        "".join({title[0] for title in _TITLES}),
    ),
    rule(
        "small-street",
        r"(?<=\w\ )(?P<key>st|ave|rd|blvd)\.(?!\w)",
        lambda match: _STREETS[match["key"].title()].lower() + stop(match),
        ".",
    ),
    rule(
        "reference",
        rf"(?<![\w.]) (?P<key>{_written(_REFERENCES)})\.\ ?(?=[0-9{MASK}])",
        _reference,
        ".",
        re.IGNORECASE,
    ),
    rule(
        "section-sign",
        rf"(?P<key>§§?)\ ?(?=[0-9{MASK}A-Z])",
        lambda match: "section " if match["key"] == "§" else "sections ",
        "§",
    ),
    rule(
        "abbreviation",
        rf"(?<![\w.@/]) (?P<key>{_written(_CASED)})(?!['’]?[A-Za-z0-9_])",
        _always,
    ),
    rule("with", rf"(?<!\w)[wW]/(?=[A-Za-z0-9{MASK}])", lambda _: "with ", "/"),
)
