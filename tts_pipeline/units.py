"""Sample counts and milliseconds, and the one rounding rule between them.

Positions are integer sample counts from first to last. They become milliseconds once, at the
edge, so that no sum of rounded times ever drifts.
"""

from typing import NewType

Samples = NewType("Samples", int)
"""A count of amplitudes of one channel, or a position counted in them."""

Milliseconds = NewType("Milliseconds", int)


def to_ms(samples: int, rate: int) -> Milliseconds:
    """Nearest millisecond, halves up."""
    return Milliseconds((samples * 2000 + rate) // (2 * rate))


def to_samples(ms: int, rate: int) -> Samples:
    """Nearest sample, halves up. `to_ms` undoes it for any rate of at least 1 kHz."""
    return Samples((ms * rate * 2 + 1000) // 2000)


def up_to_multiple(samples: int, of: int) -> Samples:
    """The smallest multiple of `of` that is at least `samples`."""
    return Samples(-(-samples // of) * of)


def clock(ms: int) -> str:
    """`1:02:03` or `2:03`, whole seconds, rounded down: as players and show notes write it."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def stamp(ms: int, mark: str) -> str:
    """`01:02:03.456` with this mark: as captions and Normal Play Time (RFC 2326) write it."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{ms % 1000:03}"
