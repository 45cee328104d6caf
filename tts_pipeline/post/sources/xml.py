"""XML from strangers: no entities, no network, an end to its size; broken XML as far as it goes."""

import re
from html.entities import html5
from typing import Any

from lxml import etree

from tts_pipeline.errors import SourceError

_ENTITIES = re.compile(r"<!ENTITY", re.I)
_PROLOGUE = re.compile(r"(?:[^<]++|<!--(?s:.*?)(?:-->|\Z)|<\?(?s:.*?)(?:\?>|\Z)|<(?![A-Za-z]))*+")
"""What stands before the first: a comment may hold what looks like one."""
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.I)
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,30});|(?!#[0-9xX]))", re.S
)
_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Element = Any
"""An element of lxml, which has no types."""


def parse(text: str) -> Element:
    """The root element.

    Broken XML is read as far as it can be: feeds are often cut, or hold a stray `&`.

    Raises:
        SourceError: it defines entities, or holds no element.
    """
    before = _PROLOGUE.match(text)
    if before and _ENTITIES.search(before[0]):
        raise SourceError("it defines entities, which no feed needs and which can be made a bomb")
    text = _DECLARATION.sub("", _CONTROL.sub(" ", text.lstrip("\ufeff")))
    text = _AMPERSAND.sub(_character, _DOCTYPE.sub("", text, count=1))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"it is not XML: {error}") from error
    if root is None:
        raise SourceError("it is not XML")
    return root


def _character(match: re.Match[str]) -> str:
    """HTML's names for characters, and a bare `&`: no XML, yet many feeds have them."""
    if match[0].startswith("<") or match["name"] in _XML:
        return match[0]
    known = html5.get(f"{match['name']};", "") if match["name"] else ""
    return known or f"&amp;{match[0][1:]}"


def local(element: Element) -> str:
    """An element's name without its namespace, in small letters."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """An element's namespace."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def words(element: Element) -> str:
    """All the text in an element."""
    return "".join(element.itertext()).strip()


def inner(element: Element) -> str:
    """The markup inside an element, as HTML."""
    parts = [_escaped(element.text)]
    parts += [
        etree.tostring(_without_namespaces(child), encoding="unicode", method="html")
        for child in element
    ]
    return "".join(parts).strip()


def _without_namespaces(element: Element) -> Element:
    for node in element.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]
    etree.cleanup_namespaces(element)
    return element


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
