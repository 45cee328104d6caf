"""Draw what happens to a voice on its way into an episode: docs/sound.png.

    python examples/draw_sound.py [docs/sound.png]

Above, two sentences as flite or espeak-ng gives them, with padding and a level of their own;
below, the same as they stand in an episode. The red lines are the ceiling.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tts_pipeline.audio import level, loudness
from tts_pipeline.speech import registry, render
from tts_pipeline.speech.calibration import CALIBRATION

WIDTH, HEIGHT, MARGIN = 1200, 190, 34
SENTENCES = tuple(one.text for one in CALIBRATION[2:4])
INK, GROUND, WAVE, LINE = (40, 44, 52), (255, 255, 255), (52, 101, 164), (204, 60, 60)


def voice() -> tuple[str, dict[str, object]]:
    """An engine that pads what it says, if there is one here."""
    if shutil.which("flite"):
        argv = ["flite", "-voice", "rms", "-f", "{file}", "-o", "{out}"]
        return "command", {"argv": argv, "rate": 16000}
    return "pyttsx3", {}


def before_and_after() -> tuple[bytes, bytes, int]:
    """The sentences as the engine gives them, and as they stand in an episode."""
    name, options = voice()
    engine = registry.open_engine(name, options, "en-us")
    rate = registry.facts(name, options).sample_rate
    gain = render.calibrate([engine.speak(one.text) for one in CALIBRATION], rate)
    given = [engine.speak(text) for text in SENTENCES]
    clean = [found[0].pcm for sound in given if (found := render.cleaned(sound, rate))]
    pause = bytes(2 * round(0.35 * rate))
    raw = pause.join(sound.pcm for sound in given)
    return raw, level.apply_gain(pause.join(clean), gain, rate), rate


def draw(pen: ImageDraw.ImageDraw, top: int, pcm: bytes, rate: int, seconds: float) -> None:
    """One waveform, a column a stretch of time, with the ceiling as a line."""
    samples, middle = np.frombuffer(pcm, "<i2") / 32768, top + HEIGHT // 2
    step = round(seconds * rate) / (WIDTH - 2 * MARGIN)
    for column in range(WIDTH - 2 * MARGIN):
        piece = samples[round(column * step) : round((column + 1) * step)]
        if piece.size:
            high, low = (middle - round(x * HEIGHT / 2) for x in (piece.max(), piece.min()))
            pen.line((MARGIN + column, high, MARGIN + column, low), fill=WAVE)
    for sign in (-1, 1):
        at = middle + sign * round(10 ** (level.CEILING_DBFS / 20) * HEIGHT / 2)
        pen.line((MARGIN, at, WIDTH - MARGIN, at), fill=LINE)


def main(path: Path) -> None:
    """Draw both, one above the other."""
    raw, made, rate = before_and_after()
    picture = Image.new("RGB", (WIDTH, 2 * (HEIGHT + MARGIN) + 10), GROUND)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(17)
    for place, (title, pcm) in enumerate((("from the engine", raw), ("in the episode", made))):
        top = place * (HEIGHT + MARGIN) + MARGIN
        told = f"{title}: {loudness.integrated(pcm, rate):.1f} LUFS, "
        told += f"true peak {loudness.true_peak(pcm, rate):.1f} dBTP"
        pen.text((MARGIN, top - MARGIN + 8), told, fill=INK, font=font)
        draw(pen, top, pcm, rate, max(len(raw), len(made)) / 2 / rate)
    picture.quantize(16).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/sound.png"))
