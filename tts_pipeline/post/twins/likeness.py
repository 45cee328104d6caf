"""How much of two texts is the same: runs of three words, by their hashes."""

import hashlib
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from rensa import RMinHash

from tts_pipeline.post.twins.number import is_number
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
_FACTOR = 0x9E3779B97F4A7C15
_SQUARED = _FACTOR * _FACTOR
_64_BITS = (1 << 64) - 1


def fingerprint(words: Iterable[str]) -> Print:
    """What is kept of these words, as `letters` gives each: the same on any machine."""
    folded = [word for word in words if word]
    digest = hashlib.blake2b("\n".join(folded).encode(), digest_size=16).digest()
    trace = _little(array("H", map(_trace, folded)))
    if len(folded) < _RUN:
        return Print(len(folded), digest, 0, b"", (), trace)
    hashes = [*map(_hash, folded)]
    # `_mixed` of each run, at a third of its cost.
    runs = [
        (one * _SQUARED + two * _FACTOR + three) & _64_BITS
        for one, two, three in zip(hashes, hashes[1:], hashes[2:], strict=False)
    ]
    unique = sorted(set(runs))
    anchors = {
        _mixed(hashes[at : at + _ANCHOR])
        for at, run in enumerate(runs[: len(hashes) - _ANCHOR + 1])
        if run % _EVERY == 0
    }
    [row] = RMinHash.digest_matrix_from_token_hash_sets([unique], _BANDS * _ROWS, _SEED).to_rows()
    bands = [_mixed((band, *row[band * _ROWS :][:_ROWS])) for band in range(_BANDS)]
    return Print(
        words=len(folded),
        digest=digest,
        runs=len(unique),
        sketch=_little(array("Q", unique[:SKETCH])),
        bands=(*map(_signed, bands), *map(_signed, sorted(anchors))),
        trace=trace,
    )


def likeness(one: Print, other: Print) -> tuple[float, float]:
    """(of all runs, the share that both have; of the shorter's runs, the share in the longer).

    Exact for posts of up to `SKETCH` runs, and within .05 for longer ones.
    """
    a, b = _sketch(one), _sketch(other)
    if not a or not b:
        return 0.0, 0.0
    # Below the smaller of the two ends, both sketches are complete.
    ends = [s[-1] for s, p in ((a, one), (b, other)) if p.runs > len(s)]
    ours, theirs = set(a), set(b)
    if ends:
        least = min(ends)
        ours = {each for each in ours if each <= least}
        theirs = {each for each in theirs if each <= least}
    both, shorter = len(ours & theirs), min(len(ours), len(theirs))
    return both / (len(ours) + len(theirs) - both), both / shorter if shorter else 0.0


def _sketch(of: Print) -> Sequence[int]:
    hashes = array("Q", of.sketch)
    if sys.byteorder == "big":
        hashes.byteswap()
    return hashes


class _Remembered(dict[str, int]):
    """What was computed of each word; at half the cost of `lru_cache`, which keeps an order."""

    _MOST = 1 << 17

    def __init__(self, compute: Callable[[str], int]) -> None:
        self._compute = compute

    def __missing__(self, word: str) -> int:
        if len(self) >= self._MOST:
            self.clear()
        made = self[word] = self._compute(word)
        return made


def _hash_of(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


def _trace_of(word: str) -> int:
    """What is kept of a word where the order of words counts; odd for a number."""
    return (_hash_of(word) >> 48) & 0xFFFE | is_number(word)


_hash = _Remembered(_hash_of).__getitem__
_trace = _Remembered(_trace_of).__getitem__


def _little(numbers: "array[int]") -> bytes:
    """The same bytes on any machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _mixed(hashes: Iterable[int]) -> int:
    """One hash of several, in their order."""
    return reduce(lambda mixed, each: (mixed * _FACTOR + each) & _64_BITS, hashes)


def _signed(number: int) -> int:
    """64 bits as SQLite holds them."""
    return number - (1 << 64) if number >> 63 else number
