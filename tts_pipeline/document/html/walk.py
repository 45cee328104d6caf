"""The walk: what each element makes of the text inside it, gathered into blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from tts_pipeline.document import tex
from tts_pipeline.document.folding import fold, visible
from tts_pipeline.document.html import apart, math, tables, widgets
from tts_pipeline.document.html.notes import MARK, Notes
from tts_pipeline.document.html.tree import BLOCKS, classes, is_unseen, shown
from tts_pipeline.document.raised import lowered, raised
from tts_pipeline.document.text import is_verse
from tts_pipeline.model import Block, BlockKind, Group, GroupKind, Omission, Span, SpanKind
from tts_pipeline.words import count

_BRACED_ANCHOR = re.compile(r"\s*\{#(?P<anchor>[\w:.-]+)\}\s*$")
_CODE_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s?)([\w+#.-]{1,20})"
)
_BREAK = "\x1e"
"""Stands for <br> while a block is gathered; no page holds it, since it is not visible."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SPOILERS = frozenset(("spoilers", "spoiler", "spoiler-v2"))
_MESSAGES = frozenset(("dialogue-message", "llm-content-block"))
_SIMPLE_BLOCKS = {"dt": BlockKind.TERM, "dd": BlockKind.ITEM, "pre": BlockKind.CODE}
_INLINE = dict.fromkeys(("code", "kbd", "samp", "tt"), SpanKind.CODE) | dict.fromkeys(
    ("del", "s", "strike"), SpanKind.STRUCK
)
_RAISED = {"sup": raised, "sub": lowered}


@dataclass(frozen=True, slots=True)
class _Context:
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
class Walk:
    """What has been gathered so far."""

    notes: Notes
    braced_anchors: bool
    layout: frozenset[int]
    """Tables that only lay the page out."""
    blocks: list[Block] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    """What the screen shows and is kept in another form: drawn formulas, written anchors."""
    _stack: list[_Context] = field(default_factory=lambda: [_Context()])
    _spans: list[Span] = field(default_factory=list)
    _anchor: str | None = None
    _skipped: int | None = None
    """The node whose inside is passed over."""
    _groups: int = 0

    def enter(self, node: LexborNode) -> None:
        """An element begins, or a text stands here."""
        if self._skipped is not None:
            return
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
        elif tag == "br":
            self._add(_BREAK)
        elif tag == "img":
            self._image(node)
        context = self._stack[-1]
        if tag[:1] != "-":
            attributes = node.attributes
            if self._passed_over(node, tag, attributes):
                self._skipped = node.mem_id
                return
            if tag in BLOCKS:
                self._flush()
            if tag in _HEADINGS or context.kind is BlockKind.HEADING:
                self._anchor = self._anchor or attributes.get("id") or (
                    attributes.get("name") if tag == "a" else None
                )  # fmt: skip
            context = self._inside(node, tag, attributes, context)
        self._stack.append(context)

    def leave(self, node: LexborNode) -> None:
        """An element ends."""
        if self._skipped is not None:
            if node.mem_id == self._skipped:
                self._skipped = None
            return
        tag = node.tag or ""
        if tag in BLOCKS:
            self._flush()
        self._stack.pop()
        if tag == "hr":
            self.blocks.append(Block(BlockKind.RULE, (), within=self._stack[-1].within))

    # ---- what is not walked into ----------------------------------------------------------

    def _passed_over(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> bool:
        if is_unseen(tag, attributes):
            return True
        named = classes(attributes)
        if math.is_formula(tag, named) and (formula := math.source(node)) is not None:
            self.redrawn.append(node.text(deep=True) or "")
            self._formula(formula, display=math.is_display(named, attributes))
            return True
        if (note := self.notes.marks.get(node.mem_id)) is not None:
            self._leave_out("footnote mark", shown(node), "the mark of a footnote")
            self._spans.append(Span("", SpanKind.NOTE, note))
            return True
        if node.mem_id in self.notes.backs:
            self._leave_out("footnote mark", shown(node), "the way back from a footnote")
            return True
        if tag == "a" and self._stack[-1].raised and MARK.fullmatch(shown(node)):
            self._leave_out("footnote mark", shown(node), "a mark that leads to another page")
            return True
        if (poll := widgets.poll(named, attributes)) is not None:
            self._flush()
            group = self._group(GroupKind.POLL)
            self.blocks += [replaced(block, (*self._stack[-1].within, group)) for block in poll]
            self._leave_out("widget", shown(node), "the controls of a poll")
            return True
        if (why := apart.reason(node, tag, attributes)) is not None:
            kind, reason = why
            self._leave_out(kind, shown(node), reason, always=tag == "iframe")
            return True
        return False

    def _leave_out(self, kind: str, text: str, reason: str, *, always: bool = False) -> None:
        if count(text) or always:
            self.omissions.append(Omission(kind, text, reason))

    # ---- what an element makes of its inside ----------------------------------------------

    def _inside(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], outer: _Context
    ) -> _Context:
        """What holds for the text inside this element."""
        context = self._by_tag(node, tag, attributes, outer)
        if (note := self.notes.notes.get(node.mem_id)) is not None:
            group = self._group(GroupKind.NOTE, note)
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
        if "dialogue-message-header" in tokens:
            speaker = shown(node)
            within = tuple(
                Group(group.kind, group.number, speaker)
                if group.kind is GroupKind.MESSAGE
                else group
                for group in context.within
            )
            for place, open_ in enumerate(self._stack):
                if open_.within == context.within:
                    self._stack[place] = replace(open_, within=within)
            return replace(context, kind=BlockKind.SPEAKER, within=within)
        return context

    def _by_tag(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], outer: _Context
    ) -> _Context:
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
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], outer: _Context
    ) -> _Context:
        """What elements make that are something else in a table's cell."""
        if tag in _HEADINGS:
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

    def _grouped(self, context: _Context, kind: GroupKind, label: str = "") -> _Context:
        return replace(context, within=(*context.within, self._group(kind, label)))

    def _group(self, kind: GroupKind, label: str = "") -> Group:
        self._groups += 1
        return Group(kind, self._groups, label)

    # ---- gathering ------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        context = self._stack[-1]
        if context.kind is BlockKind.CODE or context.span is SpanKind.CODE:
            self._add(text)
            return
        if context.raised:
            before = self._spans[-1].text[-1:] if self._spans else ""
            text = _RAISED[context.raised](text, before)
        for piece, is_tex in tex.split(text):
            if is_tex:
                self._spans.append(Span(piece.strip(), SpanKind.MATH))
            elif piece:
                self._add(piece)

    def _add(self, text: str) -> None:
        context = self._stack[-1]
        seen = text if text == _BREAK else visible(text)
        if seen:
            self._spans.append(Span(seen, context.span, context.target, context.said))

    def _image(self, node: LexborNode) -> None:
        attributes = node.attributes
        if not math.is_formula("img", classes(attributes)):
            described = visible(attributes.get("alt") or "").strip()
            self._spans.append(Span(described, SpanKind.IMAGE, attributes.get("src")))

    def _formula(self, source: str, *, display: bool) -> None:
        if display:
            self._flush()
        self._spans.append(Span(fold(visible(source)).strip(), SpanKind.MATH))
        if display:
            kind = self._stack[-1].kind
            self._flush(BlockKind.MATH if kind is BlockKind.PARAGRAPH else None)

    def _flush(self, kind: BlockKind | None = None) -> None:
        """Make a block of what has been gathered."""
        spans, self._spans = self._spans, []
        anchor, self._anchor = self._anchor, None
        context = self._stack[-1]
        kind = kind or context.kind
        if kind is BlockKind.CODE:
            spans = [Span("".join(s.text.replace(_BREAK, "\n") for s in spans).strip("\n"))]
        else:
            lines = "".join(span.text for span in spans).split(_BREAK)
            if kind is BlockKind.PARAGRAPH and is_verse([fold(line) for line in lines]):
                kind = BlockKind.VERSE
            spans = list(_folded(spans, "\n" if kind is BlockKind.VERSE else " "))
        braces = kind is BlockKind.HEADING and self.braced_anchors and bool(spans)
        if braces and (braced := _BRACED_ANCHOR.search(spans[-1].text)):
            anchor = anchor or braced["anchor"]
            self.redrawn.append(braced["anchor"])
            spans[-1] = with_text(spans[-1], spans[-1].text[: braced.start()])
        if not any(span.text.strip() or span.kind is not SpanKind.TEXT for span in spans):
            return
        placed = kind in (BlockKind.HEADING, BlockKind.ITEM, BlockKind.CELL)
        self.blocks.append(
            Block(
                kind=kind,
                spans=tuple(spans),
                level=context.level if placed else 0,
                ordinal=context.ordinal if placed and kind is not BlockKind.HEADING else None,
                anchor=anchor if kind is BlockKind.HEADING else None,
                within=context.within,
                label=context.label,
                language=context.language,
            )
        )
        self._leave_item()

    def _leave_item(self) -> None:
        """What follows the first block of an item belongs to it, and is no item itself."""
        inside = None
        for place in range(len(self._stack) - 1, 0, -1):
            context = self._stack[place]
            if context.kind is not BlockKind.ITEM:
                break
            inside = inside or self._group(GroupKind.ITEM)
            self._stack[place] = replace(
                context, kind=BlockKind.PARAGRAPH, within=(*context.within, inside)
            )


def replaced(block: Block, within: tuple[Group, ...]) -> Block:
    """The block inside other groups."""
    return Block(block.kind, block.spans, block.level, block.ordinal, None, within)


def with_text(span: Span, text: str) -> Span:
    """The span with another text."""
    return Span(text, span.kind, span.target, span.spoken)


def _folded(spans: list[Span], line: str) -> Iterator[Span]:
    """White space folded across spans: one space between words, none at the ends.

    `line` is what a <br> becomes.
    """
    space = True
    pending: Span | None = None
    for span in spans:
        # A <br> swallows the white space around it.
        text = span.text.replace("\n", " ") if _BREAK not in span.text else line
        text = text if text == "\n" else fold(text)
        if space:
            text = text.lstrip(" ")
        if text == "\n" and pending is not None and pending.text.endswith((" ", "\n")):
            pending = with_text(pending, pending.text.rstrip())
        if not text and span.kind is SpanKind.TEXT:
            continue
        space = text.endswith((" ", "\n")) if text else space
        if pending is not None and _alike(pending, span):
            pending = with_text(pending, pending.text + text)
            continue
        if pending is not None:
            yield pending
        pending = with_text(span, text)
    if pending is not None:
        yield with_text(pending, pending.text.rstrip())


def _alike(one: Span, two: Span) -> bool:
    return one.kind is two.kind and one.kind not in (SpanKind.NOTE, SpanKind.IMAGE) and (
        one.target, one.spoken
    ) == (two.target, two.spoken)  # fmt: skip


def _in_table(_: LexborNode, tag: str, __: dict[str, str | None], outer: _Context) -> _Context:
    if outer.table is None or tag not in ("tr", "td", "th"):
        return outer
    if tag == "tr":
        outer.table.next_row()
        return outer
    row, column = outer.table.next_cell()
    label = "header" if tag == "th" else ""
    return replace(outer, kind=BlockKind.CELL, level=row, ordinal=column, label=label)


def _item(attributes: dict[str, str | None], outer: _Context) -> _Context:
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
