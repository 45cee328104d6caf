"""Tree -> speech."""

from tts_pipeline.document.latex.macros import FENCES, NUMBERS, PARTS
from tts_pipeline.document.latex.nodes import (
    Accented,
    Atom,
    Fenced,
    Fraction,
    Grid,
    Node,
    Root,
    Row,
    Scripted,
    UnsayableError,
)
from tts_pipeline.document.latex.tree import parse

LIMIT = 400
"""Characters of source; a longer formula is for the eye."""
SPEECH_LIMIT = 600
"""Characters of speech."""

_CALLED = frozenset("fghpquvwFGHPQUVWDEJKLOTSRBH") | {
    "phi", "psi", "sigma", "pi", "mu", "rho", "theta", "chi", "zeta", "gamma", "eta",
    "capital phi", "capital psi", "capital gamma", "capital theta",
}  # fmt: skip
"""Letters that are functions when a parenthesis follows."""
_LINES = ("align", "aligned", "gather", "gathered", "equation", "split", "multline", "eqnarray",
          "alignat", "flalign", "displaymath", "math")  # fmt: skip
_MATRICES = (
    "matrix",
    "pmatrix",
    "bmatrix",
    "vmatrix",
    "Bmatrix",
    "Vmatrix",
    "smallmatrix",
    "array",
)


def speak(source: str) -> str | None:
    """How a formula is said in English; None if it is too long, broken, or cannot be said.

    Args:
        source: TeX without its delimiters.
    """
    if len(source) > LIMIT:
        return None
    try:
        said = " ".join(_say(parse(source)).replace(" ,", ",").split()).rstrip(",; ")
    except UnsayableError:
        return None
    return said if said and len(said) <= SPEECH_LIMIT else None


def _say(node: Node) -> str:
    match node:
        case Atom(said, kind):
            return _letter(said) if kind == "letter" else said
        case Row(items):
            return _row(items)
        case Fraction():
            return _fraction(node)
        case Root():
            return _root(node)
        case Scripted():
            return _scripted(node)
        case Accented(body, accent):
            end = "" if isinstance(body, Atom | Scripted) else ", all"
            return f"{_say(body)}{end} {accent}"
        case Fenced():
            return _fenced(node)
        case Grid():
            return _grid(node)


def _letter(said: str) -> str:
    """A letter's name; that of "a" is written out, since engines take it for the article."""
    return "eigh" if said in ("a", "A") else said


def _is_simple(node: Node | None) -> bool:
    """Whether it is one thing, or two letters side by side, such as dx."""
    if isinstance(node, Row):
        named = [item for item in node.items if item != Atom(",", "comma")]
        return len(named) <= 2 and all(
            isinstance(item, Atom) and (item.kind in ("letter", "number") or item.said == "partial")
            for item in named
        )
    if isinstance(node, Scripted):
        return _is_simple(node.base) and node.sup is None and _is_atom(node.sub)
    return isinstance(node, Atom | Accented)


def _is_atom(node: Node | None) -> bool:
    return node is None or isinstance(node, Atom)


def _row(items: tuple[Node, ...]) -> str:
    parts: list[str] = []
    for place, item in enumerate(items):
        before = items[place - 1] if place else None
        called = item.base if isinstance(item, Scripted) else item
        if isinstance(called, Fenced) and called.fence in "([" and _calls(before):
            scripts = f",{_scripts(item)}" if called is not item else ""
            parts.append(f"of {_arguments(called)}{scripts}")
            if place + 1 < len(items) and not _is_sign(items[place + 1]):
                parts.append(",")
        elif item == Atom("colon", "relation") and "there exists" in parts:
            parts.append("such that")
        elif _is_big(item):
            parts.append(_big(item))
        elif before is not None and _is_big(before) and isinstance(item, Fenced):
            parts.append(_arguments(item) if item.fence in "([" else _say(item))
        elif _is_function(before) and not isinstance(item, Atom):
            parts.append(f"of {_say(item)}")
        else:
            parts.append(_say(item))
            following = items[place + 1] if place + 1 < len(items) else None
            # A pause ends what is small and open: "x to the n, y" is not "x to the n y".
            if (
                isinstance(item, Fraction | Root | Scripted)
                and following
                and not _is_sign(following)
            ):
                parts.append("" if parts[-1].endswith(",") or _calls(item) else ",")
    return " ".join(parts)


def _is_sign(node: Node) -> bool:
    kinds = ("operator", "relation", "comma", "words")
    return isinstance(node, Atom) and node.kind in kinds and node.said != "given"


def _base(node: Node | None) -> Node | None:
    return _base(node.base) if isinstance(node, Scripted) else node


def _calls(node: Node | None) -> bool:
    base = _base(node)
    while isinstance(base, Accented):
        base = base.body
    return isinstance(base, Atom) and (
        base.kind == "function"
        or (base.kind == "words" and " " not in base.said)
        or (base.kind == "letter" and base.said in _CALLED)
    )


def _is_function(node: Node | None) -> bool:
    base = _base(node)
    return isinstance(base, Atom) and base.kind == "function"


def _arguments(fenced: Fenced) -> str:
    body = fenced.body
    items = body.items if isinstance(body, Row) else (body,)
    simple = all(_is_simple(item) and not _is_operator(item) for item in items) or (
        len(items) == 2 and _calls(items[0]) and isinstance(items[1], Fenced)
    )
    return _say(body) if simple else _fenced(fenced)


def _is_operator(node: Node) -> bool:
    return isinstance(node, Atom) and node.kind == "operator"


def _is_big(node: Node) -> bool:
    base = _base(node)
    return isinstance(base, Atom) and base.kind == "big"


def _big(node: Node) -> str:
    """The sum from i equals 1 to n of."""
    base = _base(node)
    name = base.said if isinstance(base, Atom) else ""
    if not isinstance(node, Scripted):
        return f"{name} of"
    low = _say(node.sub) if node.sub is not None else ""
    high = _say(node.sup) if node.sup is not None else ""
    if "limit" in name:
        low = low.replace(" to ", " goes to ", 1)
        return f"{name} as {low} of" if low else f"{name} of"
    if low and high:
        return f"{name} from {low} to {high}, of"
    if low:
        return f"{name} over {low}, of"
    return f"{name} up to {high}, of" if high else f"{name} of"


def _fraction(node: Fraction) -> str:
    top, bottom = _say(node.top), _say(node.bottom)
    if node.choose:
        if _is_simple(node.top) and _is_simple(node.bottom):
            return f"{top} choose {bottom}"
        return f"the binomial {top} choose {bottom}, end binomial"
    atoms = isinstance(node.top, Atom) and isinstance(node.bottom, Atom)
    if atoms and (part := _part(top, bottom)) is not None:
        return part
    if _is_simple(node.top) and _is_simple(node.bottom):
        return f"{top} over {bottom}"
    end = "" if _is_simple(node.bottom) else ", end fraction"
    return f"the fraction {top} over {bottom}{end},"


def _part(top: str, bottom: str) -> str | None:
    """1 and 2: one half."""
    if not (top.isdecimal() and bottom.isdecimal()) or len(top) > 2 or len(bottom) > 4:
        return None
    number, part = int(top), PARTS.get(int(bottom))
    if part is None or not 1 <= number <= 10:
        return None
    plural = {"half": "halves"}.get(part, f"{part}s")
    return f"{NUMBERS[number]} {part if number == 1 else plural}"


def _root(node: Root) -> str:
    order = _say(node.order) if node.order is not None else "2"
    name = {"2": "square", "3": "cube"}.get(order)
    name = f"the {name} root of" if name else f"the root of order {order} of"
    end = "" if _is_simple(node.body) else ", end root,"
    return f"{name} {_say(node.body)}{end}"


def _scripted(node: Scripted) -> str:
    said = _say(node.base)
    if isinstance(node.base, Row) and node.base.items:
        said = f"{said}, all"
    return _big(node) if _is_big(node) else said + _scripts(node)


def _scripts(node: Node) -> str:
    if not isinstance(node, Scripted):
        return ""
    said = {0: "", 1: " prime", 2: " double prime"}.get(node.primes, f" {node.primes} primes")
    if node.sub is not None and node.base == Atom("log", "function"):
        said += f" base {_say(node.sub)} of"
    elif node.sub is not None:
        end = "" if _is_simple(node.sub) else ", end sub,"
        said += f" sub {_say(node.sub)}{end}"
    return f"{said} {_power(node)}" if node.sup is not None else said


def _power(node: Scripted) -> str:
    power = node.sup
    if power is None:
        return ""
    said = _say(power)
    if isinstance(power, Atom):
        known = {"2": "squared", "3": "cubed", "composed with": "degrees", "degrees": "degrees",
                 "T": "transpose", "top": "transpose", "dagger": "dagger", "times": "star",
                 "star": "star", "plus": "plus", "minus": "minus", "prime": "prime"}  # fmt: skip
        if said in known and not (said == "T" and not isinstance(node.base, Atom)):
            return known[said]
        return f"to the {said}"
    base = _base(node.base)
    if said == "minus 1" and isinstance(base, Atom) and base.kind in ("letter", "function"):
        return "inverse"
    negative = isinstance(power, Row) and len(power.items) == 2 and said.startswith("minus ")
    if isinstance(power, Fenced) and power.fence == "(" and _is_simple(power.body):
        return f"superscript {_say(power.body)}"
    if _is_simple(power) or negative:
        return f"to the {said}"
    return f"to the power {said}, end power,"


def _fenced(node: Fenced) -> str:
    opening, closing = FENCES[node.fence]
    if node.fence in "([":
        closing = {")": "close paren", "]": "close bracket"}.get(node.close, closing)
    body = _say(node.body)
    if node.fence in ("|", "||", "lvert", "lVert", "lfloor", "lceil") and _is_simple(node.body):
        return f"{opening} {body}"
    if node.fence in ("{", "lbrace"):
        return f"{opening} {_such_that(body)}, {closing},"
    return f"{opening} {body} {closing}"


def _such_that(said: str) -> str:
    sign = " given " if " given " in said else " colon "
    return said.replace(sign, " such that ", 1)


def _grid(node: Grid) -> str:
    rows = [[_say(cell) for cell in row] for row in node.rows]
    if node.name in _LINES:
        return "; ".join(" ".join(filter(None, row)) for row in rows)
    if node.name in ("cases", "dcases", "rcases"):
        return "; ".join(", ".join(filter(None, row)) for row in rows) + ";"
    if node.name not in _MATRICES or not rows:
        raise UnsayableError
    height, width = len(rows), max(map(len, rows))
    if height > 3 or width > 3:
        raise UnsayableError
    listed = "; ".join(", ".join(row) for row in rows)
    return f"the {height} by {width} matrix with rows {listed}, end matrix,"
