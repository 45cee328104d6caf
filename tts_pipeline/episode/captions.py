"""Transcripts as captions: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip (SRT)."""

import re
from collections.abc import Iterator
from html import escape

from tts_pipeline.episode.cues import cues
from tts_pipeline.episode.transcript import Transcript
from tts_pipeline.units import stamp

VTT_WIDTH = 65
SRT_WIDTH = 32
"""Characters of a line, as Podcasting 2.0 asks."""


def to_vtt(transcript: Transcript) -> Iterator[bytes]:
    """WebVTT; where there are several speakers, each cue names its own."""
    yield b"WEBVTT\n"
    for cue in cues(transcript, width=VTT_WIDTH):
        voice = f"<v {_escaped(cue.speaker)}>".replace("-->", "-- >") if cue.speaker else ""
        text = voice + _escaped("\n".join(cue.lines))
        yield f"\n{stamp(cue.start, '.')} --> {stamp(cue.end, '.')}\n{text}\n".encode()


def to_srt(transcript: Transcript) -> Iterator[bytes]:
    """SubRip; where there are several speakers, a change of speaker begins with the name."""
    for number, cue in enumerate(cues(transcript, width=SRT_WIDTH, named=True), start=1):
        text = _PLAYED.sub(_WORD_JOINER, "\n".join(cue.lines))
        times = f"{stamp(cue.start, ',')} --> {stamp(cue.end, ',')}"
        yield f"{number}\n{times}\n{text}\n\n".encode()


_WORD_JOINER = "\u2060"
_PLAYED = re.compile(r"(?<=<)(?=[\w/!])|(?<=\{)(?=\\)|(?<=--)(?=>)")
"""Inside what players take for markup or for a time line. SRT has no escapes; a word joiner there
has no width and keeps the text a text."""


def _escaped(text: str) -> str:
    return escape(text, quote=False)
