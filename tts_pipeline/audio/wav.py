"""PCM WAV files: read whole or in part, as one channel at any rate.

Python's wave module refuses WAVE_FORMAT_EXTENSIBLE before 3.12, which is how most programs
write 24 bits.
"""

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tts_pipeline.audio.level import Float
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Noun

_PCM, _EXTENSIBLE = 1, 0xFFFE
_FMT_BYTES = 40
_OTHERS = {2: "ADPCM", 3: "floating point", 6: "A-law", 7: "mu-law", 0x55: "MP3"}
_ADVICE = "convert it to a 16-bit PCM WAV file, for example with Audacity or ffmpeg"


class _Format(Noun):
    channels: int
    rate: int
    width: int
    """Bytes a sample of one channel."""


def read(path: Path, rate: int, seconds: float | None = None) -> bytes:
    """A PCM WAV file of 8, 16, 24 or 32 bits, mixed to one channel, at `rate`.

    Args:
        path: the file.
        rate: samples a second of what is returned.
        seconds: stop reading after so many.

    Raises:
        ProfileError: the file is missing, damaged, of another kind, or without sound.
    """
    form, data = _opened(path, seconds)
    frame = form.width * form.channels
    mixed = _as_float(data[: len(data) // frame * frame], form.width)
    mixed = mixed.reshape(-1, form.channels).mean(axis=1, dtype=np.float32)
    if not mixed.any():
        raise ProfileError(f"the music {path} is silent; leave `music` out to have none")
    if form.rate != rate:
        import soxr  # noqa: PLC0415

        mixed = soxr.resample(mixed, form.rate, rate)
    whole: Float = np.clip(np.rint(mixed * 32768), -32768, 32767)
    return whole.astype("<i2").tobytes()


def check(path: Path) -> None:
    """See that a file is one that `read` can read.

    Raises:
        ProfileError: see `read`.
    """
    _opened(path, 0.1)


def _opened(path: Path, seconds: float | None) -> tuple[_Format, bytes]:
    try:
        with path.open("rb") as file:
            return _chunks(file, path, seconds)
    except OSError as error:
        raise ProfileError(
            f"the music {path} cannot be read: {error.strerror or error}; correct `music` in the "
            "show, or leave it out"
        ) from error


def _chunks(file: BinaryIO, path: Path, seconds: float | None) -> tuple[_Format, bytes]:
    """The format and the samples, of a RIFF file whose chunks come in any order but fmt first."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise ProfileError(f"the music {path} is not a WAV file; {_ADVICE}")
    form = None
    while len(start := file.read(8)) == 8:
        name, size = start[:4], int.from_bytes(start[4:], "little")
        odd = size & 1
        if name == b"data" and form:
            # Programs that write to a pipe leave the size at its highest; what is there counts.
            if seconds is not None:
                frames = int(seconds * form.rate) + 1
                size = min(size, frames * form.width * form.channels)
            return form, file.read(size)
        if name == b"fmt ":
            fmt = file.read(min(size, _FMT_BYTES))
            form = _format(fmt, path)
            size -= len(fmt)
        file.seek(size + odd, 1)
    raise ProfileError(f"the music {path} is cut off: it has no sound in it; {_ADVICE}")


def _format(fmt: bytes, path: Path) -> _Format:
    if len(fmt) < 16:
        raise ProfileError(f"the music {path} is damaged: its format is cut off; {_ADVICE}")
    code, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", fmt)
    if code == _EXTENSIBLE and len(fmt) >= 26:
        code = int.from_bytes(fmt[24:26], "little")
    width = (bits + 7) // 8
    if code != _PCM or bits not in (8, 16, 24, 32):
        kind = _OTHERS.get(code, f"format {code}") if code != _PCM else f"{bits}-bit PCM"
        raise ProfileError(f"the music {path} holds {kind}, which cannot be read here; {_ADVICE}")
    if channels not in (1, 2) or block != width * channels or not 1000 <= rate <= 768000:
        raise ProfileError(
            f"the music {path} has {channels} channels at {rate} Hz; it must have one or two; "
            f"{_ADVICE}"
        )
    return _Format(channels, rate, width)


def _as_float(data: bytes, width: int) -> Float:
    """PCM of 1 to 4 bytes a sample, -1 to 1; WAV's 8 bits are unsigned."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    padded = np.zeros((len(data) // width, 4), np.uint8)
    padded[:, 4 - width :] = np.frombuffer(data, np.uint8).reshape(-1, width)
    return padded.view("<i4")[:, 0].astype(np.float32) / np.float32(2**31)
