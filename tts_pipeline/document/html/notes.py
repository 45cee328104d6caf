"""Footnotes: which links are marks, and which elements are the notes that they lead to.

Forums, blogs, Markdown and word processors all write them in another way. What they share: a
link with a short text leads down the page, to an element that is called a note or leads back.
"""

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from tts_pipeline.document.html.tree import classes
from tts_pipeline.model import Noun

MARK = re.compile(
    r"[\[(]?(?:note\s|fn\.?\s?)?(?:\d{1,4}|[a-z]|[ivxl]{1,6}|[*†‡§¶]{1,4})(?:[:.,-]\d{1,3})?[\])]?",
    re.I,
)
"""What the text of a footnote's mark looks like."""

_NOTE_NAME = re.compile(
    r"_?(?:fn|ftn|footnote|foot|note|endnote|edn|cite_note|sdfootnote|sdendnote)s?[-_:.]?", re.I
)
_REFERENCE_CLASS = re.compile(r"foot-?note|end-?note|noteref|fn-?ref|reference", re.I)
_NOTE_BLOCKS = frozenset("li p div aside dd tr section article blockquote".split())


class Notes(Noun):
    """What was found, by the nodes' identities."""

    marks: dict[int, str]
    """Node to the name of the note that it cites."""
    notes: dict[int, str]
    """Node to the name of the note that it is."""
    backs: frozenset[int]
    """Links from a note back to its mark, and the note's own number."""


def find(body: LexborNode) -> Notes:
    """Marks, notes and ways back."""
    places = body.css("[id], a[name], a[href^='#'], [data-footnote-id]")
    order = {node.mem_id: place for place, node in enumerate(places)}
    by_name: dict[str, LexborNode] = {}
    for node in places:
        attributes = node.attributes
        for name in (attributes.get("id"), attributes.get("name")):
            if name:
                by_name.setdefault(name, node)
    marks: dict[int, str] = {}
    notes: dict[int, str] = {}
    backs: set[int] = set()
    _declared(places, marks, notes)
    for link in places:
        attributes = link.attributes
        href = attributes.get("href") or ""
        if link.tag != "a" or not href.startswith("#") or _is_in(link, marks):
            continue
        name = unquote(href[1:])
        target = by_name.get(name)
        if target is None or order[target.mem_id] < order[link.mem_id]:
            if _is_in(link, notes) or (target is not None and _is_in(target, marks)):
                backs.add(link.mem_id)
            continue
        if not MARK.fullmatch((link.text(deep=True) or "").strip()):
            continue
        note = _block_of(target)
        if note is not None and _is_reference(link, name) and not _holds(note, link):
            marks[link.mem_id] = name
            notes.setdefault(note.mem_id, name)
            # Two marks may lead to one note, under two names.
            marks[link.mem_id] = notes[note.mem_id]
    return Notes(marks, notes, frozenset(backs))


def _declared(places: list[LexborNode], marks: dict[int, str], notes: dict[int, str]) -> None:
    """Those that say so themselves: `data-footnote-id` on the mark and on the note."""
    for node in places:
        attributes = node.attributes
        if name := attributes.get("data-footnote-id"):
            if "footnote-reference" in classes(attributes):
                marks[node.mem_id] = name
            elif node.tag == "li" or "footnote-item" in classes(attributes):
                notes[node.mem_id] = name


def _is_in(node: LexborNode, known: dict[int, str]) -> bool:
    up: LexborNode | None = node
    for _ in range(12):
        if up is None:
            return False
        if up.mem_id in known:
            return True
        up = up.parent
    return False


def _block_of(target: LexborNode) -> LexborNode | None:
    up: LexborNode | None = target
    for _ in range(6):
        if up is None or up.tag in ("body", "html"):
            return None
        if up.tag in _NOTE_BLOCKS:
            return up
        up = up.parent
    return None


def _holds(note: LexborNode, link: LexborNode) -> bool:
    up: LexborNode | None = link
    while up is not None:
        if up.mem_id == note.mem_id:
            return True
        up = up.parent
    return False


def _is_reference(link: LexborNode, name: str) -> bool:
    """Whether the link or what is around it is called a note's mark, or is raised as one."""
    if _NOTE_NAME.match(name):
        return True
    up: LexborNode | None = link
    for _ in range(3):
        if up is None:
            return False
        attributes = up.attributes
        said = (attributes.get("role"), attributes.get("epub:type"))
        if up.tag == "sup" or "doc-noteref" in said or "noteref" in said:
            return True
        if any(map(_REFERENCE_CLASS.search, classes(attributes))):
            return True
        up = up.parent
    return False
