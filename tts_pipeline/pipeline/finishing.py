"""speech -> episode: laid out, tagged, stitched and recorded."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from tts_pipeline import files, seal
from tts_pipeline.audio import frames as mp3
from tts_pipeline.episode import companions, record, stitch, tags, timeline, timing
from tts_pipeline.episode.suspects import clipped, suspects
from tts_pipeline.feed import cover, index
from tts_pipeline.model import (
    Episode,
    Report,
    Role,
    Show,
)
from tts_pipeline.pipeline.planning import Plan, pause_after
from tts_pipeline.pipeline.source import picture_bytes
from tts_pipeline.speech import cache as speech_cache


def finish(
    planned: Plan,
    show: Show,
    out: Path,
    *,
    heads: Mapping[str, speech_cache.Head],
    frames: Callable[[str], bytes],
    picture: Callable[[], bytes],
    published: datetime,
) -> tuple[Episode, Report]:
    """Lay out, tag, stitch and record; the record comes last, so that it names what is there."""
    frame = mp3.frame_samples(show.audio.rate)
    clips = []
    for key, segments, part in planned.parts:
        head = heads[key]
        pause = pause_after(segments, part.audio.rate)
        clips.append(
            timeline.Clip(
                key=key,
                samples=head.samples,
                bytes=head.bytes,
                sha256=head.sha256,
                silence=timeline.silence_after(head.marks, head.samples, pause, frame),
                marks=head.marks,
                segments=segments,
            )
        )
    laid = timeline.lay(clips, planned.script.chapters, rate=show.audio.rate, frame=frame)
    read, folder = planned.post, episode_folder(out, planned.identity.slug)
    segments_ = planned.script.segments
    own = cover.of_episode(
        show, read, picture_bytes(Path(planned.picture.path)) if planned.picture else None
    )
    own_name = cover.name_of_episode(planned.identity.slug, own) if own else None
    tag = tags.render(
        tags.Tags(
            title=planned.title,
            artist=read.author or show.author,
            album=show.title,
            date=read.date,
            language=read.language or show.language,
            comment=" ".join(s.written for s in segments_ if s.role is Role.SLATE),
            link=read.url,
            transcript="\n".join(s.written for s in segments_ if s.role is Role.TEXT),
            cover=cover.shrunk(own) if own else picture(),
            chapters=laid.chapters,
        )
    )
    audio = stitch.stitch(
        folder, planned.identity.slug, laid, tag=tag, audio=show.audio, read=frames
    )
    episode = record.episode(
        read,
        planned.identity,
        show=show,
        title=planned.title,
        inputs=planned.inputs,
        voice=planned.parts[0][1][0].voice,
        published=published,
        audio=audio,
        cover=own_name,
        laid=laid,
        links=planned.script.links,
        copies=planned.copies,
        former=planned.former,
    )
    report = record.report(
        planned.script,
        suspects=suspects(laid.segments),
        clipped=clipped(laid.segments, [mark for clip in clips for mark in clip.marks]),
        fallbacks=planned.fallbacks,
        copies=planned.copies,
    )
    hashes: dict[str, str] = {}

    def write(name: str, parts: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        # They can be made again, which `record.intact` sees to: not worth a wait for the disk.
        files.write_parts(folder / name, _hashed(parts, digest.update))
        hashes[name] = digest.hexdigest()

    if own and own_name:
        write(own_name, [own])
    for name, parts in _told(planned, show, episode, laid):
        write(name, parts)
    write(record.REPORT, [record.encode(report)])
    episode = msgspec.structs.replace(episode, files=hashes)
    files.write_parts(folder / record.RECORD, seal.closed(record.encode(episode)), durable=True)
    return episode, report


def _told(
    planned: Plan, show: Show, episode: Episode, laid: timeline.Timeline
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Names and parts of the files that tell the words in time: transcripts, and the timing."""
    times = timing.timing(
        laid,
        audio=show.audio,
        gains={segments[0].voice: part.gain_db for _, segments, part in planned.parts if segments},
        music=[part.music.sha256 if part.music else None for _, _, part in planned.parts],
    )
    for suffix, parts in companions.render(episode, times, show.title):
        yield companions.path(Path(), episode, suffix).name, parts
    yield record.TIMING, timing.encode(times)


def _hashed(parts: Iterable[bytes], update: Callable[[bytes], object]) -> Iterator[bytes]:
    for part in parts:
        update(part)
        yield part


def episode_folder(out: Path, slug: str) -> Path:
    """Where an episode's files lie."""
    return out / "episodes" / slug


def published(out: Path, planned: Plan) -> datetime | None:
    """When an episode whose record is lost was published, if a feed has been written since."""
    return index.published(out, planned.identity.slug)
