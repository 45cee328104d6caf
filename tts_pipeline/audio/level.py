"""Gain and a look-ahead limiter that works on the peaks alone."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

CEILING_DBFS = -2.0
"""Highest sample before the encoder: MP3 raises the true peak, by half a dB on speech."""

_LOOK_AHEAD_MS = 4
_RELEASE_MS = 20

Float = NDArray[np.float32]


def apply_gain(
    pcm: bytes, gain_db: float, rate: int, ceiling_dbfs: float = CEILING_DBFS
) -> bytes:
    """`pcm` times a constant gain, with every sample at or below the ceiling.

    Around a peak the gain sinks over 4 ms and comes back over 30 ms; everywhere else it is the
    constant, so speech keeps its dynamics.
    """
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    samples *= np.float32(10 ** (gain_db / 20))
    ceiling = np.float32(np.floor(32768 * 10 ** (ceiling_dbfs / 20)))
    _limit(samples, ceiling, rate)
    return np.rint(samples).astype("<i2").tobytes()


def _limit(samples: Float, ceiling: np.float32, rate: int) -> None:
    """Bring what passes the ceiling below it, in place.

    Time is cut into cells of about a millisecond. Each cell with a peak asks for a cut that
    rises before it, holds through it and fades after it; where such cuts overlap, the deepest
    counts. What no cut reaches is not touched.
    """
    loud = np.flatnonzero(np.abs(samples) > ceiling)
    if not loud.size:
        return
    cell = max(1, rate // 1000)
    cells, first = np.unique(loud // cell, return_index=True)
    peaks = np.maximum.reduceat(np.abs(samples[loud]), first)
    depths = 1 - ceiling / peaks
    kernel = _kernel(rate, cell)
    ahead = rate * _LOOK_AHEAD_MS // 1000
    cut = np.zeros(samples.size + kernel.size, np.float32)
    for start, depth in zip((cells * cell).tolist(), depths.tolist(), strict=True):
        begin = start - ahead
        shape = kernel[max(0, -begin) :] * np.float32(depth)
        reach = cut[max(0, begin) : max(0, begin) + shape.size]
        np.maximum(reach, shape, out=reach)
    samples *= 1 - cut[: samples.size]
    np.clip(samples, -ceiling, ceiling, out=samples)


@cache
def _kernel(rate: int, cell: int) -> Float:
    """The shape of a cut: half a cosine up, 1 through the cell, half a cosine down."""
    up = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rate * _LOOK_AHEAD_MS // 1000, endpoint=False))
    down = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, rate * _RELEASE_MS // 1000))
    return np.concatenate([up, np.ones(cell), down]).astype(np.float32)
