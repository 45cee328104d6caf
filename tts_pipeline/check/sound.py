"""One pass over the decoded sound, in bounded memory: all that is measured of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tts_pipeline.audio import decode
from tts_pipeline.audio.loudness import Meter, PeakMeter
from tts_pipeline.model import Noun

_QUIET = 32
"""An amplitude that nobody hears: -60 dBFS."""

_SHORT_MS = 2000
"""Silence that is not even told of."""

_FULL = 32735
"""0.1% below full scale."""
_RUN = 4
"""Samples in a row, by which clipping is told from a lone peak."""

_TOP = 8
"""Samples that a wave must stay up to be judged."""
_FLATNESS = 3
_FEW, _SHARE = 3, 0.02
"""How many of the highest waves of a piece must be flat, as a number and as a share."""
_LOW = 3277
"""A tenth of full scale; below it nothing is cut off."""

_PIECE_S = 10


class Sound(Noun):
    """What was measured."""

    samples: int
    """Of each channel."""
    rate: int
    lufs: float
    """-inf for silence."""
    true_peak: float
    """dBTP, of the loudest channel."""
    silences: tuple[tuple[int, int], ...]
    """(start, end) in samples, of more than two seconds each."""
    clips: int
    """In how many places waves are cut off."""
    first_clip: int | None
    """Where, in samples."""
    offset: float
    """The mean of all samples, as a share of full scale: 0 where the wave is centred."""
    dead: tuple[int, ...]
    """Channels in which nothing is heard although another sounds."""
    opposed: bool
    """Two channels that cancel each other when a telephone plays both as one."""


def measure(
    path: Path, *, rate: int, channels: int, tick: Callable[[int], None] = lambda _: None
) -> Sound:
    """Listen to all of it.

    Args:
        path: an MP3.
        rate: samples a second.
        channels: 1 or 2.
        tick: told how many samples more have been heard.

    Raises:
        CheckError: it cannot be decoded.
    """
    meter, peaks, stillness = Meter(rate, channels), PeakMeter(rate, channels), _Stillness(rate)
    clips, first_clip, total = 0, None, 0
    sums = np.zeros(channels)
    energies = np.zeros(channels)
    energy_mixed = 0.0
    with ThreadPoolExecutor(2) as pool:
        for piece in decode.stream(path, rate=rate, channels=channels, samples=_PIECE_S * rate):
            # Loudness and peak cost most and let go of the interpreter: each has a core.
            meters = [pool.submit(meter.add, piece), pool.submit(peaks.add, piece)]
            sums += piece.sum(axis=1, dtype=np.float64)
            floats = piece.astype(np.float32)
            energies += np.einsum("cn,cn->c", floats, floats)
            energy_mixed += float(np.square(floats.sum(0)).sum(dtype=np.float64))
            loudest = np.abs(piece.astype(np.int32)).max(0)
            stillness.add(loudest)
            clipped = _clipped(piece)
            if clipped and first_clip is None:
                first_clip = total + clipped[0]
            clips += len(clipped)
            total += piece.shape[1]
            for measured in meters:
                measured.result()
            tick(piece.shape[1])
    alive = energies > total * _QUIET**2 / 4
    return Sound(
        samples=total,
        rate=rate,
        lufs=meter.integrated(),
        true_peak=peaks.true_peak(),
        silences=tuple(stillness.runs()),
        clips=clips,
        first_clip=first_clip,
        offset=float(np.abs(sums).max(initial=0) / max(1, total) / 32768),
        dead=tuple(int(n) for n in np.flatnonzero(~alive)) if alive.any() else (),
        opposed=channels == 2 and bool(alive.all()) and energy_mixed < 0.01 * energies.sum(),
    )


class _Stillness:
    """Stretches in which nothing is heard, to 10 ms."""

    def __init__(self, rate: int) -> None:
        self._cell = max(1, rate // 100)
        self._least = _SHORT_MS // 10
        self._cells = 0
        self._since = 0
        self._runs: list[tuple[int, int]] = []

    def add(self, loudest: NDArray[np.int32]) -> None:
        """Pieces of whole cells; the last may end in a part of one."""
        loud = np.maximum.reduceat(loudest, np.arange(0, loudest.size, self._cell)) > _QUIET
        places = np.flatnonzero(loud) + self._cells
        edges = np.concatenate(([self._since - 1], places))
        for index in np.flatnonzero(np.diff(edges) > self._least):
            self._keep(int(edges[index]) + 1, int(edges[index + 1]))
        self._since = int(edges[-1]) + 1
        self._cells += loud.size

    def runs(self) -> list[tuple[int, int]]:
        """All of them, now that no more comes."""
        if self._cells - self._since > self._least:
            self._keep(self._since, self._cells)
        return self._runs

    def _keep(self, start: int, end: int) -> None:
        self._runs.append((start * self._cell, end * self._cell))


def _clipped(piece: decode.Samples) -> list[int]:
    """Where waves are cut off: at full scale, or before they were encoded, below it."""
    places: list[int] = []
    for channel in piece.astype(np.float32):
        for half in (channel, -channel):
            starts, ends = _runs(half >= _FULL)
            places += starts[ends - starts >= _RUN].tolist()
            places += _flat_tops(half).tolist()
    return sorted(set(places))


def _flat_tops(wave: NDArray[np.float32]) -> NDArray[np.intp]:
    """Where the highest waves rise steeply and then stay up.

    MP3 ripples what was flat, so length and rise are compared: time above three quarters of the
    peak, times the slope on the way there, in peaks. A sine has 1, a sine cut off at half has 4,
    and of the highest waves of speech and music none has 3.
    """
    peak = float(wave.max(initial=0))
    starts, ends = _runs(wave >= 0.75 * peak)
    long = (ends - starts >= _TOP) & (starts > 0) & (ends < wave.size)
    starts, ends = starts[long], ends[long]
    if peak < _LOW or not starts.size:
        return starts
    rise = wave[starts + 1] - wave[starts - 1]
    fall = wave[ends - 2] - wave[ends]
    flat: NDArray[np.intp] = starts[(ends - starts) * np.minimum(rise, fall) > 2 * _FLATNESS * peak]
    enough = flat.size >= _FEW and flat.size >= _SHARE * starts.size
    return flat if enough else flat[:0]


def _runs(holds: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where runs begin and end (exclusive)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], holds, [False])).astype(np.int8)))
    return edges[::2], edges[1::2]
