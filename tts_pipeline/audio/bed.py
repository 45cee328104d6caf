"""Speech laid over music: the slate."""

import warnings
import wave
from functools import lru_cache
from pathlib import Path

import numpy as np

from tts_pipeline.audio import level
from tts_pipeline.errors import ProfileError
from tts_pipeline.units import to_samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which nothing here calls, and imports a module that Python 3.11 and
    # 3.12 deprecate and audioop-lts replaces.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

LEAD_MS = 1500
"""Music alone before the first word."""
_TAIL_MS = 2000
"""Music after the last word, most of it fading."""
_RAMP_MS = 400
_FADE_IN_MS = 200
_FADE_OUT_MS = 1500

_MUSIC_DBFS = -24.0
"""Level of the music alone, RMS: as loud as the speech after it."""
_DUCK_DB = -12.0
"""The music under the speech."""


def lay_over(speech: bytes, rate: int, music: Path) -> tuple[bytes, int]:
    """The speech over the music, and the sample at which the speech begins.

    The music plays alone, sinks under the speech, comes back after it and fades out; music that
    is shorter just ends. The speech's samples stay where the offset says, to the sample.

    Raises:
        ProfileError: the music cannot be read.
    """
    lead, tail = to_samples(LEAD_MS, rate), to_samples(_TAIL_MS, rate)
    length = lead + len(speech) // 2 + tail
    under = _ducked(_music(music, rate), last_word_ms=(length - tail) * 1000 // rate)
    canvas = _segment(bytes(2 * lead) + speech + bytes(2 * tail), rate)
    mixed = canvas.overlay(_segment(under.raw_data[: 2 * length], rate))
    return level.apply_gain(mixed.raw_data, 0.0, rate), lead


def _ducked(music: AudioSegment, last_word_ms: int) -> AudioSegment:
    end_ms = min(len(music), last_word_ms + _TAIL_MS)
    bed = music[:end_ms].fade(to_gain=_DUCK_DB, start=LEAD_MS - _RAMP_MS, duration=_RAMP_MS)
    if end_ms > last_word_ms + _RAMP_MS:
        bed = bed.fade(to_gain=-_DUCK_DB, start=last_word_ms, duration=_RAMP_MS)
    return bed.fade_in(_FADE_IN_MS).fade_out(min(_FADE_OUT_MS, end_ms))


@lru_cache(maxsize=4)
def _music(path: Path, rate: int) -> AudioSegment:
    """The music at the episode's rate and at its level."""
    segment = _segment(read_wav(path, rate), rate)
    return segment.apply_gain(_MUSIC_DBFS - segment.dBFS)


def _segment(pcm: bytes, rate: int) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=2, frame_rate=rate, channels=1)


def read_wav(path: Path, rate: int) -> bytes:
    """A PCM WAV file as one channel at `rate`.

    Raises:
        ProfileError: the file is missing, is not PCM WAV, or is silent.
    """
    advice = "convert it to a 16-bit PCM WAV file"
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, own = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except OSError as error:
        raise ProfileError(f"the music {path} cannot be read: {error.strerror}") from error
    except (wave.Error, EOFError) as error:
        raise ProfileError(f"the music {path} is not PCM WAV ({error}); {advice}") from error
    if not data or width > 4:
        raise ProfileError(f"the music {path} holds no sound that can be read; {advice}")
    samples = _as_float(data, width).reshape(-1, channels).mean(axis=1)
    if not samples.any():
        raise ProfileError(f"the music {path} is silent; leave `music` out for a slate without")
    if own != rate:
        import soxr  # noqa: PLC0415

        samples = soxr.resample(samples, own, rate)
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def _as_float(data: bytes, width: int) -> level.Float:
    """PCM of 1 to 4 bytes a sample, -1 to 1; WAV's 8 bits are unsigned."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / 128
    padded = np.zeros((len(data) // width, 4), np.uint8)
    padded[:, 4 - width :] = np.frombuffer(data, np.uint8)[: len(padded) * width].reshape(-1, width)
    return padded.view("<i4")[:, 0].astype(np.float32) / np.float32(2**31)
