"""`tone`: a deterministic fake whose sound is a pure function of its text.

It stands beside the real engine in tests, where it saves time: every letter has a pitch of its
own, so a dropped, swapped or changed word shows in the sound.
"""

from typing import ClassVar

import numpy as np

from tts_pipeline.model import Noun
from tts_pipeline.speech.engine import Facts, Sound

_LETTER = 662
"""Samples a letter at the usual pace: 30 ms."""


class ToneOptions(Noun):
    """[engine] of a tone voice."""

    pitch: int = 0
    """Semitones up."""


class Tone:
    """Sine beeps, one a letter, silence for white space."""

    Options: ClassVar[type[Noun]] = ToneOptions

    @classmethod
    def facts(cls, options: ToneOptions) -> Facts:
        """Everything that can be declared holds."""
        return Facts(
            sample_rate=22050,
            limit=2000,
            deterministic=True,
            carries_state=False,
            word_times=True,
            phonemes=False,
            versions={"tone": "1"},
        )

    def __init__(self, options: ToneOptions, language: str) -> None:
        """Nothing to open."""
        self._factor = 2 ** (options.pitch / 12)

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """One beep a character."""
        letter = round(_LETTER / pace)
        place = np.arange(letter)
        time = place / 22050
        fade = np.minimum(1, np.minimum(place, place[::-1]) / 60)
        pieces = []
        for character in text:
            pitch = (200 + ord(character) * 37 % 1900) * self._factor
            level = 0 if character.isspace() else 4000
            pieces.append(level * fade * np.sin(2 * np.pi * pitch * time))
        words, offset = [], 0
        for word in text.split():
            offset = text.index(word, offset)
            words.append((offset, len(word), offset * letter))
            offset += len(word)
        pcm = np.concatenate(pieces) if pieces else np.zeros(0)
        return Sound(pcm=pcm.round().astype("<i2").tobytes(), words=tuple(words))
