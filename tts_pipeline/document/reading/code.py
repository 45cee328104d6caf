"""Code: a block is announced, or read line by line; a word of code in a line is said as words."""

import re

from tts_pipeline.document.reading.phrases import Phrases, announcement
from tts_pipeline.model import (
    Block,
    BlockKind,
    Group,
    GroupKind,
    Omission,
    Reading,
    Span,
    SpanKind,
)

_PLAIN = re.compile(r"[^\W_]+(?:[\s.,'’-]+[^\W_]+)*[\s.,]*")
"""What the rules of the language say well enough."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = {
    "==": "equals", "!=": "is not", "<=": "at most", ">=": "at least", "->": "to", "=>": "to",
    "::": " ", "--": "dash dash", "&&": "and", "||": "or", "+=": "plus equals", "=": "equals",
    "+": "plus", "*": "star", "/": "slash", "\\": "backslash", ".": "dot", "@": "at", "#": "hash",
    "$": "dollar", "%": "percent", "&": "and", "|": "pipe", "<": "less than", ">": "greater than",
    "~": "tilde", "^": "caret", "-": "dash", "!": "not",
}  # fmt: skip
_TOKEN = re.compile(
    "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))) + r"|[^\W_]+|.", re.DOTALL
)
_LANGUAGES = {
    "py": "Python", "python": "Python", "js": "JavaScript", "javascript": "JavaScript",
    "ts": "TypeScript", "typescript": "TypeScript", "sh": "shell", "bash": "shell", "zsh": "shell",
    "shell": "shell", "console": "shell", "c": "C", "cpp": "C plus plus", "c++": "C plus plus",
    "cs": "C sharp", "csharp": "C sharp", "go": "Go", "rs": "Rust", "rust": "Rust", "rb": "Ruby",
    "ruby": "Ruby", "java": "Java", "kotlin": "Kotlin", "swift": "Swift", "r": "R", "sql": "SQL",
    "html": "HTML", "css": "CSS", "json": "JSON", "yaml": "YAML", "yml": "YAML", "toml": "TOML",
    "xml": "XML", "haskell": "Haskell", "hs": "Haskell", "lisp": "Lisp", "julia": "Julia",
    "lua": "Lua", "php": "PHP", "perl": "Perl", "latex": "LaTeX", "tex": "LaTeX", "lean": "Lean",
}  # fmt: skip


def words(source: str) -> str | None:
    """Code as words: `max_len` "max len", `a.b()` "a dot b"; None if it is plain words."""
    if _PLAIN.fullmatch(source) and not _CAMEL.search(source):
        return None
    said = []
    for token in _TOKEN.findall(source):
        if token in _SIGNS:
            said.append(_SIGNS[token])
        elif token.isalnum():
            said.append(_CAMEL.sub(" ", token))
    return " ".join(" ".join(said).split())


def block(block: Block, reading: Reading, say: Phrases) -> tuple[list[Block], list[Omission]]:
    """A block of code by the show's treatment."""
    lines = block.text.count("\n") + 1
    language = _LANGUAGES.get(block.label.lower(), "")
    within = (*block.within, Group(GroupKind.CODE, 0))
    if reading.code == "speak":
        spans = [
            Span(text, SpanKind.CODE if text.strip() else SpanKind.TEXT)
            for text in re.split(r"(\n)", block.text)
            if text
        ]
        return [Block(BlockKind.VERSE, tuple(spans), within=within)], []
    counted = f"{lines} lines" if lines > 1 else "1 line"
    reason = f"a block of code{f' in {language}' if language else ''} of {counted}"
    omission = Omission("code", block.text, reason)
    told = say.code_in.format(language=language) if language else say.code
    if reading.code == "drop" or not told:
        return [], [omission]
    told += say.lines.format(count=lines) if lines > 1 else ""
    spoken = announcement(told + ".")
    return [Block(BlockKind.PARAGRAPH, spoken, within=within)], [omission]
