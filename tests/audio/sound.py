"""Sounds that the tests make, and decoders that hear what was encoded."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
from numpy.typing import NDArray

from tts_pipeline.audio import frames, lame
from tts_pipeline.model import AudioFormat
from tts_pipeline.units import to_samples, up_to_multiple

Signal = NDArray[np.float64]


def pcm(signal: Signal) -> bytes:
    """-1 to 1 as PCM."""
    return np.clip(np.rint(signal * 32768), -32768, 32767).astype("<i2").tobytes()


def signal(data: bytes) -> Signal:
    return np.frombuffer(data, "<i2").astype(np.float64) / 32768


def sine(hz: float, dbfs: float, seconds: float, rate: int) -> Signal:
    """A sine whose peak is at `dbfs`."""
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * time))


def babble(seed: int, samples: int, rate: int, peak: float = 0.5) -> Signal:
    """Like speech in spectrum and rhythm: pulses through resonances, in syllables, with hiss."""
    random = np.random.default_rng(seed)
    time = np.arange(samples) / rate
    pitch = 110 * (1 + 0.1 * np.sin(2 * np.pi * (0.7 + 0.1 * (seed % 5)) * time))
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    voice = np.zeros(samples)
    for overtone in range(1, 30):
        hz = 110 * overtone
        loud = sum(1 / (1 + ((hz - peak) / 150) ** 2) for peak in (500, 1500, 2500))
        voice += loud * np.cos(overtone * phase + overtone**2)
    hiss = random.standard_normal(samples)
    syllables = np.clip(np.sin(2 * np.pi * 2.3 * time + seed), 0.05, 1)
    sound = voice / np.abs(voice).max() * syllables + 0.03 * hiss * syllables[::-1]
    edge = np.minimum(1, np.minimum(np.arange(samples), np.arange(samples)[::-1]) / (0.01 * rate))
    return np.asarray(peak * sound / np.abs(sound).max() * edge)


def padded(data: bytes, rate: int) -> bytes:
    """With the silence that an encoded passage must end in, up to a whole frame."""
    samples = len(data) // 2
    whole = up_to_multiple(samples + to_samples(lame.TAIL_MS, rate), frames.frame_samples(rate))
    return data + bytes(2 * (whole - samples))


def stream(parts: list[bytes], audio: AudioFormat) -> tuple[bytes, int]:
    """Frames laid end to end as one MP3, and how many samples it must decode to."""
    body = b"".join(parts)
    samples = sum(samples for _, _, samples in frames.iterate(body))
    extra, padding = frames.gapless(samples, audio.rate)
    body += lame.silence(extra, audio)
    count = samples // frames.frame_samples(audio.rate) + extra
    places = ((0, 0), (count, len(body)))
    info = frames.info_frame(body, frames=count, padding=padding, places=places, vbr=audio.vbr)
    return info + body, samples


def decode(mp3: bytes, rate: int) -> bytes:
    """As players hear it that read the LAME tag."""
    decoded = miniaudio.decode(mp3, miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=rate)
    assert decoded.sample_rate == rate
    return bytes(decoded.samples)


def programs(mp3: bytes, rate: int, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The same from the decoders that this machine happens to have."""
    path = folder / "programme.mp3"
    path.write_bytes(mp3)
    commands = {
        "mpg123": ["-q", "--mono", "-e", "s16", "-r", str(rate), "-s", str(path)],
        "ffmpeg": ["-v", "error", "-i", str(path), "-ac", "1", "-f", "s16le", "-"],
    }
    for name, arguments in commands.items():
        program = shutil.which(name)
        if program:
            done = subprocess.run([program, *arguments], capture_output=True, check=True)
            yield name, done.stdout


def lag(reference: Signal, heard: Signal, reach: int) -> int:
    """How many samples later `reference` stands in `heard`, which has `reach` more at both ends."""
    middle = slice(max(0, reference.size // 2 - 2000), reference.size // 2 + 2000)
    heard = heard[middle.start : middle.start + reference[middle].size + 2 * reach]
    correlation = np.correlate(heard, reference[middle], "valid")
    return int(np.argmax(correlation)) - reach


def alike(a: Signal, b: Signal) -> float:
    """Correlation, -1 to 1."""
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def rms_db(values: Any) -> float:
    return float(10 * np.log10(np.mean(np.square(values)) + 1e-12))
