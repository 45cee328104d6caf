"""Superscripts and subscripts as characters, so that a line of text keeps them."""

import re

_PLAIN = "0123456789+-−=()ni"
_ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ"
_BELOW_PLAIN = "0123456789+-−=()aeioruvxhklmnpst"
_BELOW = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ"
_RAISE = str.maketrans(_PLAIN, _ABOVE)
_LOWER = str.maketrans(_BELOW_PLAIN, _BELOW)
_RAISABLE = re.compile(rf"[{re.escape(_PLAIN)}]{{1,12}}")
_LOWERABLE = re.compile(r"[0-9+−=()-]{1,12}|[aeioruvxhklmnpst]{1,3}")


def raised(text: str, before: str) -> str:
    """`text` as it stands above the line after the character `before`; ordinals stay."""
    if _RAISABLE.fullmatch(text.strip()) and (before.isalnum() or before in (")", "]")):
        return text.strip().translate(_RAISE)
    return text


def lowered(text: str, before: str) -> str:
    """`text` as it stands below the line after the character `before`."""
    if _LOWERABLE.fullmatch(text.strip()) and before.isalnum():
        return text.strip().translate(_LOWER)
    return text
