"""Pages made to be slow: the parser's time grows with the square of depth and of attributes."""

import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))
    | <(?P<cdata>!\[CDATA\[)
    | <(?:[!?]|/[^a-zA-Z>])[^>]*+>?
    | <(?P<closing>/?)(?P<name>[a-zA-Z][^\t\n\f\r\ />]*+)(?P<attributes>(?:
        [\t\n\f\r\ /]++
      | [^\t\n\f\r\ />][^\t\n\f\r\ />=]*+
        (?:[\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+
          (?:"[^"]*+"|'[^']*+'|[^\t\n\f\r\ >"'][^\t\n\f\r\ >]*+)?+)?+
    )*+)>?""",
    re.VERBOSE | re.DOTALL,
)
"""A comment, what is taken for one, or a tag; nothing is read twice."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CLOSED_BY_NEXT = frozenset(
    "area base br col hr img input link meta param source track wbr p li dt dd td th tr option "
    "a".split()
)
_OF_RUBY = frozenset("rb rp rt rtc".split())
"""Closed by the next too, but in ruby alone."""
_OF_DRAWINGS = frozenset(
    "circle clippath defs ellipse g line lineargradient mask path pattern polygon polyline "
    "radialgradient rect stop symbol use".split()
)
"""With a slash at the end these are whole, but in drawings alone."""
_SCRIPT = r"""(?:[^<]++
  | <!--(?:-?>|(?:
        (?!-->|</?script[\t\n\f\r\ />]).
      | <script[\t\n\f\r\ />](?:(?!-->|</script[\t\n\f\r\ />]).)*+(?:</script[\t\n\f\r\ />])?+
    )*+(?:-->)?+)
  | <(?!!--|/script[\t\n\f\r\ />])
)*+"""
"""In a comment, a script's end may be that of another in it."""
_RAW = {
    name: re.compile(rf"(?:[^<]++|<(?!/{name}[\t\n\f\r />]))*+", re.I)
    for name in "iframe noembed noframes style textarea title xmp".split()
} | {"script": re.compile(_SCRIPT, re.I | re.DOTALL | re.VERBOSE)}
"""What looks like tags inside is text, unless they stand in a drawing or a formula."""
_FOREIGN = frozenset(("svg", "math"))
_FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
_SPECIAL = frozenset(
    "address applet article aside blockquote body button center colgroup details dir div dl "
    "fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup html "
    "iframe listing main marquee menu nav noembed noframes noscript object ol optgroup plaintext "
    "pre script search section select style summary table tbody template textarea tfoot thead "
    "title ul xmp".split()
)
"""No other end tag but that of formatting closes what stands around these."""
_BARRIERS = frozenset("applet marquee object table template".split())
"""No end tag at all does."""
_DEEPEST = 512
"""Elements that may stand open at once, as in browsers."""
_MOST_ATTRIBUTES = 2000
_LOOKED_BACK = 32
"""Elements among which an end tag finds its own."""


def sound_part(source: str) -> str:
    """A page up to where it nests deeper, or a tag grows longer, than any that is meant.

    What cannot be known to be closed counts as open.
    """
    opened: list[str] = []
    inside = ""
    for match, least in _tags(source, opened):
        name, attributes = match["name"].lower(), match["attributes"]
        is_whole = name in _CLOSED_BY_NEXT or (
            name in _OF_RUBY
            if inside == "ruby"
            else inside == "svg" and name in _OF_DRAWINGS and attributes.endswith("/")
        )
        if match["closing"]:
            _close(opened, name, least)
        elif not is_whole:
            opened.append(name)
        if len(opened) > _DEEPEST or len(attributes) > _MOST_ATTRIBUTES < _count(attributes):
            return source[: match.start()]
        inside = _inside(inside, name, is_closing=bool(match["closing"]))
    return source


def _count(attributes: str) -> int:
    return len(_QUOTED.sub("", attributes).split())


def _inside(before: str, name: str, *, is_closing: bool) -> str:
    """The ruby or the drawing that surely still stands open after a tag: anything may end it."""
    if name in ("ruby", "svg"):
        return "" if is_closing else name
    own = _OF_RUBY if before == "ruby" else _OF_DRAWINGS
    return before if name in own else ""


def _tags(source: str, opened: Sequence[str]) -> Iterator[tuple[re.Match[str], int]]:
    """Each tag, and how many of the `opened` it surely cannot close.

    Where a drawing may make tags of what is text elsewhere, they open and close each other alone.
    """
    at, end, least = 0, len(source), 0
    is_foreign = is_doubtful = False
    while True:
        match = _TOKEN.search(source, at, end)
        if match is None:
            if not is_doubtful:
                return
            at, end, least, is_doubtful = end, len(source), 0, False
            continue
        at = match.end()
        name = (match["name"] or "").lower()
        if name:
            is_foreign = is_foreign or name in _FOREIGN
            yield match, least
        if is_doubtful or match["closing"] or not (match["cdata"] or name in _RAW):
            continue
        until = _end_of_text(source, at, name, is_foreign=is_foreign)
        if is_foreign:
            end, least, is_doubtful = until, len(opened), True
        else:
            at = until


def _end_of_text(source: str, at: int, name: str, *, is_foreign: bool) -> int:
    if name and (text := _RAW[name].match(source, at)):
        return text.end()
    until = source.find("]]>" if is_foreign else ">", at)
    return until if until >= 0 else len(source)


def _close(opened: list[str], name: str, least: int) -> None:
    is_free = name in _SPECIAL or name in _FORMATTING
    for back in range(1, min(_LOOKED_BACK, len(opened) - least) + 1):
        other = opened[-back]
        if other == name:
            del opened[-back]
            return
        if other in _BARRIERS or (other in _SPECIAL and not is_free):
            return
