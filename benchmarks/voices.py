"""What voices are like in figures: python benchmarks/voices.py [--picture FILE.png].

Speaks the same text with each voice that works on this machine, each in a process of its own, and
prints the table of docs/voices.md. The picture shows the same sentence by some of them.
"""

import contextlib
import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PIL import Image, ImageDraw

from benchmarks import texts
from tests.audio.sound import decode
from tests.speech import smallvoice
from tts_pipeline.audio import lame, level, loudness
from tts_pipeline.errors import PipelineError
from tts_pipeline.model import AudioFormat, Break
from tts_pipeline.speech import registry, render
from tts_pipeline.speech.calibration import CALIBRATION
from tts_pipeline.speech.engine import Sound
from tts_pipeline.speech.passage import PAUSE_MS
from tts_pipeline.units import to_samples, up_to_multiple

SLT = "(voice_cmu_us_slt_arctic_hts)"
FLITE = ["-f", "{file}", "-o", "{out}"]
ESPEAK = ("en-us", "en-us+f3", "en-us+m3", "en-us+whisper", "en", "en-gb-x-rp", "en-gb-scotland")
VOICES: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"espeak-ng {voice}": ("pyttsx3", {"voice": voice}) for voice in ESPEAK},
    **{
        f"flite {voice}": ("command", {"argv": ["flite", "-voice", voice, *FLITE], "rate": 16000})
        for voice in ("slt", "rms", "awb")
    },
    "festival kal_diphone": (
        "command",
        {"argv": ["text2wave", "-F", "16000", "-o", "{out}", "{file}"], "rate": 16000},
    ),
    "festival slt_arctic_hts": (
        "command",
        {"argv": ["text2wave", "-eval", SLT, "-o", "{out}", "{file}"], "rate": 32000},
    ),
    "piper, the tests' model": ("piper", {"model": "small"}),
}
SHOWN = ("espeak-ng en-us", "flite slt", "festival kal_diphone", "festival slt_arctic_hts")
SENTENCE = "She sells sea shells, and he saw six ships."
WORDS = 300


def main() -> None:
    """A row a voice."""
    if len(sys.argv) > 2 and sys.argv[1] == "--row":
        print(json.dumps(row(sys.argv[2])))
        return
    if len(sys.argv) > 2 and sys.argv[1] == "--picture":
        picture(Path(sys.argv[2]))
        return
    packages = ("pyttsx3", "espeakng-loader", "piper-tts", "onnxruntime")
    machine = (platform.machine(), f"Python {platform.python_version()}")
    print(", ".join((*machine, *(f"{name} {version(name)}" for name in packages))))
    print("\n| voice | rate | x realtime | words/min | pads | own LUFS | gain | LUFS | dBTP |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in VOICES:
        done = subprocess.run(
            [sys.executable, __file__, "--row", name], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"| {name} | not here: {done.stderr.strip().splitlines()[-1]} |")
            continue
        got = json.loads(done.stdout)
        print(
            f"| {name} | {got['rate']:,} | {got['speed']:,.0f} | {got['pace']:.0f} "
            f"| {got['pads']:.0f} ms | {got['own']:.1f} | {got['gain']:+.1f} dB "
            f"| {got['lufs']:.1f} | {got['peak']:.1f} |"
        )


@contextlib.contextmanager
def opened(name: str) -> Iterator[tuple[Any, int]]:
    """The engine of a voice, and its rate."""
    engine, options = VOICES[name]
    with tempfile.TemporaryDirectory() as folder:
        if engine == "piper":
            options = {"model": str(smallvoice.make(Path(folder)))}
        yield (
            registry.open_engine(engine, options, "en-us"),
            registry.facts(engine, options).sample_rate,
        )


def row(name: str) -> dict[str, float]:
    """Measure one voice, here."""
    lines = texts.post(WORDS).split("---\n")[-1].splitlines()
    prose = " ".join(line for line in lines if not line.startswith("#"))
    sentences = [f"{sentence.strip('. ')}." for sentence in prose.split(". ")]
    with opened(name) as (engine, rate):
        engine.speak("One.")
        began = _cpu()
        sounds: list[Sound] = [engine.speak(sentence) for sentence in sentences]
        spent = _cpu() - began
        gain = render.calibrate([engine.speak(each.text) for each in CALIBRATION], rate)
    seconds = sum(len(sound.pcm) for sound in sounds) / 2 / rate
    pcm = bytes(2 * to_samples(PAUSE_MS[Break.SENTENCE], rate)).join(s.pcm for s in sounds)
    audio = AudioFormat()
    heard = render.at_rate(Sound(pcm), rate, audio.rate).pcm
    loud = level.apply_gain(heard, gain, audio.rate)
    whole = up_to_multiple(len(loud) // 2 + to_samples(lame.TAIL_MS, audio.rate), 576)
    mp3 = lame.encode(loud + bytes(2 * whole - len(loud)), audio)
    out = decode(mp3, audio.rate)
    return {
        "rate": rate,
        "speed": seconds / spent,
        "pace": sum(len(sentence.split()) for sentence in sentences) / seconds * 60,
        "pads": 1000 * float(np.mean([_padding(sound.pcm) for sound in sounds])) / rate,
        "own": loudness.integrated(pcm, rate),
        "gain": gain,
        "lufs": loudness.integrated(out, audio.rate),
        "peak": loudness.true_peak(out, audio.rate),
    }


def picture(path: Path) -> None:
    """Spectrograms below one another: a second is 160 pixels, 11 kHz are 128."""
    panels = []
    for name in SHOWN:
        try:
            with opened(name) as (engine, rate):
                sound = render.at_rate(engine.speak(SENTENCE), rate, 22050)
        except PipelineError as error:
            print(f"{name} is not here: {error}", file=sys.stderr)
            continue
        samples = np.frombuffer(sound.pcm, "<i2") / 32768
        hop, size = 22050 // 160, 256
        starts = range(0, max(1, samples.size - size), hop)
        frames = np.stack([samples[at : at + size] * np.hanning(size) for at in starts])
        power = 20 * np.log10(np.abs(np.fft.rfft(frames))[:, 1:].T[::-1] + 1e-4)
        shade = np.clip((power - power.max() + 60) / 60, 0, 1)
        panel = np.zeros((150, 560))
        panel[18:146, : min(560, shade.shape[1])] = shade[:, :560]
        panels.append((name, panel))
    pixels = 255 - 255 * np.vstack([panel for _, panel in panels])
    image = Image.fromarray(pixels.astype(np.uint8))
    for number, (name, panel) in enumerate(panels):
        ImageDraw.Draw(image).text((2, number * len(panel) + 3), name, fill=0)
    image.quantize(10).save(path, optimize=True)


def _padding(pcm: bytes) -> int:
    """Samples of silence, below -50 dBFS, before and after the speech."""
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2").astype(int)) > 104)
    return len(pcm) // 2 - int(loud[-1] - loud[0] + 1) if loud.size else 0


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    main()
