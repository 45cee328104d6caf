"""Script -> passages: what is synthesized, encoded and cached in one go."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import structs

from tts_pipeline.audio import lame
from tts_pipeline.model import (
    AudioFormat,
    Break,
    Music,
    MusicUse,
    Passage,
    Role,
    Script,
    Segment,
    Utterance,
    Voice,
)
from tts_pipeline.speech.engine import Facts
from tts_pipeline.speech.registry import facts
from tts_pipeline.speech.task import Setup
from tts_pipeline.units import to_samples

PAUSE_MS = {
    Break.CLAUSE: 0,
    Break.SENTENCE: 350,
    Break.ITEM: 500,
    Break.PARAGRAPH: 750,
    Break.HEADING: 750,
    Break.RULE: 1200,
    Break.CHAPTER: 1500,
}
"""Silence after a segment, by the boundary that follows. Between passages it is at least
`lame.TAIL_MS`, and rounded to whole MP3 frames."""

_BREATH = (Break.SENTENCE, Break.ITEM, Break.PARAGRAPH)
"""Breaks that a long sentence makes longer: a quarter less after a word, a fifth more after 200
characters."""


def setup(voice: Voice) -> Setup:
    """What a worker must open to speak with this voice."""
    return Setup(voice.engine, voice.options, voice.language)


def audible(voice: Voice) -> dict[str, Any]:
    """The voice's options without those that do not change its sound, such as a time limit."""
    left_out = facts(voice.engine, voice.options).inaudible
    return {key: value for key, value in voice.options.items() if key not in left_out}


def instead(part: Passage, voice: Voice, gain_db: float) -> Passage:
    """The same passage in another voice."""
    return structs.replace(
        alone("", voice, gain_db=gain_db, audio=part.audio),
        utterances=part.utterances,
        music=part.music,
    )


def identity(declared: Facts) -> dict[str, str]:
    """Everything besides text and options that shapes the sound."""
    return {**declared.versions, **lame.identity()}


def passages(
    script: Script,
    voices: Mapping[str, Voice],
    *,
    gains: Mapping[str, float],
    audio: AudioFormat,
    music: Mapping[MusicUse, Music],
) -> Iterator[tuple[tuple[Segment, ...], Passage]]:
    """Each passage with its segments, in order; a sting, which has none, is one of its own.

    Args:
        script: whose passages; each is of one voice.
        voices: by name.
        gains: in dB, by the voice's name.
        audio: how it is encoded.
        music: what is laid under slate and outro, and sounds before each chapter but the first.
    """
    plain = {
        name: alone("", voice, gain_db=gains[name], audio=audio) for name, voice in voices.items()
    }
    sting = _sting(music.get(MusicUse.STING), plain[script.segments[0].voice])
    chapter = script.segments[0].chapter
    under = {role: music.get(use) for role, use in _UNDER.items()}
    for _, group in groupby(script.segments, key=lambda segment: segment.passage):
        segments = tuple(group)
        if sting and segments[0].chapter != chapter:
            yield (), sting
        chapter = segments[0].chapter
        pauses = [pause_after(segment, audio.rate) for segment in segments[:-1]]
        yield (
            segments,
            structs.replace(
                plain[segments[0].voice],
                utterances=tuple(
                    Utterance(segment.spoken, pause, segment.pace)
                    for segment, pause in zip(segments, (*pauses, 0), strict=True)
                ),
                music=under.get(segments[0].role),
            ),
        )


_UNDER = {Role.SLATE: MusicUse.SLATE, Role.OUTRO: MusicUse.OUTRO}


def _sting(music: Music | None, plain: Passage) -> Passage | None:
    """Music alone; any voice's worker can encode it, and it is the same for all gains."""
    return structs.replace(plain, utterances=(), gain_db=0.0, music=music) if music else None


def alone(text: str, voice: Voice, *, gain_db: float, audio: AudioFormat) -> Passage:
    """One utterance as a passage."""
    return Passage(
        engine=voice.engine,
        options=audible(voice),
        language=voice.language,
        gain_db=gain_db,
        audio=audio,
        utterances=(Utterance(text),),
        identity=identity(facts(voice.engine, voice.options)),
    )


def pause_after(segment: Segment, rate: int) -> int:
    """Samples of silence between this segment and what follows, by boundary and by length."""
    ms = PAUSE_MS[segment.after]
    if segment.after in _BREATH:
        ms = ms * (150 + min(len(segment.spoken), 200) * 9 // 20) // 200
    return to_samples(ms, rate)
