"""Loudness after ITU-R BS.1770-4, and the gain that reaches the programme's."""

import math

import numpy as np

from tts_pipeline.audio import level
from tts_pipeline.errors import SpeechError

TARGET_LUFS = -16.0
"""What Apple asks of a podcast."""

_BLOCK_S = 0.4
"""BS.1770's gating block."""

_CHUNK = 1 << 16


def integrated(pcm: bytes, rate: int) -> float:
    """Gated loudness in LUFS; -inf for silence and for less than one block of 400 ms."""
    import pyloudnorm  # noqa: PLC0415  scipy comes with it

    samples = np.frombuffer(pcm, "<i2")
    if samples.size < rate * _BLOCK_S or not samples.any():
        return -math.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(pyloudnorm.Meter(rate).integrated_loudness(samples / 32768))


def true_peak(pcm: bytes, rate: int) -> float:
    """The highest point between the samples in dBTP, four times oversampled as in annex 2.

    -inf for silence.
    """
    import soxr  # noqa: PLC0415

    samples = np.frombuffer(pcm, "<i2")
    stream = soxr.ResampleStream(rate, 4 * rate, 1, dtype="float32")
    highest = 0.0
    for start in range(0, samples.size, _CHUNK):
        chunk = samples[start : start + _CHUNK].astype(np.float32) / 32768
        between = stream.resample_chunk(chunk, last=start + _CHUNK >= samples.size)
        # The filter passes the samples themselves but nearly; they count as they are.
        highest = max(highest, float(np.abs(between).max(initial=0)), float(np.abs(chunk).max()))
    return 20 * math.log10(highest) if highest else -math.inf


def calibrate(pcm: bytes, rate: int, target: float = TARGET_LUFS) -> float:
    """The gain in dB, to 0.01, by which `apply_gain` brings this speech to the target.

    The limiter takes some of what is added, so the gain is found in a few steps.

    Raises:
        SpeechError: the speech is silent, or so peaky that no gain reaches the target.
    """
    gain = 0.0
    for _ in range(_STEPS):
        reached = integrated(level.apply_gain(pcm, gain, rate), rate)
        missing = target - reached
        if abs(missing) < 0.005:
            return round(gain, 2)
        if not math.isfinite(missing) or gain + missing > _MOST_DB:
            break
        gain += missing
    raise SpeechError(
        f"the voice cannot be brought to {target:g} LUFS: it stays at {reached:.1f} with "
        f"{gain:.1f} dB; it is silent or distorted, so try other options of its engine"
    )


_STEPS = 30
_MOST_DB = 60.0
