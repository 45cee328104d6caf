"""Passages laid one after the other: where every segment and chapter lies, to the sample."""

from collections.abc import Sequence

from tts_pipeline.model import (
    ChapterRecord,
    Mark,
    Noun,
    ScriptChapter,
    Segment,
    SegmentRecord,
)
from tts_pipeline.units import to_ms


class Clip(Noun):
    """A passage's audio and the silence after it; one without segments is a sting."""

    key: str
    """Where its frames lie in the cache."""
    samples: int
    """Its own length: a whole number of frames."""
    bytes: int
    """The size of its frames."""
    sha256: str
    """Of its frames."""
    silence: int
    """Frames of silence after it."""
    marks: tuple[Mark, ...]
    segments: tuple[Segment, ...]


class Timeline(Noun):
    """Clips in order, with what starts where."""

    clips: tuple[Clip, ...]
    starts: tuple[int, ...]
    """Where each clip lies, in samples."""
    samples: int
    """The whole length."""
    chapters: tuple[ChapterRecord, ...]
    segments: tuple[SegmentRecord, ...]


def silence_after(marks: Sequence[Mark], samples: int, pause: int, frame: int) -> int:
    """Frames of silence to add after a passage for a pause of `pause` samples.

    The passage ends in silence of its own, which is never cut; the nearest whole frame wins. A
    sting has its own alone.
    """
    if not marks:
        return 0
    own = samples - marks[-1].end
    return max(0, (pause - own + frame // 2) // frame)


def lay(
    clips: Sequence[Clip], chapters: Sequence[ScriptChapter], *, rate: int, frame: int
) -> Timeline:
    """Place the clips from sample 0 on. Chapters tile the whole; a sting opens the next one."""
    segments: list[SegmentRecord] = []
    starts: dict[int, int] = {}
    numbers: dict[int, int] = {}
    clip_starts = []
    position = opening = passages = 0
    for clip in clips:
        clip_starts.append(position)
        for segment, mark in zip(clip.segments, clip.marks, strict=True):
            # A chapter whose blocks hold nothing that can be said has no place in time.
            starts.setdefault(segment.chapter, opening)
            start, end = position + mark.start, position + mark.end
            segments.append(
                SegmentRecord(
                    written=segment.written,
                    spoken=segment.spoken,
                    start=start,
                    end=end,
                    start_ms=to_ms(start, rate),
                    end_ms=to_ms(end, rate),
                    chapter=numbers.setdefault(segment.chapter, len(numbers)),
                    passage=passages,
                    voice=segment.voice,
                    role=segment.role,
                    speaker=segment.speaker,
                )
            )
        position += clip.samples + clip.silence * frame
        if clip.segments:
            opening = position
            passages += 1
    ends = [*starts.values(), position][1:]
    return Timeline(
        clips=tuple(clips),
        starts=tuple(clip_starts),
        samples=position,
        chapters=tuple(
            ChapterRecord(
                title=chapters[chapter].title,
                link=chapters[chapter].link,
                image=chapters[chapter].image,
                start=start,
                end=end,
                start_ms=to_ms(start, rate),
                end_ms=to_ms(end, rate),
            )
            for (chapter, start), end in zip(starts.items(), ends, strict=True)
        ),
        segments=tuple(segments),
    )
