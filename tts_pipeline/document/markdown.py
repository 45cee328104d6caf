"""Markdown -> blocks: rendered to HTML, then walked as HTML is, raw HTML in it included."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin
from mdit_py_plugins.texmath.index import make_block_func, rules

from tts_pipeline.document import html
from tts_pipeline.errors import DocumentError
from tts_pipeline.model import Document

_DEEPEST = 30
"""Levels; the time for hostile input grows with it."""

_SPOILER_LINE = re.compile(r"^!\s?", re.MULTILINE)
_HIGHLIGHT = re.compile(r"==(?=[^\s=])(.{1,400}?)(?<=[^\s=])==")
_BOX = re.compile(r"\A\[[ xX]\][ \t\n]+")
_FORMULAS = {
    "math_inline": "span", "math_inline_double": "div", "math_block": "div",
    "math_block_label": "div", "math_block_eqno": "div", "math_single": "span", "amsmath": "div",
}  # fmt: skip


def read(body: str) -> Document:
    """CommonMark with tables, strikethrough, footnotes, formulas, spoilers and definition lists.

    `{#anchor}` behind a heading names it.
    """
    return html.read(render(body), braced_anchors=True)


def render(body: str) -> str:
    """The HTML of it.

    Raises:
        DocumentError: it is nested too deeply; the parser would drop what lies deeper.
    """
    parser, environment = _parser(), dict[str, Any]()
    tokens = parser.parse(body, environment)
    if deepest := next((token for token in tokens if token.level >= _DEEPEST - 2), None):
        line = f", near line {deepest.map[0] + 1}" if deepest.map else ""
        raise DocumentError(
            f"quotes or lists stand more than {_DEEPEST} deep inside each other{line}; write them "
            "flatter"
        )
    rendered: str = parser.renderer.render(tokens, parser.options, environment)
    return rendered


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin)
    parser.use(sub_plugin).use(superscript_plugin)
    # Without spaces and digits at the dollars, "$5 and then $10" stays money.
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    # The plugin's own inline rule reads the rest of the text at each `\\(`.
    parser.inline.ruler.before("escape", "math_round", _round_formula)
    for rule in rules["brackets"]["block"]:
        parser.block.ruler.before("fence", rule["name"], _ended(make_block_func(rule)))
    parser.use(amsmath_plugin)
    for marker in ("+", ":"):
        parser.use(
            container_plugin,
            name=f"container{marker}",
            marker=marker,
            validate=lambda *_: True,
            render=_container,
        )
    parser.core.ruler.before("inline", "spoilers", _spoilers)
    parser.core.ruler.before("inline", "tasks", _tasks)
    parser.core.ruler.push("highlights", _highlights)
    for name, tag in _FORMULAS.items():
        parser.renderer.rules[name] = _formula(tag)  # type: ignore[attr-defined]
    return parser


def _formula(tag: str) -> Any:
    def render(tokens: Sequence[Token], at: int, *_: object) -> str:
        tex = escape(tokens[at].content.strip())
        named = "math-tex" if tag == "span" else "math-tex math-display"
        return f'<{tag} class="{named}">\\({tex}\\)</{tag}>'

    return render


def _container(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    """`+++ Title` folds a part away; `::: spoiler` hides one; others are boxes."""
    token = tokens[at]
    if token.nesting < 0:
        return "</div>\n"
    title = token.info.strip().strip("+:").strip()
    spoiler = title.lower().startswith("spoiler")
    if token.markup.startswith(":"):
        # The first word says what kind of box it is, the rest is its title.
        title = title.partition(" ")[2]
    opened = '<div class="spoilers">\n' if spoiler else "<div>\n"
    return f"{opened}<p>{escape(title)}</p>\n" if title else opened


def _spoilers(state: StateCore) -> None:
    """A quote whose every paragraph begins with `!` is a spoiler."""
    opened: list[int] = []
    for at, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            opened.append(at)
        elif token.type == "blockquote_close" and opened:
            start = opened.pop()
            lines = [inside for inside in state.tokens[start:at] if inside.type == "inline"]
            if lines and all(line.content.startswith("!") for line in lines):
                for line in lines:
                    line.content = _SPOILER_LINE.sub("", line.content)
                state.tokens[start].attrSet("class", "spoilers")
                state.tokens[start].tag = token.tag = "div"


def _tasks(state: StateCore) -> None:
    """The box before a task is not for the ear."""
    for item, paragraph, line in zip(state.tokens, state.tokens[1:], state.tokens[2:]):  # noqa: B905
        if (item.type, paragraph.type) == ("list_item_open", "paragraph_open"):
            line.content = _BOX.sub("", line.content)


def _round_formula(state: StateInline, silent: bool) -> bool:
    r"""`\(x\)`."""
    if not state.src.startswith("\\(", state.pos):
        return False
    end = _end(state.src, state.pos, "\\(", "\\)")
    if end < 0:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = state.src[state.pos + 2 : end]
        token.markup = "\\("
    state.pos = end + 2
    return True


def _ended(rule: Callable[[StateBlock, int, int, bool], bool]) -> Any:
    r"""The rule for `\[x\]`, asked only where there is an end: it reads on to the last line."""

    def ended(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        at = state.bMarks[first] + state.tShift[first]
        is_one = state.src.startswith("\\[", at) and _end(state.src, at, "\\[", "\\]") >= 0
        return is_one and rule(state, first, last, silent)

    return ended


def _end(text: str, at: int, start: str, end: str) -> int:
    """Where a formula ends, before another starts: many may have no end."""
    following = text.find(start, at + 2)
    return text.find(end, at + 3, following if following >= 0 else len(text))


def _highlights(state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text" and "==" in child.content:
                child.content = _HIGHLIGHT.sub(r"\1", child.content)
