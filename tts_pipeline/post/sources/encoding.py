"""Bytes from the web -> text: packed, up to a limit, in a charset that may be declared wrongly."""

import codecs
import re
import zlib

from tts_pipeline.errors import SourceError
from tts_pipeline.post import reader

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})",
    re.I,
)
_HEAD = 4096
"""Bytes by which data is judged."""
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})
"""What no text holds, by the WHATWG MIME Sniffing Standard."""


class TooLargeError(SourceError):
    """More bytes than any post, feed or page has."""


class Inflater:
    """gzip or deflate, opened piece by piece, never beyond a limit."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._start = b""
        self._open = zlib.decompressobj(wbits=47)

    def feed(self, data: bytes) -> bytes:
        """What the next piece holds.

        Raises:
            TooLargeError: it is a bomb.
            zlib.error: it is broken.
        """
        parts: list[bytes] = []
        while data:
            try:
                part = self._open.decompress(data, self._left + 1)
            except zlib.error:
                # Some servers call a bare deflate stream "deflate".
                if self._start or parts:
                    raise
                self._open = zlib.decompressobj(wbits=-15)
                part = self._open.decompress(data, self._left + 1)
            self._start = b"seen"
            self._left -= len(part)
            if self._left < 0:
                raise TooLargeError("unpacked, it is larger than is taken")
            parts.append(part)
            data = self._open.unconsumed_tail or self._open.unused_data
            if self._open.eof:
                if not data.startswith(b"\x1f\x8b"):
                    break  # what follows the last member is padding
                self._open = zlib.decompressobj(wbits=47)
        return b"".join(parts)

    def is_whole(self) -> bool:
        """Whether the stream has come to its end."""
        return self._open.eof or not self._start


def gunzipped(data: bytes, most: int) -> bytes:
    """What a .gz file holds; other files as they are.

    Raises:
        TooLargeError: it is a bomb.
        SourceError: it is broken.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    inflater = Inflater(most)
    try:
        unpacked = inflater.feed(data)
    except zlib.error as error:
        raise SourceError(f"its gzip is broken: {error}") from error
    if not inflater.is_whole():
        raise SourceError("its gzip ends in the middle")
    return unpacked


def decoded(data: bytes, declared: str | None) -> str:
    """The text: by its mark, as UTF-8 where it is that, as declared, else as most old pages are.

    What a server declares is often its default and not the page's; what is sound UTF-8 and holds
    more than ASCII is nothing else.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    match = _META.search(data[:_HEAD])
    written = (match[1] or match[2]).decode("ascii") if match else None
    declarations = [name for name in (declared, written) if name]
    if wide := _wide(data, declared):
        return data.decode(wide, "replace")
    data = data.replace(b"\0", b"")
    names = [known for name in declarations if (known := reader.charset(name))]
    if data.isascii() and not any(name.startswith("iso2022") for name in names):
        return data.decode("ascii")
    for name in (*(() if data.isascii() else ("utf-8",)), *names):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    # A page in UTF-8 with a few broken bytes is still that; cp1252 is what browsers end with.
    broken = data.decode("utf-8", "replace")
    if broken.count("\ufffd") * 10 < sum(not character.isascii() for character in broken):
        return broken
    return data.decode("cp1252", "replace")


def is_binary(data: bytes, declared: str | None) -> bool:
    """Whether it is no text in any charset, whatever a server calls it."""
    if data.startswith(b"%PDF-"):
        return True
    if _wide(data, declared) or any(data.startswith(bom) for bom, _ in _BOMS):
        return False
    head = data[:_HEAD]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # A page may hold a few by mistake; what is packed has one in ten bytes.
    return controls > max(3, len(head) // 50)


def _wide(data: bytes, declared: str | None) -> str | None:
    """UTF-16 without its mark: of the two bytes of a Latin letter, one is nothing."""
    even, odd = (data[start:_HEAD:2].count(0) for start in (0, 1))
    most, least = max(even, odd), min(even, odd)
    # Other scripts have their mark-up, and the server's word.
    share = 0.05 if (declared or "").lower().startswith("utf-16") else 0.4
    if not most or most < share * min(len(data), _HEAD) / 2 or least * 4 > most:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"
