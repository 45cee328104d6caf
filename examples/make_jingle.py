"""Compose the tune of the example show: a soft, plucked chord that opens and dies away.

    python examples/make_jingle.py [feeds/jingle.wav]

Six seconds, one channel, 22,050 Hz, 16 bits; the same bytes on every run. Made from sines alone,
so it is free of anyone's rights but this project's.
"""

import sys
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 22050
SECONDS = 6.0
PEAK = 10 ** (-3 / 20)

# D major with an added ninth, a note every 190 ms, then the chord once more, softly.
NOTES = [
    (0.00, "D3", 1.00), (0.19, "A3", 0.80), (0.38, "D4", 0.80), (0.57, "F#4", 0.75),
    (0.76, "A4", 0.75), (0.95, "E5", 0.60), (1.14, "D5", 0.65), (1.71, "A4", 0.45),
    (2.09, "F#4", 0.45), (2.47, "D3", 0.70), (2.47, "A3", 0.45), (2.51, "D4", 0.45),
    (2.55, "F#4", 0.45), (2.59, "D5", 0.40),
]  # fmt: skip
_STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "F#": -3, "G": -2, "A": 0, "B": 2}

Signal = NDArray[np.float64]


def pitch(name: str) -> float:
    """A note's frequency in Hz, equally tempered from A4 = 440."""
    return 440.0 * 2 ** ((_STEPS[name[:-1]] + 12 * (int(name[-1]) - 4)) / 12)


def pluck(frequency: float, samples: int) -> Signal:
    """A string: overtones that are weaker, and die away sooner, the higher they are."""
    time = np.arange(samples) / RATE
    sound = np.zeros(samples)
    for overtone in range(1, 9):
        if frequency * overtone > RATE * 0.4:
            break
        decay = 0.5 + 0.6 * overtone + frequency / 900
        # Strings are a little stiff, so that overtones lie a little high.
        stretched = frequency * overtone * np.sqrt(1 + 2e-4 * overtone**2)
        sound += np.exp(-decay * time) * np.sin(2 * np.pi * stretched * time) / overtone**1.7
    attack = np.minimum(1, time / 0.006)
    return np.asarray(sound * attack**2 * (3 - 2 * attack))


def compose() -> Signal:
    """The whole tune, -1 to 1."""
    total = int(SECONDS * RATE)
    tune = np.zeros(total)
    for start, note, strength in NOTES:
        first = int(start * RATE)
        tune[first:] += strength * pluck(pitch(note), total - first)
    # A small room: a few echoes, each softer than the last.
    for delay, strength in ((0.037, 0.22), (0.061, 0.16), (0.097, 0.11), (0.151, 0.07)):
        shift = int(delay * RATE)
        tune[shift:] += strength * tune[:-shift]
    fade = np.ones(total)
    last = int(1.5 * RATE)
    fade[-last:] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, last))
    tune *= fade
    return np.asarray(tune * PEAK / np.abs(tune).max())


def main(path: Path) -> None:
    """Write the tune as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.rint(compose() * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "feeds/jingle.wav"))
