"""A picture that somebody gives: checked, and converted to what directories take.

Colours become 8-bit sRGB, transparency is laid over a ground, a camera's rotation is carried out,
and metadata such as places goes.
"""

import io
import struct
import warnings
from collections.abc import Callable

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

SMALLEST, LARGEST = 1400, 3000
"""Pixels a side, by Apple."""

_MOST_PIXELS = 100_000_000
"""Of a picture: its header says how many, so that none is decoded that would fill the memory."""

WEIGHT = 512_000
"""Bytes, by Apple, where a picture allows it."""

_QUALITIES = (92, 85, 75, 65)

Refuse = Callable[[str], Exception]
"""From the end of a sentence about the picture to an error."""


def opened(data: bytes, refuse: Refuse) -> Image.Image:
    """The picture, upright and in sRGB, or with transparency in RGBA.

    Raises:
        Exception: from `refuse`; it is no JPEG or PNG, damaged, or has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            # What Pillow only warns of is refused below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
                width, height = image.size
                if width * height > _MOST_PIXELS:
                    raise refuse(f"has {width} x {height} px, which is far too many")
                image.load()
                return _srgb(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise refuse("is not a JPEG or PNG picture") from error
    except Image.DecompressionBombError as error:
        raise refuse("has far too many pixels") from error
    # Pillow raises the last three on what a camera would not write.
    except (
        OSError, SyntaxError, ValueError, EOFError, struct.error, TypeError, KeyError,
    ) as error:  # fmt: skip
        raise refuse(f"is damaged ({error})") from error


def is_right(data: bytes) -> bool:
    """Whether a picture that can be opened needs nothing done: its bytes are kept."""
    with Image.open(io.BytesIO(data)) as image:
        plain = image.format == "JPEG" and image.mode == "RGB"
        bare = not {"exif", "icc_profile", "photoshop", "xmp", "comment"} & image.info.keys()
        fits = image.width == image.height and SMALLEST <= image.width <= LARGEST
        return plain and bare and fits and len(data) <= WEIGHT


def flat(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """In RGB, transparency laid over a ground."""
    if image.mode == "RGB":
        return image
    under = Image.new("RGB", image.size, ground)
    under.paste(image, mask=image)
    return under


def resized(image: Image.Image, side: int) -> Image.Image:
    """As a square of this side."""
    if image.size == (side, side):
        return image
    return image.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)


def padded(image: Image.Image, side: int, ground: tuple[int, int, int]) -> Image.Image:
    """In the middle of a square, made smaller where it does not fit, and never larger."""
    smaller = image.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    square = Image.new("RGB", (side, side), ground)
    place = ((side - smaller.width) // 2, (side - smaller.height) // 2)
    square.paste(smaller, place)
    return square


def jpeg(image: Image.Image, most: int = WEIGHT) -> bytes:
    """As a JPEG without metadata, at the best quality that is light enough."""
    for quality in _QUALITIES:
        data = io.BytesIO()
        sharp = 0 if quality == _QUALITIES[0] else 2
        image.save(data, "JPEG", quality=quality, subsampling=sharp, optimize=True)
        if data.tell() <= most:
            break
    return data.getvalue()


def _srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
        except ImageCms.PyCMSError:
            # A profile that does not fit its picture is no profile.
            converted = None
        if converted is not None:
            return converted
    if image.mode.startswith("I"):
        # 16 bits of grey; Pillow's own conversion would cut them off at 255.
        return image.point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if image.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")
