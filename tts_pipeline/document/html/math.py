"""Formulas in a page as elements that scripts draw."""

from selectolax.lexbor import LexborNode

from tts_pipeline.document.tex import is_wrapped, unwrapped

_ELEMENTS = frozenset(
    "math-tex mjpage mjx-chtml MathJax MathJax_Display katex katex-display math math-inline "
    "math-display mjx-container MathJax_SVG mwe-math-element ltx_Math arithmatex".split()
)
_DISPLAY = frozenset("MathJax_Display katex-display mjpage__block math-display block".split())


def is_formula(tag: str, classes: list[str]) -> bool:
    """Whether an element may be a drawn formula."""
    return tag in ("math", "mjx-container") or not _ELEMENTS.isdisjoint(classes)


def is_display(classes: list[str], attributes: dict[str, str | None]) -> bool:
    """Whether a formula stands on a line of its own."""
    return not _DISPLAY.isdisjoint(classes) or attributes.get("display") in ("block", "true")


def source(node: LexborNode) -> str | None:
    """The TeX of a drawn formula, if it is kept in the page."""
    for selector in ('annotation[encoding="application/x-tex"]', 'script[type^="math/tex"]'):
        if (found := node.css_first(selector)) is not None:
            return (found.text(deep=True) or "").strip() or None
    for name in ("aria-label", "data-tex", "alttext", "data-latex"):
        if (attribute := node.attributes.get(name)) or (
            (inner := node.css_first(f"[{name}]")) is not None
            and (attribute := inner.attributes.get(name))
        ):
            return unwrapped(attribute)
    text = node.text(deep=True) or ""
    return unwrapped(text) if is_wrapped(text) else None
