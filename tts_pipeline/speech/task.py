"""What the parent and a worker say to each other."""

from typing import Any

import msgspec

from tts_pipeline.model import Noun, Passage, Speech


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


class Gain(Noun, tag="gain"):
    """Answer to a Calibration."""

    gain_db: float


class Spoken(Noun, tag="spoken"):
    """Answer to a Synthesis."""

    speech: Speech


class Failure(Noun, tag="failure"):
    """Why there is no answer, as a sentence; tried twice."""

    message: str
    configuration: bool = False
    """The voice is at fault, not the text."""


Task = Calibration | Synthesis
Answer = Gain | Spoken | Failure

_task: msgspec.msgpack.Decoder[Task] = msgspec.msgpack.Decoder(Task)
_answer: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
decode_task, decode_answer = _task.decode, _answer.decode
encode = msgspec.msgpack.Encoder().encode
