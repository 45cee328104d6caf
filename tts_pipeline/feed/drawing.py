"""The cover of a show that brings none: its title on a calm ground, with a sound wave below.

Colours and wave come from the title alone, and the font is the one that Pillow carries, so every
machine draws the same picture. That font holds ASCII and a few signs; accents are composed from
its own glyphs. A title in a script that it lacks is not drawn at all rather than as empty boxes:
the wave then fills the cover.
"""

import colorsys
import hashlib
import io
import math
import unicodedata
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

SIDE = 3000
"""Pixels: the most that Apple takes."""

VERSION = 1
"""Goes up when the same title would be drawn otherwise."""

CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: the least contrast of text."""

_MARGIN = 250
_WIDTH = SIDE - 2 * _MARGIN
_TEXT_HEIGHT = 1750
_SIZES = range(760, 150, -20)
_BOLD = 0.022
"""Stroke around each letter, by font size: the font has one weight, too thin at 55 px."""
_INK = (255, 255, 255)
_BARS = 24
_LEGIBLE = 400
"""Characters; setting a longer title takes time and shows no more."""

Colour = tuple[int, int, int]

_LIKE = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"\u201a": ",", "„": '"', "•": "·", "\u00d7": "x", "\u0131": "i"}
    | {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O"}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
)
"""Letters and signs that the font lacks, as they are written where only ASCII can be."""


class _Accent(NamedTuple):
    glyph: str
    scale: float = 1
    below: bool = False
    upside_down: bool = False


_ACCENTS = {
    "\u0300": _Accent("`"),
    "\u0301": _Accent("\u00b4"),
    "\u0302": _Accent("^", 0.55),
    "\u0303": _Accent("~", 0.7),
    "\u0304": _Accent("-", 0.9),
    "\u0306": _Accent("^", 0.55, upside_down=True),
    "\u0307": _Accent("."),
    "\u0308": _Accent(".."),
    "\u030a": _Accent("°", 0.8),
    "\u030b": _Accent("\u00b4\u00b4"),
    "\u030c": _Accent("^", 0.55, upside_down=True),
    "\u0323": _Accent(".", below=True),
    "\u0326": _Accent(",", 0.7, below=True),
    "\u0327": _Accent(",", 0.7, below=True),
    "\u0328": _Accent(",", 0.7, below=True),
}


def draw(title: str) -> bytes:
    """A PNG of 3000 x 3000 px in RGB for a show of this title."""
    return png(picture(title))


def picture(title: str, side: int = SIDE) -> Image.Image:
    """The same, not yet a file, `side` pixels wide: a small one takes little memory."""
    ground, wave = colours(title)
    scale = side / SIDE
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    words = drawable(title[:_LEGIBLE])
    _wave(pen, title, wave, scale, full=not words)
    if words:
        size, lines = typeset(words)
        # Optically, text hangs a little above the middle of its space.
        step = _step(words, size)
        top = _MARGIN + max(0, (_TEXT_HEIGHT - step * len(lines)) // 3)
        for number, text in enumerate(lines):
            at = (round(_MARGIN * scale), round((top + number * step) * scale))
            _write(image, pen, at, text, round(size * scale))
    return image


def png(image: Image.Image) -> bytes:
    """The picture as PNG bytes, without metadata."""
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=6)
    return data.getvalue()


def drawable(title: str) -> str:
    """The title in characters that the font has, with accents apart; empty if it needs others.

    Signs that are not words, such as emoji, are left out; a letter or a number never is.
    """
    kept: list[str] = []
    for character in unicodedata.normalize("NFKD", title.translate(_LIKE)):
        if character in _ACCENTS and kept and kept[-1] != " ":
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif _has(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNM" and not _is_selector(character):
            return ""
    words = " ".join("".join(kept).split())
    return words if any(character.isalnum() for character in words) else ""


def colours(title: str) -> tuple[Colour, Colour]:
    """Ground and wave: a muted dark hue of the title's own, and a lighter one of it."""
    digest = hashlib.sha256(title.encode(errors="replace")).digest()
    hue = int.from_bytes(digest[:2]) / 65536
    lightness = 0.34
    while contrast(_INK, ground := _rgb(hue, lightness, 0.42)) < CONTRAST + 2:
        lightness -= 0.01
    return ground, _rgb((hue + 0.04) % 1, lightness + 0.13, 0.40)


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
    pen: ImageDraw.ImageDraw, title: str, colour: Colour, scale: float, *, full: bool
) -> None:
    """Rounded bars, as a player draws sound; their heights are the title's."""
    digest = hashlib.sha256(f"wave:{title}".encode(errors="replace")).digest()
    middle, highest = (SIDE // 2, 1900) if full else (SIDE - 520, 560)
    pitch = _WIDTH / _BARS
    width = pitch * 0.56
    for bar in range(_BARS):
        # Two syllables' worth of swell, roughened by the title.
        swell = 0.35 + 0.65 * abs(math.sin(math.pi * (bar + 0.5) * 2.5 / _BARS))
        height = highest * swell * (0.45 + 0.55 * digest[bar] / 255)
        left = _MARGIN + pitch * bar + (pitch - width) / 2
        box = (left, middle - height / 2, left + width, middle + height / 2)
        corners = tuple(round(edge * scale) for edge in box)
        pen.rounded_rectangle(corners, radius=round(width * scale / 2), fill=colour)


def typeset(words: str) -> tuple[int, list[str]]:
    """The largest size at which the words fit, and the lines; the last size cuts what does not."""
    for size in _SIZES:
        lines = _wrap(words, size)
        if len(lines) * _step(words, size) <= _TEXT_HEIGHT and all(
            _fits(text, size) for text in lines
        ):
            return size, lines
    most = _TEXT_HEIGHT // _step(words, size)
    kept = [_shortened(text, size) for text in lines[:most]]
    if len(lines) > most:
        kept[-1] = _shortened(f"{kept[-1].rstrip('….,;: ')}…", size)
    return size, kept


def _step(words: str, size: int) -> int:
    """From line to line: more where accents stand above capitals."""
    return round(size * (1.12 if words == _bases(words) else 1.25))


def _wrap(words: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in words.split(" "):
        if lines and _fits(longer := f"{lines[-1]} {word}", size):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(text: str, size: int) -> str:
    if _fits(text, size):
        return text
    while not _fits(f"{text}…", size):
        text = text[:-1]
    return f"{text.rstrip('….,;: ')}…"


def _fits(text: str, size: int) -> bool:
    return _font(size).getlength(_bases(text)) + 2 * size * _BOLD <= _WIDTH


def _font(size: int) -> ImageFont.FreeTypeFont:
    if size not in _fonts:
        font = ImageFont.load_default(size)
        if not isinstance(
            font, ImageFont.FreeTypeFont
        ):  # pragma: no cover - Pillow without FreeType
            raise TypeError("this Pillow was built without FreeType and cannot set type")
        _fonts[size] = font
    return _fonts[size]


_fonts: dict[int, ImageFont.FreeTypeFont] = {}


def _bases(text: str) -> str:
    return "".join(character for character in text if character not in _ACCENTS)


def _write(
    image: Image.Image, pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int
) -> None:
    """One line of type, `at` its upper left corner; then each accent over or under its letter."""
    font, stroke = _font(size), round(size * _BOLD)
    bases = _bases(text)
    pen.text(at, bases, font=font, fill=_INK, stroke_width=stroke)
    index = -1
    for character in text:
        if character not in _ACCENTS:
            index += 1
            continue
        accent = _ACCENTS[character]
        mask, _ = _ink(accent.glyph, round(size * accent.scale), stroke)
        if accent.upside_down:
            mask = mask.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        letter, (left, top) = _ink(bases[index], size, stroke)
        middle = at[0] + font.getlength(bases[:index]) + left + letter.width / 2
        gap = round(size * 0.03)
        y = top + letter.height - stroke if accent.below else top - gap - mask.height
        image.paste(_INK, (round(middle - mask.width / 2), at[1] + y), mask)


def _ink(text: str, size: int, stroke: int) -> tuple[Image.Image, tuple[int, int]]:
    """The text as a mask cut to its ink, and where that begins from where the text does."""
    room = Image.new("L", (size * (len(text) + 1), 2 * size))
    away = size // 2
    ImageDraw.Draw(room).text((away, away), text, font=_font(size), fill=255, stroke_width=stroke)
    box = room.getbbox() or (away, away, away + 1, away + 1)
    return room.crop(box), (box[0] - away, box[1] - away)


def _has(character: str) -> bool:
    """Whether the font has a glyph for it, that is, draws it otherwise than what it lacks."""
    font = _font(40)
    glyph, missing = font.getmask(character), font.getmask("\uffff")
    return glyph.size != missing.size or bytes(glyph) != bytes(missing)


def _is_selector(character: str) -> bool:
    """Variation selectors and joiners choose the look of an emoji and have none themselves."""
    return "\ufe00" <= character <= "\ufe0f" or character == "\u20e3" or not character.isprintable()
