"""Titles set in type: which can be, at what size, on which lines.

The font is FiraGO Bold, which a package carries, so that every machine draws the same picture.
It holds Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, Georgian and Devanagari. A title that needs
other letters is not set at all rather than as empty boxes.
"""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from PIL import ImageDraw, ImageFont, features

_REFERENCE = 200
"""Size at which widths are measured; those of others are in proportion."""

_LEADING = 0.1
_LEAST_STEP = 1.08
"""From baseline to baseline, by size."""

_LEGIBLE = 400
"""Characters; setting a longer title takes time and shows no more."""

Colour = tuple[int, int, int]


class Setting(NamedTuple):
    """Lines of type; lengths are in the units of the space that they were set for."""

    size: int
    lines: tuple[str, ...]
    ascent: float
    """From the top to the first baseline."""
    step: float
    height: float
    rtl: bool


def drawable(title: str) -> str:
    """The title on one line in characters that the font has; empty if it needs others.

    Signs that are not words, such as emoji, are left out; a letter or a number never is.
    """
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", title[:_LEGIBLE]):
        if character.isspace():
            kept.append(" ")
        elif not character.isprintable() or "\ufe00" <= character <= "\ufe0f":
            continue
        elif _has(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNM" and character != "\u20e3":
            return ""
    words = " ".join("".join(kept).split())
    if _is_complex(words) and not features.check("raqm"):
        return ""
    return words if any(character.isalnum() for character in words) else ""


def typeset(words: str, *, width: float, height: float, sizes: Sequence[int]) -> Setting:
    """The words at the first of `sizes` at which they fit; the last cuts what does not."""
    measured = [(word, _length(word)) for word in words.split(" ")]
    space, top, bottom = _length(" "), *_ink(words)
    step = max(_LEAST_STEP, bottom + top + _LEADING)
    size, lines = sizes[-1], [""]
    for size in sizes:
        lines = _wrap(measured, space, width / size)
        tall = size * (step * (len(lines) - 1) + top + bottom)
        if tall <= height and all(length * size <= width for _, length in measured):
            lines = _balanced(measured, space, width / size, lines)
            break
    else:
        most = max(1, int((height / size - top - bottom) / step) + 1)
        cut = [_shortened(line, width / size) for line in lines[:most]]
        if len(lines) > most:
            cut[-1] = _shortened(f"{cut[-1].rstrip('….,;: ')}…", width / size)
        lines = cut
    tall = size * (step * (len(lines) - 1) + top + bottom)
    return Setting(size, tuple(lines), size * top, size * step, tall, _is_rtl(words))


def write(
    pen: ImageDraw.ImageDraw,
    setting: Setting,
    *,
    left: float,
    right: float,
    top: float,
    scale: float,
    colour: Colour,
) -> None:
    """Draw the lines from `top` down, at the side where their script begins."""
    font = _font(round(setting.size * scale), shaped=any(map(_is_complex, setting.lines)))
    for number, line in enumerate(setting.lines):
        baseline = top + setting.ascent + number * setting.step
        x, anchor = (right, "rs") if setting.rtl else (left, "ls")
        direction = "rtl" if setting.rtl else None
        at = (round(x * scale), round(baseline * scale))
        pen.text(at, line, font=font, fill=colour, anchor=anchor, direction=direction)


def _wrap(words: Sequence[tuple[str, float]], space: float, width: float) -> list[str]:
    lines: list[str] = []
    length = 0.0
    for word, room in words:
        if lines and length + space + room <= width:
            lines[-1] += f" {word}"
            length += space + room
        else:
            lines.append(word)
            length = room
    return lines


def _balanced(
    words: Sequence[tuple[str, float]], space: float, width: float, lines: list[str]
) -> list[str]:
    """As many lines, as alike as they can be."""
    longest = max(room for _, room in words)
    for part in range(50, 100, 2):
        narrow = width * part / 100
        if narrow >= longest and len(alike := _wrap(words, space, narrow)) == len(lines):
            return alike
    return lines


def _shortened(text: str, width: float) -> str:
    if _length(text) <= width:
        return text
    while text and _length(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip('….,;: ')}…"


@cache
def _font(size: int, *, shaped: bool = False) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(io.BytesIO(_file()), size, layout_engine=layout)


@cache
def _file() -> bytes:
    from pymupdf_fonts import FiraGO_Bold  # noqa: PLC0415  unpacked when first needed

    data: bytes = FiraGO_Bold.fontbuffer
    return data


def _length(text: str) -> float:
    """By size."""
    return _font(_REFERENCE, shaped=_is_complex(text)).getlength(text) / _REFERENCE


def _ink(text: str) -> tuple[float, float]:
    """How far its letters reach above and below the baseline, by size."""
    font = _font(_REFERENCE, shaped=_is_complex(text))
    _, top, _, bottom = font.getbbox(text, anchor="ls")
    return -top / _REFERENCE, max(0.0, bottom / _REFERENCE)


@cache
def _has(character: str) -> bool:
    """Whether the font has a glyph for it, that is, draws it otherwise than what it lacks."""
    glyph, missing = _font(40).getmask(character), _font(40).getmask("\uffff")
    return glyph.size != missing.size or bytes(glyph) != bytes(missing)


def _is_complex(text: str) -> bool:
    """Whether its letters change by their neighbours or do not run from left to right."""
    return not text.isascii() and any(
        unicodedata.bidirectional(character) in ("R", "AL")
        or unicodedata.category(character)[0] == "M"
        for character in text
    )


def _is_rtl(text: str) -> bool:
    return next(_strong(text), "L") != "L"


def _strong(text: str) -> Iterator[str]:
    return (kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL"))
