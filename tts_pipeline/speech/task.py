"""What the parent and a worker say to each other."""

from typing import Any

import msgspec

from tts_pipeline.model import Mark, Noun, Passage, Speech

OVERDUE = 75
"""Exit status of a worker whose engine did not come back in time."""


class Setup(Noun):
    """The first message to a worker."""

    engine: str
    options: dict[str, Any]
    language: str


class Calibration(Noun, tag="calibration"):
    """Ask for the gain of the voice."""

    rate: int


class Synthesis(Noun, tag="synthesis"):
    """Ask for a passage."""

    passage: Passage


class Rehearsal(Noun, tag="rehearsal"):
    """Ask for the sound of a passage as it goes to the encoder."""

    passage: Passage


class Gain(Noun, tag="gain"):
    """Answer to a Calibration."""

    gain_db: float


class Spoken(Noun, tag="spoken"):
    """Answer to a Synthesis."""

    speech: Speech


class Rehearsed(Noun, tag="rehearsed"):
    """Answer to a Rehearsal."""

    pcm: bytes
    marks: tuple[Mark, ...]


class Failure(Noun, tag="failure"):
    """Why there is no answer, as a sentence; tried twice."""

    message: str
    configuration: bool = False
    """The voice cannot be opened as it is configured."""
    unavailable: bool = False
    """The voice does not work at present, whatever the text."""


Task = Calibration | Synthesis | Rehearsal
Answer = Gain | Spoken | Rehearsed | Failure

_task: msgspec.msgpack.Decoder[Task] = msgspec.msgpack.Decoder(Task)
_answer: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
decode_task, decode_answer = _task.decode, _answer.decode
encode = msgspec.msgpack.Encoder().encode
