"""Segments whose sound is far longer or shorter than their text: the first sign of lost speech."""

from statistics import median

from tts_pipeline.model import SegmentRecord, Suspect

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


def _pace(segment: SegmentRecord) -> float:
    return (segment.end_ms - segment.start_ms) / len(segment.spoken)
