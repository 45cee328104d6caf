"""What is measured in one pass, on sounds that are made here."""

from pathlib import Path

import lameenc
import numpy as np
import pytest

from tts_pipeline.audio import loudness
from tts_pipeline.check import levels, sound
from tts_pipeline.errors import CheckError

from ..audio.sound import Signal, babble, sine

RATE = 22050


def mp3(path: Path, *channels: Signal, rate: int = RATE) -> Path:
    """Encoded by lameenc as other programs do it."""
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(len(channels))
    encoder.set_bit_rate(96)
    encoder.set_quality(7)
    pcm = np.clip(np.rint(np.stack(channels, 1) * 32767), -32768, 32767).astype("<i2")
    path.write_bytes(bytes(encoder.encode(pcm.tobytes()) + encoder.flush()))
    return path


def rules(measured: sound.Sound) -> set[str]:
    return {finding.rule for finding in levels.levels(measured, None)}


@pytest.fixture(scope="module")
def voice() -> Signal:
    return babble(3, 25 * RATE, RATE, peak=0.6)


def test_silences_are_found_wherever_pieces_meet(tmp_path: Path, voice: Signal) -> None:
    whole = voice.copy()
    places = [(0, 3), (8.5, 12), (19.9, 20.3), (22, 25)]
    for start, end in places:
        whole[int(start * RATE) : int(end * RATE)] = 0
    found = sound.measure(mp3(tmp_path / "a.mp3", whole), rate=RATE, channels=1).silences
    told = [(start / RATE, end / RATE) for start, end in found]
    # The encoder's delay of 1,105 samples is in it, since lameenc writes no header.
    assert np.allclose(told, [(0, 3), (8.55, 12), (22.05, 25.1)], atol=0.12)


def test_silence_without_a_record_may_last_3_s(tmp_path: Path, voice: Signal) -> None:
    for seconds, wrong in ((2.8, False), (3.4, True)):
        whole = voice.copy()
        whole[5 * RATE : int((5 + seconds) * RATE)] = 0
        measured = sound.measure(mp3(tmp_path / "a.mp3", whole), rate=RATE, channels=1)
        assert ("sound.silence" in rules(measured)) is wrong


def test_it_measures_as_the_meters_do(tmp_path: Path, voice: Signal) -> None:
    from tts_pipeline.audio import decode

    path = mp3(tmp_path / "a.mp3", voice)
    heard: list[int] = []
    measured = sound.measure(path, rate=RATE, channels=1, tick=heard.append)
    [pcm] = decode.stream(path, rate=RATE, channels=1, samples=10**7)
    assert measured.lufs == pytest.approx(loudness.integrated(pcm.tobytes(), RATE), abs=0.001)
    assert measured.true_peak == pytest.approx(loudness.true_peak(pcm.tobytes(), RATE), abs=0.01)
    assert measured.samples == sum(heard) == pcm.size


def test_two_channels(tmp_path: Path, voice: Signal) -> None:
    nothing = np.zeros_like(voice)
    alike = sound.measure(mp3(tmp_path / "a.mp3", voice, voice), rate=RATE, channels=2)
    assert not alike.dead
    assert not alike.opposed
    dead = sound.measure(mp3(tmp_path / "b.mp3", voice, nothing), rate=RATE, channels=2)
    assert dead.dead == (1,)
    assert "sound.channel" in rules(dead)
    opposed = sound.measure(mp3(tmp_path / "c.mp3", voice, -voice), rate=RATE, channels=2)
    assert opposed.opposed
    assert "sound.channel" in rules(opposed)
    silent = sound.measure(mp3(tmp_path / "d.mp3", nothing, nothing), rate=RATE, channels=2)
    assert not silent.dead
    assert "sound.loudness" in rules(silent)


def test_what_is_loud_but_whole_is_not_clipped(tmp_path: Path, voice: Signal) -> None:
    for name, loud in (("sine", sine(220, -0.1, 5, RATE)), ("voice", voice / voice.max())):
        whole = sound.measure(mp3(tmp_path / f"{name}.mp3", loud), rate=RATE, channels=1)
        assert not whole.clips
        assert "sound.peak" in rules(whole)
        # Cut off at full scale, and turned down before it was encoded: flat, yet never full.
        cut = np.clip(4 * loud, -1, 1) * 0.5
        clipped = sound.measure(mp3(tmp_path / f"{name}.mp3", cut), rate=RATE, channels=1)
        assert clipped.clips
        assert "sound.clipping" in rules(clipped)


def test_no_sound_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"no sound " * 100)
    with pytest.raises(CheckError, match="cannot be decoded"):
        sound.measure(path, rate=RATE, channels=1)
