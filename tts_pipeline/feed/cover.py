"""Cover art: of a show, as given or drawn; of an episode, where a show wants one for each.

Apple wants it square, 1400 to 3000 px, JPEG or PNG, RGB, with the matching extension, and a new
file name when the picture changes: the name holds a hash of the bytes.
"""

import hashlib
import io
import logging
from pathlib import Path

import PIL
from PIL import Image

from tts_pipeline.errors import EpisodeError, ProfileError
from tts_pipeline.feed import drawing, given, typesetting
from tts_pipeline.feed.given import LARGEST, SMALLEST
from tts_pipeline.model import Post, Show

log = logging.getLogger(__name__)

MAKER = f"pillow-{PIL.__version__}"
"""What makes the embedded picture's bytes, besides the cover."""

_EMBEDDED = 600
"""Pixels a side in an MP3, where every episode carries the picture again."""

_THUMBNAIL = 240
"""Pixels a side: shown at 72, on screens of up to three pixels to one."""

_CROOKED = 0.03
"""Of the longer side: a picture that is off a square by less is cut."""

_VERSION = 1
"""Goes up when the same given picture would be converted otherwise."""

_WHITE = (255, 255, 255)


def prepare(show: Show) -> tuple[str, bytes]:
    """File name and bytes of the show's cover.

    Warns where one is drawn without words, since the title's letters cannot be set.

    Raises:
        ProfileError: the given picture is not one that directories accept.
    """
    if show.cover:
        data = _given(Path(show.cover))
    else:
        data = given.jpeg(drawing.picture(show.title))
        if not typesetting.drawable(show.title):
            log.warning(
                "the title of %s, %s, has letters that covers cannot be set in, so its cover is "
                "drawn without words; give a picture with `cover` in [show]",
                show.name, show.title,
            )  # fmt: skip
    return f"{show.name}-{_mark(data)}.jpg", data


def key(show: Show) -> str:
    """What the cover is made from, hashed: it changes when the picture may, at little cost.

    Raises:
        ProfileError: the given picture cannot be read.
    """
    made_from = (
        b"%d:" % _VERSION + _read(Path(show.cover))
        if show.cover
        else f"{drawing.VERSION}:{show.title}".encode()
    )
    return hashlib.sha256(made_from).hexdigest()


def embedded(show: Show) -> bytes:
    """The cover as a JPEG of 600 x 600 px for an MP3's tag; the same bytes for the same cover.

    Raises:
        ProfileError: the given picture is not one that directories accept.
    """
    if not show.cover:
        return small(drawing.picture(show.title, side=2 * _EMBEDDED))
    return shrunk(_given(Path(show.cover)))


def shrunk(cover: bytes) -> bytes:
    """A cover's bytes made small for an MP3's tag."""
    with Image.open(io.BytesIO(cover)) as image:
        return small(image)


def small(image: Image.Image) -> bytes:
    """A picture as a JPEG of 600 x 600 px and less than 100 kB."""
    less = given.resized(image, _EMBEDDED)
    for quality in (85, 70, 50, 30):
        data = io.BytesIO()
        less.save(data, "JPEG", quality=quality, optimize=True)
        if data.tell() <= 80_000:
            break
    return data.getvalue()


# ---- of an episode -----------------------------------------------------------------------------


def of_episode(show: Show, post: Post, picture: bytes | None) -> bytes | None:
    """An episode's own cover as a JPEG of 1400 px; None: the show's is its cover.

    Args:
        show: says whether it wants one.
        post: its title and author.
        picture: the post's own, which goes before one that is drawn.

    Raises:
        EpisodeError: the picture is none that can be shown.
    """
    if show.episode_cover != "title":
        return None
    if picture is not None:
        ground, _ = drawing.colours(show.title)
        image = given.flat(given.opened(picture, lambda problem: _unfit(post, problem)), _WHITE)
        if min(image.size) < _EMBEDDED / 2:
            raise _unfit(post, f"is {image.width} x {image.height} px, which is too small")
        return given.jpeg(given.padded(image, SMALLEST, ground))
    drawn = drawing.episode(post.title, post.author, show.title, SMALLEST)
    return given.jpeg(drawn) if drawn else None


def name_of_episode(slug: str, cover: bytes) -> str:
    """The file's name, which changes with the picture."""
    return f"{slug}-{_mark(cover)}.jpg"


def key_of_episode(show: Show, picture: str | None) -> str | None:
    """What an episode's cover is made from besides its post's words.

    Args:
        show: says whether it wants one.
        picture: the SHA-256 of the post's own.
    """
    if show.episode_cover != "title":
        return None
    return f"{drawing.VERSION}:{_VERSION}:{picture}"


def thumbnail(path: Path) -> bytes:
    """An episode's own cover as a JPEG of 240 px, for lists.

    Raises:
        OSError, SyntaxError, ValueError: it cannot be read, or is damaged.
    """
    with Image.open(path) as image:
        # The decoder leaves out what is too fine: a fifth of the time.
        image.draft("RGB", (_THUMBNAIL, _THUMBNAIL))
        return given.jpeg(given.resized(image.convert("RGB"), _THUMBNAIL), 15_000)


def _unfit(post: Post, problem: str) -> EpisodeError:
    return EpisodeError(
        f"the picture {post.image} of {post.source} {problem}. Save it as a JPEG or PNG of "
        f"{SMALLEST} px or more, or take `image` out of the post and a cover is drawn."
    )


# ---- as given ----------------------------------------------------------------------------------


def _mark(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProfileError(
            f"the cover {path} cannot be read: {error.strerror or error}. Set `show.cover` to a "
            "square JPEG or PNG, or leave it out and one is drawn."
        ) from error


def _given(path: Path) -> bytes:
    """A JPEG: as given wherever nothing need be done to it."""
    data = _read(path)
    image = given.flat(given.opened(data, lambda problem: _refusal(path, problem)), _WHITE)
    width, height = image.size
    if abs(width - height) > _CROOKED * max(width, height):
        raise _refusal(path, f"is {width} x {height} px and must be square")
    side = min(width, height)
    if side < SMALLEST:
        raise _refusal(path, f"is {width} x {height} px, which is too small")
    if given.is_right(data):
        return data
    left, top = (width - side) // 2, (height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    for smaller in (LARGEST, 2000, SMALLEST):
        made = given.jpeg(given.resized(square, min(side, smaller)))
        if len(made) <= given.WEIGHT:
            break
    return made


def _refusal(path: Path, problem: str) -> ProfileError:
    return ProfileError(
        f"the cover {path} {problem}. Directories want a square picture of {SMALLEST} to "
        f"{LARGEST} px a side: save it as such a JPEG or PNG, or leave `show.cover` out and one "
        "is drawn."
    )
