"""An engine's sounds become the speech of a passage, or the gain of a voice."""

from collections.abc import Sequence
from functools import cache

import msgspec
import numpy as np
from msgspec import structs

from tts_pipeline.audio import lame, level, loudness, utterance
from tts_pipeline.audio.frames import frame_samples
from tts_pipeline.errors import SpeechError
from tts_pipeline.model import Mark, Passage, Speech
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Sound
from tts_pipeline.units import to_samples, up_to_multiple


def render(passage: Passage, sounds: Sequence[Sound]) -> Speech:
    """Level the sound of each utterance, lay it over music if there is any, and encode.

    Raises:
        SpeechError: the engine said nothing; names the utterance.
    """
    rate = passage.audio.rate
    pcm, marks = level_passage(passage, sounds)
    samples = len(pcm) // 2
    whole = up_to_multiple(samples + to_samples(lame.TAIL_MS, rate), frame_samples(rate))
    frames = lame.encode(pcm + bytes(2 * (whole - samples)), passage.audio)
    return Speech(frames, whole, marks)


def level_passage(passage: Passage, sounds: Sequence[Sound]) -> tuple[bytes, tuple[Mark, ...]]:
    """What is encoded, and where each utterance lies in it.

    Raises:
        SpeechError: the engine said nothing; names the utterance.
    """
    rate = passage.audio.rate
    engine_rate = _rate_of(passage.engine, _encode(passage.options))
    chunks: list[bytes] = []
    marks: list[Mark] = []
    position = 0
    for asked, given in zip(passage.utterances, sounds, strict=True):
        clean = cleaned(given, engine_rate)
        if clean is None and _has_words(asked.text):
            raise SpeechError(f"the engine said nothing for {asked.text!r}")
        said, clipped = clean or (Sound(b""), 0)
        sound = at_rate(said, engine_rate, rate)
        samples = len(sound.pcm) // 2
        words = Mark.packed(
            (offset, sample) for offset, _, sample in sound.words if 0 <= offset < len(asked.text)
        )
        marks.append(Mark(position, position + samples, words, clipped))
        chunks += (sound.pcm, bytes(2 * asked.pause))
        position += samples + asked.pause
    pcm = level.apply_gain(b"".join(chunks), passage.gain_db, rate)
    if passage.music:
        from tts_pipeline.audio import bed  # noqa: PLC0415  pydub, which only music needs

        pcm, offset = bed.lay_over(pcm, rate, passage.music)
        marks = [
            structs.replace(mark, start=mark.start + offset, end=mark.end + offset)
            for mark in marks
        ]
    return pcm, tuple(marks)


_encode = msgspec.msgpack.Encoder(order="deterministic").encode


@cache
def _rate_of(engine: str, options: bytes) -> int:
    """Samples a second of the engine's own sound; asking it costs a hundredth of its speech."""
    return registry.facts(engine, msgspec.msgpack.decode(options)).sample_rate


def calibrate(sounds: Sequence[Sound], rate: int) -> float:
    """The gain in dB that brings this voice to the programme's loudness, limiter and all.

    Args:
        sounds: what the voice says for `CALIBRATION`.
        rate: samples a second of the engine's own sound.
    """
    pause = bytes(2 * to_samples(400, rate))
    said = (cleaned(sound, rate) for sound in sounds)
    return loudness.calibrate(pause.join(clean[0].pcm for clean in said if clean), rate)


def cleaned(sound: Sound, rate: int) -> tuple[Sound, int] | None:
    """The sound without an engine's padding and offset, and how often the engine clipped it.

    None if there is nothing to hear.
    """
    clean = utterance.clean(sound.pcm, rate)
    if clean is None:
        return None
    end = len(clean.pcm) // 2
    words = tuple(
        (offset, count, min(max(0, sample - clean.start), end))
        for offset, count, sample in sound.words
    )
    return Sound(clean.pcm, words), clean.clipped


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
