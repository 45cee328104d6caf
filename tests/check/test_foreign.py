"""MP3s that other programs made."""

import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import APIC, ID3, TALB, TIT2, TPE1, Encoding

from tts_pipeline.audio import level, loudness
from tts_pipeline.check import episode
from tts_pipeline.check.checked import Checked

from ..audio.sound import babble, pcm, signal
from .test_sound import mp3

RATE = 44100


@pytest.fixture(scope="module")
def speech() -> bytes:
    """At a podcast's level."""
    plain = pcm(babble(5, 20 * RATE, RATE))
    return level.apply_gain(plain, loudness.calibrate(plain, RATE), RATE)


def rules(checked: Checked) -> set[str]:
    return {finding.rule for finding in checked.findings}


def test_lameenc_writes_frames_alone(tmp_path: Path, speech: bytes) -> None:
    checked = episode.check(mp3(tmp_path / "a.mp3", signal(speech), rate=RATE), None)
    assert rules(checked) <= {"tags.missing", "sound.peak", "sound.loudness"}
    assert "tags.missing" in rules(checked)
    assert checked.duration_ms == pytest.approx(20_000, abs=100)
    assert checked.lufs == pytest.approx(-16.3, abs=0.5), "LAME takes 0.4 dB"


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("lame", ["-b", "96", "-h"]),
        ("lame", ["-V", "4"]),
        ("lame", ["--abr", "80", "-m", "m"]),
        ("ffmpeg", ["-b:a", "96k"]),
        ("ffmpeg", ["-q:a", "4"]),
        ("ffmpeg", ["-ar", "22050", "-q:a", "5", "-id3v2_version", "3"]),
    ],
)
def test_what_lame_and_ffmpeg_write_is_right_but_for_its_tags(
    tmp_path: Path, speech: bytes, program: str, arguments: list[str]
) -> None:
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is not installed")
    sound = tmp_path / "a.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(speech)
    path = tmp_path / "a.mp3"
    before = ["-v", "error", "-i"] if program == "ffmpeg" else ["--quiet"]
    order = [*before, sound, *arguments] if program == "ffmpeg" else [*before, *arguments, sound]
    subprocess.run([found, *map(str, order), str(path)], check=True)
    checked = episode.check(path, None)
    quiet = {"tags.missing", "tags.required", "tags.version", "tags.cover", "sound.peak"}
    assert rules(checked) <= quiet | {"sound.loudness"}, checked.findings
    assert checked.duration_ms == pytest.approx(20_000, abs=2)
    id3 = ID3()
    for kind in (TIT2, TPE1, TALB):
        id3.add(kind(encoding=Encoding.UTF16, text="A walk"))
    id3.add(APIC(mime="image/png", type=3, data=b"\x89PNG\r\n\x1a\n" + bytes(99)))
    id3.save(path, v2_version=3)
    assert rules(episode.check(path, None)) <= {"sound.peak", "sound.loudness"}


def test_a_file_of_noise_with_an_mp3s_name(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(np.random.default_rng(1).bytes(50_000))
    assert not episode.check(path, None).right
    path.write_bytes(b"")
    assert rules(episode.check(path, None)) == {"frames.none", "tags.missing"}
