"""LAME, so set that frames encoded apart can be laid end to end.

lameenc's extension module carries all of LAME and exports its functions; its Python face lacks
the settings that matter here, so ctypes calls them: the bit reservoir is off, hence no frame
needs its neighbours' bytes.
"""

import ctypes
import importlib.util
from functools import cache
from importlib.metadata import version
from itertools import islice
from typing import Any

from tts_pipeline.audio.frames import frame_samples, header, iterate
from tts_pipeline.errors import EpisodeError
from tts_pipeline.model import AudioFormat

TAIL_MS = 350
"""Silence that must end what is encoded: its last 1,105 samples come out of the frame after."""

_CBR_SCALE = 1 / 0.95
"""LAME quietly scales what it encodes at a constant bit rate by 0.95; this undoes it."""

_TWO_CHANNELS_SCALE = 0.5**0.5
"""Two channels that hold the same are as loud as one of them 3 dB higher: BS.1770 adds powers."""

_JOINT, _MONO = 1, 3
_VBR_MTRH = 4

_CHUNK = 1 << 15
"""Samples handed over at a time: LAME keeps two floats of each. Its bound on what they become is
five bytes for four samples, and 7,200."""


@cache
def identity() -> dict[str, str]:
    """What shapes the frames besides the format: versions, for keys of caches."""
    return {
        "lameenc": version("lameenc"),
        "lame": _library().get_lame_version().decode("ascii", "replace"),
    }


def encode(pcm: bytes, audio: AudioFormat) -> bytes:
    """Exactly one frame for each `frame_samples(audio.rate)` samples.

    Raises:
        ValueError: `pcm` is not a whole number of frames.
        EpisodeError: LAME refuses the format or cannot be reached.
    """
    frame = frame_samples(audio.rate)
    samples = len(pcm) // 2
    if samples % frame or len(pcm) % 2:
        raise ValueError(f"{len(pcm)} bytes of PCM are not a whole number of frames of {frame}")
    if not samples:
        return b""
    library = _library()
    handle = library.lame_init()
    try:
        library.lame_set_in_samplerate(handle, audio.rate)
        library.lame_set_out_samplerate(handle, audio.rate)
        library.lame_set_num_channels(handle, audio.channels)
        library.lame_set_mode(handle, _MONO if audio.channels == 1 else _JOINT)
        library.lame_set_quality(handle, audio.quality)
        scale = 1.0 if audio.channels == 1 else _TWO_CHANNELS_SCALE
        library.lame_set_scale(handle, scale * (_CBR_SCALE if audio.vbr is None else 1))
        if audio.vbr is None:
            library.lame_set_brate(handle, audio.bitrate)
        else:
            library.lame_set_VBR(handle, _VBR_MTRH)
            library.lame_set_VBR_q(handle, audio.vbr)
        library.lame_set_disable_reservoir(handle, 1)
        library.lame_set_bWriteVbrTag(handle, 0)
        if library.lame_init_params(handle) < 0:
            raise _refusal(audio)
        buffer = ctypes.create_string_buffer(_CHUNK * 5 // 4 + 7200)
        pieces = []
        for start in range(0, len(pcm), 2 * _CHUNK):
            piece = pcm[start : start + 2 * _CHUNK]
            written = library.lame_encode_buffer(
                handle, piece, piece, len(piece) // 2, buffer, len(buffer)
            )
            pieces.append(_taken(buffer, written))
        written = library.lame_encode_flush(handle, buffer, len(buffer))
        pieces.append(_taken(buffer, written))
    finally:
        library.lame_close(handle)
    encoded = b"".join(pieces)
    # LAME takes the nearest rates that the format has, without a word.
    first = header(encoded)
    bitrate = audio.bitrate if audio.vbr is None else first.bitrate
    if (first.rate, first.bitrate, first.channels) != (audio.rate, bitrate, audio.channels):
        raise _refusal(audio)
    return _first_frames(encoded, samples // frame)


def silence(frames: int, audio: AudioFormat) -> bytes:
    """That many frames of digital silence, as they follow silence."""
    found = _silent_frames(audio)
    rounds, rest = divmod(frames, _PERIOD)
    return b"".join(found) * rounds + b"".join(found[:rest])


_PERIOD = 49
"""Frames after which the pattern of padding bytes comes round at 11,025, 22,050 and 44,100 Hz:
their bit rates are multiples of 1/49 byte a frame. Other rates have no padding."""

_LEAD = 4
"""Frames that the encoder may need before silence looks alike from frame to frame."""


@cache
def _silent_frames(audio: AudioFormat) -> tuple[bytes, ...]:
    encoded = encode(bytes(2 * frame_samples(audio.rate) * (_LEAD + _PERIOD)), audio)
    return tuple(
        encoded[offset : offset + size] for offset, size, _ in islice(iterate(encoded), _LEAD, None)
    )


def _taken(buffer: Any, written: int) -> bytes:
    if written < 0:
        raise EpisodeError(f"LAME failed with error {written}; please report this")
    return ctypes.string_at(buffer, written)


def _first_frames(data: bytes, count: int) -> bytes:
    last = next(islice(iterate(data), count - 1, None), None)
    if last is None:
        raise EpisodeError(f"LAME gave fewer than {count} frames; please report this")
    offset, size, _ = last
    return data[: offset + size]


def _refusal(audio: AudioFormat) -> EpisodeError:
    return EpisodeError(
        f"MP3 cannot hold {audio.rate} Hz at {audio.bitrate} kbit/s; choose another rate or bit "
        "rate, such as 22050 Hz at 64 kbit/s or 44100 Hz at 96 kbit/s"
    )


@cache
def _library() -> Any:
    found = importlib.util.find_spec("lameenc")
    if found is None or found.origin is None:
        raise EpisodeError("the Python package lameenc is missing; install it with pip")
    try:
        library = ctypes.CDLL(found.origin)
        library.get_lame_version.restype = ctypes.c_char_p
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
    except (OSError, AttributeError) as error:
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
    "lame_set_VBR",
    "lame_set_VBR_q",
    "lame_set_disable_reservoir",
    "lame_set_bWriteVbrTag",
)
