"""Covers that are drawn: a title on a calm ground, with a sound wave below.

Colours and wave come from the titles alone. A show whose title cannot be set has a wave that fills
its cover.
"""

import colorsys
import hashlib
import math

from PIL import Image, ImageDraw

from tts_pipeline.feed import typesetting
from tts_pipeline.feed.typesetting import Colour, drawable, typeset

SIDE = 3000
"""Pixels: the most that Apple takes. Lengths below are for this side."""

VERSION = 2
"""Goes up when the same title would be drawn otherwise."""

CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: the least contrast of text."""

_MARGIN = 240
_WIDTH = SIDE - 2 * _MARGIN
_SIZES = range(1100, 170, -20)
_SMALL = (165,)
_GAP = 150
_INK = (255, 255, 255)
_BARS = 24


def picture(title: str, side: int = SIDE) -> Image.Image:
    """A show's cover in RGB, `side` pixels wide: a small one takes little memory."""
    ground, wave = colours(title)
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    scale = side / SIDE
    highest, bottom = 1900.0, SIDE / 2 + 950
    if words := drawable(title):
        set_ = typeset(words, width=_WIDTH, height=1750, sizes=_SIZES)
        typesetting.write(
            pen, set_, left=_MARGIN, right=SIDE - _MARGIN, top=_MARGIN, scale=scale, colour=_INK
        )
        bottom = SIDE - _MARGIN
        highest = min(bottom - _MARGIN - set_.height - _GAP, 1100)
    _wave(pen, title, wave, scale, bottom=bottom, highest=highest)
    return image


def episode(title: str, author: str | None, show: str, side: int) -> Image.Image | None:
    """An episode's cover, in the colours of its show; None when its title cannot be set."""
    words = drawable(title)
    if not words:
        return None
    ground, wave = colours(show)
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    scale = side / SIDE
    soft = quiet(ground)

    def write(text: str, top: float, sizes: range | tuple[int, ...], height: float) -> float:
        set_ = typeset(text, width=_WIDTH, height=height, sizes=sizes)
        typesetting.write(
            pen,
            set_,
            left=_MARGIN,
            right=SIDE - _MARGIN,
            top=top,
            scale=scale,
            colour=_INK if sizes is _SIZES else soft,
        )
        return top + set_.height

    end = write(words, _MARGIN, _SIZES, 1500)
    if by := drawable(author or ""):
        write(by, end + _GAP, _SMALL, 200)
    bottom = SIDE - _MARGIN
    if name := drawable(show):
        write(name, bottom - 130, _SMALL, 200)
        bottom -= 250
    _wave(pen, title, wave, scale, bottom=bottom, highest=380)
    return image


def colours(title: str) -> tuple[Colour, Colour]:
    """Ground and wave: a muted dark hue of the title's own, and a lighter one of it."""
    digest = hashlib.sha256(title.encode(errors="replace")).digest()
    hue = int.from_bytes(digest[:2]) / 65536
    lightness = 0.34
    while contrast(_INK, ground := _rgb(hue, lightness, 0.42)) < CONTRAST + 2:
        lightness -= 0.01
    above = lightness
    while contrast(ground, wave := _rgb((hue + 0.04) % 1, above, 0.40)) < 1.8:
        above += 0.01
    return ground, wave


def quiet(ground: Colour) -> Colour:
    """For what stands beside the title: white with some of the ground in it."""
    red, green, blue = (round(0.85 * 255 + 0.15 * part) for part in ground)
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _wave(
    pen: ImageDraw.ImageDraw,
    title: str,
    colour: Colour,
    scale: float,
    *,
    bottom: float,
    highest: float,
) -> None:
    """Rounded bars, as a player draws sound; their heights are the title's."""
    digest = hashlib.sha256(f"wave:{title}".encode(errors="replace")).digest()
    middle = bottom - highest / 2
    pitch = _WIDTH / (_BARS - 0.44)
    width = pitch * 0.56
    for bar in range(_BARS):
        # Two syllables' worth of swell, roughened by the title.
        swell = 0.35 + 0.65 * abs(math.sin(math.pi * (bar + 0.5) * 2.5 / _BARS))
        height = max(width, highest * swell * (0.45 + 0.55 * digest[bar] / 255))
        left = _MARGIN + pitch * bar
        box = (left, middle - height / 2, left + width, middle + height / 2)
        corners = tuple(round(edge * scale) for edge in box)
        pen.rounded_rectangle(corners, radius=round(width * scale / 2), fill=colour)
