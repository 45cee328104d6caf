"""MPEG audio layer III frames: found in a stream, and the Info frame that stands first.

The header is ISO 11172-3 2.4.2.3 and 13818-3; the Info frame and its LAME extension follow
http://gabriel.mp3-tech.org/mp3infotag.html.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

from tts_pipeline.model import Noun

ENCODER_DELAY = 576
"""Samples that LAME puts before the sound."""

DECODER_DELAY = 529
"""Samples that a decoder adds to it, and takes off again if it is gapless."""

_MPEG1 = 3
_BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}

_INFO_BYTES = 156
"""Xing header with all four fields, and the LAME extension."""


class Header(Noun):
    """The four bytes at the head of a frame, as far as they concern us."""

    bits: int
    mpeg: int
    """The version's two bits: 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5."""
    bitrate: int
    """kbit/s."""
    rate: int
    """Samples a second."""
    padding: int
    """0 or 1 byte, by which LAME keeps the bit rate where it is not a whole number of bytes."""

    @property
    def samples(self) -> int:
        """Samples the frame holds."""
        return frame_samples(self.rate)

    @property
    def size(self) -> int:
        """Bytes of the frame, header and all."""
        return _unpadded(self.bitrate, self.rate) + self.padding

    @property
    def channels(self) -> int:
        """1 or 2."""
        return 1 if self.bits >> 6 & 3 == 3 else 2

    @property
    def side(self) -> int:
        """Bytes of side information after the header."""
        return ((9, 17), (17, 32))[self.mpeg == _MPEG1][self.channels - 1]


def frame_samples(rate: int) -> int:
    """Samples a frame holds: 1,152 in MPEG-1, 576 in MPEG-2 and 2.5."""
    return 1152 if rate >= 32000 else 576


def header(data: bytes, offset: int = 0) -> Header:
    """The header at `offset`.

    Raises:
        ValueError: something else stands there.
    """
    bits = int.from_bytes(data[offset : offset + 4], "big")
    mpeg, layer = bits >> 19 & 3, bits >> 17 & 3
    bitrate, rate = bits >> 12 & 15, bits >> 10 & 3
    if bits >> 21 != 0x7FF or mpeg == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        raise ValueError(f"no MP3 frame at byte {offset}")
    table = _BITRATES[mpeg == _MPEG1]
    return Header(bits, mpeg, table[bitrate], _RATES[mpeg][rate], bits >> 9 & 1)


def iterate(data: bytes, offset: int = 0) -> Iterator[tuple[int, int, int]]:
    """(offset, size, samples) of each frame, to the end of `data`.

    Raises:
        ValueError: something else stands where a frame should, or the last frame is cut off.
    """
    while offset < len(data):
        try:
            size, samples = _extent(data[offset : offset + 4])
        except ValueError:
            raise ValueError(f"no MP3 frame at byte {offset}") from None
        if offset + size > len(data):
            raise ValueError(f"the MP3 frame at byte {offset} is cut off")
        yield offset, size, samples
        offset += size


@cache
def _extent(head: bytes) -> tuple[int, int]:
    """Bytes and samples of a frame; a stream has few different headers."""
    found = header(head)
    return found.size, found.samples


def gapless(samples: int, rate: int) -> tuple[int, int]:
    """(frames of silence to add at the end, padding for the Info frame).

    A decoder's output lags by 1,105 samples, so the end of the sound comes out of frames that
    must be added; the padding says how much of them is not sound. Frames that begin at sample 0
    and hold `samples` in whole are counted as there already.
    """
    frame = frame_samples(rate)
    total = -(-(samples + ENCODER_DELAY + DECODER_DELAY) // frame)
    return total - samples // frame, total * frame - ENCODER_DELAY - samples


def info_frame(
    first: bytes,
    *,
    frames: int,
    padding: int,
    places: Sequence[tuple[int, int]],
    vbr: int | None = None,
) -> bytes:
    """The frame that tells players length, size and what to trim; it sounds as silence.

    Args:
        first: the stream's first audio frame, for its header.
        frames: how many audio frames follow.
        padding: as `gapless` gives it.
        places: samples and bytes before some of the frames, from (0, 0) to those of all; between
            two of them bytes are taken to grow evenly with time.
        vbr: LAME's -V, where the bit rate varies.
    """
    size = places[-1][1]
    audio = header(first)
    # The stream's own bit rate, if such a frame is large enough: naive players read the first.
    index, own = next(
        (index, length)
        for index, kbits in enumerate(_BITRATES[audio.mpeg == _MPEG1])
        if kbits >= audio.bitrate
        and (length := _unpadded(kbits, audio.rate)) >= 4 + audio.side + _INFO_BYTES
    )
    bits = audio.bits & ~(0xF << 12) & ~(1 << 9) | index << 12
    total = own + size
    xing = (
        (b"Info" if vbr is None else b"Xing")
        + (0b1111).to_bytes(4, "big")
        + frames.to_bytes(4, "big")
        + total.to_bytes(4, "big")
        + bytes(int((own + at) * 256 / total) for at in _hundredths(places))
        + (0 if vbr is None else 100 - 10 * vbr).to_bytes(4, "big")
    )
    lame = bytearray(36)
    lame[0:9] = b"LAME3.100"
    lame[9] = 1 if vbr is None else 4  # tag revision 0; constant bit rate, or LAME's newer VBR
    lame[20] = min(255, audio.bitrate) if vbr is None else _BITRATES[audio.mpeg == _MPEG1][1]
    lame[21:24] = (ENCODER_DELAY << 12 | padding).to_bytes(3, "big")
    lame[28:32] = total.to_bytes(4, "big")
    frame = bits.to_bytes(4, "big") + bytes(audio.side) + xing + lame[:-2]
    frame += crc16(frame).to_bytes(2, "big")
    return frame + bytes(own - len(frame))


def _hundredths(places: Sequence[tuple[int, int]]) -> Iterator[Fraction]:
    """The byte at each hundredth of the time."""
    ahead = iter(places)
    (x, y), (x_next, y_next) = next(ahead), next(ahead)
    for step in range(100):
        time = Fraction(places[-1][0] * step, 100)
        while time > x_next:
            x, y = x_next, y_next
            x_next, y_next = next(ahead)
        yield y + (time - x) * (y_next - y) / max(1, x_next - x)


def crc16(data: bytes) -> int:
    """CRC-16/ARC, as LAME writes it."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_CRC = tuple(map(_crc_of, range(256)))


def _unpadded(kbits: int, rate: int) -> int:
    return frame_samples(rate) // 8 * kbits * 1000 // rate
