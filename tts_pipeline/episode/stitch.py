"""Timeline -> MP3: tag, Info frame, then every clip's frames and its silence, streamed."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from tts_pipeline import files
from tts_pipeline.audio import frames, lame
from tts_pipeline.episode.timeline import Timeline
from tts_pipeline.errors import EpisodeError
from tts_pipeline.model import AudioFormat, Noun, Speech


class Audio(Noun):
    """A finished MP3."""

    name: str
    sha256: str
    """Of the whole file."""
    bytes: int


def stitch(
    folder: Path,
    stem: str,
    timeline: Timeline,
    *,
    tag: bytes,
    audio: AudioFormat,
    read: Callable[[str], bytes],
) -> Audio:
    """Write `folder/STEM-HASH.mp3`, whole or not at all; one clip at a time is in memory.

    HASH is of what is heard: a changed sound has a changed name, a changed tag has not.

    Args:
        tag: the ID3 tag.
        read: a clip's key to its frames.
    """
    extra, padding = frames.gapless(timeline.samples, audio.rate)
    sound = chain(_sound(timeline, audio, read), (lame.silence(extra, audio),))
    first = next(sound)
    frame = frames.frame_samples(audio.rate)
    places = list(_places(timeline, audio, frame, read))
    size = places[-1][1] + len(lame.silence(extra, audio))
    places.append((timeline.samples + extra * frame, size))
    info = frames.info_frame(
        first,
        frames=timeline.samples // frame + extra,
        padding=padding,
        places=places,
        vbr=audio.vbr,
    )
    whole = hashlib.sha256(tag + info)
    total = 0
    with files.pending(folder) as new:
        new.file.write(tag + info)
        for data in chain((first,), sound):
            new.file.write(data)
            whole.update(data)
            total += len(data)
        if total != size:
            raise EpisodeError(
                f"the cached speech of {stem} changed while it was stitched; run the same "
                "command again"
            )
        name = f"{stem}-{_heard(timeline, audio)}.mp3"
        new.keep(name)
    return Audio(name, whole.hexdigest(), len(tag) + len(info) + size)


def alone(speech: Speech, audio: AudioFormat) -> bytes:
    """One speech as an MP3 of its own, without tags."""
    extra, padding = frames.gapless(speech.samples, audio.rate)
    sound = speech.frames + lame.silence(extra, audio)
    count = speech.samples // frames.frame_samples(audio.rate) + extra
    places = ((0, 0), (speech.samples, len(sound)))
    info = frames.info_frame(sound, frames=count, padding=padding, places=places, vbr=audio.vbr)
    return info + sound


def _heard(timeline: Timeline, audio: AudioFormat) -> str:
    """The head of a SHA-256 over those of the clips, and the silences between."""
    digest = hashlib.sha256()
    for clip in timeline.clips:
        digest.update(clip.sha256.encode() + lame.silence(clip.silence, audio))
    return digest.hexdigest()[:8]


def _sound(timeline: Timeline, audio: AudioFormat, read: Callable[[str], bytes]) -> Iterator[bytes]:
    for clip in timeline.clips:
        yield read(clip.key)
        yield lame.silence(clip.silence, audio)


_PLACES = 1000
"""How many are noted within clips whose bit rate varies: ten for each that a player is told."""


def _places(
    timeline: Timeline, audio: AudioFormat, frame: int, read: Callable[[str], bytes]
) -> Iterator[tuple[int, int]]:
    """Samples and bytes before each clip and each silence, and before what follows them all."""
    samples = size = 0
    step = timeline.samples // frame // _PLACES + 1
    yield 0, 0
    for clip in timeline.clips:
        if audio.vbr is not None:
            within = enumerate(frames.iterate(read(clip.key)))
            for number, (offset, _, _) in islice(within, step, None, step):
                yield samples + number * frame, size + offset
        samples, size = samples + clip.samples, size + clip.bytes
        yield samples, size
        samples += clip.silence * frame
        size += len(lame.silence(clip.silence, audio))
        yield samples, size
