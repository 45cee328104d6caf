"""Gain, and a look-ahead limiter that works around the peaks alone.

Only a few samples in a thousand of speech pass the ceiling. Time is cut into cells of about a
millisecond; each cell with a peak asks for a cut that rises smoothly before it, holds through it
and fades after it, and where such cuts overlap the deepest counts. Everything that no cut
reaches is multiplied by the gain, rounded, and left at that.
"""

import math

import numpy as np
from numpy.typing import NDArray

CEILING_DBFS = -2.5
"""Highest sample before the encoder, which raises the true peak by 1 dB in half an hour."""

_ATTACK_MS = 5
_RELEASE_MS = 20
"""Longer ones keep the gain down through whole vowels and distort no less: the voice must then be
amplified further to reach its loudness."""

_BLOCK = 1 << 15
"""Samples worked on at a time, so that they stay in the processor's cache."""

Float = NDArray[np.float32]
Int16 = NDArray[np.int16]


def apply_gain(pcm: bytes, gain_db: float, rate: int, ceiling_dbfs: float = CEILING_DBFS) -> bytes:
    """`pcm` times a constant gain, with every sample at or below the ceiling.

    The same bytes for the same input.
    """
    samples = np.frombuffer(pcm, "<i2")
    gain = np.float32(10 ** (gain_db / 20))
    ceiling = min(32767, math.floor(32768 * 10 ** (ceiling_dbfs / 20)))
    louder = np.empty_like(samples)
    peaks = []
    threshold = min(32767, int(ceiling / gain))
    buffer = np.empty(_BLOCK, np.float32)
    for start in range(0, samples.size, _BLOCK):
        block = samples[start : start + _BLOCK]
        louder[start : start + _BLOCK] = _scaled(block, gain, ceiling, buffer[: block.size])
        peaks.append(np.flatnonzero((block > threshold) | (block < -threshold)) + start)
    loud = np.concatenate(peaks) if peaks else np.empty(0, np.intp)
    if loud.size:
        _limit(samples, louder, loud=loud, gain=gain, ceiling=ceiling, cell=max(1, rate // 1000))
    return louder.tobytes()


def _scaled(samples: Int16, gain: np.float32 | Float, ceiling: int, out: Float) -> Float:
    np.multiply(samples, gain, out=out)
    np.rint(out, out=out)
    return np.clip(out, -ceiling, ceiling, out=out)


def _limit(
    samples: Int16,
    louder: Int16,
    *,
    loud: NDArray[np.intp],
    gain: np.float32,
    ceiling: int,
    cell: int,
) -> None:
    """Write `samples` to `louder` once more wherever a cut reaches.

    `loud` are the positions of the samples that would pass the ceiling.
    """
    cut = _envelope(samples, loud, gain, ceiling, cell)
    reached = np.flatnonzero((cut[:-1] > 0) | (cut[1:] > 0))
    within = np.arange(cell)
    slope = (within / cell).astype(np.float32)
    for start in range(0, reached.size, _BLOCK // cell):
        cells = reached[start : start + _BLOCK // cell, None]
        positions = cells * cell + within
        inside = positions < samples.size
        cuts = cut[cells] + (cut[cells + 1] - cut[cells]) * slope
        positions = positions[inside]
        shaped = gain * (1 - cuts[inside])
        louder[positions] = _scaled(samples[positions], shaped, ceiling, shaped)


def _envelope(
    samples: Int16, loud: NDArray[np.intp], gain: np.float32, ceiling: int, cell: int
) -> Float:
    """How much to cut, 0 to 1, at each boundary between cells; linear between them."""
    cells, first = np.unique(loud // cell, return_index=True)
    peaks = np.maximum.reduceat(np.abs(samples[loud].astype(np.float32)), first) * gain
    depths = (1 - ceiling / peaks).astype(np.float32)
    asked = np.zeros(-(-samples.size // cell) + 1, np.float32)
    asked[cells] = depths
    asked[cells + 1] = np.maximum(asked[cells + 1], depths)
    cut = asked.copy()
    for ms in range(1, min(_ATTACK_MS, asked.size)):
        np.maximum(cut[:-ms], asked[ms:] * _fade(ms / _ATTACK_MS), out=cut[:-ms])
    for ms in range(1, min(_RELEASE_MS, asked.size)):
        np.maximum(cut[ms:], asked[:-ms] * _fade(ms / _RELEASE_MS), out=cut[ms:])
    return cut


def _fade(x: float) -> np.float32:
    """1 at 0, 0 at 1, level at both ends: a cubic, since cosines differ between machines."""
    return np.float32((1 - x) ** 2 * (1 + 2 * x))
