"""TeX -> tokens, and names for those that stand alone."""

import re
from typing import NamedTuple

from tts_pipeline.document.latex.macros import (
    BIG,
    FUNCTIONS,
    GREEK,
    OPERATORS,
    RELATIONS,
    SYMBOLS,
    UNICODE,
)
from tts_pipeline.document.latex.nodes import Atom, UnsayableError

_TOKEN = re.compile(
    r"\\(?P<macro>[A-Za-z]+)\*?\s*|\\(?P<sign>.)|(?P<number>\d+(?:(?:,|\{,\})\d{3})*(?:\.\d+)?)"
    r"|(?P<space>[\s~]+)|(?P<char>.)",
    re.DOTALL,
)
_ARG = re.compile(r"\\arg\s*(?:\\,\s*)?\\(max|min)(?![a-zA-Z])")


class Token(NamedTuple):
    """`kind` is macro, number or char."""

    kind: str
    text: str
    start: int


def joined(source: str) -> str:
    r"""`\arg\max` as one macro."""
    return _ARG.sub(r"\\arg\1 ", source)


def tokens(source: str) -> list[Token]:
    """What the source is made of, white space left out."""
    found = []
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind == "sign":
            kind = "macro"
        elif kind == "number":
            text = text.replace("{,}", ",")
        elif kind == "char" and text in UNICODE:
            name = UNICODE[text]
            kind = "macro" if len(name) > 1 else "char"
            text = name
        if kind != "space":
            found.append(Token(kind, text, match.start()))
    return found


class Cursor:
    """A place in the tokens of a formula."""

    def __init__(self, source: str) -> None:
        self.source = joined(source)
        self.tokens = tokens(self.source)
        self.at = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise UnsayableError
        self.at += 1
        return token

    def is_next(self, text: str, kind: str = "char") -> bool:
        token = self.peek()
        return token is not None and token.text == text and token.kind == kind

    def expect(self, text: str, kind: str = "char") -> None:
        if not self.is_next(text, kind):
            raise UnsayableError
        self.at += 1

    def words(self) -> str:
        """The argument of a macro for text, as written."""
        if not self.is_next("{"):
            raise UnsayableError
        start = self.tokens[self.at].start + 1
        depth = 0
        while (token := self.peek()) is not None:
            self.at += 1
            if token.kind == "char" and token.text == "{":
                depth += 1
            elif token.kind == "char" and token.text == "}":
                depth -= 1
                if not depth:
                    written = self.source[start : token.start]
                    if re.search(r"[\\^_{}$]", written):
                        raise UnsayableError
                    return " ".join(written.replace("~", " ").split())
        raise UnsayableError

    def comes_before(self, closer: tuple[str, str], ends: frozenset[tuple[str, str]]) -> bool:
        """Whether `closer` follows in the same group, and none of `ends` before it."""
        depth = 0
        for token in self.tokens[self.at : self.at + 200]:
            pair = (token.kind, token.text)
            if depth == 0 and pair == closer:
                return True
            if depth == 0 and pair in ends:
                return False
            depth += pair in (("char", "{"), ("char", "("), ("char", "["))
            depth -= pair in (("char", "}"), ("char", ")"), ("char", "]"))
            if depth < 0:
                return False
        return False


def worded(said: str, *, is_operator: bool) -> Atom:
    """What a text in a formula is: a function's name, or words."""
    bare = said.replace(" ", "")
    if is_operator and bare in BIG:
        return Atom(BIG[bare], "big")
    is_function = is_operator or said in FUNCTIONS
    return Atom(FUNCTIONS.get(said, said), "function" if is_function else "words")


def named(name: str) -> Atom:
    """What a macro without arguments is called.

    Raises:
        UnsayableError: it is not known.
    """
    for table, kind in (
        (GREEK, "letter"),
        (RELATIONS, "relation"),
        (OPERATORS, "operator"),
        (BIG, "big"),
        (FUNCTIONS, "function"),
        (SYMBOLS, "symbol"),
    ):
        if name in table:
            said = table[name]
            capital = kind == "letter" and name[0].isupper()
            return Atom(f"capital {said}" if capital else said, kind)
    raise UnsayableError
