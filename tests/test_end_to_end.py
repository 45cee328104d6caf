"""A post goes in; what comes out is decoded and compared with a fresh synthesis."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import pytest
from mutagen.id3 import ID3

from tts_pipeline import pipeline
from tts_pipeline.audio import level, loudness
from tts_pipeline.speech import registry
from tts_pipeline.speech.render import CALIBRATION

from .conftest import Workspace

POST = """---
title: The Harbour at Night
author: Field Notes
date: 2026-04-02
url: https://forum.example.org/posts/harbour
---
The lamps along the quay are lit one after the other. Nobody sees who does it, and nobody asks.

## Boats

Most of the boats are small, and they are older than the people who row them. In winter they lie
upside down on the shingle, like a row of sleeping animals.

## The ferry

The ferry leaves at dawn. It carries letters, bread and those who could not sleep; it comes back
with fish, newspapers and those who could not stay away.
"""


def decode(path: Path) -> np.ndarray[Any, np.dtype[np.int16]]:
    """The MP3 as players that read the LAME tag hear it."""
    decoded = miniaudio.decode_file(
        str(path), miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=22050
    )
    return np.frombuffer(decoded.samples, "<i2")


def alike(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    """Correlation of two sounds of one length."""
    x, y = a.astype(float), b.astype(float)
    return float(x @ y / np.sqrt((x @ x) * (y @ y) + 1e-9))
