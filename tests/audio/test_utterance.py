"""What an engine puts around its speech is cut, to the sample and in the same way each time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.audio import utterance

from . import sound

RATE = 22050
SPEECH = sound.babble(1, RATE, RATE)


def padded(before: int, after: int, noise: float = 0.0, offset: float = 0.0) -> bytes:
    signal = np.concatenate([np.zeros(before), SPEECH, np.zeros(after)]) + offset
    return sound.pcm(signal + noise * np.random.default_rng(3).standard_normal(signal.size))


@given(st.integers(0, 30_000), st.integers(0, 30_000))
def test_padding_is_cut_to_a_small_margin(before: int, after: int) -> None:
    clean = utterance.clean(padded(before, after), RATE)
    assert clean is not None
    end = clean.start + len(clean.pcm) // 2
    assert before - clean.start <= 0.04 * RATE
    assert end - before - SPEECH.size <= 0.07 * RATE
    # What stays is what the engine gave, but for 2 ms that rise from 0 and fall to it.
    kept = np.frombuffer(clean.pcm, "<i2")
    given = np.frombuffer(padded(before, after), "<i2")[clean.start : end]
    assert (kept[44:-44] == given[44:-44]).all()
    assert kept[0] == kept[-1] == 0


def test_speech_itself_is_never_cut() -> None:
    clean = utterance.clean(padded(0, 0), RATE)
    assert clean is not None
    assert (clean.start, len(clean.pcm) // 2) == (0, SPEECH.size)


def test_a_soft_beginning_and_end_stay() -> None:
    """As of an f or an h, 38 dB below the vowel."""
    breath = 10 ** (-38 / 20) * np.random.default_rng(2).uniform(-0.5, 0.5, RATE // 8)
    given = np.concatenate([np.zeros(RATE // 4), breath, SPEECH, breath, np.zeros(RATE // 4)])
    clean = utterance.clean(sound.pcm(given), RATE)
    assert clean is not None
    assert clean.start <= RATE // 4 + RATE // 50
    assert clean.start + len(clean.pcm) // 2 >= given.size - RATE // 4 - RATE // 50


def test_noise_in_the_padding_is_padding() -> None:
    """flite's lies 50 dB below its speech."""
    clean = utterance.clean(padded(5000, 5000, noise=0.0004), RATE)
    assert clean is not None
    assert 3000 < clean.start <= 5000


@pytest.mark.parametrize("offset", [-0.1, -0.004, 0.003, 0.2])
def test_an_offset_goes_and_the_padding_with_it(offset: float) -> None:
    plain, moved = (utterance.clean(padded(9000, 9000, offset=o), RATE) for o in (0.0, offset))
    assert plain is not None
    assert moved is not None
    assert moved.start == plain.start
    difference = np.frombuffer(moved.pcm, "<i2").astype(int) - np.frombuffer(plain.pcm, "<i2")
    assert np.abs(difference).max() <= 1


def test_speech_that_leans_to_one_side_has_no_offset() -> None:
    """Its silence lies at 0; to move it would make the steps that it has not."""
    leaning = SPEECH + 0.1 * np.abs(SPEECH)
    given = sound.pcm(np.concatenate([np.zeros(3000), leaning, np.zeros(3000)]))
    clean = utterance.clean(given, RATE)
    assert clean is not None
    kept = np.frombuffer(clean.pcm, "<i2")
    inside = np.frombuffer(given, "<i2")[clean.start : clean.start + kept.size]
    assert (kept[44:-44] == inside[44:-44]).all()


@pytest.mark.parametrize("level", [0.0, 0.0005, 0.3])
def test_nothing_to_hear_is_nothing(level: float) -> None:
    for samples in (0, 1, 100, RATE):
        assert utterance.clean(sound.pcm(np.full(samples, level)), RATE) is None


def test_what_the_engine_cut_off_is_counted() -> None:
    loud = sound.sine(200, 3, 0.1, RATE)  # 20 periods, each cut off at the top and the bottom
    clean = utterance.clean(sound.pcm(loud), RATE)
    assert clean is not None
    assert clean.clipped == 40
    whole = utterance.clean(sound.pcm(0.7 * loud), RATE)
    assert whole is not None
    assert whole.clipped == 0


@given(st.binary(max_size=4000), st.sampled_from([8000, 16000, 22050, 48000]))
def test_any_bytes_are_taken_and_answered_alike(data: bytes, rate: int) -> None:
    pcm = data[: len(data) // 2 * 2]
    clean = utterance.clean(pcm, rate)
    assert clean == utterance.clean(pcm, rate)
    if clean is not None:
        assert clean.start + len(clean.pcm) // 2 <= len(pcm) // 2
