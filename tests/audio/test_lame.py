import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tts_pipeline.audio import frames, lame
from tts_pipeline.errors import EpisodeError
from tts_pipeline.model import AudioFormat

from . import sound

NATIVE = AudioFormat(22050, 64)
FORMATS = [
    NATIVE,
    AudioFormat(44100, 96),
    AudioFormat(24000, 64, 7),
    AudioFormat(48000, 96, 7),
    AudioFormat(22050, vbr=4),
    AudioFormat(44100, vbr=2, channels=2),
    AudioFormat(16000, 96, channels=2),
]
ids = [
    f"{audio.rate}-{audio.bitrate if audio.vbr is None else f'V{audio.vbr}'}-{audio.channels}"
    for audio in FORMATS
]


def main_data_begin(data: bytes, offset: int) -> int:
    """How many bytes of earlier frames a frame needs: the head of its side information."""
    mpeg1 = data[offset + 1] >> 3 & 3 == 3
    return int.from_bytes(data[offset + 4 : offset + 6], "big") >> (7 if mpeg1 else 8)


@pytest.mark.parametrize("audio", FORMATS, ids=ids)
def test_forty_passages_join_to_the_sample(audio: AudioFormat, tmp_path: Path) -> None:
    rate, frame = audio.rate, frames.frame_samples(audio.rate)
    lengths = np.random.default_rng(5).integers(200, int(1.3 * rate), 40)
    sounds = [sound.babble(seed, int(length), rate) for seed, length in enumerate(lengths)]
    parts, starts, position = [], [], 0
    for number, passage in enumerate(sounds):
        pcm = sound.padded(sound.pcm(passage), rate)
        starts.append(position)
        parts += [lame.encode(pcm, audio), lame.silence(number % 5, audio)]
        position += len(pcm) // 2 + number % 5 * frame
    mp3, samples = sound.stream(parts, audio)
    assert samples == position
    heard = [("miniaudio", sound.decode(mp3, rate)), *sound.programs(mp3, rate, tmp_path)]
    reach = 40
    for decoder, data in heard:
        assert len(data) == 2 * samples, decoder
        whole = sound.signal(bytes(2 * reach) + data + bytes(2 * reach))
        for start, passage in zip(starts, sounds, strict=True):
            around = whole[start : start + passage.size + 2 * reach]
            assert sound.lag(passage, around, reach) == 0, decoder
            assert sound.alike(passage, around[reach:-reach]) > 0.98, decoder


@pytest.mark.parametrize("audio", FORMATS, ids=ids)
def test_encoding_keeps_the_level(audio: AudioFormat) -> None:
    tone = sound.sine(1000, -12, 2, audio.rate)
    mp3, _ = sound.stream([lame.encode(sound.padded(sound.pcm(tone), audio.rate), audio)], audio)
    middle = slice(audio.rate // 2, audio.rate)
    heard = sound.signal(sound.decode(mp3, audio.rate))
    # The powers of two channels add up to that of one.
    expected = sound.rms_db(tone[middle]) - (0 if audio.channels == 1 else 3.01)
    assert sound.rms_db(heard[middle]) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("audio", FORMATS, ids=ids)
def test_no_frame_needs_its_neighbours_bytes(audio: AudioFormat) -> None:
    pcm = sound.padded(sound.pcm(sound.babble(1, audio.rate, audio.rate)), audio.rate)
    encoded = lame.encode(pcm, audio)
    found = list(frames.iterate(encoded))
    assert len(found) * frames.frame_samples(audio.rate) == len(pcm) // 2
    assert all(main_data_begin(encoded, offset) == 0 for offset, _, _ in found)


@pytest.mark.parametrize("audio", FORMATS, ids=ids)
def test_silence_is_silent_wherever_it_is_laid(audio: AudioFormat) -> None:
    frame = frames.frame_samples(audio.rate)
    speech = lame.encode(
        sound.padded(sound.pcm(sound.babble(2, audio.rate, audio.rate)), audio.rate), audio
    )
    mp3, samples = sound.stream([lame.silence(3, audio), speech, lame.silence(120, audio)], audio)
    heard = np.frombuffer(sound.decode(mp3, audio.rate), "<i2")
    assert not heard[: 3 * frame - 1200].any()
    # The reservoir of the ear is empty after the passage's own silence, and so is the decoder's.
    assert not heard[samples - 120 * frame :].any()


def test_silence_is_the_same_from_any_number_on() -> None:
    assert lame.silence(0, NATIVE) == b""
    long = lame.silence(130, NATIVE)
    assert [lame.silence(count, NATIVE) for count in (1, 48, 49, 50, 129)] == [
        long[: sum(size for _, size, _ in list(frames.iterate(long))[:count])]
        for count in (1, 48, 49, 50, 129)
    ]


def test_the_same_sound_gives_the_same_frames() -> None:
    pcm = sound.padded(sound.pcm(sound.babble(3, 20000, 22050)), 22050)
    first = lame.encode(pcm, NATIVE)
    lame.encode(sound.padded(sound.pcm(sound.babble(4, 30000, 22050)), 22050), NATIVE)
    assert lame.encode(pcm, NATIVE) == first
    assert lame.encode(pcm, AudioFormat(22050, 64, 9)) != first


@pytest.mark.parametrize("length", [1, 2, 575 * 2, 577 * 2])
def test_part_of_a_frame_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="whole number of frames of 576"):
        lame.encode(bytes(length), NATIVE)


def test_nothing_is_no_frames() -> None:
    assert lame.encode(b"", NATIVE) == b""


@pytest.mark.parametrize(
    "audio", [AudioFormat(22050, 320), AudioFormat(22000), AudioFormat(44100, 8)]
)
def test_a_format_that_mp3_lacks_is_a_sentence(audio: AudioFormat) -> None:
    with pytest.raises(EpisodeError, match=f"{audio.rate} Hz at {audio.bitrate} kbit/s; choose"):
        lame.encode(bytes(2 * 1152 * 4), audio)


def test_a_lameenc_that_hides_lame_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import _ctypes

    lame._library.cache_clear()
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: type("S", (), {"origin": _ctypes.__file__})
    )
    with pytest.raises(EpisodeError, match="lameenc"):
        lame.encode(bytes(2 * 576), NATIVE)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EpisodeError, match="install it with pip"):
        lame.encode(bytes(2 * 576), NATIVE)


def test_identity_names_both_versions() -> None:
    assert set(lame.identity()) == {"lameenc", "lame"}
    assert all(value[0].isdigit() for value in lame.identity().values())


def test_importing_loads_neither_lame_nor_numpy() -> None:
    code = "import sys, tts_pipeline.audio.lame; print('numpy' in sys.modules, 'lameenc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
