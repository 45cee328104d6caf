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

_WINDOW = 1 << 16
"""Samples transformed at once; the processor's cache holds them."""

_RING = 1 << 13
"""Samples after which the filters ring no more, at any rate here: the head of each window."""

_Samples = NDArray[np.float64]


def integrated(pcm: bytes, rate: int) -> float:
    """Gated loudness in LUFS; -inf for silence and for less than one block of 400 ms."""
    meter = Meter(rate)
    meter.add(np.frombuffer(pcm, "<i2").reshape(1, -1))
    return meter.integrated()


class Meter:
    """Gated loudness of a stream of any length, in bounded memory."""

    def __init__(self, rate: int, channels: int = 1) -> None:
        """`rate`: samples a second. The powers of two channels add up."""
        self._rate = rate
        self._step = round(rate * _BLOCK_S / 4)
        self._window = np.zeros((channels, _WINDOW))
        self._filled = _RING
        self._energies: list[_Samples] = []
        self._rest: _Samples = np.zeros(0)

    def add(self, samples: NDArray[np.int16]) -> None:
        """Listen to samples of shape (channels, n)."""
        start = 0
        while start < samples.shape[1]:
            piece = samples[:, start : start + _WINDOW - self._filled]
            end = self._filled + piece.shape[1]
            np.divide(piece, 32768, out=self._window[:, self._filled : end])
            self._filled = end
            start += piece.shape[1]
            if end == _WINDOW:
                self._take()

    def integrated(self) -> float:
        """What was heard so far in LUFS, from when on nothing can be added."""
        self._window[:, self._filled :] = 0
        self._take()
        steps = np.concatenate(self._energies)
        powers = (
            np.convolve(steps, np.ones(4), "valid") / (4 * self._step)
            if steps.size > 3
            else steps[:0]
        )
        powers = powers[powers > _power(-70.0)]
        if not powers.size:
            return -math.inf
        # The relative gate lies 10 LU below what passes the absolute one.
        gated = powers[powers > powers.mean() / 10]
        return float(-0.691 + 10 * np.log10(gated.mean()))

    def _take(self) -> None:
        """Sum what the window adds, step by step; its end is the head of the next."""
        weighted = _weighted(self._window, self._rate)[:, _RING : self._filled]
        squares = np.concatenate((self._rest, np.einsum("cn,cn->n", weighted, weighted)))
        whole = squares.size // self._step * self._step
        self._energies.append(squares[:whole].reshape(-1, self._step).sum(1))
        self._rest = squares[whole:]
        self._window[:, :_RING] = self._window[:, -_RING:].copy()
        self._filled = _RING


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _weighted(window: _Samples, rate: int) -> _Samples:
    """K-weighted along the last axis, but for its first `_RING`."""
    size = window.shape[-1]
    return np.fft.irfft(np.fft.rfft(window) * _response(size, rate), size)


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
    meter = PeakMeter(rate)
    samples = np.frombuffer(pcm, "<i2").reshape(1, -1)
    for start in range(0, samples.shape[1], _WINDOW):
        meter.add(samples[:, start : start + _WINDOW])
    return meter.true_peak()


class PeakMeter:
    """The true peak of a stream of any length, in bounded memory."""

    def __init__(self, rate: int, channels: int = 1) -> None:
        """`rate`: samples a second."""
        import soxr  # noqa: PLC0415

        self._stream = soxr.ResampleStream(rate, 4 * rate, channels, dtype="float32")
        self._channels = channels
        self._highest = 0.0

    def add(self, samples: NDArray[np.int16]) -> None:
        """Listen to samples of shape (channels, n)."""
        # The filter passes the samples themselves but nearly; they count as they are.
        chunk = samples.T.astype(np.float32) / np.float32(32768)
        self._highest = max(self._highest, float(np.abs(chunk).max(initial=0)))
        self._hear(chunk, last=False)

    def true_peak(self) -> float:
        """In dBTP; -inf for silence. Nothing can be added from then on."""
        self._hear(np.zeros((0, self._channels), np.float32), last=True)
        return 20 * math.log10(self._highest) if self._highest else -math.inf

    def _hear(self, chunk: NDArray[np.float32], *, last: bool) -> None:
        between = self._stream.resample_chunk(chunk, last=last)
        self._highest = max(
            self._highest, float(between.max(initial=0)), -float(between.min(initial=0))
        )


def calibrate(pcm: bytes, rate: int, target: float = TARGET_LUFS) -> float:
    """The gain in dB, to 0.01, by which `apply_gain` brings this speech to the target.

    The limiter takes some of what is added, so the gain is found in a few steps, each by what the
    last one brought (the secant method).

    Raises:
        SpeechError: the speech is silent, or so peaky that no gain reaches the target.
    """
    gain = step = lacked = 0.0
    for _ in range(_STEPS):
        reached = integrated(level.apply_gain(pcm, gain, rate), rate)
        missing = target - reached
        if abs(missing) < 0.005:
            return round(gain, 2)
        brought = (lacked - missing) / step if step else 1.0
        step = missing / min(1.0, max(_LEAST, brought))
        if not math.isfinite(missing) or gain + step > _MOST_DB:
            break
        gain, lacked = gain + step, missing
    raise SpeechError(
        f"the voice cannot be brought to {target:g} LUFS: it stays at {reached:.1f} with "
        f"{gain:.1f} dB; it is silent or distorted, so try other options of its engine"
    )


_STEPS = 30
_LEAST = 0.2
"""Of each dB that is added, what is counted on to arrive."""
_MOST_DB = 60.0
