"""Segments worth a listen.

Sound that is far longer or shorter than its text is the first sign of lost speech; sound that
stands at full scale was distorted by the engine itself.
"""

from collections.abc import Sequence
from statistics import median

from tts_pipeline.model import Clipped, Mark, SegmentRecord, Suspect

_LEAST = 12
"""Characters; shorter texts vary by nature."""
_FARTHEST = 2.5
"""Times the usual pace of the same voice in the same episode."""


def suspects(segments: tuple[SegmentRecord, ...]) -> tuple[Suspect, ...]:
    """Segments that deviate from their voice's pace, in milliseconds a character."""
    by_voice: dict[str, list[float]] = {}
    for segment in segments:
        if len(segment.spoken) >= _LEAST:
            by_voice.setdefault(segment.voice, []).append(_pace(segment))
    usual = {voice: median(paces) for voice, paces in by_voice.items()}
    return tuple(
        Suspect(
            segment=place,
            written=segment.written,
            start_ms=segment.start_ms,
            ratio=round(_pace(segment) / usual[segment.voice], 2),
        )
        for place, segment in enumerate(segments)
        if len(segment.spoken) >= _LEAST
        and usual[segment.voice] > 0
        and not 1 / _FARTHEST <= _pace(segment) / usual[segment.voice] <= _FARTHEST
    )


def clipped(segments: Sequence[SegmentRecord], marks: Sequence[Mark]) -> tuple[Clipped, ...]:
    """Segments in which the engine clipped; `marks` are theirs, in order."""
    return tuple(
        Clipped(place, segment.written, segment.start_ms, mark.clipped)
        for place, (segment, mark) in enumerate(zip(segments, marks, strict=True))
        if mark.clipped
    )


def _pace(segment: SegmentRecord) -> float:
    return (segment.end_ms - segment.start_ms) / len(segment.spoken)
