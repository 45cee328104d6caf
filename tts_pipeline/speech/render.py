"""One task in, its result out: what happens inside the process that speaks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tts_pipeline.audio import lame, level, loudness
from tts_pipeline.audio.frames import frame_samples
from tts_pipeline.errors import SpeechError
from tts_pipeline.model import Mark, Passage, Speech
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine, Sound
from tts_pipeline.units import to_samples, up_to_multiple

CALIBRATION = (
    "A voice is measured once, before it speaks for the first time.",
    "These sentences stand for the prose of an ordinary post: some of them are short.",
    "Others run on for longer, with a clause or two in the middle, as people who write essays "
    "like to do, and they end only when the thought does.",
    "Is every sentence a statement? No! There are questions, numbers such as twenty three, and "
    "names such as Lisbon, Nairobi and Quito.",
    "What matters is the level of the voice over half a minute of speech, since that is what a "
    "listener sets the volume by.",
)
"""Spoken once a voice, to measure the gain that brings it to the programme's loudness."""

_SILENT = 32
"""An amplitude that nobody hears: -60 dBFS."""


def render(
    passage: Passage, engine: Engine, started: Callable[[], object] = lambda: None
) -> Speech:
    """Synthesize, level, lay over music if there is any, and encode.

    `started` is called before each utterance.

    Raises:
        SpeechError: the engine failed or said nothing; names the utterance.
    """
    rate = passage.audio.rate
    engine_rate = registry.facts(passage.engine, passage.options).sample_rate
    chunks: list[bytes] = []
    marks: list[Mark] = []
    position = 0
    for utterance in passage.utterances:
        started()
        sound = at_rate(engine.speak(utterance.text, utterance.pace), engine_rate, rate)
        if _has_words(utterance.text) and not _is_audible(sound.pcm):
            raise SpeechError(f"the engine said nothing for {utterance.text!r}")
        samples = len(sound.pcm) // 2
        marks.append(Mark(position, position + samples, sound.words))
        chunks += (sound.pcm, bytes(2 * utterance.pause))
        position += samples + utterance.pause
    pcm = level.apply_gain(b"".join(chunks), passage.gain_db, rate)
    if passage.music:
        from tts_pipeline.audio import bed  # noqa: PLC0415  pydub, which only music needs

        pcm, offset = bed.lay_over(pcm, rate, Path(passage.music.path))
        marks = [Mark(mark.start + offset, mark.end + offset, mark.words) for mark in marks]
    samples = len(pcm) // 2
    whole = up_to_multiple(samples + to_samples(lame.TAIL_MS, rate), frame_samples(rate))
    frames = lame.encode(pcm + bytes(2 * (whole - samples)), passage.audio)
    return Speech(frames, whole, tuple(marks))


def calibrate(engine: Engine, rate: int) -> float:
    """The gain in dB that brings this voice to the programme's loudness, limiter and all.

    `rate`: samples a second of the engine's own sound.
    """
    pause = bytes(2 * to_samples(400, rate))
    return loudness.calibrate(pause.join(engine.speak(text).pcm for text in CALIBRATION), rate)


def at_rate(sound: Sound, given: int, wanted: int) -> Sound:
    """A sound at another rate, its words' times with it."""
    if given == wanted:
        return sound
    import soxr  # noqa: PLC0415  which engines of the episode's own rate do not need

    samples = np.frombuffer(sound.pcm, "<i2")
    resampled = soxr.resample(samples, given, wanted, quality="HQ").astype("<i2")
    words = tuple(
        (offset, count, sample * wanted // given) for offset, count, sample in sound.words
    )
    return Sound(resampled.tobytes(), words)


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_audible(pcm: bytes) -> bool:
    samples = np.frombuffer(pcm, "<i2")
    return bool(samples.size) and int(np.abs(samples.astype(np.int32)).max()) > _SILENT
