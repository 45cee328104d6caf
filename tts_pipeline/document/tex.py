"""TeX between delimiters in a text, told from money."""

import re
from collections.abc import Iterator

_DELIMITED = re.compile(
    r"""(?<!\\)(?:
      \\\((?P<round>(?:[^\\]|\\(?!\(|\)).){1,4000}?)\\\)
    | \\\[(?P<square>(?:[^\\]|\\(?!\[|\]).){1,4000}?)\\\]
    | \$\$(?P<double>[^$]{1,4000})\$\$
    | (?<![\w$])\$(?P<single>(?![\s\d.,])[^$\n]{0,300}?[^$\s\\])\$(?![\w$])
    )""",
    re.VERBOSE | re.DOTALL,
)
_TEX = re.compile(r"[\\^_{}=<>|]|^[A-Za-z]'?$")
"""What a pair of single dollars must hold to be a formula; else it is money."""

_WRAPPED = re.compile(r"\s*(?:\\[(\[](?P<tex>.*)\\[)\]]|\$\$?(?P<dollars>.*?)\$\$?)\s*", re.DOTALL)


def split(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of a text in order; True for a formula, which comes without its delimiters."""
    at = 0
    if "\\" in text or "$" in text:
        for match in _DELIMITED.finditer(text):
            if match["single"] is not None and not _TEX.search(match["single"]):
                continue
            yield text[at : match.start()], False
            yield match[match.lastgroup or 0], True
            at = match.end()
    yield text[at:], False


def unwrapped(text: str) -> str | None:
    """TeX without its delimiters, if it has any."""
    match = _WRAPPED.fullmatch(text)
    return ((match["tex"] or match["dollars"] or "") if match else text).strip() or None


def is_wrapped(text: str) -> bool:
    """Whether a text is one formula with its delimiters."""
    return _WRAPPED.fullmatch(text) is not None
