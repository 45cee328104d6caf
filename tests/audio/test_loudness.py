"""Cases after ITU-R BS.2217 and EBU Tech 3341, made here, for one channel."""

import math
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from scipy import signal

from tts_pipeline.audio import level, loudness
from tts_pipeline.errors import SpeechError

from . import sound


def steps(rate: int, *parts: tuple[float, float]) -> bytes:
    """A sine of 997 Hz, (dBFS, seconds) at a time."""
    return sound.pcm(np.concatenate([sound.sine(997, dbfs, secs, rate) for dbfs, secs in parts]))


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
@pytest.mark.parametrize("dbfs", [-20.0, -33.0, -6.0])
def test_a_sine_of_997_hz_reads_3_lu_below_its_peak(rate: int, dbfs: float) -> None:
    assert loudness.integrated(steps(rate, (dbfs, 5)), rate) == pytest.approx(dbfs - 3.01, abs=0.1)


# EBU Tech 3341 (2023), table 1, is stated for two channels that hold the same; one channel alone
# reads 3.01 LU less, so that each level here is 3.01 dB higher.
STEREO = 10 * math.log10(2)


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(((-23.0, 20.0),), -23.0, id="1"),
        pytest.param(((-33.0, 20.0),), -33.0, id="2"),
        pytest.param(((-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)), -23.0, id="3"),
        pytest.param(
            ((-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)),
            -23.0,
            id="4",
        ),
        pytest.param(((-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)), -23.0, id="5"),
    ],
)
def test_gating(rate: int, parts: tuple[tuple[float, float], ...], expected: float) -> None:
    """Cases 1 to 5, to 0.1 LU: what the relative and the absolute gate drop, and what neither."""
    pcm = steps(rate, *((dbfs + STEREO, seconds) for dbfs, seconds in parts))
    assert loudness.integrated(pcm, rate) == pytest.approx(expected, abs=0.1)


def test_case_6_as_far_as_one_channel_goes() -> None:
    """Five channels at -28, -24 and -30 dBFS: their powers added in one, with the same weights."""
    powers = [10**-2.8, 10**-2.8, 10**-2.4, 1.41 * 10**-3.0, 1.41 * 10**-3.0]
    pcm = steps(48000, (10 * math.log10(sum(powers)), 20.0))
    assert loudness.integrated(pcm, 48000) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")
def test_it_agrees_with_ffmpegs_meter(tmp_path: Path) -> None:
    pcm = sound.pcm(np.concatenate([sound.babble(4, 5 * 48000, 48000), np.zeros(96000)] * 3))
    source = ["-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "pipe:0"]
    done = subprocess.run(
        ["ffmpeg", "-nostats", *source, "-af", "ebur128=peak=true", "-f", "null", "-"],
        input=pcm,
        capture_output=True,
        check=True,
    )
    summary = done.stderr.decode().rsplit("Summary", 1)[1]
    told = {name: float(value) for name, value in re.findall(r"(I|Peak):\s+(-?[\d.]+)", summary)}
    assert loudness.integrated(pcm, 48000) == pytest.approx(told["I"], abs=0.1)
    assert loudness.true_peak(pcm, 48000) == pytest.approx(told["Peak"], abs=0.2)


def test_pauses_do_not_count() -> None:
    pcm = steps(22050, (-20, 5))
    pause = bytes(2 * 22050 * 5)
    assert loudness.integrated(pcm + pause + pcm, 22050) == pytest.approx(
        loudness.integrated(pcm, 22050), abs=0.2
    )


def test_high_frequencies_weigh_more_and_rumble_less() -> None:
    at = {
        hz: loudness.integrated(sound.pcm(sound.sine(hz, -20, 3, 48000)), 48000)
        for hz in (38, 997, 4000)
    }
    assert at[4000] - at[997] == pytest.approx(3.3, abs=0.4)
    assert at[38] < at[997] - 5


@pytest.mark.parametrize("samples", [0, 1, 8819, 22050])
def test_silence_and_shreds_have_no_loudness(samples: int) -> None:
    assert loudness.integrated(bytes(2 * samples), 22050) == -math.inf
    assert loudness.true_peak(bytes(2 * samples), 22050) == -math.inf
    loud = np.full(min(samples, 8819), 9999, "<i2").tobytes()
    assert loudness.integrated(loud, 22050) == -math.inf


def test_sound_below_the_absolute_gate_has_no_loudness() -> None:
    assert loudness.integrated(steps(22050, (-85, 2)), 22050) == -math.inf


@pytest.mark.parametrize("rate", [22050, 48000])
@pytest.mark.parametrize(
    ("share", "degrees", "amplitude", "expected"),
    [
        pytest.param(4, 0.0, 0.5, -6.0, id="15"),
        pytest.param(4, 45.0, 0.5, -6.0, id="16"),
        pytest.param(6, 60.0, 0.5, -6.0, id="17"),
        pytest.param(8, 67.5, 0.5, -6.0, id="18"),
        pytest.param(4, 45.0, 1.41, 3.0, id="19"),
    ],
)
def test_true_peak_lies_between_the_samples(
    rate: int, share: int, degrees: float, amplitude: float, expected: float
) -> None:
    """Tech 3341, cases 15 to 19, to +0.2 and -0.4 dB: sines whose samples miss their crests."""
    turns = np.arange(rate) / share + degrees / 360
    edge = np.minimum(1, np.arange(rate) / (rate / 10))
    pcm = sound.pcm(amplitude * edge * edge[::-1] * np.sin(2 * np.pi * turns))
    assert expected - 0.4 <= loudness.true_peak(pcm, rate) <= expected + 0.2


@pytest.mark.parametrize("later", range(4))
def test_true_peak_of_a_burst_that_begins_between_samples(later: int) -> None:
    """Cases 20 to 23: made at four times the rate, every fourth sample taken, from each of them."""
    rate = 48000
    time = np.arange(4 * rate)
    wave = 0.5 * np.sin(2 * np.pi * time / 24)
    burst = slice(2 * rate, 2 * rate + 24)
    wave[burst] *= 2
    flat = signal.firwin(801, 0.24)
    taken = signal.lfilter(flat, 1, wave)[later::4]
    edge = np.minimum(1, np.arange(taken.size) / 4800)
    pcm = sound.pcm(taken * edge * edge[::-1])
    reference = np.abs(signal.resample_poly(sound.signal(pcm), 16, 1)).max()
    expected = 20 * math.log10(reference)
    assert expected - 0.4 <= loudness.true_peak(pcm, rate) <= expected + 0.2


def test_true_peak_is_the_same_wherever_the_peak_lies() -> None:
    burst = sound.sine(5000, -3, 0.05, 22050) * np.hanning(1102)
    quiet = np.zeros(200_000)
    found = []
    for at in (0, 65_000, 65_530, 130_500, 198_898):
        track = quiet.copy()
        track[at : at + 1102] = burst
        found.append(loudness.true_peak(sound.pcm(track), 22050))
    assert max(found) - min(found) < 0.01


@pytest.mark.parametrize(("seed", "peak"), [(1, 0.99), (2, 0.3), (3, 0.05)])
def test_calibration_reaches_the_target_through_the_limiter(seed: int, peak: float) -> None:
    pcm = sound.pcm(sound.babble(seed, 15 * 22050, 22050, peak=peak))
    gain = loudness.calibrate(pcm, 22050)
    assert gain == round(gain, 2)
    levelled = level.apply_gain(pcm, gain, 22050)
    assert loudness.integrated(levelled, 22050) == pytest.approx(-16, abs=0.02)


def test_calibration_to_another_target() -> None:
    pcm = steps(22050, (-20, 3))
    assert loudness.calibrate(pcm, 22050, target=-30) == pytest.approx(-6.99, abs=0.1)


def test_what_no_gain_brings_to_the_target_is_a_sentence() -> None:
    clicks = np.zeros(5 * 22050)
    clicks[::11025] = 1
    for pcm in (bytes(2 * 22050), sound.pcm(clicks)):
        with pytest.raises(SpeechError, match="cannot be brought to -16 LUFS"):
            loudness.calibrate(pcm, 22050)


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
def test_it_agrees_with_another_meter(rate: int) -> None:
    chance = np.random.default_rng(rate)
    noise = np.cumsum(chance.normal(size=12 * rate))
    speechlike = noise / np.abs(noise).max() * np.sin(np.arange(noise.size) / rate * 3) ** 2
    speechlike += 0.05 * chance.normal(size=noise.size)
    pcm = sound.pcm(speechlike * 0.5)
    other = pyloudnorm.Meter(rate).integrated_loudness(np.frombuffer(pcm, "<i2") / 32768)
    assert loudness.integrated(pcm, rate) == pytest.approx(other, abs=0.15)


def test_the_filter_is_that_of_the_recommendation_at_48_khz() -> None:
    # The coefficients of BS.1770-4, tables 1 and 2.
    shelf = (
        [1.53512485958697, -2.69169618940638, 1.19839281085285],
        [1, -1.69065929318241, 0.73248077421585],
    )
    high = ([1.0, -2.0, 1.0], [1, -1.99004745483398, 0.99007225036621])
    samples = np.random.default_rng(7).normal(size=9600) / 8
    expected = signal.lfilter(*high, signal.lfilter(*shelf, samples))
    window = np.zeros(1 << 16)
    window[loudness._RING :][: samples.size] = samples
    heard = loudness._weighted(window, 48000)[loudness._RING :][: samples.size]
    assert np.allclose(heard, expected, atol=1e-6)


def test_a_stream_is_measured_like_the_whole_and_two_channels_add_up() -> None:
    rate = 22050
    voice = np.frombuffer(sound.pcm(sound.babble(4, 20 * rate, rate)), "<i2")
    for channels, more in ((1, 0.0), (2, 3.01)):
        meter = loudness.Meter(rate, channels)
        peaks = loudness.PeakMeter(rate, channels)
        both = np.stack([voice] * channels)
        for start in range(0, voice.size, 12_345):
            meter.add(both[:, start : start + 12_345])
            peaks.add(both[:, start : start + 12_345])
        alone = loudness.integrated(voice.tobytes(), rate)
        assert meter.integrated() == pytest.approx(alone + more, abs=0.01)
        assert peaks.true_peak() == pytest.approx(
            loudness.true_peak(voice.tobytes(), rate), abs=0.001
        )
