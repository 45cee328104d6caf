"""What counts here of the files of an episode; of others they hold every sentence."""

from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from tts_pipeline.episode import record
from tts_pipeline.model import Former, Role

_T = TypeVar("_T")


class Made(msgspec.Struct):
    """Of an episode's record."""

    show: str
    source: str
    guid: str
    url: str | None = None
    post_id: str | None = None
    post_title: str = ""
    date: datetime | None = None
    label: str | None = None
    site: str | None = None
    tag: str | None = None
    former: tuple[Former, ...] = ()


class _Segment(msgspec.Struct):
    written: str
    role: Role


class _Said(msgspec.Struct):
    segments: tuple[_Segment, ...] = ()


class _Copy(msgspec.Struct):
    source: str


class _Report(msgspec.Struct):
    copies: tuple[_Copy, ...] = ()


def made(folder: Path) -> Made | None:
    """The episode in a folder, if there is one."""
    return _read(folder / record.RECORD, Made)


def said(folder: Path) -> str:
    """The words of the post, as far as they are spoken."""
    found = _read(folder / record.RECORD, _Said) or _Said()
    return "\n".join(one.written for one in found.segments if one.role is Role.TEXT)


def copies(folder: Path) -> set[str]:
    """The places of the posts that its report names as copies."""
    report = _read(folder / record.REPORT, _Report)
    return {copy.source for copy in report.copies} if report else set()


def _read(path: Path, kind: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, ValueError):  # msgspec's are ValueErrors, and so is text in no UTF-8
        return None
