"""MPEG audio layer III frames: found in a stream, and the Info frame that stands first.

The header is ISO 11172-3 2.4.2.3 and 13818-3; the Info frame and its LAME extension follow
http://gabriel.mp3-tech.org/mp3infotag.html.
"""

from collections.abc import Iterator

from tts_pipeline.audio.lame import DELAY, frame_samples

_MPEG1 = 3
_BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}

_DECODER_DELAY = 529
"""Samples that a decoder adds to the encoder's delay, and takes off again if it is gapless."""

_INFO_BYTES = 156
"""Xing header with all four fields, and the LAME extension."""


def iterate(data: bytes, offset: int = 0) -> Iterator[tuple[int, int, int]]:
    """(offset, size, samples) of each frame.

    Raises:
        ValueError: something else stands where a frame should.
    """
    while offset + 4 <= len(data):
        header = int.from_bytes(data[offset : offset + 4], "big")
        _, bitrate, rate, padding = _parse(header, offset)
        samples = frame_samples(rate)
        size = samples // 8 * bitrate * 1000 // rate + padding
        yield offset, size, samples
        offset += size


def gapless(samples: int, rate: int) -> tuple[int, int]:
    """(frames of silence to add at the end, padding for the Info frame).

    A decoder's output lags by 1,105 samples, so the end comes out of frames that must be added;
    the padding says how much of them is not sound.
    """
    frame = frame_samples(rate)
    extra = -(-(DELAY + _DECODER_DELAY) // frame)
    total = -(-samples // frame) + extra
    return total - samples // frame, total * frame - DELAY - samples


def info_frame(first: bytes, *, frames: int, size: int, padding: int) -> bytes:
    """The frame that tells players length, size and what to trim.

    Args:
        first: the stream's first audio frame, for its header.
        frames: how many audio frames follow.
        size: how many bytes they are.
        padding: as `gapless` gives it.
    """
    header = int.from_bytes(first[:4], "big")
    mpeg, bitrate, rate, _ = _parse(header, 0)
    side = 17 if mpeg == _MPEG1 else 9
    index, own = next(
        (index, length)
        for index, kbits in enumerate(_BITRATES[mpeg == _MPEG1])
        if (length := frame_samples(rate) // 8 * kbits * 1000 // rate) >= 4 + side + _INFO_BYTES
    )
    header = header & ~(0xF << 12) & ~(1 << 9) | (index << 12)
    total = own + size
    xing = (
        b"Info"
        + (0b1111).to_bytes(4, "big")
        + frames.to_bytes(4, "big")
        + total.to_bytes(4, "big")
        # At a constant bit rate every hundredth of the time is a hundredth of the file.
        + bytes((own * 256 // total + step * size * 256 // (100 * total)) for step in range(100))
        + (0).to_bytes(4, "big")
    )
    lame = bytearray(36)
    lame[0:9] = b"LAME3.100"
    lame[9] = 1  # tag revision 0, constant bit rate
    lame[20] = min(255, bitrate)
    lame[21:24] = (DELAY << 12 | padding).to_bytes(3, "big")
    lame[28:32] = total.to_bytes(4, "big")
    frame = bytearray(header.to_bytes(4, "big") + bytes(side) + xing + lame)
    frame[-2:] = _crc16(frame[:-2]).to_bytes(2, "big")
    return bytes(frame) + bytes(own - len(frame))


def _parse(header: int, offset: int) -> tuple[int, int, int, int]:
    """(MPEG version bits, kbit/s, Hz, padding) of a frame header."""
    version, layer = header >> 19 & 3, header >> 17 & 3
    bitrate, rate = header >> 12 & 15, header >> 10 & 3
    if header >> 21 != 0x7FF or version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        raise ValueError(f"no MP3 frame at byte {offset}")
    table = _BITRATES[version == _MPEG1]
    return version, table[bitrate], _RATES[version][rate], header >> 9 & 1


def _crc16(data: bytes) -> int:
    """CRC-16/ARC, as LAME writes it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
