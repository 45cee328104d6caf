"""What a page shows that is no part of the text: controls, widgets, and what surrounds a post."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from tts_pipeline.document.html.tree import classes, shown
from tts_pipeline.words import count

Reason = tuple[str, str]
"""An omission's kind and reason."""

_TAGS: dict[str, Reason] = {
    "nav": ("page", "the page's navigation"),
    "form": ("page", "a form"),
    "button": ("page", "a button"),
    "select": ("page", "a form"),
    "textarea": ("page", "a form"),
    "rt": ("page", "a reading aid"),
    "rp": ("page", "a reading aid"),
}
_CLASSES: dict[str, Reason] = {
    "ck-cta-button": ("widget", "a button"),
    "elicit-binary-prediction": ("widget", "a prediction widget"),
    "subscription-widget": ("boilerplate", "a subscription box"),
    "footnote-back-link": ("footnote mark", "the way back from a footnote"),
    "footnote-backref": ("footnote mark", "the way back from a footnote"),
    "footnote-back": ("footnote mark", "the way back from a footnote"),
    "reversefootnote": ("footnote mark", "the way back from a footnote"),
}
_PREVIEW = re.compile(r"(?:^|[-_a-z])(?:link-?preview|embed-?preview)|-preview$", re.I)
_AROUND = re.compile(
    r"(?:^|[-_])(?:share|sharing|sharedaddy|social|subscribe|subscription|newsletter|related|"
    r"breadcrumbs?|cookie|toc|table-of-contents|post-nav|print-only)(?:$|[-_])",
    re.I,
)
_AROUND_WORDS = 120
"""More words than that are no share buttons, whatever their class says."""


def reason(node: LexborNode, tag: str, attributes: dict[str, str | None]) -> Reason | None:
    """Why an element is left out, or None if it is a part of the text."""
    if tag in _TAGS:
        return _TAGS[tag]
    if tag == "iframe":
        host = _host(attributes.get("src") or "")
        return "widget", f"an embedded page{f' of {host}' if host else ''}"
    names = classes(attributes)
    for name in names:
        if name in _CLASSES:
            return _CLASSES[name]
        if _PREVIEW.search(name):
            return "widget", "a preview of a link"
    around = [*names, attributes.get("id") or ""]
    if any(map(_AROUND.search, around)) and tag not in ("body", "main", "article", "html"):
        found = next(match for name in around if (match := _AROUND.search(name)))
        if count(shown(node)) <= _AROUND_WORDS or "toc" in found[0] or "table" in found[0]:
            return "boilerplate", f"a part of the page ({found[0].strip('-_')})"
    return None


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
