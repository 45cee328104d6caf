import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tts_pipeline.audio import wav
from tts_pipeline.errors import ProfileError

from . import sound

RATE = 22050
TUNE = sound.sine(440, -6, 0.5, 44100)


def packed(signal: sound.Signal, bits: int) -> bytes:
    """Little-endian, 8 bits unsigned, as WAV has it."""
    if bits == 8:
        return bytes(np.clip(np.rint(signal * 128) + 128, 0, 255).astype(np.uint8).tobytes())
    whole = np.clip(
        np.rint(signal * 2.0 ** (bits - 1)), -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
    )
    wide = whole.astype("<i8").view(np.uint8).reshape(-1, 8)
    return bytes(wide[:, : bits // 8].tobytes())


def riff(
    data: bytes, *, bits: int = 16, channels: int = 1, rate: int = 44100, code: int = 1,
    extensible: bool = False, before: bytes = b"", size: int | None = None,
) -> bytes:  # fmt: skip
    block = channels * (bits // 8)
    fmt = struct.pack("<HHIIHH", code, channels, rate, rate * block, block, bits)
    if extensible:
        guid = struct.pack("<H", code) + bytes.fromhex("000000001000800000aa00389b71")
        fmt = b"\xfe\xff" + fmt[2:] + struct.pack("<HHI", 22, bits, 0) + guid
    size = len(data) if size is None else size
    body = b"fmt " + struct.pack("<I", len(fmt)) + fmt + before + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", 4 + len(body) + len(data)) + b"WAVE" + body + data


def read(tmp_path: Path, content: bytes, rate: int = 44100, seconds: float | None = None) -> bytes:
    path = tmp_path / "tune.wav"
    path.write_bytes(content)
    return wav.read(path, rate, seconds)


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_every_width_is_read(tmp_path: Path, bits: int, extensible: bool) -> None:
    pcm = read(tmp_path, riff(packed(TUNE, bits), bits=bits, extensible=extensible))
    error = np.abs(sound.signal(pcm) - TUNE).max()
    assert error <= (1 / 128 if bits == 8 else 1 / 32768)


def test_two_channels_become_their_mean(tmp_path: Path) -> None:
    both = np.stack([TUNE, -0.5 * TUNE], axis=1).ravel()
    pcm = read(tmp_path, riff(packed(both, 24), bits=24, channels=2))
    assert np.abs(sound.signal(pcm) - 0.25 * TUNE).max() <= 2 / 32768


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000])
def test_any_rate_becomes_the_episodes(tmp_path: Path, rate: int) -> None:
    pcm = read(tmp_path, riff(packed(sound.sine(440, -6, 1, rate), 16), rate=rate), RATE)
    assert abs(len(pcm) // 2 - RATE) <= 1
    heard = sound.signal(pcm)[1000:-1000]
    assert sound.alike(heard, sound.sine(440, -6, 1, RATE)[1000 : 1000 + heard.size]) > 0.9999


def test_other_chunks_and_odd_sizes_are_stepped_over(tmp_path: Path) -> None:
    notes = b"LIST" + struct.pack("<I", 5) + b"notes\0" + b"bext" + struct.pack("<I", 2) + b"xy"
    assert read(tmp_path, riff(packed(TUNE, 16), before=notes)) == sound.pcm(TUNE)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_file_from_a_pipe_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    content = riff(packed(TUNE, 16), size=size)
    assert read(tmp_path, content, seconds=60) == sound.pcm(TUNE)


def test_reading_stops_after_the_seconds_asked_for(tmp_path: Path) -> None:
    pcm = read(tmp_path, riff(packed(TUNE, 16)), seconds=0.25)
    assert pcm == sound.pcm(TUNE)[: len(pcm)]
    assert len(pcm) // 2 == 11026


def test_half_a_sample_at_the_end_is_left(tmp_path: Path) -> None:
    assert read(tmp_path, riff(packed(TUNE, 16)[:-1])) == sound.pcm(TUNE)[:-2]


BAD = {
    "not a WAV file": b"ID3\x04 something else",
    "is not a WAV file": b"",
    "floating point": riff(bytes(400), bits=32, code=3),
    "floating point, which": riff(bytes(400), bits=32, code=3, extensible=True),
    "holds ADPCM": riff(bytes(400), bits=4 * 4, code=2),
    "holds MP3": riff(bytes(400), code=0x55),
    "20-bit PCM": riff(bytes(400), bits=20),
    "format 4660": riff(bytes(400), code=0x1234),
    "6 channels": riff(bytes(12 * 9), channels=6),
    "at 0 Hz": riff(bytes(400), rate=0),
    "cut off": riff(packed(TUNE, 16))[:30],
    "no sound in it": riff(b"")[:-8],
    "is silent": riff(bytes(4000)),
    "is silent; leave": riff(b""),
}


@pytest.mark.parametrize(("why", "content"), BAD.items(), ids=BAD)
def test_what_cannot_be_read_is_a_sentence(tmp_path: Path, why: str, content: bytes) -> None:
    with pytest.raises(ProfileError, match=why) as error:
        read(tmp_path, content)
    assert str(tmp_path / "tune.wav") in str(error.value)
    assert "convert it to a 16-bit PCM WAV" in str(error.value) or "leave `music` out" in str(
        error.value
    )


def test_a_missing_file_and_a_folder_are_sentences(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.wav", "No such file"), (tmp_path, "directory")):
        with pytest.raises(ProfileError, match=why):
            wav.read(path, RATE)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 60), st.binary(min_size=1, max_size=8), st.integers(0, 120))
def test_damage_is_a_sentence_or_sound(tmp_path: Path, at: int, new: bytes, end: int) -> None:
    content = bytearray(riff(packed(TUNE, 16)[:60]))
    content[at : at + len(new)] = new
    try:
        pcm = read(tmp_path, bytes(content[:end]), seconds=5)
    except ProfileError:
        return
    assert np.frombuffer(pcm, "<i2").any()
