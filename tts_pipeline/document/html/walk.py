"""The walk: what each element makes of the text inside it, gathered into blocks."""

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from tts_pipeline.document import tex
from tts_pipeline.document.folding import fold, visible
from tts_pipeline.document.html import apart, math, widgets
from tts_pipeline.document.html.elements import HEADINGS, Context, Elements
from tts_pipeline.document.html.notes import MARK
from tts_pipeline.document.html.spans import BREAK, folded, with_text
from tts_pipeline.document.html.tree import BLOCKS, classes, is_unseen, shown
from tts_pipeline.document.raised import lowered, raised
from tts_pipeline.document.text import is_verse
from tts_pipeline.model import Block, BlockKind, Group, GroupKind, Omission, Span, SpanKind
from tts_pipeline.words import count

_BRACED_ANCHOR = re.compile(r"\s*\{#(?P<anchor>[\w:.-]+)\}\s*$")
_RAISED = {"sup": raised, "sub": lowered}


@dataclass
class Walk:
    """What has been gathered so far."""

    elements: Elements
    braced_anchors: bool
    blocks: list[Block] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    """What the screen shows and is kept in another form: drawn formulas, written anchors."""
    _stack: list[Context] = field(default_factory=lambda: [Context()])
    _spans: list[Span] = field(default_factory=list)
    _anchor: str | None = None
    _skipped: int | None = None
    """The node whose inside is passed over."""

    def enter(self, node: LexborNode) -> None:
        """An element begins, or a text stands here."""
        if self._skipped is not None:
            return
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
        elif tag == "br":
            self._add(BREAK)
        elif tag == "img":
            self._image(node)
        context = self._stack[-1]
        if tag[:1] != "-":
            attributes = node.attributes
            if tag in BLOCKS:
                self._flush()
            if self._passed_over(node, tag, attributes):
                self._skipped = node.mem_id
                return
            if tag in HEADINGS or context.kind is BlockKind.HEADING:
                self._anchor = self._anchor or attributes.get("id") or (
                    attributes.get("name") if tag == "a" else None
                )  # fmt: skip
            context = self.elements.inside(node, tag, attributes, context)
            if "dialogue-message-header" in classes(attributes):
                context = self._speaker(node, context)
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
        if (note := self.elements.notes.marks.get(node.mem_id)) is not None:
            self._leave_out("footnote mark", shown(node), "the mark of a footnote")
            self._spans.append(Span("", SpanKind.NOTE, note))
            return True
        if node.mem_id in self.elements.notes.backs:
            self._leave_out("footnote mark", shown(node), "the way back from a footnote")
            return True
        if tag == "a" and self._stack[-1].raised and MARK.fullmatch(shown(node)):
            self._leave_out("footnote mark", shown(node), "a mark that leads to another page")
            return True
        if (poll := widgets.poll(named, attributes)) is not None:
            self._flush()
            group = self.elements.group(GroupKind.POLL)
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

    def _speaker(self, header: LexborNode, context: Context) -> Context:
        """The header of a message names who speaks in it."""
        speaker = shown(header)
        within = tuple(
            Group(group.kind, group.number, speaker) if group.kind is GroupKind.MESSAGE else group
            for group in context.within
        )
        for place, open_ in enumerate(self._stack):
            if open_.within == context.within:
                self._stack[place] = replace(open_, within=within)
        return replace(context, kind=BlockKind.SPEAKER, within=within)

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
                self._spans.append(Span(fold(visible(piece)).strip(), SpanKind.MATH))
            elif piece:
                self._add(piece)

    def _add(self, text: str) -> None:
        context = self._stack[-1]
        seen = text if text == BREAK else visible(text)
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
            spans = [Span("".join(s.text.replace(BREAK, "\n") for s in spans).strip("\n"))]
        else:
            lines = "".join(span.text for span in spans).split(BREAK)
            if kind is BlockKind.PARAGRAPH and is_verse([fold(line) for line in lines]):
                kind = BlockKind.VERSE
            spans = list(folded(spans, "\n" if kind is BlockKind.VERSE else " "))
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
            inside = inside or self.elements.group(GroupKind.ITEM)
            self._stack[place] = replace(
                context, kind=BlockKind.PARAGRAPH, within=(*context.within, inside)
            )


def replaced(block: Block, within: tuple[Group, ...]) -> Block:
    """The block inside other groups."""
    return Block(block.kind, block.spans, block.level, block.ordinal, None, within)
