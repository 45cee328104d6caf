"""What no page and no notes may hold, wherever their words came from."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
    "ping",
)
WEB = re.compile(r"https?://[^\s\"<>]+")
_OWN = re.compile(r"[\w.~%/-]*(?:#t?=?[\w.]*)?")
"""A relative address, made by the program."""
_APPS = re.compile(r"(?:podcast|overcast|pktc|antennapod-subscribe)://[\w./?=&%:-]+")
_NEVER = frozenset(
    "iframe object embed applet base math frame frameset portal video textarea noscript "
    "template".split()
)
NOTES = frozenset("html head body p a ul li".split())
"""Elements of show notes."""


def see_harmless(
    page: LexborHTMLParser | LexborNode, where: object, *, tags: frozenset[str] | None = None
) -> None:
    """No element runs, draws from elsewhere or sends anything; each address is of the web."""
    for node in page.css("*"):
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        told = (where, node.tag, attributes)
        assert tags is None or node.tag in tags, told
        assert node.tag not in _NEVER, told
        assert not any(name.startswith("on") for name in attributes), told
        assert not {"srcdoc", "autofocus", "style", "formaction", "ping"} & set(attributes), told
        assert attributes.get("http-equiv") in (None, "Content-Security-Policy"), told
        if node.tag == "script":
            is_data = attributes.get("type") == "application/ld+json"
            assert is_data or attributes.get("src", "").startswith("../"), told
        for value in _addresses(attributes):
            own = _OWN.fullmatch(value) and not value.startswith("//")
            assert own or WEB.fullmatch(value) or _APPS.fullmatch(value), told
            assert "hunter2" not in value, told


def _addresses(attributes: dict[str, str]) -> Iterator[str]:
    for name in ADDRESSES:
        yield attributes.get(name, "")
    for candidate in filter(str.strip, attributes.get("srcset", "").split(",")):
        yield candidate.split()[0]
