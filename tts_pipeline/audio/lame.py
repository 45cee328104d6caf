"""LAME, so set that frames encoded apart can be laid end to end.

lameenc's extension module carries all of LAME and exports its functions; its Python face lacks
the settings that matter here, so ctypes calls them: the bit reservoir is off, hence no frame
needs its neighbours' bytes.
"""

import ctypes
import importlib.util
from functools import cache
from importlib.metadata import version
from typing import Any

from tts_pipeline.errors import EpisodeError
from tts_pipeline.model import AudioFormat

TAIL_MS = 350
"""Silence that must end what is encoded: its last 1,105 samples come out of the frame after."""

DELAY = 576
"""Samples that LAME puts before the sound."""

_CBR_SCALE = 1 / 0.95
"""LAME quietly scales what it encodes at a constant bit rate by 0.95; this undoes it."""

_MONO = 3


def identity() -> dict[str, str]:
    """What shapes the frames besides the format."""
    return {"lameenc": version("lameenc")}


def frame_samples(rate: int) -> int:
    """Samples a frame holds: 1,152 in MPEG-1, 576 in MPEG-2 and 2.5 (ISO 11172-3, 13818-3)."""
    return 1152 if rate >= 32000 else 576


def encode(pcm: bytes, audio: AudioFormat) -> bytes:
    """Exactly one frame for each `frame_samples(audio.rate)` samples.

    Raises:
        ValueError: `pcm` is not a whole number of frames.
        EpisodeError: LAME refuses the format or cannot be reached.
    """
    frame = frame_samples(audio.rate)
    samples = len(pcm) // 2
    if samples % frame or len(pcm) % 2:
        raise ValueError(f"{samples} samples are not a whole number of frames of {frame}")
    library = _library()
    handle = library.lame_init()
    try:
        library.lame_set_in_samplerate(handle, audio.rate)
        library.lame_set_out_samplerate(handle, audio.rate)
        library.lame_set_num_channels(handle, 1)
        library.lame_set_mode(handle, _MONO)
        library.lame_set_brate(handle, audio.bitrate)
        library.lame_set_quality(handle, audio.quality)
        library.lame_set_scale(handle, _CBR_SCALE)
        library.lame_set_disable_reservoir(handle, 1)
        library.lame_set_bWriteVbrTag(handle, 0)
        if library.lame_init_params(handle) < 0:
            raise EpisodeError(
                f"LAME cannot encode {audio.rate} Hz at {audio.bitrate} kbit/s; choose another "
                "rate or bit rate"
            )
        # LAME's own bound for one call, and room for the flush.
        buffer = ctypes.create_string_buffer(samples * 5 // 4 + 7200 + 7200)
        written = library.lame_encode_buffer(handle, pcm, pcm, samples, buffer, len(buffer))
        if written >= 0:
            rest = ctypes.byref(buffer, written)
            flushed = library.lame_encode_flush(handle, rest, len(buffer) - written)
            written = flushed if flushed < 0 else written + flushed
        if written < 0:
            raise EpisodeError(f"LAME failed with error {written}")
        return _first_frames(buffer.raw[:written], samples // frame)
    finally:
        library.lame_close(handle)


def silence(frames: int, audio: AudioFormat) -> bytes:
    """That many frames of digital silence."""
    return b"".join(_silent_frames(audio)[index % _PERIOD] for index in range(frames))


_PERIOD = 49
"""Frames after which the pattern of padding bytes comes round at 22,050 and 44,100 Hz."""


@cache
def _silent_frames(audio: AudioFormat) -> tuple[bytes, ...]:
    from tts_pipeline.audio import frames  # noqa: PLC0415

    lead = 4
    encoded = encode(bytes(2 * frame_samples(audio.rate) * (_PERIOD + lead)), audio)
    found = [encoded[offset : offset + size] for offset, size, _ in frames.iterate(encoded)]
    return tuple(found[lead:])


def _first_frames(data: bytes, count: int) -> bytes:
    from tts_pipeline.audio import frames  # noqa: PLC0415

    end = 0
    for number, (offset, size, _) in enumerate(frames.iterate(data), 1):
        end = offset + size
        if number == count:
            return data[:end]
    raise EpisodeError(f"LAME gave fewer than {count} frames")


@cache
def _library() -> Any:
    found = importlib.util.find_spec("lameenc")
    if found is None or found.origin is None:
        raise EpisodeError("the Python package lameenc is missing; install it with pip")
    library = ctypes.CDLL(found.origin)
    try:
        library.lame_init.restype = ctypes.c_void_p
        for name in _SETTERS:
            getattr(library, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.lame_set_scale.argtypes = [ctypes.c_void_p, ctypes.c_float]
        for name in ("lame_init_params", "lame_close"):
            getattr(library, name).argtypes = [ctypes.c_void_p]
        library.lame_encode_buffer.argtypes = [
            ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int,
            ctypes.c_void_p, ctypes.c_int,
        ]  # fmt: skip
        library.lame_encode_flush.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    except AttributeError as error:
        raise EpisodeError(
            f"the Python package lameenc does not let LAME be set as needed here ({error}); "
            "use the lameenc wheel for Linux or macOS from the package index"
        ) from error
    return library


_SETTERS = (
    "lame_set_in_samplerate",
    "lame_set_out_samplerate",
    "lame_set_num_channels",
    "lame_set_mode",
    "lame_set_brate",
    "lame_set_quality",
    "lame_set_disable_reservoir",
    "lame_set_bWriteVbrTag",
)
