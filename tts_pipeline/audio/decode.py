"""MP3 to PCM, a piece at a time, as players hear it that read the LAME tag.

miniaudio goes on after damage, as players do, and without a word; libsndfile, which reads MP3
too, gives up after 1 KiB of junk and writes to standard error.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tts_pipeline.audio.frames import DECODER_DELAY, ENCODER_DELAY
from tts_pipeline.errors import CheckError

Samples = NDArray[np.int16]


def stream(path: Path, *, rate: int, channels: int, samples: int) -> Iterator[Samples]:
    """Pieces of shape (channels, `samples`); the last may be shorter.

    Args:
        path: an MP3.
        rate: samples a second; the file's own, or it is resampled.
        channels: the file's own, or it is mixed.
        samples: of each channel, in a piece.

    Raises:
        CheckError: no sound can be had from it.
    """
    import miniaudio  # noqa: PLC0415  which only those need who listen

    try:
        decoded = miniaudio.stream_file(
            str(path), miniaudio.SampleFormat.SIGNED16, channels, rate, samples
        )
    except miniaudio.MiniaudioError as error:
        raise CheckError(
            f"{path} cannot be decoded: it is no MP3, or damaged throughout"
        ) from error
    for piece in decoded:
        yield np.frombuffer(piece, "<i2").reshape(-1, channels).T


def frames(data: bytes, rate: int) -> NDArray[np.float32]:
    """Frames alone, with no header that tells of the encoder's delay, as one channel."""
    import miniaudio  # noqa: PLC0415

    decoded = miniaudio.decode(data, miniaudio.SampleFormat.SIGNED16, 1, rate)
    return np.frombuffer(decoded.samples, "<i2")[ENCODER_DELAY + DECODER_DELAY :].astype(np.float32)
