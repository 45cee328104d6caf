"""An episode's page, made from what lies beside its MP3."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tts_pipeline.errors import SiteError
from tts_pipeline.feed import address as feeds
from tts_pipeline.feed import notes
from tts_pipeline.feed.text import cut
from tts_pipeline.model import Episode, Report, Show, Timing
from tts_pipeline.site import address, forms, listing, transcript
from tts_pipeline.site.theme import Theme

T = TypeVar("T", Timing, Report)

_BESIDE = ("timing.json", "report.json")
_FILES = {
    ".vtt": "Transcript for players (VTT)",
    ".srt": "Subtitles (SRT)",
    ".json": "Transcript with times (JSON)",
    ".chapters.json": "Chapters (JSON)",
}
"""What may lie beside the MP3 under the same stem."""

_DESCRIPTION = 240
"""Bytes."""


def key(record: bytes, folder: Path, stem: str, picture: str | None, context: bytes) -> str:
    """What the page is made from, hashed without making it.

    The record is written anew whenever its timing or report is, so those need only be there.
    """
    names = (*_BESIDE, *(stem + kind for kind in _FILES))
    there = [name for name in names if (folder / name).is_file()]
    digest = hashlib.sha256(context + record + "\0".join((*there, picture or "")).encode())
    return digest.hexdigest()


def page(
    episode: Episode,
    folder: Path,
    show: Show,
    *,
    cover: str,
    picture: str | None,
    theme: Theme,
) -> bytes:
    """The page.

    Args:
        episode: the record.
        folder: where it lies, and what it names.
        show: to whose page this one leads back.
        cover: the show's, in the folder of assets.
        picture: the episode's own, beside its record, with a small one of that name in the
            folder of assets; None: it has none.
        theme: the templates.

    Raises:
        SiteError: what lies beside the record cannot be read, or a template is wrong.
    """
    title = listing.entry(episode).title
    description = cut(notes.opening(episode, _DESCRIPTION), _DESCRIPTION)
    url = feeds.episode_folder(show, episode.slug)
    image = url + feeds.name(picture) if picture else address.asset(show, cover)
    stem = Path(episode.audio).stem
    return theme.render(
        "episode.html",
        root="../../",
        show=show,
        episode=episode,
        title=title,
        description=description,
        url=url,
        image=image,
        cover=cover,
        picture=picture,
        feed=f"../../{address.feed_file(show)}",
        audio_address=feeds.audio(show, episode),
        chapters=transcript.chapters(episode, _beside(folder / "timing.json", Timing)),
        report=_beside(folder / "report.json", Report),
        files=[
            (kind, stem + end) for end, kind in _FILES.items() if (folder / (stem + end)).is_file()
        ],
        linked_data=_linked_data(episode, show, title, description, url, image),
    )


def _beside(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SiteError(
            f"{path} cannot be read: {error}. Make the episode again with "
            "`tts-pipeline episode POST --force`."
        ) from error


def _linked_data(
    episode: Episode, show: Show, title: str, description: str, url: str, image: str
) -> Mapping[str, Any]:
    """schema.org's PodcastEpisode; what is not known is left out."""
    post = feeds.web(episode.url)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": title,
        "description": description,
        "url": url,
        "image": image,
        "inLanguage": episode.language,
        "datePublished": episode.published.isoformat(),
        "duration": forms.iso_length(episode.duration_ms),
        "author": [
            {"@type": "Person", "name": name}
            for name in (episode.authors or ((episode.author,) if episode.author else ()))
        ],
        "associatedMedia": {
            "@type": "MediaObject",
            "contentUrl": feeds.audio(show, episode),
            "contentSize": str(episode.bytes),
            "encodingFormat": "audio/mpeg",
        },
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": show.title,
            "url": feeds.page(show),
            "webFeed": feeds.feed(show),
        },
        "isBasedOn": post,
    }
    return {name: value for name, value in data.items() if value}
