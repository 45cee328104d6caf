"""What has been spoken before, by a hash of everything that shapes the sound.

One file a passage: the SHA-256 of the head, its length, the head, the MP3 frames. All else that is
remembered stands below its SHA-256. The folder may be deleted at any time, and shared by any number
of processes: an entry appears whole, and one that is damaged is said and made again.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from tts_pipeline import files
from tts_pipeline.model import Mark, Noun, Passage, Speech
from tts_pipeline.speech.task import Setup

log = logging.getLogger(__name__)

_VERSION = 4
"""Goes up when the same passage would sound different by a change of ours, or is kept otherwise."""


_T = TypeVar("_T")


class Head(Noun):
    """A cached speech without its frames."""

    samples: int
    bytes: int
    """The size of the frames."""
    sha256: str
    """Of the frames."""
    marks: tuple[Mark, ...]


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode_head = msgspec.msgpack.Decoder(Head).decode


def key(passage: Passage) -> str:
    """SHA-256 over the passage; the music counts by its content, not by its place."""
    content = msgspec.to_builtins(passage)
    if passage.music:
        content["music"] = [passage.music.sha256, passage.music.use]
    return hashlib.sha256(_encode([_VERSION, content])).hexdigest()


def _read_head(file: BinaryIO) -> Head | None:
    """The head of an entry, if it is whole and as many frames follow as it says."""
    seal, length = file.read(32), file.read(4)
    packed = file.read(int.from_bytes(length, "big"))
    if hashlib.sha256(packed).digest() != seal:
        return None
    head = _decode_head(packed)
    return head if head.bytes == os.fstat(file.fileno()).st_size - file.tell() else None


def _read_frames(file: BinaryIO) -> bytes | None:
    """The frames of an entry, if they are whole."""
    head, frames = _read_head(file), file.read()
    return frames if head and hashlib.sha256(frames).hexdigest() == head.sha256 else None


def _read_kept(file: BinaryIO) -> bytes | None:
    """What stands below its seal, if it is whole."""
    seal, data = file.read(32), file.read()
    return data if hashlib.sha256(data).digest() == seal else None


class Cache:
    """Speech and gains under one folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when first written to."""
        self._folder = folder

    def head(self, key: str) -> Head | None:
        """The cached speech's head, if it is there and whole; its frames are not looked at."""
        return self._read(self._path(key), "cached speech", _read_head)

    def frames(self, key: str) -> bytes | None:
        """The cached speech's frames, if they are there and whole."""
        return self._read(self._path(key), "cached speech", _read_frames)

    def put(self, key: str, speech: Speech) -> Head:
        """Remember a speech; returns its head."""
        sha256 = hashlib.sha256(speech.frames).hexdigest()
        head = Head(speech.samples, len(speech.frames), sha256, speech.marks)
        packed = _encode(head)
        with files.replacing(self._path(key), durable=False) as file:
            file.write(hashlib.sha256(packed).digest() + len(packed).to_bytes(4, "big") + packed)
            file.write(speech.frames)
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
        return self._read(self._folder / name, "remembered file", _read_kept)

    def keep(self, name: str, data: bytes) -> None:
        """Remember anything else that is costly to find out."""
        with files.replacing(self._folder / name, durable=False) as file:
            file.write(hashlib.sha256(data).digest())
            file.write(data)

    def _read(self, path: Path, what: str, read: Callable[[BinaryIO], _T | None]) -> _T | None:
        try:
            with path.open("rb") as file:
                found = read(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("the %s %s cannot be read (%s); it is made again", what, path, error)
            return None
        if found is None:
            log.warning("the %s %s is damaged; it is made again", what, path)
            with suppress(OSError):
                path.unlink()
        return found

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key[2:]}.speech"

    def _gain_path(self, setup: Setup, identity: dict[str, str]) -> Path:
        digest = hashlib.sha256(_encode([_VERSION, setup, identity])).hexdigest()
        return self._folder / "gains" / f"{digest[:32]}.txt"


def _seal(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]
