"""An utterance as an engine gives it, made fit to be joined to others.

Engines pad what they say, add a constant offset, or start in the middle of a wave. All of that is
seen in one look at stretches of 10 ms: how far the sound swings in each. The swing knows neither
offset nor hum, so that it parts speech from what an engine puts around it.
"""

import numpy as np
from numpy.typing import NDArray

from tts_pipeline.model import Noun

Int16 = NDArray[np.int16]

_SILENT = 64
"""A swing, lowest to highest sample, that nobody hears: -60 dBFS."""

_SPEECH = 128
"""A stretch that swings less than one part in so many of the widest, -42 dB, is not speech: the
noise in an engine's padding lies below, a final f or the onset of an h above."""

_BEFORE, _AFTER = 3, 5
"""Stretches that stay at either end: the breath before a word and the decay after it."""

_OFFSET = 16
"""The least offset worth the work: -66 dBFS."""

_CALM = 100
"""An offset is read where the sound swings less than one part in so many of the widest."""

_RUN = 3
"""Samples at full scale in a row that make a clip: one or two may be a peak that just fits."""


class Clean(Noun):
    """An utterance without what surrounds it."""

    pcm: bytes
    start: int
    """Samples that were cut before it."""
    clipped: int
    """How often the engine's sound stood at full scale for three samples or more."""


def clean(pcm: bytes, rate: int) -> Clean | None:
    """Cut silence at both ends, take a constant offset off, and let the sound begin and end at 0.

    A pure function of its input; None if there is nothing to hear.
    """
    samples = np.frombuffer(pcm, "<i2")
    length = rate // 100
    lowest, highest = _extremes(samples, length)
    swing = highest.astype(np.int32) - lowest
    widest = int(swing.max(initial=0))
    if widest <= _SILENT:
        return None
    clipped = 0
    if highest.max() == 32767 or lowest.min() == -32768:
        clipped = _runs(samples == 32767) + _runs(samples == -32768)
    speech = swing > widest // _SPEECH
    first = max(0, int(speech.argmax()) - _BEFORE) * length
    end = (speech.size - max(0, int(speech[::-1].argmax()) - _AFTER)) * length
    kept = samples[first:end].copy()
    if offset := _offset(samples, swing, length):
        kept = np.clip(kept.astype(np.int32) - offset, -32768, 32767).astype("<i2")
    _ease(kept, rate // 500)
    return Clean(kept.tobytes(), first, clipped)


def _extremes(samples: Int16, length: int) -> tuple[Int16, Int16]:
    """Lowest and highest sample of each stretch; the last may be shorter."""
    whole = samples.size // length * length
    stretches, rest = samples[:whole].reshape(-1, length), samples[whole:]
    lowest, highest = stretches.min(axis=1), stretches.max(axis=1)
    if rest.size:
        lowest, highest = np.append(lowest, rest.min()), np.append(highest, rest.max())
    return lowest, highest


def _offset(samples: Int16, swing: NDArray[np.int32], length: int) -> int:
    """The offset in the calmest stretch, if it is calm and keeps to one side of 0."""
    calmest = int(swing.argmin())
    if swing[calmest] * _CALM > swing.max():
        return 0
    stretch = samples[calmest * length : (calmest + 1) * length]
    offset = round(float(stretch.mean()))
    one_side = stretch.min() > 0 or stretch.max() < 0
    return offset if one_side and abs(offset) >= _OFFSET else 0


def _runs(full: NDArray[np.bool_]) -> int:
    """How many runs of at least `_RUN` there are."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
    return int(np.count_nonzero(edges[1::2] - edges[::2] >= _RUN))


def _ease(samples: Int16, length: int) -> None:
    """Ramps of 2 ms at both ends: what begins or ends off 0 would click against the pause."""
    length = min(length, samples.size // 2)
    ramp = np.arange(length, dtype=np.float32) / max(1, length)
    for edge in (samples[:length], samples[::-1][:length]):
        edge[:] = np.rint(edge * ramp)
