"""What has been spoken before, by a hash of everything that shapes the sound.

One file a passage: the SHA-256 of the rest, the length of the head, the head, the MP3 frames.
All else that is remembered stands below its SHA-256 too. The folder may be deleted at any time, and
shared by any number of processes: an entry appears whole, and one that is damaged is said and made
again.
"""

import hashlib
import logging
from pathlib import Path

import msgspec

from tts_pipeline import files
from tts_pipeline.model import Mark, Noun, Passage, Speech
from tts_pipeline.speech.task import Setup

log = logging.getLogger(__name__)

_VERSION = 2
"""Goes up when the same passage would sound different by a change of ours."""


class Head(Noun):
    """A cached speech without its frames."""

    samples: int
    bytes: int
    """The size of the frames."""
    marks: tuple[Mark, ...]


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode_head = msgspec.msgpack.Decoder(Head).decode


def key(passage: Passage) -> str:
    """SHA-256 over the passage; the music counts by its content, not by its place."""
    content = msgspec.to_builtins(passage)
    if passage.music:
        content["music"] = [passage.music.sha256, passage.music.use]
    return hashlib.sha256(_encode([_VERSION, content])).hexdigest()


class Cache:
    """Speech and gains under one folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when first written to."""
        self._folder = folder

    def head(self, key: str) -> Head | None:
        """The cached speech's head, if it is there and whole."""
        found = self._read(key)
        return found[0] if found else None

    def frames(self, key: str) -> bytes | None:
        """The cached speech's frames, if they are there and whole."""
        found = self._read(key)
        return found[1] if found else None

    def put(self, key: str, speech: Speech) -> Head:
        """Remember a speech; returns its head."""
        head = Head(speech.samples, len(speech.frames), speech.marks)
        packed = _encode(head)
        body = len(packed).to_bytes(4, "big") + packed + speech.frames
        with files.replacing(self._path(key), durable=False) as file:
            file.write(hashlib.sha256(body).digest())
            file.write(body)
        return head

    def gain(self, setup: Setup, identity: dict[str, str]) -> float | None:
        """The measured gain of a voice, in dB."""
        path = self._gain_path(setup, identity)
        try:
            value, seal = path.read_text(encoding="ascii").split()
            if seal == _seal(value):
                return float(value)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            pass
        log.warning("the measured gain %s is damaged; it is measured again", path)
        return None

    def put_gain(self, setup: Setup, identity: dict[str, str], gain_db: float) -> None:
        """Remember a voice's gain."""
        value = f"{gain_db:.2f}"
        files.write(self._gain_path(setup, identity), f"{value} {_seal(value)}\n".encode())

    def kept(self, name: str) -> bytes | None:
        """What `keep` was given under a name that changes whenever its content may."""
        data = self._opened(self._folder / name, "remembered file")
        return None if data is None else bytes(data)

    def keep(self, name: str, data: bytes) -> None:
        """Remember anything else that is costly to find out."""
        with files.replacing(self._folder / name, durable=False) as file:
            file.write(hashlib.sha256(data).digest())
            file.write(data)

    def _read(self, key: str) -> tuple[Head, bytes] | None:
        body = self._opened(self._path(key), "cached speech")
        if body is None:
            return None
        start = 4 + int.from_bytes(body[:4], "big")
        return _decode_head(body[4:start]), bytes(body[start:])

    def _opened(self, path: Path, what: str) -> memoryview | None:
        """What is in a file below its seal, if it is there and whole."""
        try:
            data = memoryview(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("the %s %s cannot be read (%s); it is made again", what, path, error)
            return None
        if hashlib.sha256(data[32:]).digest() != data[:32]:
            log.warning("the %s %s is damaged; it is made again", what, path)
            return None
        return data[32:]

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key[2:]}.speech"

    def _gain_path(self, setup: Setup, identity: dict[str, str]) -> Path:
        digest = hashlib.sha256(_encode([_VERSION, setup, identity])).hexdigest()
        return self._folder / "gains" / f"{digest[:32]}.txt"


def _seal(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]
