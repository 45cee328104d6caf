"""Loudness after ITU-R BS.1770-4, and the gain that reaches the programme's."""

import math

import numpy as np

from tts_pipeline.audio import level

TARGET_LUFS = -16.0
"""What Apple asks of a podcast."""


def integrated(pcm: bytes, rate: int) -> float:
    """Gated loudness in LUFS; -inf for silence and for less than one block of 400 ms."""
    import pyloudnorm  # noqa: PLC0415  scipy comes with it

    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    if samples.size < rate * 0.4 or not samples.any():
        return -math.inf
    return float(pyloudnorm.Meter(rate).integrated_loudness(samples))


def true_peak(pcm: bytes, rate: int) -> float:
    """The highest point between the samples, in dBTP: four times oversampled, as in annex 2."""
    import soxr  # noqa: PLC0415

    samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
    highest = 0.0
    block = 1 << 20
    for start in range(0, samples.size, block):
        piece = samples[max(0, start - 64) : start + block + 64]
        highest = max(highest, float(np.abs(soxr.resample(piece, rate, 4 * rate)).max()))
    return 20 * math.log10(highest) if highest else -math.inf


def calibrate(pcm: bytes, rate: int, target: float = TARGET_LUFS) -> float:
    """The gain in dB, to 0.01, by which `apply_gain` brings this speech to the target.

    The limiter takes some of what is added, so the gain is found in a few steps.

    Raises:
        ValueError: the speech is silent.
    """
    low, at_low = 0.0, integrated(pcm, rate)
    if not math.isfinite(at_low):
        raise ValueError("silence cannot be brought to a loudness")
    high = target - at_low
    for _ in range(6):
        at_high = integrated(level.apply_gain(pcm, high, rate), rate)
        if abs(at_high - target) < 0.01 or at_high == at_low:
            break
        step = (target - at_high) * (high - low) / (at_high - at_low)
        low, at_low, high = high, at_high, min(high + step, high + 6)
    return round(high, 2)
