"""Samples come out of sound files as they went in, however the files are written."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tts_pipeline.errors import SpeechError
from tts_pipeline.speech import soundfile

from .filedriver import aiff
from .server import wav

PCM = np.random.default_rng(1).integers(-30000, 30000, 999).astype("<i2").tobytes()


@pytest.mark.parametrize("size", [None, 0, 0xFFFFFFFF, 0x7FFFFFFF - 36], ids=str)
def test_a_wav_file_with_or_without_its_length(size: int | None) -> None:
    assert soundfile.wav(wav(PCM, size=size), 24000, "it") == PCM


@pytest.mark.parametrize("size", [None, 0xFFFFFFFF], ids=str)
def test_half_a_sample_is_none(size: int | None) -> None:
    assert soundfile.wav(wav(PCM + b"x", size=size), 24000, "it") == PCM


def test_what_follows_the_sound_is_not_sound() -> None:
    assert soundfile.wav(wav(PCM, size=None) + b"LIST\x04\x00\x00\x00abcd", 24000, "it") == PCM


@pytest.mark.parametrize("rate", [16000, 22050, 44100])
@pytest.mark.parametrize("packing", [b"", b"NONE", b"twos", b"sowt"])
def test_an_aiff_file(rate: int, packing: bytes) -> None:
    assert soundfile.any_rate(aiff(PCM, rate, packing), "it") == (PCM, rate)


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("kind", ["aiff", "wav"])
def test_files_that_another_program_wrote(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"sound.{kind}"
    given = ["-f", "s16le", "-ar", "22050", "-ac", "1", "-i", "-"]
    subprocess.run(["ffmpeg", "-v", "error", *given, str(path)], input=PCM, check=True)
    assert soundfile.any_rate(path.read_bytes(), "it") == (PCM, 22050)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "did not give a WAV file"),
        (wav(PCM, size=None)[:900], "stopped in the middle"),
        (wav(PCM)[:30], "without sound"),
        (aiff(PCM, 22050)[:30], "without sound"),
        (aiff(PCM, 22050, b"fl32"), "format fl32"),
        (wav(PCM, channels=2), "2 channels"),
    ],
)
def test_what_is_wrong_is_told(data: bytes, told: str) -> None:
    with pytest.raises(SpeechError, match=told):
        soundfile.any_rate(data, "it")
