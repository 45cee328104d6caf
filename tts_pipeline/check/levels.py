"""What was measured becomes findings."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tts_pipeline.audio.loudness import TARGET_LUFS
from tts_pipeline.check.rules import at, found
from tts_pipeline.check.sound import Sound
from tts_pipeline.model import Episode, Finding, SegmentRecord, Severity
from tts_pipeline.segment.chapters import cut
from tts_pipeline.units import to_samples

_NEAR_LU, _FAR_LU = 0.5, 1.0
_PEAK_DBTP = -1.0
_OFFSET = 0.005
"""Of full scale: -46 dB."""

_UNRECORDED_PAUSE_MS = 3000
"""The longest silence that is right where no record tells of pauses."""

_SLACK_MS = 1000
"""What engines may leave silent at the ends of a segment, and MP3 frames add to a pause."""


def levels(sound: Sound, record: Episode | None) -> Iterator[Finding]:
    """Loudness, peaks, silence and what else can be wrong with any sound."""
    yield from _loudness(sound)
    if sound.clips and sound.first_clip is not None:
        places = "one place" if sound.clips == 1 else f"{sound.clips:,} places"
        yield found(
            "sound.clipping",
            f"the wave is cut off in {places}; lower the level before it is encoded",
            at(sound.first_clip, sound.rate),
        )
    yield from _silences(sound, record)
    if sound.offset > _OFFSET:
        yield found(
            "sound.offset",
            f"the wave is off its centre by {sound.offset:.1%} of full scale, which takes "
            "headroom and clicks at edits; remove the DC offset with a high-pass filter",
        )
    for channel in sound.dead:
        yield found(
            "sound.channel",
            f"the {('left', 'right')[channel]} channel is silent: with one earphone nothing is "
            "heard; mix to one channel",
        )
    if sound.opposed:
        yield found(
            "sound.channel",
            "the channels are opposed, so that a telephone's one loudspeaker plays nothing; turn "
            "one of them round",
        )


def _loudness(sound: Sound) -> Iterator[Finding]:
    if math.isinf(sound.lufs):
        yield found("sound.loudness", "nothing is heard in it; make the episode anew")
        return
    off = sound.lufs - TARGET_LUFS
    if abs(off) > _NEAR_LU:
        yield found(
            "sound.loudness",
            f"its loudness is {sound.lufs:.1f} LUFS, {abs(off):.1f} LU too "
            f"{'loud' if off > 0 else 'quiet'}; directories ask for {TARGET_LUFS:g}",
            severity=Severity.ERROR if abs(off) > _FAR_LU else Severity.WARNING,
        )
    if sound.true_peak > _PEAK_DBTP:
        yield found(
            "sound.peak",
            f"its true peak is {sound.true_peak:+.1f} dBTP, more than {_PEAK_DBTP:g}: players may "
            "distort; limit it before it is encoded",
        )


def _silences(sound: Sound, record: Episode | None) -> Iterator[Finding]:
    limit: int = to_samples(_UNRECORDED_PAUSE_MS, sound.rate)
    meant = f"no pause should be longer than {_UNRECORDED_PAUSE_MS // 1000} s"
    if record and record.segments:
        pause = _longest_pause(record.segments, record.samples)
        limit = to_samples(_SLACK_MS, sound.rate) + pause * sound.rate // record.sample_rate
        meant = f"the longest pause of the record is {pause / record.sample_rate:.1f} s"
    for start, end in sound.silences:
        if end - start <= limit:
            continue
        lost = _within(record, start, end)
        yield found(
            "sound.silence",
            f"{(end - start) / sound.rate:.1f} s of silence, and {meant}; "
            + (f"there should be {cut(lost.written, 60)!r}; " if lost else "")
            + "make the episode anew",
            at(start, sound.rate),
        )


def _longest_pause(segments: Sequence[SegmentRecord], samples: int) -> int:
    gaps = (two.start - one.end for one, two in pairwise(segments))
    return max(segments[0].start, samples - segments[-1].end, *gaps, 0)


def _within(record: Episode | None, start: int, end: int) -> SegmentRecord | None:
    """A segment that should be heard in this stretch."""
    segments = record.segments if record else ()
    return next((s for s in segments if start <= s.start and s.end <= end), None)
