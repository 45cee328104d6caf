"""What a formula is made of."""

from typing import NamedTuple


class UnsayableError(Exception):
    """The source is broken, or holds what has no speech."""


class Atom(NamedTuple):
    """One name: a letter, a number, a symbol, words."""

    said: str
    kind: str
    """letter, number, symbol, words, function, big, operator, relation or comma."""


class Row(NamedTuple):
    """Things side by side."""

    items: "tuple[Node, ...]"


class Fraction(NamedTuple):
    """`top` over `bottom`; `choose` for a binomial."""

    top: "Node"
    bottom: "Node"
    choose: bool = False


class Root(NamedTuple):
    """A root; without order, the square root."""

    body: "Node"
    order: "Node | None"


class Scripted(NamedTuple):
    """A base with what stands below and above it."""

    base: "Node"
    sub: "Node | None"
    sup: "Node | None"
    primes: int = 0


class Accented(NamedTuple):
    """Something under a hat."""

    body: "Node"
    accent: str


class Fenced(NamedTuple):
    """Something between an opening and a closing fence."""

    fence: str
    body: "Node"
    close: str = ""


class Grid(NamedTuple):
    """Rows of cells: a matrix, cases, or lines of formulas."""

    name: str
    rows: "tuple[tuple[Node, ...], ...]"


Node = Atom | Row | Fraction | Root | Scripted | Accented | Fenced | Grid
