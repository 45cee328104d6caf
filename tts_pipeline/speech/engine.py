"""What an engine is: declared facts, and text in, sound out.

An engine lives in one file under `engines/` and has one line in `registry.py`. It is opened in
a worker, never in the parent; what the parent must know stands in its facts.
"""

from typing import Any, ClassVar, Protocol

from tts_pipeline.model import Noun


class Facts(Noun, kw_only=True):
    """What an engine declares without being opened."""

    sample_rate: int
    limit: int
    """Characters that one utterance may have; the splitter obeys."""
    deterministic: bool
    """The same text gives the same bytes, in a fresh process when `carries_state`."""
    carries_state: bool
    """One utterance changes the sound of the next, or a fault can take the process along: each
    passage gets a process of its own, forked from one in which the engine stands ready."""
    word_times: bool
    phonemes: bool
    """Takes phonemes between `[[` and `]]`, which only a lexicon can write."""
    gpu: bool = False
    """Speaks on a GPU: in a cluster, only machines that declare the resource `GPU` are asked."""
    versions: dict[str, str]
    """All that can change the sound besides text and options."""


class Sound(Noun, tag="sound"):
    """An utterance as an engine gives it."""

    pcm: bytes
    """Signed 16-bit little-endian, one channel, at the declared rate."""
    words: tuple[tuple[int, int, int], ...] = ()
    """(character offset, character count, sample)."""


class Engine(Protocol):
    """An open engine with one voice."""

    Options: ClassVar[type[Noun]]
    """The keys of [engine] in a voice file; unknown ones are errors."""

    @classmethod
    def facts(cls, options: Any) -> Facts:
        """Declare; cheap, opens nothing."""
        ...

    def __init__(self, options: Any, language: str) -> None:
        """Open the engine with this voice.

        Raises:
            ProfileError: the engine has no such voice.
            SpeechError: the engine does not work here.
        """
        ...

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """Say one utterance of at most `limit` characters.

        `pace` is how fast, against the voice's own speed; an engine that has no such thing
        speaks as it does.

        Raises:
            SpeechError: the engine failed.
        """
        ...
