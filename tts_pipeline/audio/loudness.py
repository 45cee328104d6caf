"""Loudness after ITU-R BS.1770-4, and the gain that reaches the programme's."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tts_pipeline.audio import level
from tts_pipeline.errors import SpeechError

TARGET_LUFS = -16.0
"""What Apple asks of a podcast."""

_BLOCK_S = 0.4
"""BS.1770's gating block."""

_CHUNK = 1 << 16
"""Samples: more than a second at any rate, in which any filter here rings out."""

_Samples = NDArray[np.float64]


def integrated(pcm: bytes, rate: int) -> float:
    """Gated loudness in LUFS; -inf for silence and for less than one block of 400 ms."""
    samples = np.frombuffer(pcm, "<i2")
    block, step = round(rate * _BLOCK_S), round(rate * _BLOCK_S / 4)
    if samples.size < block or not samples.any():
        return -math.inf
    energy = np.concatenate(([0.0], np.cumsum(_weighted(samples / 32768, rate) ** 2)))
    starts = np.arange(0, samples.size - block + 1, step)
    powers = (energy[starts + block] - energy[starts]) / block
    powers = powers[powers > _power(-70.0)]
    if not powers.size:
        return -math.inf
    # The relative gate lies 10 LU below what passes the absolute one.
    gated = powers[powers > powers.mean() / 10]
    return float(-0.691 + 10 * np.log10(gated.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _weighted(samples: _Samples, rate: int) -> _Samples:
    """K-weighted, piece by piece; before each piece stands what still rings in it."""
    response = _response(4 * _CHUNK, rate)
    parts = []
    for start in range(0, samples.size, 2 * _CHUNK):
        first = max(0, start - _CHUNK)
        piece = samples[first : start + 2 * _CHUNK]
        whole = np.fft.irfft(np.fft.rfft(piece, 4 * _CHUNK) * response, 4 * _CHUNK)
        parts.append(whole[start - first : piece.size])
    return np.concatenate(parts)


@cache
def _response(size: int, rate: int) -> NDArray[np.complex128]:
    """What the filters of BS.1770-4, annex 1, do to each frequency of a transform of this size.

    Their poles, which the recommendation gives for 48 kHz, are moved to `rate` as in De Man,
    "Evaluation of Implementations of the EBU R128 Loudness Measurement" (2018).
    """
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    gain, bend = 10 ** (3.99984385397 / 20), 10 ** (3.99984385397 / 20 * 0.499666774155)
    k, q = math.tan(math.pi * 1681.9744509555319 / rate), 0.7071752369554193
    top = (gain + bend * k / q + k * k) + 2 * (k * k - gain) * z
    top = top + (gain - bend * k / q + k * k) * z**2
    shelf = top / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z**2)
    k, q = math.tan(math.pi * 38.13547087613982 / rate), 0.5003270373253953
    bottom = 1 + 2 * (k * k - 1) / (1 + k / q + k * k) * z
    bottom = bottom + (1 - k / q + k * k) / (1 + k / q + k * k) * z**2
    response: NDArray[np.complex128] = shelf * (1 - 2 * z + z**2) / bottom
    return response


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
