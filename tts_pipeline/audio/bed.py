"""Speech laid over music: the slate."""

import warnings
from pathlib import Path

from tts_pipeline.audio import level, wav
from tts_pipeline.units import to_samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which nothing here calls; imports audioop, which 3.11 and 3.12
    # deprecate and audioop-lts replaces; and writes regular expressions in plain strings.
    warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    for _category in (DeprecationWarning, SyntaxWarning):
        warnings.filterwarnings("ignore", r"(?s).*invalid escape sequence", _category)
    from pydub import AudioSegment

LEAD_MS = 1500
"""Music alone before the first word."""

_TAIL_MS = 2500
"""Music after the last word, most of it fading."""

_RAMP_MS = 500
_FADE_IN_MS = 100
"""No more: pydub fades sample by sample up to here, and in steps of 1 ms beyond."""
_FADE_OUT_MS = 1800

_MUSIC_DBFS = -20.0
"""Level (RMS) of the music alone, where it is loudest: about 4 LU below the speech."""

_DUCK_DB = -16.0
"""What the music sinks by under the speech: to 20 dB below it, as WCAG 1.4.7 asks."""

_PEAK_DBFS = -6.0
"""The music's highest sample, so that no sum with speech at its ceiling passes full scale."""


def lay_over(speech: bytes, rate: int, music: Path) -> tuple[bytes, int]:
    """The speech over the music, and the sample at which the speech begins.

    The music plays alone, sinks under the speech, comes back after it and fades out; music that
    is shorter just ends. The speech's samples stay where the offset says, to the sample.

    Args:
        speech: at the programme's level already.
        rate: samples a second.
        music: a PCM WAV file.

    Raises:
        ProfileError: the music cannot be read.
    """
    lead = to_samples(LEAD_MS, rate)
    end = lead + len(speech) // 2
    tune = _music(music, rate, end + to_samples(_TAIL_MS, rate))
    under = _ducked(tune, _ms(end, rate)).raw_data
    length = max(2 * end, len(under))
    # Mixed as a whole from sample 0 on: pydub's own positions are milliseconds.
    voice = (bytes(2 * lead) + speech).ljust(length, b"\0")
    mixed = _segment(under.ljust(length, b"\0"), rate).overlay(_segment(voice, rate))
    return level.apply_gain(mixed.raw_data, 0.0, rate), lead


def _music(path: Path, rate: int, samples: int) -> AudioSegment:
    """The music at the episode's rate and at its level, not much longer than `samples`."""
    music = _segment(wav.read(path, rate, samples / rate)[: 2 * samples], rate)
    # The loudest stretch counts: a tune that dies away must not be raised for its end.
    stretches = (music[start : start + LEAD_MS] for start in range(0, len(music), LEAD_MS))
    loudest = max(stretch.dBFS for stretch in stretches)
    return music.apply_gain(min(_MUSIC_DBFS - loudest, _PEAK_DBFS - music.max_dBFS))


def _ducked(music: AudioSegment, last_word_ms: int) -> AudioSegment:
    # The parts are cut from the music before any gain, so that what comes back has lost no bits.
    start = LEAD_MS - _RAMP_MS
    before = music[:last_word_ms].fade(to_gain=_DUCK_DB, start=start, duration=_RAMP_MS)
    after = music[last_word_ms:].fade(from_gain=_DUCK_DB, start=0, duration=_RAMP_MS)
    whole = before.append(after, crossfade=0)
    return whole.fade_in(min(_FADE_IN_MS, len(whole))).fade_out(min(_FADE_OUT_MS, len(whole)))


def _segment(pcm: bytes, rate: int) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=2, frame_rate=rate, channels=1)


def _ms(samples: int, rate: int) -> int:
    return samples * 1000 // rate
