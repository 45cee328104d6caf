"""How much of two texts is the same: runs of three words, by their hashes."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from tts_pipeline.post.twins.prints import Print

_RUN = 3
"""Words of a run."""

SKETCH = 1024
"""Hashes kept of a post: all of them up to so many, else the smallest."""

_BANDS, _ROWS = 32, 4
"""Two posts meet if all rows of a band are equal: always at a likeness of .7, rarely below .2."""

_ANCHOR, _EVERY = 8, 32
"""Of all runs of so many words, one in so many finds a post that stands inside another."""

_SEED = 20240402
_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


def fingerprint(words: Sequence[str]) -> Print:
    """What is kept of these words, as `letters` gives each: the same on any machine."""
    folded = [word for word in words if word]
    digest = hashlib.blake2b("\n".join(folded).encode(), digest_size=16).digest()
    hashes = np.fromiter(map(_hash, folded), np.uint64, len(folded))
    if len(folded) < _RUN:
        return Print(len(folded), digest, 0, b"", ())
    unique = np.unique(_runs(hashes, _RUN))
    anchors = np.unique(_runs(hashes, _ANCHOR))
    anchors = anchors[anchors % np.uint64(_EVERY) == 0]
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        unique, np.array((0, unique.size), np.uint64), _BANDS * _ROWS, _SEED
    )
    return Print(
        words=len(folded),
        digest=digest,
        runs=unique.size,
        sketch=unique[:SKETCH].astype("<u8").tobytes(),
        bands=(*_bands(matrix.to_rows()[0]), *_signed(anchors)),
    )


def likeness(one: Print, other: Print) -> tuple[float, float]:
    """(of all runs, the share that both have; of the shorter's runs, the share in the longer).

    Exact for posts of up to `SKETCH` runs, and within .05 for longer ones.
    """
    a, b = _sketch(one), _sketch(other)
    if not a.size or not b.size:
        return 0.0, 0.0
    # Below the smaller of the two ends, both sketches are complete.
    ends = [s[-1] for s, p in ((a, one), (b, other)) if p.runs > s.size]
    if ends:
        a, b = a[a <= min(ends)], b[b <= min(ends)]
    both = np.intersect1d(a, b, assume_unique=True).size
    union = a.size + b.size - both
    least = min(a.size, b.size)
    return both / union if union else 0.0, both / least if least else 0.0


def _sketch(of: Print) -> Hashes:
    return np.frombuffer(of.sketch, "<u8").astype(np.uint64, copy=False)


@lru_cache(maxsize=1 << 17)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


def _runs(hashes: Hashes, size: int) -> Hashes:
    """A hash of each run of so many words."""
    count = max(0, hashes.size - size + 1)
    mixed = np.zeros(count, np.uint64)
    with np.errstate(over="ignore"):
        for at in range(size):
            mixed = _mixed(mixed * _FACTOR + hashes[at : at + count])
    return mixed


def _mixed(hashes: Hashes) -> Hashes:
    """Spread over all 64 bits: splitmix64's finalizer."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


def _bands(row: Iterable[int]) -> list[int]:
    """One number a band."""
    rows = np.fromiter(row, np.uint64, _BANDS * _ROWS).reshape(_BANDS, _ROWS)
    mixed = np.arange(_BANDS, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(_ROWS):
            mixed = _mixed(mixed * _FACTOR + rows[:, at])
    return _signed(mixed)


def _signed(numbers: Hashes) -> list[int]:
    """64 bits as SQLite holds them."""
    return [int(number) for number in numbers.view(np.int64)]
