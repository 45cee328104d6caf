import os
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tts_pipeline.audio import bed, level, loudness, tune
from tts_pipeline.errors import SpeechError
from tts_pipeline.model import Music, MusicUse

from . import sound

RATE = 22050
JINGLE = Path(__file__).parents[2] / "feeds" / "jingle.wav"


def write(path: Path, signal: sound.Signal, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.pcm(signal))
    return path


def speech(samples: int, seed: int = 1) -> bytes:
    """At the programme's level."""
    pcm = sound.pcm(sound.babble(seed, max(samples, RATE), RATE))
    return level.apply_gain(pcm, loudness.calibrate(pcm, RATE), RATE)[: 2 * samples]


def laid(pcm: bytes, rate: int, path: Path, use: MusicUse = MusicUse.SLATE) -> tuple[bytes, int]:
    """Laid over a file, as it is decoded for an episode."""
    with tempfile.TemporaryDirectory() as folder:
        tune.decode(path, rate, target := Path(folder) / "tune.pcm")
        return bed.lay_over(pcm, rate, Music(str(target), "", use))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Half a minute of a steady chord."""
    chord = sum(sound.sine(hz, -20, 30, RATE) for hz in (220.0, 277.2, 329.6))
    return write(tmp_path / "chord.wav", np.asarray(chord))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 3 * RATE), st.integers(0, 9))
def test_without_the_bed_the_speech_lies_at_the_offset_to_the_sample(
    music: Path, samples: int, seed: int
) -> None:
    # Half the level, so that the limiter has nothing to do and the sum can be taken apart.
    quiet = level.apply_gain(speech(samples, seed), -6.0, RATE)
    mixed, offset = laid(quiet, RATE, music)
    alone, same = laid(bytes(len(quiet)), RATE, music)
    assert offset == same
    assert len(mixed) == len(alone)
    rest = np.frombuffer(mixed, "<i2").astype(int) - np.frombuffer(alone, "<i2")
    assert rest[offset : offset + samples].tolist() == np.frombuffer(quiet, "<i2").tolist()
    assert not rest[:offset].any()
    assert not rest[offset + samples :].any()


def test_music_opens_sinks_comes_back_and_fades(music: Path) -> None:
    pcm = bytes(2 * 4 * RATE)
    mixed, offset = laid(pcm, RATE, music)
    heard = sound.signal(mixed)
    assert 1.2 <= offset / RATE <= 1.8
    end = offset + len(pcm) // 2
    tenth = RATE // 10

    def at(sample: int) -> float:
        return sound.rms_db(heard[sample : sample + tenth])

    opening = at(offset // 2)
    # A sine's loudness is its RMS less 0.7 dB; the chord lies where the weighting is flat.
    assert opening == pytest.approx(-16.5 + 0.7, abs=2)
    for under in (offset + 10, (offset + end) // 2, end - tenth):
        assert at(under) == pytest.approx(opening - 19.5, abs=1)
    after = max(at(sample) for sample in range(end, heard.size - tenth, tenth))
    assert opening - 6 < after <= opening + 1
    assert at(heard.size - tenth) < opening - 25
    assert abs(heard[0]) < 0.001
    assert abs(heard[-1]) < 0.001


def test_the_bed_has_no_steps(music: Path) -> None:
    mixed, _ = laid(bytes(2 * 3 * RATE), RATE, music)
    heard = sound.signal(mixed)
    # A chord up to 330 Hz cannot change faster than this from sample to sample.
    steepest = np.abs(heard).max() * 2 * np.pi * 330 / RATE
    assert np.abs(np.diff(heard)).max() < steepest


@pytest.mark.parametrize("seconds", [0.01, 0.4, 1.2, 1.6, 3.0, 6.2, 9.0])
def test_music_of_any_length_just_ends(tmp_path: Path, seconds: float) -> None:
    tune = write(tmp_path / "short.wav", sound.sine(300, -10, seconds, RATE))
    pcm = speech(5 * RATE)
    mixed, offset = laid(pcm, RATE, tune)
    end = offset + len(pcm) // 2
    assert len(mixed) // 2 == max(end, min(round(seconds * RATE), end + round(2.5 * RATE)))
    rest = sound.signal(mixed)[round(seconds * RATE) :].copy()
    start = max(0, offset - round(seconds * RATE))
    stop = max(0, offset + len(pcm) // 2 - round(seconds * RATE))
    rest[start:stop] = 0
    assert np.abs(rest).max(initial=0) < 0.001


@pytest.mark.parametrize("seed", range(3))
def test_the_sum_never_passes_the_ceiling(tmp_path: Path, seed: int) -> None:
    """Full-scale noise with clicks, under speech at its ceiling."""
    random = np.random.default_rng(seed)
    noise = random.uniform(-0.05, 0.05, 8 * RATE)
    noise[random.integers(0, noise.size, 400)] = random.choice([-1, 1], 400)
    pcm = level.apply_gain(speech(4 * RATE, seed), 6.0, RATE)
    mixed, _ = laid(pcm, RATE, write(tmp_path / "noise.wav", noise))
    assert np.abs(np.frombuffer(mixed, "<i2").astype(int)).max() <= 32768 * 10 ** (
        level.CEILING_DBFS / 20
    )


def test_sparse_music_is_not_raised_into_clipping(tmp_path: Path) -> None:
    clicks = np.zeros(6 * RATE)
    clicks[::4000] = 0.9
    mixed, _ = laid(bytes(2 * RATE), RATE, write(tmp_path / "clicks.wav", clicks))
    # No gain brings clicks to the loudness of music; their peaks pass the ceiling by 6 dB at most
    # before they are limited.
    ceiling = 10 ** (level.CEILING_DBFS / 20)
    assert np.abs(sound.signal(mixed)).max() <= ceiling
    assert loudness.integrated(mixed, RATE) < -16.5 - 3


def test_music_at_another_rate_sounds_the_same(tmp_path: Path) -> None:
    outs = [
        sound.signal(
            laid(
                bytes(2 * RATE),
                RATE,
                write(tmp_path / f"{rate}.wav", sound.sine(300, -9, 9, rate), rate),
            )[0]
        )
        for rate in (RATE, 48000)
    ]
    assert sound.alike(*outs) > 0.999


def test_the_same_slate_gives_the_same_bytes() -> None:
    pcm = speech(2 * RATE)
    assert laid(pcm, RATE, JINGLE) == laid(pcm, RATE, JINGLE)


def test_speech_over_the_shipped_jingle_is_clear_and_level() -> None:
    pcm = speech(8 * RATE)
    mixed, offset = laid(pcm, RATE, JINGLE)
    inside = mixed[2 * offset : 2 * offset + len(pcm)]
    assert sound.alike(sound.signal(pcm), sound.signal(inside)) > 0.99
    assert loudness.integrated(inside, RATE) == pytest.approx(-16, abs=0.3)


def test_decoded_music_that_has_gone_is_a_sentence(tmp_path: Path) -> None:
    gone = Music(str(tmp_path / "gone.pcm"), "", MusicUse.SLATE)
    with pytest.raises(SpeechError, match=r"gone\.pcm cannot be read.*run the same command again"):
        bed.lay_over(bytes(200), RATE, gone)


def test_pydub_comes_in_without_a_word(tmp_path: Path) -> None:
    """No ffmpeg on the path and nothing compiled yet, where pydub would warn of both."""
    code = "import tts_pipeline.audio.bed"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-W", "error:::tts_pipeline", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path)},
    )
    assert "pydub" not in done.stderr
    assert "ffmpeg" not in done.stderr


def test_the_shipped_jingle_is_what_its_script_makes(tmp_path: Path) -> None:
    script = JINGLE.parents[1] / "examples" / "make_jingle.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "made.wav")], check=True)
    made = np.frombuffer((tmp_path / "made.wav").read_bytes()[44:], "<i2").astype(int)
    shipped = np.frombuffer(JINGLE.read_bytes()[44:], "<i2").astype(int)
    # Sines may differ in the last bit between machines.
    assert np.abs(made - shipped).max() <= 1
