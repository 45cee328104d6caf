import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tts_pipeline.audio import level, loudness

from . import sound

RATE = 22050
Int16 = NDArray[np.int16]


def ints(pcm: bytes) -> Int16:
    return np.frombuffer(pcm, "<i2")


def plainly(pcm: bytes, gain_db: float) -> NDArray[np.float32]:
    """Gain alone, without a limiter."""
    return np.asarray(ints(pcm).astype(np.float32) * np.float32(10 ** (gain_db / 20)))


def highest(ceiling_dbfs: float) -> int:
    return min(32767, math.floor(32768 * 10 ** (ceiling_dbfs / 20)))


@st.composite
def passages(draw: st.DrawFn) -> bytes:
    """Quiet noise with bursts up to full scale, at the very edges too."""
    size = draw(st.integers(0, 4000))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    values = random.integers(-300, 300, size)
    for _ in range(draw(st.integers(0, 4)) if size else 0):
        start = draw(st.integers(0, size - 1))
        burst = values[start : start + draw(st.integers(1, 60))]
        burst[:] = draw(st.sampled_from([-32768, 32767, 20000, -20000]))
    return values.astype("<i2").tobytes()


@settings(max_examples=80)
@given(
    passages(),
    st.floats(-20, 40),
    st.sampled_from([8000, 22050, 44100]),
    st.floats(-12, 0),
)
def test_nothing_passes_the_ceiling_and_the_rest_is_one_multiplication(
    pcm: bytes, gain_db: float, rate: int, ceiling_dbfs: float
) -> None:
    out = ints(level.apply_gain(pcm, gain_db, rate, ceiling_dbfs)).astype(np.int32)
    ceiling = highest(ceiling_dbfs)
    assert np.abs(out).max(initial=0) <= ceiling
    plain = plainly(pcm, gain_db)
    # What comes near the ceiling may pass it between the samples.
    loud = np.flatnonzero(np.abs(plain) > 0.69 * ceiling)
    near = np.zeros(out.size, bool)
    # 5 ms before, 20 ms after, and the cells of a millisecond that round both.
    for position in loud:
        near[max(0, position - 7 * rate // 1000) : position + 22 * rate // 1000] = True
    assert (out[~near] == np.rint(plain[~near])).all()
    assert (np.abs(out) <= np.abs(np.rint(plain))).all()
    assert (out * plain >= 0).all()


@pytest.mark.parametrize("hz", [997, RATE / 8, RATE / 6, RATE / 4, RATE / 3])
@pytest.mark.parametrize("degrees", [0, 30, 45, 67.5])
def test_no_peak_between_the_samples_passes_by_much(hz: float, degrees: float) -> None:
    """Sines whose samples miss their crests, as in EBU Tech 3341, and clicks of one sample."""
    time = np.arange(RATE) / RATE
    wave = np.hanning(RATE) * np.sin(2 * np.pi * hz * time + np.radians(degrees))
    limited = level.apply_gain(sound.pcm(0.98 * wave), 4.0, RATE)
    assert loudness.true_peak(limited, RATE) <= level.CEILING_DBFS + 0.6


def test_no_gain_and_no_peak_leave_the_bytes_alone() -> None:
    pcm = sound.pcm(sound.babble(1, 5 * RATE, RATE, peak=0.7))
    assert level.apply_gain(pcm, 0.0, RATE) == pcm


@pytest.mark.parametrize("at", [0, 1, 5000, 9998, 9999])
def test_a_lone_peak_lands_on_the_ceiling_with_a_smooth_gain_around_it(at: int) -> None:
    x = np.full(10_000, 8000.0)
    x[at] = 32767
    out = ints(level.apply_gain(x.astype("<i2").tobytes(), 6.0, RATE)).astype(float)
    assert out[at] == pytest.approx(highest(level.CEILING_DBFS), abs=2)
    gain = out / x
    assert np.abs(np.diff(gain)).max() < 0.02, "no step between neighbours"
    assert gain.min() == pytest.approx(gain[at], abs=2e-4)
    reached = np.flatnonzero(np.abs(gain / 10 ** (6 / 20) - 1) > 0.001)
    assert reached[0] >= at - 7 * RATE // 1000
    assert reached[-1] <= at + 22 * RATE // 1000


def test_a_limited_tone_stays_a_tone() -> None:
    tone = sound.sine(220, -6, 1, RATE)
    out = sound.signal(level.apply_gain(sound.pcm(tone), 9.0, RATE))
    middle = slice(RATE // 4, 3 * RATE // 4)
    assert sound.alike(tone[middle], out[middle]) > 0.9999, "clipping it would give 0.993"
    assert np.abs(out).max() == pytest.approx(10 ** (level.CEILING_DBFS / 20), rel=0.001)


def test_blocks_leave_no_trace() -> None:
    """A passage is levelled as its halves are alone, if silence and a whole cell part them."""
    half = sound.pcm(np.concatenate([sound.babble(2, 70_000, RATE, peak=0.9), np.zeros(2204)]))
    alone = level.apply_gain(half, 8.0, RATE)
    assert level.apply_gain(half + half, 8.0, RATE) == alone + alone


def test_memory_is_a_few_copies_of_the_passage() -> None:
    pcm = sound.pcm(np.tile(sound.babble(3, 10 * RATE, RATE, peak=0.9), 12))
    tracemalloc.start()
    level.apply_gain(pcm, 12.0, RATE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2 * len(pcm), "four float32 copies"
