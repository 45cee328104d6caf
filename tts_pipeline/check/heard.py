"""The decoded sound at any place, and where in it another sound is found."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tts_pipeline.audio import decode, lame
from tts_pipeline.audio.frames import frame_samples
from tts_pipeline.model import AudioFormat
from tts_pipeline.units import to_samples, up_to_multiple

Signal = NDArray[np.float32]

_PIECE_S = 20
_KEPT_S = 45
"""Of what was read, for those who look back."""


class Heard:
    """Reads forward through an MP3, as one channel; looking back far begins anew."""

    def __init__(self, path: Path, rate: int) -> None:
        """`rate`: the file's own samples a second."""
        self._path, self._rate = path, rate
        self._open()

    def _open(self) -> None:
        self._pieces = decode.stream(
            self._path, rate=self._rate, channels=1, samples=_PIECE_S * self._rate
        )
        self._start = 0
        self._held = np.zeros(0, np.int16)
        self._ended = False

    def read(self, start: int, end: int) -> Signal:
        """The samples from `start` to `end`; silence outside of the file."""
        if max(0, start) < self._start:
            self._open()
        while not self._ended and self._start + self._held.size < end:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            drop = min(self._held.size, max(0, start - self._start) - _KEPT_S * self._rate)
            if drop > 0:
                self._held = self._held[drop:]
                self._start += drop
            self._held = np.concatenate((self._held, piece[0]))
        part = self._held[max(0, start - self._start) : max(0, end - self._start)]
        read = np.zeros(end - start, np.float32)
        at = max(0, self._start - start)
        read[at : at + part.size] = part
        return read


def coded(pcm: bytes, audio: AudioFormat) -> Signal:
    """Sound as it comes out of the encoder: at a low bit rate, less than went in."""
    samples = len(pcm) // 2
    whole = up_to_multiple(
        samples + to_samples(lame.TAIL_MS, audio.rate), frame_samples(audio.rate)
    )
    return decode.frames(lame.encode(pcm + bytes(2 * (whole - samples)), audio), audio.rate)


def alike(a: NDArray[np.generic], b: NDArray[np.generic]) -> float:
    """Correlation of two sounds of one length, -1 to 1."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    # Not BLAS, whose threads wait for one another longer than so short a sum takes.
    both, first, second = (float(np.einsum("i,i->", *pair)) for pair in ((x, y), (x, x), (y, y)))
    return both / math.sqrt(first * second + 1e-9)


def find(wanted: Signal, within: Signal) -> tuple[int, float]:
    """Where `wanted` is most like what it is laid on, and how alike they are there."""
    size = 1 << (within.size + wanted.size - 1).bit_length()
    spectrum = np.fft.rfft(within, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: within.size - wanted.size + 1]
    squares = np.concatenate(([0.0], np.cumsum(np.square(within, dtype=np.float64))))
    energies = squares[wanted.size :] - squares[: products.size]
    # What is nearly silent is like anything.
    least = 1e-3 * float(np.square(wanted, dtype=np.float64).sum())
    scores = products / np.sqrt(np.maximum(energies, least))
    place = int(np.argmax(scores))
    return place, alike(wanted, within[place : place + wanted.size])
