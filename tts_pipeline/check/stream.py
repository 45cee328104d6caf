"""Frames, and what the Info frame says of them."""

from collections.abc import Iterator

from tts_pipeline.audio.walk import Info, Walk
from tts_pipeline.check.rules import found
from tts_pipeline.model import Finding
from tts_pipeline.words import many

_ANEW = "make the episode anew, or fetch the file again"
_TABLE = "players show a wrong length and seek to the wrong place; write the header anew"

_OFF = 0.01
"""How far the table of contents may lead past the right byte, as a share of the file, give or take
two frames. An entry counts 256ths, which is less."""


def frames(walk: Walk) -> Iterator[Finding]:
    """What is wrong with the frames themselves."""
    if walk.first is None:
        yield found("frames.none", f"there is no MP3 frame in it; {_ANEW}")
        return
    if walk.junk:
        offset, size = walk.junk[0]
        yield found(
            "frames.junk",
            f"{many(len(walk.junk), 'place')} with bytes that are no frame, first {size:,} bytes "
            f"at byte {offset:,}: players skip or click there; {_ANEW}",
            f"byte {offset}",
        )
    if walk.others:
        offset, head = walk.others[0]
        yield found(
            "frames.mixed",
            f"{many(len(walk.others), 'frame')} of another kind than the first, from byte "
            f"{offset:,} on: {_kind(head.rate, head.channels)} instead of "
            f"{_kind(walk.first.rate, walk.first.channels)}; encode the whole at one rate",
            f"byte {offset}",
        )
    if walk.cut:
        offset, missing = walk.cut
        yield found(
            "frames.cut",
            f"the file ends within a frame, {missing} bytes too early: it was cut off; {_ANEW}",
            f"byte {offset}",
        )
    if walk.after:
        offset, size = walk.after
        yield found(
            "frames.after",
            f"{size:,} bytes after the last frame are neither sound nor a tag; remove them",
            f"byte {offset}",
        )


def header(walk: Walk, samples: int | None) -> Iterator[Finding]:
    """What is wrong with the Info frame.

    Args:
        walk: the file.
        samples: the exact length that the record gives, if there is a record.
    """
    info = walk.info
    if info is None:
        if walk.first and not walk.vbri and (samples is not None or len(walk.bitrates) > 1):
            yield found(
                "header.missing",
                "there is no Info or Xing header, so players guess the length; "
                "encode it again with one, as LAME writes it",
            )
        return
    slack = 0 if samples is not None else 1  # some encoders count the Info frame as well
    if info.frames is None or abs(info.frames - walk.audio) > slack:
        said = "no number of frames" if info.frames is None else f"{info.frames:,} frames"
        yield found(
            "header.frames",
            f"the header tells of {said} and {walk.audio:,} follow; {_TABLE}",
        )
    size = walk.end - walk.offsets[0]
    own = walk.offsets[1] - walk.offsets[0] if len(walk.offsets) > 1 else size
    if info.size is None or not (size - own * slack <= info.size <= size + walk.start * slack):
        said = "no size" if info.size is None else f"{info.size:,} bytes"
        yield found("header.bytes", f"the header tells of {said} and there are {size:,}; {_TABLE}")
    yield from _contents(walk, info, size)
    yield from _trim(walk, info, samples)


def _contents(walk: Walk, info: Info, size: int) -> Iterator[Finding]:
    if not info.contents:
        if len(walk.bitrates) > 1:
            yield found("header.contents", f"the header has no table of contents; {_TABLE}")
        return
    if not walk.audio:
        return
    if list(info.contents) != sorted(info.contents):
        yield found("header.contents", f"the table of contents runs backwards; {_TABLE}")
        return
    start = walk.offsets[0]
    worst, step = max(
        (abs(entry / 256 - (walk.offsets[1 + step * walk.audio // 100] - start) / size), step)
        for step, entry in enumerate(info.contents)
    )
    if worst > _OFF + 2 / len(walk.offsets):
        yield found(
            "header.contents",
            f"the table of contents is off by {worst:.1%} of the file at {step}% of the time; "
            f"{_TABLE}",
        )


def _trim(walk: Walk, info: Info, samples: int | None) -> Iterator[Finding]:
    if walk.first is None or (not info.encoder and samples is None):
        return
    exact = walk.audio * walk.first.samples - info.delay - info.padding
    if exact < 0 or (samples is not None and exact != samples):
        right = f"the record of {samples:,}" if samples is not None else "less than nothing"
        yield found(
            "header.samples",
            f"by the header's delay and padding the sound has {exact:,} samples, by {right}; "
            "chapters would drift and joints click; write the header anew",
        )
    # Others than LAME count other bytes.
    if info.encoder.startswith("LAME") and not info.crc_holds:
        yield found(
            "header.crc",
            "the header's checksum does not hold: it was changed after it was made, and some "
            "players pass over it; write the header anew",
        )


def _kind(rate: int, channels: int) -> str:
    return f"{rate} Hz with {many(channels, 'channel')}"
