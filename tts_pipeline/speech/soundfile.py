"""Samples out of the sound files that engines write: WAV, and AIFF as macOS writes it.

A WAV file that is written while it is being spoken does not know its length; its header then
says zero, or about the largest number that there is.
"""

import struct
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from tts_pipeline.errors import SpeechError

_STREAMED = 0x7FFF0000
"""A length from here on stands for "as much as comes"."""
_PCM, _EXTENSIBLE = 1, 0xFFFE
"""Format tags of RIFF's WAVE_FORMAT_PCM and WAVE_FORMAT_EXTENSIBLE."""


def wav(data: bytes, rate: int, who: str) -> bytes:
    """Signed 16-bit little-endian samples of a WAV file with one channel at this rate.

    Args:
        data: the file.
        rate: samples a second that the voice declares.
        who: gave it; begins the sentences below.

    Raises:
        SpeechError: it is something else, or less than its header says.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise SpeechError(
            f"{who} did not give a WAV file; set `format` to pcm if it gives bare samples"
        )
    form = None
    for kind, size, at in _chunks(data, "little"):
        if kind == b"fmt " and len(data) >= at + 16:
            form = struct.unpack_from("<HHIIHH", data, at)
        elif kind == b"data" and form is not None:
            code, channels, actual, _, _, bits = form
            _see_plain(who, channels, bits, "" if code in (_PCM, _EXTENSIBLE) else f"{code}")
            if actual != rate:
                raise SpeechError(f"{who} gave {actual} samples a second; write that as `rate`")
            streamed = size == 0 or size >= _STREAMED
            if not streamed and len(data) < at + size:
                raise SpeechError(f"{who} stopped in the middle: the WAV file is cut off")
            return whole(data[at:] if streamed else data[at : at + size])
    raise SpeechError(f"{who} gave a WAV file without sound in it")


def whole(samples: bytes) -> bytes:
    """Without half a 16-bit sample at the end."""
    return samples[: len(samples) // 2 * 2]


def any_rate(data: bytes, who: str) -> tuple[bytes, int]:
    """The same of a WAV or AIFF file at any rate, with that rate.

    Raises:
        SpeechError: as above.
    """
    if data[:4] == b"FORM" and data[8:12] in (b"AIFF", b"AIFC"):
        return _aiff(data, who)
    at = data.find(b"fmt ")
    rate = int.from_bytes(data[at + 12 : at + 16], "little") if at >= 0 else 0
    return wav(data, rate, who), rate


def _aiff(data: bytes, who: str) -> tuple[bytes, int]:
    """Apple's Audio Interchange File Format, 1.3, and AIFF-C."""
    rate, big_endian = 0, True
    for kind, size, at in _chunks(data, "big"):
        if kind == b"COMM" and len(data) >= at + 18:
            channels, _, bits = struct.unpack_from(">HIH", data, at)
            packing = data[at + 18 : at + 22] if data[8:12] == b"AIFC" else b"NONE"
            big_endian = packing != b"sowt"
            known = packing in (b"NONE", b"twos", b"sowt")
            _see_plain(who, channels, bits, "" if known else packing.decode(errors="replace"))
            # An 80-bit extended number: the mantissa's point stands after its first bit.
            exponent, mantissa = struct.unpack_from(">HQ", data, at + 8)
            rate = int(mantissa * Fraction(2) ** (exponent - 16383 - 63))
        elif kind == b"SSND" and rate:
            offset = int.from_bytes(data[at : at + 4], "big")
            samples = whole(data[at + 8 + offset : at + size])
            found = np.frombuffer(samples, ">i2" if big_endian else "<i2")
            return found.astype("<i2").tobytes(), rate
    raise SpeechError(f"{who} gave an AIFF file without sound in it")


def _chunks(data: bytes, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Kind, size and place of the content of each chunk."""
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], order)  # type: ignore[arg-type]
        yield data[at : at + 4], size, at + 8
        at += 8 + size + size % 2


def _see_plain(who: str, channels: int, bits: int, packing: str) -> None:
    if channels != 1 or bits != 16 or packing:
        raise SpeechError(
            f"{who} gave {bits}-bit sound with {channels} channels"
            f"{f' (format {packing})' if packing else ''}; it must give 16-bit PCM with one channel"
        )
