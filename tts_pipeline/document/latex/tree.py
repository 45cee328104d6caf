"""TeX -> tree: what stands inside what."""

import unicodedata
from collections.abc import Sequence

from tts_pipeline.document.latex.macros import (
    ACCENTS,
    CLOSING,
    DROPPED,
    FENCES,
    FUNCTIONS,
    OPERATORS,
    RELATIONS,
    SILENT,
    STYLES,
    WORDS,
)
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
from tts_pipeline.document.latex.tokens import Cursor, Token, named, worded

_DEEPEST = 40
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₙₓ", "0123456789+-ijnx", strict=True))


def parse(source: str) -> Node:
    """The tree of a formula.

    Raises:
        UnsayableError: see there.
    """
    reader = _Reader(source)
    row = reader.row(frozenset())
    if reader.at < len(reader.tokens):
        raise UnsayableError
    return row


class _Reader(Cursor):
    """Recursive descent with a limit on its depth."""

    _depth = 0

    def row(self, ends: frozenset[tuple[str, str]]) -> Node:
        """Things up to one of `ends`, which stays."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnsayableError
        items: list[Node] = []
        while (token := self.peek()) is not None and (token.kind, token.text) not in ends:
            if token.kind == "char" and token.text == "}":
                raise UnsayableError
            if token.kind == "macro" and token.text in ("over", "choose"):
                self.at += 1
                whole = Fraction(_whole(items), self.row(ends), token.text == "choose")
                items = [whole]
                break
            node = self._scripted(items, ends)
            if node is not None:
                items.append(node)
        self._depth -= 1
        return _whole(items)

    def _scripted(self, before: Sequence[Node], ends: frozenset[tuple[str, str]]) -> Node | None:
        token = self.tokens[self.at]
        if token.kind == "char" and token.text in "^_":
            raise UnsayableError
        base = self._atom(before, ends)
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        while (sign := self._script_sign()) is not None:
            if sign in ("^", "_", "'", "limits", "nolimits"):
                self.at += 1
            if sign == "'":
                primes += 1
            elif (sign == "^" or sign in _RAISED) and sup is None:
                sup = self.argument() if sign == "^" else self._run(_RAISED)
            elif (sign == "_" or sign in _LOWERED) and sub is None:
                sub = self.argument() if sign == "_" else self._run(_LOWERED)
            elif sign not in ("limits", "nolimits"):
                raise UnsayableError
        if sup == Atom("prime", "symbol"):
            sup, primes = None, primes + 1
        if base is None:
            if sub or sup or primes:
                raise UnsayableError
            return None
        return Scripted(base, sub, sup, primes) if sub or sup or primes else base

    def _script_sign(self) -> str | None:
        """The next token, if it belongs to what stands before it."""
        token = self.peek()
        if token is None:
            return None
        if token.kind == "macro":
            return token.text if token.text in ("limits", "nolimits") else None
        is_sign = token.text in ("^", "_", "'") or token.text in _RAISED or token.text in _LOWERED
        return token.text if token.kind == "char" and is_sign else None

    def _run(self, signs: dict[str, str]) -> Node:
        text = ""
        while (token := self.peek()) is not None and token.text in signs:
            text += signs[token.text]
            self.at += 1
        return parse(text)

    def argument(self) -> Node:
        """One group, or one thing."""
        if self.is_next("{"):
            return self._group()
        token = self.peek()
        if token is None:
            raise UnsayableError
        if token.kind == "number" and len(token.text) > 1:
            # TeX takes one digit; the rest stands beside it.
            self.tokens[self.at : self.at + 1] = [
                Token("number", token.text[0], token.start),
                Token("number", token.text[1:], token.start + 1),
            ]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnsayableError
        node = self._atom((), frozenset())
        self._depth -= 1
        if node is None:
            return self.argument()
        return node

    def _group(self) -> Node:
        self.at += 1
        node = self.row(frozenset((("char", "}"),)))
        self.expect("}")
        return node

    def _styled(self) -> Node:
        """Two letters or more in one style are a name, such as that of a function."""
        end = self.at + 1
        while end < len(self.tokens) and self.tokens[end].text.isalpha():
            if self.tokens[end].kind != "char":
                return self.argument()
            end += 1
        name = "".join(token.text for token in self.tokens[self.at + 1 : end])
        if name not in FUNCTIONS or not self.tokens[end : end + 1] or self.tokens[end].text != "}":
            return self.argument()
        self.at = end + 1
        return Atom(FUNCTIONS[name], "function")

    def _atom(self, before: Sequence[Node], ends: frozenset[tuple[str, str]]) -> Node | None:
        token = self.tokens[self.at]
        if token.kind == "char" and token.text == "{":
            return self._group()
        self.at += 1
        if token.kind == "number":
            return Atom(token.text, "number")
        if token.kind == "macro":
            return self._macro(token.text)
        return self._char(token.text, before, ends)

    def _char(
        self, text: str, before: Sequence[Node], ends: frozenset[tuple[str, str]]
    ) -> Node | None:
        if text in "([":
            return self._fenced(text, "char")
        if text == "|":
            return self._bar("|", before, ends)
        if text in RELATIONS:
            return Atom(RELATIONS[text], "relation")
        if text in OPERATORS:
            return Atom(OPERATORS[text], "operator")
        if text in ",;":
            return Atom(text, "comma")
        if text in ".!?":
            return Atom("factorial", "symbol") if text == "!" else None
        if text.isascii() and text.isalpha():
            return Atom(text, "letter")
        if (name := unicodedata.name(text, "")).startswith("GREEK") and "LETTER" in name:
            named = name.rpartition(" ")[2].lower().replace("lamda", "lambda")
            return Atom(f"capital {named}" if "CAPITAL" in name else named, "letter")
        if text in "&":
            return None
        raise UnsayableError

    def _macro(self, name: str) -> Node | None:  # noqa: PLR0912  a dispatch
        if name == "begin":
            return self._environment()
        if name in WORDS:
            return worded(self.words(), is_operator=name == "operatorname")
        if name in ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"):
            return Fraction(self.argument(), self.argument())
        if name in ("binom", "dbinom", "tbinom"):
            return Fraction(self.argument(), self.argument(), choose=True)
        if name == "sqrt":
            order = None
            if self.is_next("["):
                self.at += 1
                order = self.row(frozenset((("char", "]"),)))
                self.expect("]")
            return Root(self.argument(), order)
        if name in ACCENTS:
            return Accented(self.argument(), ACCENTS[name])
        if name in ("overset", "stackrel", "underset"):
            self.argument()
            return self.argument()
        if name in ("underbrace", "overbrace"):
            return self.argument()
        if name in ("textcolor", "colorbox"):
            self.words()
            return self.argument()
        if name in STYLES:
            return self._styled() if self.is_next("{") else None
        if name in DROPPED:
            self.words()
            return None
        if name == "left":
            return self._left()
        if name == "pmod":
            return Row((Atom("mod", "operator"), self.argument()))
        if name in ("{", "lbrace", "langle", "lfloor", "lceil", "lvert", "lVert", "lbrack"):
            return self._fenced(name, "macro")
        if name in ("|", "Vert"):
            return self._bar("||", (), frozenset())
        if name == "vert":
            return self._bar("|", (), frozenset())
        if name in SILENT:
            return None
        return named(name)

    def _fenced(self, fence: str, kind: str) -> Node:
        """What stands between two fences of one kind; half-open intervals close otherwise."""
        close = CLOSING[fence]
        other = {")": "]", "]": ")"}.get(close, close)
        body = self.row(frozenset(((kind, close), (kind, other))))
        return Fenced(fence, body, self.take().text)

    def _left(self) -> Node:
        token = self.take()
        body = self.row(frozenset((("macro", "right"),)))
        self.expect("right", "macro")
        closing = self.take()
        if token.text == ".":
            return body
        fence = (
            "||" if (token.kind, token.text) in (("macro", "|"), ("macro", "Vert")) else token.text
        )
        fence = {"vert": "|"}.get(fence, fence)
        if fence not in FENCES:
            raise UnsayableError
        return Fenced(fence, body, closing.text)

    def _bar(self, fence: str, before: Sequence[Node], ends: frozenset[tuple[str, str]]) -> Node:
        """An absolute value or a norm where it opens, else "given"."""
        opens = not before or (
            isinstance(before[-1], Atom)
            and before[-1].kind in ("operator", "relation", "comma", "big")
        )
        closer = ("char", "|") if fence == "|" else ("macro", "|")
        if opens and self.comes_before(closer, ends):
            body = self.row(frozenset((*ends, closer)))
            self.at += 1
            return Fenced(fence, body)
        return Atom("given" if fence == "|" else "parallel to", "relation")

    def _environment(self) -> Node:
        name = self.words().rstrip("*")
        if name == "array" and self.is_next("{"):
            self.words()
        ends = frozenset((("char", "&"), ("macro", "\\"), ("macro", "end")))
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self.row(ends))
            token = self.take()
            if token.text == "\\":
                rows.append([])
            elif token.text == "end":
                break
        if self.words().rstrip("*") != name:
            raise UnsayableError
        kept = [tuple(row) for row in rows if any(cell != Row(()) for cell in row)]
        return Grid(name, tuple(kept))


def _whole(items: Sequence[Node]) -> Node:
    return items[0] if len(items) == 1 else Row(tuple(items))
