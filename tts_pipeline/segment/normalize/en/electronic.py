"""Addresses, handles, hashtags, versions, identifiers and file names."""

import re

from tts_pipeline.segment.normalize.en.letters import address, spell, words
from tts_pipeline.segment.normalize.en.numerals import DIGITS, END, START, cardinal, digits
from tts_pipeline.segment.normalize.rule import listed, rule

# Endings of bare hosts: none that is an English word, since people forget the space after a stop.
_ENDINGS = (
    "com|org|net|edu|gov|mil|info|blog|wiki|news|app|dev|io|ai|co|uk|de|fr|eu|nl|ch|jp|cn|ca|au|"
    "se|fm|tv|ly|gg|xyz|nz|br|ru|pl|es|abc"
)
_FILES = (
    "py|js|ts|rs|go|c|h|cpp|txt|md|pdf|html|htm|css|csv|tsv|json|toml|yaml|yml|xml|sh|ipynb|"
    "png|jpg|jpeg|gif|svg|mp3|mp4|wav|zip|gz|exe|dll|doc|docx|xls|xlsx|ppt|pptx|tex|epub|log|sql"
)
_SPOKEN_ENDINGS = listed("com org net gov mil info blog wiki news app dev edu")
_SPOKEN_FILES = listed("json toml log zip doc")


def _host(host: str) -> str:
    """`example dot org`; the `www` of a host says nothing."""
    name, _, ending = host.rpartition(".")
    name = re.sub(r"^www\d?\.", "", name, flags=re.IGNORECASE)
    known = ending.lower() in _SPOKEN_ENDINGS
    last = ending.lower() if known else spell(ending) if len(ending) < 4 else ending
    return f"{address(name)} dot {last}" if name else address(ending)


def _url(match: re.Match[str]) -> str:
    host = match["host"].partition("@")[2] or match["host"]
    return _host(re.sub(r":\d+$", "", host).rstrip(".-"))


def _email(match: re.Match[str]) -> str:
    path = address(match["path"]) if match["path"] else ""
    return f"{address(match['local'])} at {_host(match['host'])} {path}".strip()


def _file(match: re.Match[str]) -> str:
    ending = match["ending"]
    last = ending if ending.lower() in _SPOKEN_FILES else spell(ending)
    name = " ".join(words(part) for part in match["name"].split("."))
    return f"{name} dot {last}"


def _version(match: re.Match[str]) -> str:
    parts = match["parts"].split(".")
    return f"version {' point '.join(cardinal(int(part)) for part in parts)}"


def _dotted(match: re.Match[str]) -> str:
    parts = match[0].split(".")
    if len(parts) == 4:  # an Internet address
        return " dot ".join(digits(part) for part in parts)
    return " point ".join(cardinal(int(part)) for part in parts)


RULES = (
    rule(
        "url",
        r"""(?<![A-Za-z0-9]) (?:(?:https?|ftp)://|(?=www\.)) (?P<host>[^\s/?\#<>"'()\[\],;\ue000]+)
        (?:[/?\#][^\s<>"\ue000]*[^\s<>".,;:!?')\]*_\ue000])? /?""",
        _url,
        "/.",
        re.IGNORECASE,
    ),
    rule(
        "email",
        r"""(?<![\w.+@&-]) (?:mailto:)? (?P<local>[A-Za-z0-9][\w.+&-]{0,63})
        @ (?P<host>[A-Za-z0-9][A-Za-z0-9-]{0,62} (?:\.[A-Za-z0-9-]{1,62}){0,5} \.[A-Za-z]{2,24})
        (?P<path>/[\w./-]{0,200}\w)? (?![\w@])""",
        _email,
        "@",
        re.ASCII,
    ),
    rule(
        "host",
        rf"""(?<![\w@./-]) (?P<host>(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.){{1,6}} (?:{_ENDINGS}))
        (?![\w@-]) (?!\.\w) (?:/[^\s<>"\ue000]*[^\s<>".,;:!?')\]*_\ue000])? /?""",
        _url,
        ".",
        re.ASCII,
    ),
    rule(
        "file",
        rf"""(?<![\w./-]) (?P<name>[A-Za-z0-9_][\w-]{{0,63}} (?:\.[A-Za-z][\w-]{{0,31}}){{0,2}})
        \.(?P<ending>{_FILES}) (?![\w-]) (?!\.\w)""",
        _file,
        ".",
        re.ASCII,
    ),
    rule(
        "dot-name",
        r"(?<![\w.)\]]) \.(?P<name>NET|[a-z]{2,12}) (?![\w.])",
        lambda match: f"dot {match['name'].lower()}",
        ".",
        re.ASCII,
    ),
    rule(
        "handle",
        r"(?<![\w@./]) @(?P<name>[A-Za-z_][\w]{0,63}) (?![\w@])",
        lambda match: f"at {words(match['name'])}",
        "@",
        re.ASCII,
    ),
    rule(
        "hashtag",
        r"(?<![\w&\#/]) \#(?P<name>[A-Za-z][\w]{0,99}) (?!\w)",
        lambda match: f"hashtag {words(match['name'])}",
        "#",
        re.ASCII,
    ),
    rule(
        "forum-path",
        r"(?<![\w/.]) /?(?P<kind>[ru])/(?P<name>[A-Za-z][\w-]{1,40}) (?![\w/])",
        lambda match: f"{match['kind'].upper()} slash {words(match['name'])}",
        "/",
        re.ASCII,
    ),
    rule(
        "version",
        r"""(?<![\w.]) [vV](?:er)?\.?\ ?(?P<parts>[0-9]{1,4}(?:\.[0-9]{1,4}){0,4})
        (?!\w) (?!\.[0-9])""",
        _version,
        DIGITS,
    ),
    rule("dotted", rf"{START} [0-9]{{1,4}}(?:\.[0-9]{{1,4}}){{2,5}} {END}", _dotted, "."),
    rule(
        "identifier",
        r"(?<![\w]) [A-Za-z0-9]{1,40}(?:_{1,2}[A-Za-z0-9]{1,40}){1,12} (?!\w) (?:\(\))?",
        lambda match: words(match[0]),
        "_",
    ),
    rule("call", r"(?<=[A-Za-z0-9])\(\)", lambda _: "", "("),
)
