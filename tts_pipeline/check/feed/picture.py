"""Cover art as Apple wants it."""

import io
import warnings
from collections.abc import Iterator
from urllib.parse import urlsplit

from PIL import Image, UnidentifiedImageError

from tts_pipeline.check.rules import found
from tts_pipeline.feed import given
from tts_pipeline.model import Finding
from tts_pipeline.post.sources.look import Look

LARGEST = 20_000_000
"""Bytes of a picture that is looked at."""

_ENDS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
_WANTED = f"save it as a square JPEG or PNG of {given.SMALLEST} to {given.LARGEST} px"


def findings(got: Look, what: str, where: str = "") -> Iterator[Finding]:
    """What is wrong with a picture.

    Args:
        got: the answer.
        what: what it is, as a sentence begins.
        where: the episode whose it is; a show's own is decoded as a whole.
    """
    if not got.whole:
        told = f"{what} has more than {LARGEST // 1_000_000} MB: {_WANTED}"
        yield found("cover.kind", told, where)
        return
    try:
        with warnings.catch_warnings():
            # Its size is judged below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(got.body), formats=("JPEG", "PNG")) as image:
                if not where and max(image.size) <= given.LARGEST:
                    image.load()
                yield from _judged(image, got, what, where)
    except UnidentifiedImageError:
        yield found("cover.kind", f"{what} is neither a JPEG nor a PNG: {_WANTED}", where)
    except Image.DecompressionBombError:
        yield found("cover.size", f"{what} has far too many pixels: {_WANTED}", where)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        yield found("cover.kind", f"{what} is damaged ({error}): {_WANTED}", where)


def _judged(image: Image.Image, got: Look, what: str, where: str) -> Iterator[Finding]:
    width, height = image.size
    if width != height or not given.SMALLEST <= width <= given.LARGEST:
        yield found("cover.size", f"{what} has {width} x {height} px, for Apple: {_WANTED}", where)
    if image.mode != "RGB" or "transparency" in image.info:
        colours = "transparency" if image.mode == "RGB" else f"colours in {image.mode}"
        yield found(
            "cover.colour",
            f"{what} has {colours}, and Apple takes RGB without transparency: save it so",
            where,
        )
    if (size := len(got.body)) > given.WEIGHT:
        yield found(
            "cover.weight",
            f"{what} has {size:,} bytes, and Apple wants at most {given.WEIGHT:,}: save it as a "
            "JPEG of less quality",
            where,
        )
    kind = image.format or ""
    path = urlsplit(got.url).path.lower()
    if got.type != f"image/{kind.lower()}" or not path.endswith(_ENDS[kind]):
        yield found(
            "cover.served",
            f"{what} is a {kind} and is served as {got.type or 'nothing'} from {got.url}; Apple "
            f"wants name and type to agree: call it {_ENDS[kind][0]}, served as "
            f"image/{kind.lower()}",
            where,
        )
