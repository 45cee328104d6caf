"""Speech laid over music, and music alone: slate, outro, sting.

What is heard of the music alone, fades and all, has nearly the loudness of the speech: then the
programme has it too, however short the speech between the music is.
"""

import math
import warnings
from pathlib import Path

import numpy as np

from tts_pipeline.audio import level, loudness
from tts_pipeline.errors import SpeechError
from tts_pipeline.model import Music, MusicUse, Noun
from tts_pipeline.units import to_samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which nothing here calls; imports audioop, which 3.11 and 3.12
    # deprecate and audioop-lts replaces; and writes regular expressions in plain strings.
    warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    for _category in (DeprecationWarning, SyntaxWarning):
        warnings.filterwarnings("ignore", r"(?s).*invalid escape sequence", _category)
    from pydub import AudioSegment


class Shape(Noun):
    """How music lies around speech, in milliseconds."""

    lead: int
    """Music alone before the first word."""
    tail: int
    """Music after the last word, most of it fading."""
    fade_in: int
    """pydub fades sample by sample up to 100 ms, and in steps of 1 ms beyond."""
    fade_out: int


SHAPES = {
    MusicUse.SLATE: Shape(lead=1500, tail=2500, fade_in=100, fade_out=1800),
    MusicUse.OUTRO: Shape(lead=1500, tail=6000, fade_in=1200, fade_out=4000),
    MusicUse.STING: Shape(lead=0, tail=15_000, fade_in=10, fade_out=50),
}

_RAMP_MS = 500

_MUSIC_LUFS = loudness.TARGET_LUFS - 0.5
"""What is heard of the music alone: at the edge of what the programme may be, a little below the
speech."""

_DUCK_DB = -19.5
"""What the music sinks by under the speech: to 20 dB below it, as WCAG 1.4.7 asks."""

_LIMITED_DB = 6.0
"""How far the music's highest sample may pass the ceiling before it is limited: music of lone
peaks stays softer instead."""


def lay_over(speech: bytes, rate: int, music: Music) -> tuple[bytes, int]:
    """The speech over the music, and the sample at which the speech begins.

    The music plays alone, sinks under the speech, comes back after it and fades out; music that
    is shorter just ends. The speech's samples stay where the offset says, to the sample.

    Args:
        speech: at the programme's level already; may be empty.
        rate: samples a second.
        music: decoded at that rate.

    Raises:
        SpeechError: the decoded music has gone.
    """
    shape = SHAPES[music.use]
    lead = to_samples(shape.lead, rate)
    end = lead + len(speech) // 2
    tune = _levelled(_read(music, end + to_samples(shape.tail, rate)), shape, end, rate)
    under = _shaped(_segment(tune, rate), shape, end * 1000 // rate).raw_data
    length = max(2 * end, len(under))
    # Mixed as a whole from sample 0 on: pydub's own positions are milliseconds.
    voice = (bytes(2 * lead) + speech).ljust(length, b"\0")
    mixed = _segment(under.ljust(length, b"\0"), rate).overlay(_segment(voice, rate))
    return level.apply_gain(mixed.raw_data, 0.0, rate), lead


def _read(music: Music, samples: int) -> bytes:
    """The first samples of the music: no more than is heard."""
    try:
        with Path(music.path).open("rb") as file:
            return file.read(2 * samples)
    except OSError as error:
        raise SpeechError(
            f"the decoded music {music.path} cannot be read ({error.strerror or error}); run the "
            "same command again"
        ) from error


def _levelled(tune: bytes, shape: Shape, end: int, rate: int) -> bytes:
    """The music at its loudness, by what is heard of it alone."""
    samples, lead = np.frombuffer(tune, "<i2"), to_samples(shape.lead, rate)
    place = np.arange(samples.size, dtype=np.float32)
    fades = (to_samples(shape.fade_in, rate), to_samples(shape.fade_out, rate))
    faded = samples * np.clip(np.minimum(place / fades[0], place[::-1] / fades[1]), 0, 1)
    alone = np.concatenate((faded[:lead], faded[end:])).astype("<i2").tobytes()
    heard = loudness.integrated(alone, rate)
    if not math.isfinite(heard):
        # Next to nothing is heard alone, or less than can be measured: the sound as a whole.
        heard = max(loudness.integrated(tune, rate), _segment(tune, rate).dBFS)
    highest = _segment(tune, rate).max_dBFS
    if not math.isfinite(highest):
        return tune
    gain = min(_MUSIC_LUFS - heard, level.CEILING_DBFS + _LIMITED_DB - highest)
    return level.apply_gain(tune, gain, rate)


def _shaped(music: AudioSegment, shape: Shape, last_word_ms: int) -> AudioSegment:
    """Ducked from the first word to the last, and faded at both ends."""
    whole = music
    if last_word_ms > shape.lead:
        # The parts are cut from the music before any gain, so that what comes back has lost no
        # bits.
        start = shape.lead - _RAMP_MS
        before = music[:last_word_ms].fade(to_gain=_DUCK_DB, start=start, duration=_RAMP_MS)
        after = music[last_word_ms:].fade(from_gain=_DUCK_DB, start=0, duration=_RAMP_MS)
        whole = before.append(after, crossfade=0)
    fade_in, fade_out = (min(ms, len(whole)) for ms in (shape.fade_in, shape.fade_out))
    return whole.fade_in(fade_in).fade_out(fade_out)


def _segment(pcm: bytes, rate: int) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=2, frame_rate=rate, channels=1)
