"""Who an episode is, and its record."""

import logging
import re
import unicodedata
from datetime import datetime
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urldefrag, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from tts_pipeline import files, seal
from tts_pipeline.episode import companions, soundbite
from tts_pipeline.episode.timeline import Timeline
from tts_pipeline.model import (
    Clipped,
    Copy,
    Episode,
    Fallback,
    Former,
    Link,
    Noun,
    Post,
    Report,
    Role,
    Script,
    Show,
    Suspect,
    Timing,
)
from tts_pipeline.units import to_ms
from tts_pipeline.untouched import Untouched
from tts_pipeline.words import count

if TYPE_CHECKING:  # who reads records needs no encoder
    from tts_pipeline.episode.stitch import Audio

_NAMESPACE = UUID("5f0c1c3e-6f0e-4f0b-9d2c-0b8a8f1f7a55")
"""Of posts that have no address of their own."""


RECORD, REPORT, TIMING = "episode.json", "report.json", "timing.json"

T = TypeVar("T")

log = logging.getLogger(__name__)


class Identity(Noun):
    """What never changes when a post is edited."""

    guid: str
    slug: str
    """The episode's folder: lower-case ASCII, safe on every file system."""


def identify(post: Post, show: str) -> Identity:
    """By the post's canonical URL, else its `id`, else its file name within the show."""
    if post.url:
        guid = uuid5(NAMESPACE_URL, urldefrag(post.url).url)
    else:
        guid = uuid5(uuid5(_NAMESPACE, show), f"id:{post.id}" if post.id else f"file:{post.name}")
    return Identity(str(guid), f"{_readable(post)}-{guid.hex[:10]}")


def _readable(post: Post) -> str:
    """A few words for people; the digits after them make the slug unique."""
    path = urlsplit(post.url).path if post.url else ""
    named = PurePosixPath(unquote(path)).name or post.id or PurePosixPath(post.name).stem
    ascii_ = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")
    return words[:48].rstrip("-") or "post"


def report(
    script: Script,
    *,
    suspects: tuple[Suspect, ...] = (),
    clipped: tuple[Clipped, ...] = (),
    fallbacks: tuple[Fallback, ...] = (),
    copies: tuple[Copy, ...] = (),
) -> Report:
    """Where every word of the post went, in numbers and one by one."""
    said = sum(count(segment.written) for segment in script.segments if segment.role is Role.TEXT)
    left_out = sum(count(omission.text) for omission in script.omissions)
    return Report(
        words=said + left_out,
        spoken=said,
        left_out=left_out,
        omissions=script.omissions,
        changes=script.changes,
        suspects=suspects,
        fallbacks=fallbacks,
        clipped=clipped,
        copies=copies,
    )


def things(report: Report) -> dict[str, int]:
    """How many things of each kind were left out; what spans several blocks is one thing."""
    counted: dict[str, int] = {}
    for kind, group in groupby(report.omissions, key=lambda left: left.kind):
        run = list(group)
        number = len({left.reason for left in run}) if kind in _WHOLES else len(run)
        counted[kind] = counted.get(kind, 0) + number
    return counted


_WHOLES = frozenset(("duplicate", "reference list", "table", "table of contents"))


def episode(
    post: Post,
    identity: Identity,
    *,
    show: Show,
    title: str,
    inputs: str,
    voice: str,
    published: datetime,
    audio: "Audio",
    cover: str | None,
    laid: Timeline,
    links: tuple[Link, ...] = (),
    copies: tuple[Copy, ...] = (),
    former: tuple[Former, ...] = (),
) -> Episode:
    """The record of a finished episode; `copies` and `former` are posts that it stands for."""
    others: tuple[Copy | Former, ...] = (*copies, *former)
    urls = (*post.copies, *(other.url for other in others))
    sites = [called for other in others for called in (other.site, other.tag)]
    return Episode(
        inputs=inputs,
        show=show.name,
        slug=identity.slug,
        guid=identity.guid,
        title=title,
        post_title=post.title,
        source=post.name,
        url=post.url,
        post_id=post.id,
        author=post.author,
        site=post.site,
        tag=post.tag,
        tags=post.tags,
        authors=post.authors,
        score=post.score,
        series=post.series,
        number=post.number,
        copies=tuple(dict.fromkeys(url for url in urls if url and url != post.url)),
        copy_sites=tuple(dict.fromkeys(filter(None, sites))),
        copy_guids=tuple(copy.guid for copy in copies if copy.guid),
        former=former,
        label=post.label,
        soundbites=soundbite.find(post.soundbites, laid.segments),
        links=links,
        language=post.language or show.language,
        date=post.date,
        published=published,
        audio=audio.name,
        cover=cover,
        sha256=audio.sha256,
        bytes=audio.bytes,
        samples=laid.samples,
        sample_rate=show.audio.rate,
        duration_ms=to_ms(laid.samples, show.audio.rate),
        voice=voice,
        chapters=laid.chapters,
        segments=laid.segments,
    )


def encode(record: Episode | Report) -> bytes:
    """JSON for programs and people: indented, keys in the order of the schema."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def existing(folder: Path) -> Episode | None:
    """The record in an episode's folder, if there is one that can be read."""
    data, record = _decoded(folder / RECORD, Episode)
    if record is None or record.seal is None or seal.is_whole(data):
        return record
    log.warning("%s does not agree with its seal; the episode is made again", folder / RECORD)
    return None


def existing_report(folder: Path) -> Report | None:
    """The report in an episode's folder, if there is one that can be read."""
    return _decoded(folder / REPORT, Report)[1]


def _decoded(path: Path, kind: type[T]) -> tuple[bytes, T | None]:
    """A file's bytes and what they say, None if there is none or, as is told, none to be read."""
    try:
        data = path.read_bytes()
        return data, msgspec.json.decode(data, type=kind)
    except FileNotFoundError:
        pass
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.warning("%s cannot be read (%s); the episode is made again", path, error)
    return b"", None


def spoken_keys(folder: Path) -> tuple[str, ...] | None:
    """The cache key of each passage that an episode was made from, if its timing can be read."""
    try:
        timing = msgspec.json.decode((folder / TIMING).read_bytes(), type=Timing)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return tuple(passage.key for passage in timing.passages)


def names(record: Episode) -> tuple[str, ...]:
    """What an episode's files are called."""
    return (RECORD, record.audio, *record.files)


def intact(out: Path, record: Episode, untouched: Untouched) -> bool:
    """Whether each file of an episode is there and is what the record says; says which is not."""
    folder = out / "episodes" / record.slug
    wanted = {record.audio: record.sha256, **record.files}
    if untouched.are(record.slug, names(record)):
        return True
    expected = {companions.path(folder, record, suffix).name for suffix in companions.SUFFIXES}
    if not {TIMING, REPORT, *expected} <= wanted.keys():
        return False  # made by an earlier version
    for name, sha256 in wanted.items():
        path = folder / name
        try:
            same = files.sha256(path) == sha256
        except OSError as error:
            log.warning("%s cannot be read (%s); it is made again", path, error.strerror or error)
            return False
        if not same:
            log.warning("%s is not as it was written; it is made again", path)
            return False
    untouched.note(record.slug, names(record))
    return True


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each file beside the audio, as published in docs/."""
    nouns = {RECORD: Episode, REPORT: Report, TIMING: Timing}
    return {name: msgspec.json.schema(noun) for name, noun in nouns.items()}
