"""What each element makes of the text inside it."""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from tts_pipeline.document.folding import fold, visible
from tts_pipeline.document.html import tables
from tts_pipeline.document.html.notes import Notes
from tts_pipeline.model import BlockKind, Group, GroupKind, SpanKind

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_CODE_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s?)([\w+#.-]{1,20})"
)
_SPOILERS = frozenset(("spoilers", "spoiler", "spoiler-v2"))
_MESSAGES = frozenset(("dialogue-message", "llm-content-block"))
_SIMPLE_BLOCKS = {"dt": BlockKind.TERM, "dd": BlockKind.ITEM, "pre": BlockKind.CODE}
_INLINE = dict.fromkeys(("code", "kbd", "samp", "tt"), SpanKind.CODE) | dict.fromkeys(
    ("del", "s", "strike"), SpanKind.STRUCK
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the open elements make of the text inside them."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    ordinal: int | None = None
    within: tuple[Group, ...] = ()
    span: SpanKind = SpanKind.TEXT
    target: str | None = None
    said: str | None = None
    raised: str = ""
    """`sup` or `sub` inside one."""
    label: str = ""
    language: str | None = None
    lists: int = 0
    numbers: list[int] | None = None
    """The next number of the ordered list around, shared by its items."""
    table: tables.Cursor | None = None


@dataclass
class Elements:
    """What is known of the page as a whole."""

    notes: Notes
    layout: frozenset[int]
    """Tables that only lay the page out."""
    _groups: int = 0

    def inside(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], outer: Context
    ) -> Context:
        """What holds for the text inside this element."""
        context = self._by_tag(node, tag, attributes, outer)
        if (note := self.notes.notes.get(node.mem_id)) is not None:
            group = self.group(GroupKind.NOTE, note)
            context = replace(context, kind=BlockKind.PARAGRAPH, within=(*outer.within, group))
        if (language := attributes.get("lang")) and tag not in ("html", "body"):
            context = replace(context, language=language)
        named = attributes.get("class")
        if not named:
            return context
        tokens = frozenset(named.split())
        if not _SPOILERS.isdisjoint(tokens):
            return self._grouped(context, GroupKind.SPOILER)
        if not _MESSAGES.isdisjoint(tokens):
            model = attributes.get("data-model-name") or ""
            return self._grouped(context, GroupKind.MESSAGE, model)
        return context

    def _by_tag(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], outer: Context
    ) -> Context:
        match tag:
            case "blockquote":
                return self._grouped(replace(outer, kind=BlockKind.PARAGRAPH), GroupKind.QUOTE)
            case "figure":
                return self._grouped(outer, GroupKind.FIGURE)
            case "figcaption" | "caption":
                return replace(outer, kind=BlockKind.CAPTION, table=None)
            case "ul" | "menu":
                return replace(outer, lists=outer.lists + 1, numbers=None)
            case "ol":
                first = _number(attributes, "start") or 1
                return replace(outer, lists=outer.lists + 1, numbers=[first])
            case "sup" | "sub":
                return replace(outer, raised=tag)
            case "abbr" if said := _expansion(node, attributes):
                return replace(outer, said=said)
            case "a" if href := attributes.get("href"):
                return replace(outer, span=SpanKind.LINK, target=href)
        if tag in _INLINE:
            return replace(outer, span=_INLINE[tag])
        inside = self._in_text if outer.table is None else _in_table
        return inside(node, tag, attributes, outer)

    def _in_text(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], outer: Context
    ) -> Context:
        """What elements make that are something else in a table's cell."""
        if tag in HEADINGS:
            return replace(outer, kind=BlockKind.HEADING, level=int(tag[1]))
        if tag == "li":
            return _item(attributes, outer)
        if tag == "table" and node.mem_id not in self.layout:
            table = self._grouped(outer, GroupKind.TABLE)
            return replace(table, kind=BlockKind.CELL, table=tables.Cursor())
        if tag in _SIMPLE_BLOCKS:
            label = _code_language(node) if tag == "pre" else ""
            return replace(
                outer, kind=_SIMPLE_BLOCKS[tag], level=1, ordinal=None, numbers=None, label=label
            )
        return outer

    def _grouped(self, context: Context, kind: GroupKind, label: str = "") -> Context:
        return replace(context, within=(*context.within, self.group(kind, label)))

    def group(self, kind: GroupKind, label: str = "") -> Group:
        """A group of its own number."""
        self._groups += 1
        return Group(kind, self._groups, label)


def _in_table(_: LexborNode, tag: str, __: dict[str, str | None], outer: Context) -> Context:
    if outer.table is None or tag not in ("tr", "td", "th"):
        return outer
    if tag == "tr":
        outer.table.next_row()
        return outer
    row, column = outer.table.next_cell()
    label = "header" if tag == "th" else ""
    return replace(outer, kind=BlockKind.CELL, level=row, ordinal=column, label=label)


def _item(attributes: dict[str, str | None], outer: Context) -> Context:
    ordinal = None
    if outer.numbers is not None:
        ordinal = _number(attributes, "value")
        ordinal = outer.numbers[0] if ordinal is None else ordinal
        outer.numbers[0] = ordinal + 1
    return replace(
        outer, kind=BlockKind.ITEM, level=max(1, outer.lists), ordinal=ordinal, numbers=None
    )


def _number(attributes: dict[str, str | None], name: str) -> int | None:
    written = attributes.get(name) or ""
    return int(written) if re.fullmatch(r"-?\d{1,9}", written) else None


def _code_language(pre: LexborNode) -> str:
    inner = pre.css_first("code[class]")
    for node in (inner, pre, pre.parent):
        if node is not None and (
            found := _CODE_LANGUAGE.search(node.attributes.get("class") or "")
        ):
            return found[1]
    return ""


def _expansion(node: LexborNode, attributes: dict[str, str | None]) -> str | None:
    """The title of a shortened word; what is written in capitals is said as it is."""
    title = fold(visible(attributes.get("title") or "")).strip()
    text = (node.text(deep=True) or "").strip()
    shortened = text.endswith(".") or text.islower()
    return title if title and shortened and len(title.split()) <= 4 else None
