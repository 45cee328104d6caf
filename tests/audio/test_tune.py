"""Music of every kind becomes PCM at the episode's rate, or a sentence."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tts_pipeline.audio import tune
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Music, MusicUse

from . import sound

RATE = 22050
TUNE = sound.sine(440, -6, 1.0, 44100)
KINDS = [
    ("wav", "PCM_U8"), ("wav", "PCM_16"), ("wav", "PCM_24"), ("wav", "PCM_32"), ("wav", "FLOAT"),
    ("wav", "ULAW"), ("wavex", "PCM_24"), ("rf64", "PCM_24"), ("aiff", "PCM_16"),
    ("flac", "PCM_24"), ("ogg", "VORBIS"), ("ogg", "OPUS"), ("mp3", "MPEG_LAYER_III"),
]  # fmt: skip


def saved(path: Path, kind: str = "wav", subtype: str = "PCM_16", channels: int = 1) -> Path:
    rate = 48000 if subtype == "OPUS" else 44100
    signal = sound.sine(440, -6, 1.0, rate)
    soundfile.write(path, np.stack([signal] * channels, axis=1), rate, subtype, format=kind)
    return path


def heard(path: Path, folder: Path, rate: int = RATE) -> sound.Signal:
    tune.decode(path, rate, folder / "tune.pcm")
    return sound.signal((folder / "tune.pcm").read_bytes())


@pytest.mark.parametrize(("kind", "subtype"), KINDS)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_kind_sounds_the_same(tmp_path: Path, kind: str, subtype: str, channels: int) -> None:
    signal = heard(saved(tmp_path / "tune", kind, subtype, channels), tmp_path)
    assert abs(signal.size - RATE) <= 1200, "codecs may pad by a frame"
    wanted = sound.sine(440, -6, 1.0, RATE)[4000:16000]
    # By the best of all phases: a codec may begin late.
    power = max(sound.alike(wanted, signal[at : at + wanted.size]) for at in range(3900, 4100))
    assert power > (0.99 if subtype in ("OPUS", "ULAW") else 0.999)
    assert np.abs(signal[4000:16000]).max() == pytest.approx(10 ** (-6 / 20), abs=0.03)


def test_two_channels_become_their_mean(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", np.stack([TUNE, -0.5 * TUNE], axis=1), 44100, "PCM_24")
    assert np.abs(heard(tmp_path / "x.wav", tmp_path, 44100) - 0.25 * TUNE).max() <= 2 / 32768


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_wav_file_from_a_pipe_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    content = bytearray(saved(tmp_path / "x.wav").read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = struct.pack("<I", size)
    (tmp_path / "x.wav").write_bytes(content)
    assert abs(heard(tmp_path / "x.wav", tmp_path, 44100).size - 44100) <= 2


def test_what_is_no_number_is_no_sound(tmp_path: Path) -> None:
    broken = TUNE.copy()
    broken[1000:1010] = [np.nan, np.inf, -np.inf, *[1e30] * 7]
    soundfile.write(tmp_path / "x.wav", broken, 44100, "FLOAT")
    signal = heard(tmp_path / "x.wav", tmp_path)
    assert sound.alike(signal[4000:8000], sound.sine(440, -6, 1, RATE)[4000:8000]) > 0.99


def test_no_more_than_ten_minutes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune, "_MOST_SECONDS", 0.5)
    assert heard(saved(tmp_path / "x.wav"), tmp_path).size == RATE // 2


def test_it_is_decoded_once_and_known_by_its_content(tmp_path: Path) -> None:
    one, two = saved(tmp_path / "one.wav"), tmp_path / "two.wav"
    two.write_bytes(one.read_bytes())
    made = tune.music(one, MusicUse.SLATE, RATE, tmp_path / "cache")
    [file] = (tmp_path / "cache").glob("*.pcm")
    written = file.stat().st_mtime_ns
    again = tune.music(two, MusicUse.OUTRO, RATE, tmp_path / "cache")
    assert (made.path, made.sha256) == (again.path, again.sha256)
    assert file.stat().st_mtime_ns == written
    assert isinstance(made, Music)


FFMPEG = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")


@FFMPEG
@pytest.mark.parametrize("name", ["tune.m4a", "tune.webm", "tune.wma"])
def test_ffmpeg_reads_the_rest(tmp_path: Path, name: str) -> None:
    made = ["ffmpeg", "-v", "error", "-i", str(saved(tmp_path / "x.wav")), str(tmp_path / name)]
    subprocess.run(made, check=True)
    signal = heard(tmp_path / name, tmp_path)
    assert signal.size == pytest.approx(RATE, abs=3000)
    assert np.abs(signal[5000:15000]).max() == pytest.approx(0.5, abs=0.05)


def test_without_ffmpeg_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    (tmp_path / "tune.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(500))
    with pytest.raises(ProfileError, match=r"pip install 'tts-pipeline\[ffmpeg\]'"):
        heard(tmp_path / "tune.m4a", tmp_path)
    assert not (tmp_path / "tune.pcm").exists()


def test_what_cannot_be_played_is_a_sentence(tmp_path: Path) -> None:
    silent, cut, text = (tmp_path / name for name in ("silent.wav", "cut.flac", "text.mp3"))
    soundfile.write(silent, np.zeros(4000), 44100)
    content = saved(tmp_path / "x.flac", "flac").read_bytes()
    cut.write_bytes(content[:8000] + b"\xff" * 4000 + content[12000:16000])
    text.write_text("no music")
    for path in (silent, cut, text, tmp_path / "none.wav", tmp_path):
        with pytest.raises(ProfileError, match=path.name):
            tune.music(path, MusicUse.SLATE, RATE, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*"))


def test_a_sting_is_short_and_a_file_not_huge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "x.wav")
    monkeypatch.setattr(tune, "_MOST_STING_SECONDS", 0.5)
    tune.music(path, MusicUse.SLATE, RATE, tmp_path / "cache")
    with pytest.raises(ProfileError, match=r"lasts 1 s; .* cut it to 0\.5 s"):
        tune.music(path, MusicUse.STING, RATE, tmp_path / "cache")
    monkeypatch.setattr(tune, "_MOST_BYTES", 1000)
    with pytest.raises(ProfileError, match=r"save it as FLAC or OGG"):
        tune.music(path, MusicUse.SLATE, RATE, tmp_path / "cache")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["wav", "flac", "ogg"]),
    st.integers(0, 200), st.binary(min_size=1, max_size=8), st.integers(0, 4000),
)  # fmt: skip
def test_damage_is_a_sentence_or_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, at: int, new: bytes, end: int
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    path = tmp_path / f"whole.{kind}"
    if not path.exists():
        soundfile.write(path, TUNE[:4000], 44100, format=kind)
    content = bytearray(path.read_bytes())
    content[at : at + len(new)] = new
    (tmp_path / "bad").write_bytes(content[:end])
    try:
        signal = heard(tmp_path / "bad", tmp_path)
    except ProfileError:
        return
    assert signal.any()
