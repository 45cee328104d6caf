"""HTML -> blocks: the article's tree walked once, in reading order.

What browsers do not show is not read; what is shown and is no part of the article is an
omission. The walk keeps a stack of its own, since pages nest deeper than Python recurses.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_pipeline.document.folding import fold, visible
from tts_pipeline.document.text import kind_of
from tts_pipeline.errors import DocumentError
from tts_pipeline.model import Block, BlockKind, Document, Omission, Span, SpanKind
from tts_pipeline.words import count

_UNSEEN = (
    "script", "style", "noscript", "template", "svg", "object", "embed", "canvas", "audio",
    "video", "datalist",
)  # fmt: skip
"""Never shown, or no text."""

_APART = {
    "nav": "the page's navigation",
    "aside": "an aside of the page",
    "form": "a form",
    "button": "a button",
    "select": "a form",
    "textarea": "a form",
    "iframe": "an embedded page",
    ".footnote-ref": "the mark of a footnote",
    ".footnote-reference": "the mark of a footnote",
    ".footnote-backref": "the way back from a footnote",
    ".footnote-back-link": "the way back from a footnote",
}
"""Shown, yet not for the ear."""

_BLOCKS = frozenset(
    "address article blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu ol p pre "
    "search section summary table tbody tfoot thead tr ul".split()
)
_VOID = frozenset("area base br col hr img input link meta param source track wbr".split())
_CLOSED_BY_NEXT = frozenset("p li dt dd td th tr option optgroup rp rt a".split())
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_DEEPEST = 512
"""Elements that may stand open at once, as in browsers; parsers get slow with the square of it."""

_BRACED_ANCHOR = re.compile(r"\s*\{#(?P<anchor>[\w:.-]+)\}\s*$")
_BREAK = "\x1e"
"""Stands for <br> while a block is gathered; no page holds it, since it is not visible."""


def read(source: str, *, braced_anchors: bool = False) -> Document:
    """The article's blocks, and what stands around it as omissions.

    Args:
        source: a page, or a piece of one such as a feed carries.
        braced_anchors: whether `{#name}` behind a heading is its anchor.

    Raises:
        DocumentError: the page leaves hundreds of elements open.
    """
    _see_shallow(source)
    body = LexborHTMLParser(source).body
    if body is None:
        return Document(())
    omissions = _set_apart(body)
    article = _article(body)
    if article is not None:
        inside = article.html or ""
        article.decompose()
        around = _shown(body)
        if count(around):
            omissions.append(Omission("page", around, "what stands around the article"))
        body = LexborHTMLParser(inside).body or body
    walk = _Walk(braced_anchors)
    for node, entering in _events(body):
        (walk.enter if entering else walk.leave)(node)
    return Document(tuple(walk.blocks), (*omissions, *walk.omissions))


def _see_shallow(source: str) -> None:
    opened: Counter[str] = Counter()
    for closing, name in _TAG.findall(source):
        tag = name.lower()
        if tag not in _VOID and tag not in _CLOSED_BY_NEXT:
            opened[tag] = max(0, opened[tag] - 1) if closing else opened[tag] + 1
    if opened.total() > _DEEPEST:
        tag, number = opened.most_common(1)[0]
        raise DocumentError(
            f"the page opens elements that it never closes, {number} <{tag}> among them; no "
            "browser would show it as meant, so mend the page or give the post as Markdown"
        )


def _set_apart(body: LexborNode) -> list[Omission]:
    """Take out what is not for the ear; the words of it become omissions."""
    body.strip_tags(list(_UNSEEN))
    omissions = []
    for selector, reason in _APART.items():
        # Inner ones first, so that no node is used after the one around it is gone.
        for node in reversed(body.css(selector)):
            words = _shown(node)
            if count(words):
                kind = "footnote mark" if "footnote" in selector else "page"
                omissions.append(Omission(kind, words, reason))
            node.decompose()
    return omissions


def _article(body: LexborNode) -> LexborNode | None:
    """The page's article, if it marks one and no more than one."""
    for selector in ("article", "main", "[role=main]"):
        found = body.css(selector)
        if len(found) == 1 and count(_shown(found[0])):
            return found[0]
    return None


def _shown(node: LexborNode) -> str:
    """All the text in a node, with block boundaries as spaces, as they are on the screen."""
    parts = []
    for inside, entering in _events(node):
        if inside.tag == "-text":
            parts.append(inside.text_content or "" if entering else "")
        elif inside.tag in _BLOCKS or inside.tag in ("br", "td", "th"):
            parts.append(" ")
    return fold(visible("".join(parts))).strip()


def _events(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each node entered and left, in document order."""
    node: LexborNode | None = root
    end = root.mem_id  # `==` on nodes compares their whole HTML
    while node is not None:
        yield node, True
        if (child := node.child) is not None:
            node = child
            continue
        while node is not None:
            yield node, False
            if node.mem_id == end:
                return
            if (following := node.next) is not None:
                node = following
                break
            node = node.parent


@dataclass(frozen=True)
class _Context:
    """What the open elements make of the text inside them."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    ordinal: int | None = None
    within: tuple[BlockKind, ...] = ()
    span: SpanKind = SpanKind.TEXT
    target: str | None = None
    lists: int = 0
    numbers: list[int] | None = None
    """The next number of the ordered list around, shared by its items."""


@dataclass
class _Walk:
    """What has been gathered so far."""

    braced_anchors: bool
    blocks: list[Block] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    _stack: list[_Context] = field(default_factory=lambda: [_Context()])
    _spans: list[Span] = field(default_factory=list)
    _anchor: str | None = None

    def enter(self, node: LexborNode) -> None:
        """An element begins, or a text stands here."""
        tag, context = node.tag or "", self._stack[-1]
        if tag == "-text":
            self._add(node.text_content or "")
        elif tag == "br":
            self._add(_BREAK)
        elif tag == "img":
            self._image(node)
        elif tag in ("td", "th"):
            self._next_cell()
        if tag in _BLOCKS:
            self._flush()
        if tag[:1] != "-":
            if tag[:1] == "h" or context.kind is BlockKind.HEADING:
                self._anchor = self._anchor or node.attributes.get("id") or (
                    node.attributes.get("name") if tag == "a" else None
                )  # fmt: skip
            context = self._inside(node, tag, context)
        self._stack.append(context)

    def leave(self, node: LexborNode) -> None:
        """An element ends."""
        if node.tag in _BLOCKS:
            self._flush()
        self._stack.pop()

    def _inside(self, node: LexborNode, tag: str, outer: _Context) -> _Context:
        """What holds for the text inside this element."""
        match tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                return replace(outer, kind=BlockKind.HEADING, level=int(tag[1]))
            case "blockquote":
                return replace(
                    outer, kind=BlockKind.PARAGRAPH, within=(*outer.within, BlockKind.QUOTE)
                )
            case "ul" | "menu":
                return replace(outer, lists=outer.lists + 1, numbers=None)
            case "ol":
                return replace(outer, lists=outer.lists + 1, numbers=[_number(node, "start") or 1])
            case "li":
                return self._item(node, outer)
            case "pre":
                return replace(outer, kind=BlockKind.CODE)
            case "tr":
                return replace(outer, kind=BlockKind.TABLE)
            case "figcaption" | "caption":
                return replace(outer, kind=BlockKind.CAPTION)
            case "code" | "kbd" | "samp":
                return replace(outer, span=SpanKind.CODE)
            case "a" if href := node.attributes.get("href"):
                return replace(outer, span=SpanKind.LINK, target=href)
        return outer

    @staticmethod
    def _item(node: LexborNode, outer: _Context) -> _Context:
        ordinal = None
        if outer.numbers is not None:
            ordinal = _number(node, "value")
            ordinal = outer.numbers[0] if ordinal is None else ordinal
            outer.numbers[0] = ordinal + 1
        return replace(
            outer, kind=BlockKind.ITEM, level=max(1, outer.lists), ordinal=ordinal, numbers=None
        )

    def _image(self, node: LexborNode) -> None:
        described = visible(node.attributes.get("alt") or "").strip()
        source = node.attributes.get("src")
        if described:
            self._spans.append(Span(described, SpanKind.IMAGE, source))
        else:
            self.omissions.append(Omission("image", "", "an image without a description"))

    def _next_cell(self) -> None:
        if any(span.text.strip() for span in self._spans):
            last = self._spans[-1]
            self._spans[-1] = _with(last, last.text.rstrip())
            self._add(", ")

    def _add(self, text: str) -> None:
        context = self._stack[-1]
        seen = text if text == _BREAK else visible(text)
        if seen:
            self._spans.append(Span(seen, context.span, context.target))

    def _flush(self) -> None:
        """Make a block of what has been gathered."""
        spans, self._spans = self._spans, []
        anchor, self._anchor = self._anchor, None
        context = self._stack[-1]
        kind = context.kind
        if kind is BlockKind.CODE:
            spans = [Span("".join(s.text.replace(_BREAK, "\n") for s in spans).strip("\n"))]
        else:
            lines = "".join(span.text for span in spans).split(_BREAK)
            if kind is BlockKind.PARAGRAPH and len(lines) > 1:
                kind = kind_of([fold(line) for line in lines])
            spans = list(_folded(spans))
        braces = kind is BlockKind.HEADING and self.braced_anchors and bool(spans)
        if braces and (braced := _BRACED_ANCHOR.search(spans[-1].text)):
            anchor = anchor or braced["anchor"]
            spans[-1] = _with(spans[-1], spans[-1].text[: braced.start()])
        if not any(span.text.strip() for span in spans):
            return
        self.blocks.append(
            Block(
                kind=kind,
                spans=tuple(spans),
                level=context.level if kind in (BlockKind.HEADING, BlockKind.ITEM) else 0,
                ordinal=context.ordinal if kind is BlockKind.ITEM else None,
                anchor=anchor if kind is BlockKind.HEADING else None,
                within=context.within,
            )
        )
        # What follows the first block of an item belongs to it, and is no item itself.
        for place in range(len(self._stack) - 1, 0, -1):
            if self._stack[place].kind is not BlockKind.ITEM:
                break
            self._stack[place] = replace(
                self._stack[place],
                kind=BlockKind.PARAGRAPH,
                within=(*self._stack[place].within, BlockKind.ITEM),
            )


def _with(span: Span, text: str) -> Span:
    return Span(text, span.kind, span.target)


def _folded(spans: list[Span]) -> Iterator[Span]:
    """White space folded across spans: one space between words, none at the ends."""
    space = True
    pending: Span | None = None
    for span in spans:
        text = fold(span.text.replace(_BREAK, " "))
        if space:
            text = text.lstrip(" ")
        if not text:
            continue
        space = text.endswith(" ")
        if pending is not None and (pending.kind, pending.target) == (span.kind, span.target):
            pending = _with(pending, pending.text + text)
            continue
        if pending is not None:
            yield pending
        pending = _with(span, text)
    if pending is not None:
        yield _with(pending, pending.text.rstrip(" "))


def _number(node: LexborNode, name: str) -> int | None:
    written = node.attributes.get(name) or ""
    return int(written) if re.fullmatch(r"-?\d{1,9}", written) else None
