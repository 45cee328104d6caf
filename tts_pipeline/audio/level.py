"""Gain, and a look-ahead limiter that works around the peaks alone.

Only a few samples in a thousand of speech pass the ceiling. Between two samples the wave may rise
higher still: at each crest that comes near the ceiling, it is found as ITU-R BS.1770-4, annex 2,
finds a true peak. Time is cut into cells of about a millisecond; each cell with a peak asks for a
cut that rises smoothly before it, holds through it and fades after it, and where such cuts overlap
the deepest counts. Everything that no cut reaches is multiplied by the gain, rounded, and left at
that.
"""

import math

import numpy as np
from numpy.typing import NDArray

CEILING_DBFS = -2.5
"""Highest sample before the encoder, which raises the true peak by 1 dB in half an hour."""

_BETWEEN_DB = 0.5
"""How far the wave may pass the ceiling between the samples."""

_NEAR = 0.7
"""A crest at less than this share of the ceiling, -3 dB, hides no peak between its samples: so
far a sine at a quarter of the rate may rise above them."""

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
    near, found = [], []
    highest = float(ceiling / gain)
    threshold = min(32767, int(_NEAR * highest))
    buffer = np.empty(_BLOCK, np.float32)
    for start in range(0, samples.size, _BLOCK):
        block = samples[start : start + _BLOCK]
        louder[start : start + _BLOCK] = _scaled(block, gain, ceiling, buffer[: block.size])
        near.append(np.flatnonzero((block > threshold) | (block < -threshold)) + start)
        # Calls cost more than what they do, so they wait until there is enough to do.
        if sum(map(len, near)) > _BLOCK or start + _BLOCK >= samples.size:
            close = np.concatenate(near)
            found += [_loud(samples, close, highest), _between(samples, close, highest)]
            near = []
    if any(peaks.size for peaks, _ in found):
        peaks, cuts = (np.concatenate(parts) for parts in zip(*found, strict=True))
        cell = max(1, rate // 1000)
        cut = _envelope(peaks // cell, cuts, -(-samples.size // cell))
        _limit(samples, louder, cut=cut, gain=gain, ceiling=ceiling, cell=cell)
    return louder.tobytes()


def _scaled(samples: Int16, gain: np.float32 | Float, ceiling: int, out: Float) -> Float:
    np.multiply(samples, gain, out=out)
    np.rint(out, out=out)
    return np.clip(out, -ceiling, ceiling, out=out)


def _limit(
    samples: Int16, louder: Int16, *, cut: Float, gain: np.float32, ceiling: int, cell: int
) -> None:
    """Write `samples` to `louder` once more wherever a cut reaches."""
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


def _envelope(peaks: NDArray[np.intp], cuts: Float, cells: int) -> Float:
    """How much to cut, 0 to 1, at each boundary between cells; linear between them.

    `peaks` are the cells in which something must be cut.
    """
    asked = np.zeros(cells + 1, np.float32)
    np.maximum.at(asked, peaks, cuts)
    np.maximum.at(asked, peaks + 1, cuts)
    cut = asked.copy()
    for ms in range(1, min(_ATTACK_MS, asked.size)):
        np.maximum(cut[:-ms], asked[ms:] * _fade(ms / _ATTACK_MS), out=cut[:-ms])
    for ms in range(1, min(_RELEASE_MS, asked.size)):
        np.maximum(cut[ms:], asked[:-ms] * _fade(ms / _RELEASE_MS), out=cut[ms:])
    return cut


def _loud(samples: Int16, near: NDArray[np.intp], highest: float) -> tuple[NDArray[np.intp], Float]:
    """Which of those positions hold samples above `highest`, and what to cut off them."""
    heights = np.abs(samples[near].astype(np.float32))
    over = heights > highest
    return near[over], (1 - highest / heights[over]).astype(np.float32)


def _between(
    samples: Int16, near: NDArray[np.intp], highest: float
) -> tuple[NDArray[np.intp], Float]:
    """Which of those positions are crests that rise too far between samples, and the cut.

    The first and last few samples of a passage are not looked at: it begins and ends softly.
    """
    near = near[(near >= _REACH) & (near < samples.size - _REACH)]
    before, here, after = samples[near - 1], samples[near], samples[near + 1]
    up = (here >= before) & (here >= after) & (here > 0)
    down = (here <= before) & (here <= after) & (here < 0)
    crests = near[up | down]
    around = samples[crests[:, None] + _AROUND].astype(np.float32)
    heights = np.abs(around @ _QUARTERS).max(axis=1, initial=0)
    highest *= 10 ** (_BETWEEN_DB / 20)
    over = heights > highest
    return crests[over], (1 - highest / heights[over]).astype(np.float32)


_REACH = 6
"""Samples on each side that a point between samples is worked out from."""

_AROUND = np.arange(-_REACH, _REACH + 1)


def _quarters() -> Float:
    """Weights of those samples, for each quarter of a sample on both sides of the middle one."""
    distance = _AROUND[:, None] - np.array([-3, -2, -1, 1, 2, 3]) / 4
    window = np.cos(np.pi * distance / (2 * _REACH + 2)) ** 2
    weights: Float = (np.sinc(distance) * window).astype(np.float32)
    return weights


_QUARTERS = _quarters()


def _fade(x: float) -> np.float32:
    """1 at 0, 0 at 1, level at both ends: a cubic, since cosines differ between machines."""
    return np.float32((1 - x) ** 2 * (1 + 2 * x))
