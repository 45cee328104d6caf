"""ID3 tags: title, chapters, cover, transcript.

ID3v2.3 in UTF-16, since players misread v2.4 with long chapter titles; CHAP and CTOC after
https://id3.org/id3v2-chapters-1.0.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
    CTOC,
    ID3,
    TALB,
    TCON,
    TDAT,
    TIT2,
    TLAN,
    TPE1,
    TYER,
    USLT,
    WXXX,
    CTOCFlags,
    Encoding,
    Frame,
    PictureType,
)
from mutagen.id3._tags import save_frame

from tts_pipeline.model import ChapterRecord, Noun

CHAPTER_LIMIT = 255
"""Entries of a CTOC: its count is one byte."""

_UNUSED = 0xFFFFFFFF
"""CHAP's byte offsets, when only times count."""


class Tags(Noun):
    """What the file says of itself."""

    title: str
    artist: str
    album: str
    date: datetime | None
    language: str
    comment: str
    link: str | None
    transcript: str
    cover: bytes | None
    """JPEG."""
    chapters: tuple[ChapterRecord, ...]


def render(tags: Tags) -> bytes:
    """The ID3 tag as it stands at the head of the file; the same bytes for the same tags."""
    id3 = _InOrder()
    for frame in _frames(tags):
        id3.add(frame)
    buffer = BytesIO()
    id3.save(buffer, v1=0, v2_version=3, padding=lambda _: 0)
    return buffer.getvalue()


def merged(chapters: Sequence[ChapterRecord], limit: int) -> list[ChapterRecord]:
    """At most `limit` chapters: neighbours share the title and the link of the first."""
    size = -(-len(chapters) // limit)
    groups = [chapters[i : i + size] for i in range(0, len(chapters), size)]
    return [
        ChapterRecord(
            title=group[0].title,
            link=group[0].link,
            image=group[0].image,
            start=group[0].start,
            end=group[-1].end,
            start_ms=group[0].start_ms,
            end_ms=group[-1].end_ms,
        )
        for group in groups
    ]


class _InOrder(ID3):
    """mutagen writes frames by size; many players list chapters as they stand in the file."""

    def _write(self, config: Any) -> bytes:
        return b"".join(save_frame(frame, config=config) for frame in self.values())


def _frames(tags: Tags) -> Iterator[Frame]:
    text: dict[str, Any] = {"encoding": Encoding.UTF16}
    language = _iso639_2(tags.language)
    yield TIT2(text=tags.title, **text)
    yield TPE1(text=tags.artist, **text)
    yield TALB(text=tags.album, **text)
    yield TCON(text="Podcast", **text)
    yield TLAN(text=language, **text)
    if tags.date:
        yield TYER(text=f"{tags.date:%Y}", **text)
        yield TDAT(text=f"{tags.date:%d%m}", **text)
    yield COMM(lang=language, desc="", text=tags.comment, **text)
    if tags.link:
        yield WXXX(desc="", url=_ascii(tags.link), **text)
    chapters = merged(tags.chapters, CHAPTER_LIMIT)
    ids = [f"chp{index}" for index in range(len(chapters))]
    yield CTOC(
        element_id="toc",
        flags=CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED,
        child_element_ids=ids,
        sub_frames=[TIT2(text="Chapters", **text)],
    )
    for element_id, chapter in zip(ids, chapters, strict=True):
        link = [WXXX(desc="chapter url", url=_ascii(chapter.link), **text)] if chapter.link else []
        yield CHAP(
            element_id=element_id,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_UNUSED,
            end_offset=_UNUSED,
            sub_frames=[TIT2(text=chapter.title, **text), *link],
        )
    yield USLT(lang=language, desc="", text=tags.transcript, **text)
    if tags.cover:
        yield APIC(
            mime="image/jpeg", type=PictureType.COVER_FRONT, desc="", data=tags.cover, **text
        )


def _ascii(url: str) -> str:
    """Frames of kind W hold ISO 8859-1 alone; an address must be ASCII anyhow."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


_ISO639_2 = {
    "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "ja": "jpn", "nl": "nld",
    "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip


def _iso639_2(language: str) -> str:
    """The three letters that COMM, USLT and TLAN want; `und` is the standard's undetermined."""
    code = language.split("-", maxsplit=1)[0].lower()
    return _ISO639_2.get(code, code if len(code) == 3 else "und")
