"""Voices, and the sound of what they say."""

from collections.abc import Iterable
from enum import StrEnum
from struct import Struct
from typing import Any

import msgspec

from tts_pipeline.model.noun import Noun


class Voice(Noun):
    """One voices/NAME.toml, checked."""

    name: str
    engine: str
    language: str
    options: dict[str, Any]
    """The engine's own options, already checked against the engine's declaration."""
    lexicon: tuple[tuple[str, str], ...] = ()
    """Word and replacement, in the order of the files."""
    fallback: "Voice | None" = None
    """Speaks what this one cannot."""
    price: tuple[float, str] | None = None
    """What a million characters cost, and in which currency (ISO 4217)."""

    @property
    def chain(self) -> tuple["Voice", ...]:
        """The voice itself, then those that speak in its place, in order."""
        return (self, *(self.fallback.chain if self.fallback else ()))


class Cast(Noun):
    """Who speaks in a show's episodes."""

    narrator: Voice
    quote: Voice | None = None
    """Reads quotes, if it is another voice that does."""
    code: Voice | None = None
    """The same for blocks of code."""
    notes: Voice | None = None
    """The same for footnotes."""
    speakers: tuple[Voice, ...] = ()
    """Take the parts of a dialogue."""
    named: dict[str, Voice] = msgspec.field(default_factory=dict)
    """Speakers, in lower case, who have a voice of their own."""

    @property
    def meant(self) -> tuple[Voice, ...]:
        """All of them, the narrator first."""
        kinds = (self.narrator, self.quote, self.code, self.notes)
        return (*filter(None, kinds), *self.speakers, *self.named.values())

    @property
    def voices(self) -> dict[str, Voice]:
        """By name: all of them, and those that they fall back to."""
        return {voice.name: voice for first in self.meant for voice in first.chain}


class AudioFormat(Noun):
    """How an episode is encoded: MP3."""

    rate: int = 22050
    """Samples a second."""
    bitrate: int = 64
    """kbit/s, constant; does not count when `vbr` is given."""
    quality: int = 5
    """LAME's -q: 0 best and slowest, 9 worst and fastest."""
    vbr: int | None = None
    """LAME's -V: a variable bit rate, 0 largest and best, 9 smallest."""
    channels: int = 1
    """Two hold the same."""


class MusicUse(StrEnum):
    """What a piece of music is for."""

    SLATE = "slate"
    """Opens the episode, and lies under the slate."""
    OUTRO = "outro"
    """Lies under the outro, and closes the episode."""
    STING = "sting"
    """Sounds alone before a chapter."""


class Music(Noun):
    """A piece of music, decoded."""

    path: str
    """PCM at the episode's rate."""
    sha256: str
    """Of the file that it was decoded from."""
    use: MusicUse


class Utterance(Noun):
    """A segment as an engine gets it."""

    text: str
    pause: int = 0
    """Samples of silence after it."""
    pace: float = 1.0
    """How fast, against the voice's own speed."""


class Passage(Noun, kw_only=True):
    """What is synthesized and encoded in one go, and cached: the segments of one block.

    Its speech is a pure function of these fields and of the versions in `identity`.
    """

    engine: str
    options: dict[str, Any]
    language: str
    gain_db: float
    audio: AudioFormat
    utterances: tuple[Utterance, ...]
    """None in a sting: it is music alone."""
    music: Music | None = None
    identity: dict[str, str]
    """Versions of the engine, the encoder and the chain between them."""


class Mark(Noun):
    """Where one utterance lies in its passage, in samples; `end` is exclusive."""

    start: int
    end: int
    words: bytes = b""
    """When its words begin, where the engine tells: `points`, packed, since they are many."""
    clipped: int = 0
    """How often the engine's own sound was cut off at full scale."""

    @property
    def points(self) -> list[tuple[int, int]]:
        """(character offset, sample from `start`)."""
        return [(offset, sample) for offset, sample in _POINT.iter_unpack(self.words)]

    @staticmethod
    def packed(points: Iterable[tuple[int, int]]) -> bytes:
        """What `words` holds of points that are not below 0."""
        return b"".join(_POINT.pack(*point) for point in points)


_POINT = Struct("<II")


class Speech(Noun):
    """The sound of one passage: MP3 frames that can be laid end to end with others."""

    frames: bytes
    samples: int
    """Its length: a whole number of MP3 frames."""
    marks: tuple[Mark, ...]
    """One for each utterance, in order, without overlap; a sting has none."""
