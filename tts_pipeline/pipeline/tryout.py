"""Texts outside of any episode: how they are said, and which words a voice may not know."""

from collections.abc import Iterable
from typing import Literal

from tts_pipeline.errors import SpeechError
from tts_pipeline.model import (
    AudioFormat,
    Noun,
    Passage,
    Script,
    Voice,
)
from tts_pipeline.segment import unknown
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.normalize import normalize, spoken
from tts_pipeline.speech import passage


class Tried(Noun):
    """A written span, how it is said, and why."""

    written: str
    spoken: str
    by: Literal["lexicon", "rule"]


def unknown_words(scripts: Iterable[Script], voice: Voice) -> tuple[unknown.Unknown, ...]:
    """Words worth a look in all of these scripts together."""
    segments = (segment for script in scripts for segment in script.segments)
    return unknown.unknown(segments, voice.language, Lexicon(voice.lexicon))


def try_text(text: str, voice: Voice) -> tuple[tuple[Tried, ...], str]:
    """How a text is said: each written span that is said in another way, and the whole."""
    lexicon = Lexicon(voice.lexicon)
    pieces = normalize(text, voice.language, lexicon)
    plain = normalize(text, voice.language)
    by_rule = {piece for piece in plain if piece.written != piece.spoken}
    tried = tuple(
        Tried(piece.written, spoken([piece]), "rule" if piece in by_rule else "lexicon")
        for piece in pieces
        if piece.written != piece.spoken
    )
    return tried, spoken(pieces)


def preview_passage(voice: Voice, text: str, gain_db: float) -> Passage:
    """A text outside of any post, as one passage.

    Raises:
        SpeechError: there is nothing to say.
    """
    lexicon_ = Lexicon(voice.lexicon)
    said = " ".join(spoken(normalize(text, voice.language, lexicon_)).split())
    if not said:
        raise SpeechError("there is nothing to say; give a text with words")
    return passage.alone(said, voice, gain_db=gain_db, audio=AudioFormat())
