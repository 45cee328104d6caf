"""ID3 tags and chapters: https://id3.org/id3v2.3.0 and https://id3.org/id3v2-chapters-1.0."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mutagen import MutagenError
from mutagen.id3 import ID3, ID3NoHeaderError, PictureType

from tts_pipeline.check.rules import at, found
from tts_pipeline.episode.tags import CHAPTER_LIMIT, merged
from tts_pipeline.model import ChapterRecord, Episode, Finding, Role, Severity, Timing

_REQUIRED = {"TIT2": "title", "TPE1": "artist", "TALB": "album"}
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_ANEW = "make the episode anew"


def read(path: Path) -> "ID3 | Finding":
    """The tags as they stand in the file, in its order.

    Returns:
        the tags, or the finding that says why there are none.
    """
    try:
        return ID3(path, translate=False, load_v1=False)
    except ID3NoHeaderError:
        return found("tags.missing", "it has no ID3v2 tag, so apps show no title; write one")
    except (MutagenError, ValueError, LookupError) as error:
        return found("tags.missing", f"its ID3 tag cannot be read ({error}); write it anew")


def tags(id3: ID3, record: Episode | None) -> Iterator[Finding]:
    """Title, cover, transcript."""
    if id3.version[:2] != (2, 3):
        yield found(
            "tags.version",
            f"its tag is of version 2.{id3.version[1]}; many players misread all but 2.3, long "
            "chapter titles above all; write it as ID3v2.3",
        )
    for name, meaning in _REQUIRED.items():
        if not _text(id3, name):
            yield found("tags.required", f"it has no {meaning} ({name}); set one")
    yield from _cover(id3)
    if record is None:
        return
    links = [unquote(frame.url) for frame in id3.getall("WXXX")]
    for name, held, right in (
        ("title", _text(id3, "TIT2"), record.title),
        ("artist", _text(id3, "TPE1"), record.author),
        ("link", next(iter(links), ""), unquote(record.url) if record.url else None),
    ):
        if right is not None and held != right:
            yield found("tags.record", f"its {name} is {held!r}, by the record {right!r}; {_ANEW}")
    yield from _transcript(id3, record)


def _cover(id3: ID3) -> Iterator[Finding]:
    pictures = id3.getall("APIC")
    if not pictures:
        yield found(
            "tags.cover",
            "it has no cover (APIC); players show an empty square; add one",
            severity=Severity.WARNING,
        )
    for picture in pictures:
        real = next(
            (mime for head, mime in _PICTURES.items() if picture.data.startswith(head)), None
        )
        if real is None:
            yield found(
                "tags.cover",
                f"its cover is said to be {picture.mime} and is neither JPEG nor PNG; no player "
                "shows it; put in a JPEG",
            )
        elif picture.mime.lower().replace("jpg", "jpeg") != real:
            yield found(
                "tags.cover",
                f"its cover is said to be {picture.mime!r} and is {real}; some players show "
                "nothing; correct the type",
            )
    if pictures and all(picture.type != PictureType.COVER_FRONT for picture in pictures):
        yield found(
            "tags.cover",
            "none of its pictures is marked as front cover (type 3), which players look for; set "
            "the type",
        )


def _transcript(id3: ID3, record: Episode) -> Iterator[Finding]:
    said = "\n".join(s.written for s in record.segments if s.role is Role.TEXT)
    held = [str(frame) for frame in id3.getall("USLT")]
    if not held:
        yield found("tags.transcript", f"it holds no transcript (USLT); {_ANEW}")
    elif said not in held:
        yield found("tags.transcript", f"its transcript differs from the record; {_ANEW}")


def chapters(id3: ID3, record: Episode | None, duration_ms: int | None) -> Iterator[Finding]:
    """CHAP and CTOC: in order, one after the other, and those of the record."""
    found_ = id3.getall("CHAP")
    if not found_:
        if record and record.chapters:
            yield found("chapters.missing", f"it has no chapters; {_ANEW}")
        return
    ids = [chapter.element_id for chapter in found_]
    yield from _contents(id3, ids)
    if any(one.start_time > two.start_time for one, two in pairwise(found_)):
        yield found(
            "chapters.order",
            "its chapters stand in the tag in another order than in time, as which many players "
            "list them; write them in order of time",
        )
    in_time = sorted(found_, key=lambda chapter: chapter.start_time)
    yield from _tiling(in_time, duration_ms)
    if record:
        yield from _as_recorded(in_time, record)


def _contents(id3: ID3, ids: Sequence[str]) -> Iterator[Finding]:
    tops = [toc for toc in id3.getall("CTOC") if int(toc.flags) & 1]
    if len(tops) != 1:
        yield found(
            "chapters.contents",
            f"it has {len(tops) or 'no'} tables of contents (CTOC) marked as top level, and must "
            "have one; players may show no chapters; write it anew",
        )
        return
    if not int(tops[0].flags) & 2:
        yield found("chapters.contents", "its table of contents is not marked as ordered; set it")
    if list(tops[0].child_element_ids) != list(ids):
        yield found(
            "chapters.contents",
            "its table of contents names other chapters than there are, or in another order; "
            "write it anew",
        )


def _tiling(in_time: Sequence[Any], duration_ms: int | None) -> Iterator[Finding]:
    for one, two in pairwise(in_time):
        if one.end_time != two.start_time:
            apart = "a gap" if one.end_time < two.start_time else "an overlap"
            yield found(
                "chapters.tiling",
                f"{apart} of {abs(two.start_time - one.end_time)} ms before {_title(two)!r}; let "
                "each chapter end where the next begins",
                at(two.start_time, 1000),
            )
    last = in_time[-1]
    if in_time[0].start_time:
        yield found("chapters.tiling", "its first chapter does not begin at 0; let it", "0:00")
    for chapter in in_time:
        if chapter.end_time <= chapter.start_time:
            yield found(
                "chapters.tiling",
                f"the chapter {_title(chapter)!r} ends before it begins; correct its times",
                at(chapter.start_time, 1000),
            )
    if duration_ms is not None and last.end_time > duration_ms + 1:
        yield found(
            "chapters.end",
            f"its last chapter ends at {at(last.end_time, 1000)} and the sound at "
            f"{at(duration_ms, 1000)}; let both end together",
            at(last.end_time, 1000),
        )


def _as_recorded(in_time: Sequence[Any], record: Episode) -> Iterator[Finding]:
    meant = merged(record.chapters, CHAPTER_LIMIT)
    if len(in_time) != len(meant):
        yield found(
            "chapters.record",
            f"it has {len(in_time)} chapters, and by the record {len(meant)}; {_ANEW}",
        )
        return
    for held, right in zip(in_time, meant, strict=True):
        for what, is_, should in (
            ("begins", held.start_time, right.start_ms),
            ("ends", held.end_time, right.end_ms),
        ):
            if is_ != should:
                yield found(
                    "chapters.record",
                    f"the chapter {right.title!r} {what} {abs(is_ - should)} ms too "
                    f"{'late' if is_ > should else 'early'}; {_ANEW}",
                    at(is_, 1000),
                )
        if _title(held) != right.title:
            yield found(
                "chapters.record",
                f"a chapter is called {_title(held)!r}, and by the record {right.title!r}; {_ANEW}",
                at(held.start_time, 1000),
            )


def speech(record: Episode, timing: Timing) -> Iterator[Finding]:
    """Each chapter begins where its first segment's sound does, or the sting right before it."""
    stings = {sting.start + sting.samples: sting.start for sting in timing.stings}
    first: dict[int, int] = {}
    for segment in record.segments:
        first.setdefault(segment.chapter, segment.passage)
    for number, chapter in enumerate(record.chapters):
        passage = first.get(number)
        start = timing.passages[passage].start if passage is not None else None
        if start is None or chapter.start != stings.get(start, start):
            yield _astray(chapter, start, record.sample_rate)


def _astray(chapter: ChapterRecord, start: int | None, rate: int) -> Finding:
    if start is None:
        why = "has no segment"
    else:
        off = abs(chapter.start - start) * 1000 // rate
        why = f"begins {off} ms {'after' if chapter.start > start else 'before'} its first words"
    return found(
        "chapters.speech",
        f"the record's chapter {chapter.title!r} {why}; {_ANEW}",
        at(chapter.start, rate),
    )


def _title(chapter: Any) -> str:
    return str(chapter.sub_frames.get("TIT2", ""))


def _text(id3: ID3, name: str) -> str:
    return str(id3[name]) if name in id3 else ""
