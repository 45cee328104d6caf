"""Cover art: a given picture is checked, and one is drawn for a show that has none.

Apple wants it square, 1400 to 3000 px, JPEG or PNG, RGB, with the matching extension, and a new
file name when the picture changes: the name holds a hash of the bytes.
"""

import hashlib
import io
import warnings
from pathlib import Path

import PIL
from PIL import Image, UnidentifiedImageError

from tts_pipeline.errors import ProfileError
from tts_pipeline.feed import drawing
from tts_pipeline.model import Show

SMALLEST, LARGEST = 1400, 3000
"""Pixels a side."""

_EXTENSIONS = {"JPEG": "jpg", "PNG": "png"}
_CONVERTIBLE = ("1", "L", "LA", "P", "PA", "RGBA")
"""Modes that become RGB without the loss of a shade; transparency is laid over white."""

MAKER = f"pillow-{PIL.__version__}"
"""What makes the embedded picture's bytes, besides the cover."""

_EMBEDDED = 600
"""Pixels a side in an MP3, where every episode carries the picture again."""


def prepare(show: Show) -> tuple[str, bytes]:
    """File name and bytes of the show's cover.

    Raises:
        ProfileError: the given picture is not one that directories accept.
    """
    extension, data = _given(Path(show.cover)) if show.cover else ("png", drawing.draw(show.title))
    return f"cover-{hashlib.sha256(data).hexdigest()[:8]}.{extension}", data


def key(show: Show) -> str:
    """What the cover is made from, hashed: it changes when the picture may, at little cost.

    Raises:
        ProfileError: the given picture cannot be read.
    """
    made_from = (
        _read(Path(show.cover)) if show.cover else f"{drawing.VERSION}:{show.title}".encode()
    )
    return hashlib.sha256(made_from).hexdigest()


def embedded(show: Show) -> bytes:
    """The cover as a JPEG of 600 x 600 px for an MP3's tag; the same bytes for the same cover.

    Raises:
        ProfileError: the given picture is not one that directories accept.
    """
    if not show.cover:
        return small(drawing.picture(show.title, side=2 * _EMBEDDED))
    with Image.open(io.BytesIO(_given(Path(show.cover))[1])) as image:
        return small(image)


def small(image: Image.Image) -> bytes:
    """A picture as a JPEG of 600 x 600 px and less than 100 kB."""
    flat = image if image.mode == "RGB" else image.convert("RGB")
    shrunk = flat.resize((_EMBEDDED, _EMBEDDED), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for quality in (85, 70, 50, 30):
        data = io.BytesIO()
        shrunk.save(data, "JPEG", quality=quality, optimize=True)
        if data.tell() <= 80_000:
            break
    return data.getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProfileError(
            f"the cover {path} cannot be read: {error.strerror or error}. Set `show.cover` to a "
            "square JPEG or PNG, or leave it out and one is drawn."
        ) from error


def _given(path: Path) -> tuple[str, bytes]:
    """Extension and bytes: as given wherever that is RGB already."""
    data = _read(path)
    with warnings.catch_warnings():
        # What Pillow only warns of is far above the largest side, so it is refused below.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return _checked(path, data)
        except UnidentifiedImageError as error:
            raise _refusal(path, "is not a JPEG or PNG picture") from error
        except Image.DecompressionBombError as error:
            raise _refusal(path, "has far too many pixels") from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise _refusal(path, f"is damaged ({error})") from error


def _checked(path: Path, data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        width, height = image.size
        if width != height:
            raise _refusal(path, f"is {width} x {height} px and must be square")
        if not SMALLEST <= width <= LARGEST:
            raise _refusal(path, f"is {width} x {height} px")
        if image.format not in _EXTENSIONS:
            raise _refusal(path, f"is of the kind {image.format}, not JPEG or PNG")
        # Only now, when its size is known to be small enough, is it decoded.
        image.load()
        if image.mode == "RGB" and "transparency" not in image.info:
            return _EXTENSIONS[image.format], data
        if image.mode not in (*_CONVERTIBLE, "RGB"):
            raise _refusal(path, f"has the colours {image.mode} and must have RGB")
        layer = image.convert("RGBA")
    flat = Image.new("RGB", layer.size, "white")
    flat.paste(layer, mask=layer)
    return "png", drawing.png(flat)


def _refusal(path: Path, problem: str) -> ProfileError:
    return ProfileError(
        f"the cover {path} {problem}. Directories want a square JPEG or PNG in RGB, {SMALLEST} to "
        f"{LARGEST} px a side: save it so, or leave `show.cover` out and one is drawn."
    )
