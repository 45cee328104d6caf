"""A voice of Piper's as its two files tell it: known without onnxruntime, before anyone speaks."""

import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

from tts_pipeline import files
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Noun

_PHONEMES = ("espeak", "text")
"""Kinds of phonemes that need no package besides piper-tts."""


class _Audio(msgspec.Struct, frozen=True):
    sample_rate: int


class _Inference(msgspec.Struct, frozen=True):
    noise_scale: float = 0.667
    length_scale: float = 1.0
    noise_w: float = 0.8


class Described(msgspec.Struct, frozen=True):
    """What is needed here of NAME.onnx.json."""

    audio: _Audio
    phoneme_id_map: dict[str, list[int]]
    num_speakers: int = 1
    speaker_id_map: dict[str, int] = {}
    phoneme_type: str = "espeak"
    inference: _Inference = _Inference()


class Model(Noun):
    """A voice, and which one it is to the byte."""

    described: Described
    versions: dict[str, str]
    """SHA-256 of the model and of its description."""


def model(path: str) -> Model:
    """The voice, read once as long as its files stay as they are.

    Raises:
        ProfileError: it is not there, or its description is not one.
    """
    try:
        facts = [Path(name).stat() for name in (path, f"{path}.json")]
        state = [(each.st_size, each.st_mtime_ns) for each in facts]
        return _read(path, *state)
    except OSError as error:
        raise ProfileError(
            f"the voice {path} cannot be read: {error.strerror or error} ({error.filename}); a "
            "voice of Piper's is two files, NAME.onnx and NAME.onnx.json"
        ) from error


@lru_cache(maxsize=64)
def _read(path: str, *_: tuple[int, int]) -> Model:
    description = Path(f"{path}.json").read_bytes()
    try:
        described = msgspec.json.decode(description, type=Described)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}.json does not describe a voice of Piper's: {error}") from error
    if not 8000 <= described.audio.sample_rate <= 48000:
        raise ProfileError(
            f"{path}.json says {described.audio.sample_rate} samples a second; it must be 8000 to "
            "48000"
        )
    if described.phoneme_type not in _PHONEMES:
        raise ProfileError(
            f"the voice {path} takes {described.phoneme_type!r} phonemes, for which Piper needs "
            f"more packages; voices that take {' or '.join(_PHONEMES)} work"
        )
    hashes = {
        "model": files.sha256(Path(path)),
        "model.json": hashlib.sha256(description).hexdigest(),
    }
    return Model(described, hashes)


def speaker(path: str, wanted: str | int | None, described: Described) -> int | None:
    """The speaker's number.

    Raises:
        ProfileError: the voice has no such speaker.
    """
    count = described.num_speakers
    if isinstance(wanted, str) and wanted in described.speaker_id_map:
        return described.speaker_id_map[wanted]
    if wanted is None or (isinstance(wanted, int) and 0 <= wanted < count):
        return wanted
    names = ", ".join(sorted(described.speaker_id_map)[:8])
    raise ProfileError(
        f"the voice {path} has no speaker {wanted!r}; "
        + (f"it has 0 to {count - 1}" if count > 1 else "it has one speaker, so leave it out")
        + (f", with names such as {names}" if names else "")
    )
