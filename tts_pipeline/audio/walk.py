"""Every frame of an MP3 of whatever origin, and whatever stands between them.

`frames.iterate` stops at the first byte that is out of place; this goes on as a player does, and
remembers what it met. The Xing header is described at
https://www.codeproject.com/Articles/8295/MPEG-Audio-Frame-Header, LAME's extension of it at
http://gabriel.mp3-tech.org/mp3infotag.html.
"""

import mmap
import re
from array import array
from dataclasses import dataclass, field
from functools import lru_cache

from tts_pipeline.audio import frames
from tts_pipeline.audio.frames import Header
from tts_pipeline.model import Noun

Data = bytes | mmap.mmap

_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
"""Layer III of MPEG-2.5, 2 and 1, with and without a checksum."""

_FORGET = 1 << 16
"""Frames after which what was read of a mapped file is given back: it would count as memory."""

_ID3V1_BYTES = 128
_APE_FOOTER_BYTES = 32


class Info(Noun):
    """What the first frame tells of the stream, where it is an Info or Xing frame."""

    frames: int | None
    """Audio frames after this one."""
    size: int | None
    """Bytes from this frame to the end of the last."""
    contents: bytes
    """For each hundredth of the time the 256ths of the bytes; empty if there is none."""
    encoder: str
    """Empty without LAME's extension, and then the rest says nothing."""
    delay: int = 0
    """Samples before the sound."""
    padding: int = 0
    """Samples after it."""
    crc_holds: bool = True


@dataclass(eq=False)
class Walk:
    """An MP3 from its first byte to its last."""

    start: int = 0
    """Bytes of the ID3v2 tag in front."""
    first: Header | None = None
    """The first frame's header; None if there is no frame at all."""
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    """Where each frame lies, the Info frame first if there is one."""
    bitrates: set[int] = field(default_factory=set)
    """kbit/s of the audio frames."""
    others: list[tuple[int, Header]] = field(default_factory=list)
    """Frames of another rate or number of channels than the first."""
    junk: list[tuple[int, int]] = field(default_factory=list)
    """(offset, bytes) of what is no frame, between frames or before the first."""
    cut: tuple[int, int] | None = None
    """Where the last frame begins, and how many of its bytes are missing."""
    after: tuple[int, int] | None = None
    """(offset, bytes) of what follows the last frame and is no tag."""
    end: int = 0
    """The byte after the last whole frame."""
    info: Info | None = None
    vbri: bool = False
    """The stream is described in Fraunhofer's way."""

    @property
    def audio(self) -> int:
        """How many frames hold sound."""
        return len(self.offsets) - (self.info is not None or self.vbri)


def walk(data: Data) -> Walk:
    """Never fails, whatever the bytes."""
    found = Walk(start=min(_tag_bytes(data), len(data)))
    limit = len(data) - _trailing_bytes(data)
    offset = found.start
    in_step = False
    while offset < limit:
        head = _header(data[offset : offset + 4])
        fits = head is not None and (in_step and _kin(head, found.first))
        if head is None or not (fits or _leads_on(data, offset, head, limit)):
            start, offset = offset, _next_sync(data, offset + 1, limit, found.first)
            in_step = True
            if offset == limit:
                found.after = (start, limit - start)
                break
            found.junk.append((start, offset - start))
            continue
        in_step = True
        if offset + head.size > limit:
            found.cut = (offset, offset + head.size - limit)
            break
        _note(found, data, offset, head)
        if len(found.offsets) % _FORGET == 0 and isinstance(data, mmap.mmap):
            _forget(data)
        offset += head.size
        found.end = offset
    return found


def _forget(data: mmap.mmap) -> None:
    if hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED)


def _note(found: Walk, data: Data, offset: int, head: Header) -> None:
    if found.first is None:
        found.first = head
        frame = data[offset : offset + head.size]
        found.info = read_info(frame, head)
        found.vbri = frame[36:40] == b"VBRI"
    elif not _kin(head, found.first):
        found.others.append((offset, head))
    if found.offsets or not (found.info or found.vbri):
        found.bitrates.add(head.bitrate)
    found.offsets.append(offset)


def read_info(frame: bytes, head: Header) -> Info | None:
    """What an Info or Xing frame says; None if it is a frame like others."""
    for at in (4 + head.side, 6 + head.side):
        if frame[at : at + 4] in (b"Info", b"Xing"):
            break
    else:
        return None
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    place = at + 8
    numbers: list[int | None] = []
    for bit in (1, 2):
        there = flags & bit
        numbers.append(int.from_bytes(frame[place : place + 4], "big") if there else None)
        place += 4 if there else 0
    contents = frame[place : place + 100] if flags & 4 else b""
    place += len(contents) + (4 if flags & 8 else 0)
    lame = frame[place : place + 36]
    count, size = numbers
    if len(lame) < 36 or not lame[:4].isalnum():
        return Info(count, size, contents, "")
    trim = int.from_bytes(lame[21:24], "big")
    return Info(
        frames=count,
        size=size,
        contents=contents,
        encoder=lame[:9].decode("ascii", "replace").rstrip("\0 "),
        delay=trim >> 12,
        padding=trim & 0xFFF,
        crc_holds=frames.crc16(frame[: place + 34]) == int.from_bytes(lame[34:36], "big"),
    )


@lru_cache(4096)
def _header(head: bytes) -> Header | None:
    """A stream has few different headers, and damage has many."""
    try:
        return frames.header(head)
    except ValueError:
        return None


def _kin(head: Header, first: Header | None) -> bool:
    return first is None or (head.rate, head.mpeg, head.channels) == (
        first.rate,
        first.mpeg,
        first.channels,
    )


def _leads_on(data: Data, offset: int, head: Header, limit: int) -> bool:
    """Whether another frame follows where this one ends, or the stream does."""
    after = offset + head.size
    return after == limit or _header(data[after : after + 4]) is not None


def _next_sync(data: Data, offset: int, limit: int, first: Header | None) -> int:
    """Where frames go on; `limit` if nowhere."""
    for match in _SYNC.finditer(data, offset, limit):
        place = match.start()
        head = _header(data[place : place + 4])
        if head and _kin(head, first) and _leads_on(data, place, head, limit):
            return place
    return limit


def _tag_bytes(data: Data) -> int:
    """Of ID3v2 tags in front; id3.org/id3v2.3.0, 3.1."""
    size = 0
    while data[size : size + 3] == b"ID3" and len(head := data[size : size + 10]) == 10:
        length = sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(head[6:10]))
        size += 10 + length + (10 if head[5] & 0x10 else 0)
    return size


def _trailing_bytes(data: Data) -> int:
    """Of ID3v1 and APEv2 tags at the end."""
    size = _ID3V1_BYTES if data[-_ID3V1_BYTES:][:3] == b"TAG" else 0
    end = len(data) - size
    footer = data[max(0, end - _APE_FOOTER_BYTES) : end]
    if len(footer) == _APE_FOOTER_BYTES and footer.startswith(b"APETAGEX"):
        size += int.from_bytes(footer[12:16], "little")
        size += _APE_FOOTER_BYTES if footer[23] & 0x80 else 0
    return min(size, len(data))
