"""Looking at a page's tree without recursion, since pages nest deeper than Python recurses."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from tts_pipeline.document.folding import fold, visible

UNSEEN = frozenset(
    "script style noscript template svg object embed canvas audio video datalist head title "
    "meta link".split()
)
"""Never shown, or no text."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr iframe legend li main menu "
    "nav ol p pre search section summary table tbody td tfoot th thead tr ul".split()
)

_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


def events(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
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


def is_unseen(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether browsers show nothing of an element."""
    return (
        tag in UNSEEN
        or "hidden" in attributes
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )


def classes(attributes: dict[str, str | None]) -> list[str]:
    """An element's classes."""
    return (attributes.get("class") or "").split()


def shown(node: LexborNode) -> str:
    """All the text in a node as it is on the screen, with block boundaries as spaces."""
    parts: list[str] = []
    hidden: int | None = None
    for inside, entering in events(node):
        tag = inside.tag or ""
        if hidden is not None:
            hidden = None if inside.mem_id == hidden and not entering else hidden
        elif tag == "-text":
            parts.append(inside.text_content or "" if entering else "")
        elif entering and tag[:1] != "-" and is_unseen(tag, inside.attributes):
            hidden = inside.mem_id
        elif tag in BLOCKS or tag == "br":
            parts.append(" ")
    return fold(visible("".join(parts))).strip()
