"""Tags as players read them: frames in time order, v2.3, UTF-16."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

from mutagen.id3 import ID3

from tts_pipeline.episode.tags import CHAPTER_LIMIT, Tags, merged, render
from tts_pipeline.model import ChapterRecord


def chapters(count: int) -> tuple[ChapterRecord, ...]:
    # Titles grow shorter, so that an order by size would be the reverse of the order in time.
    return tuple(
        ChapterRecord(
            title=f"Chapter {index} " + "ü" * max(0, 200 - index),
            link=f"https://example.org/p#é{index}" if index % 2 else None,
            image=None,
            start=index * 22050,
            end=(index + 1) * 22050,
            start_ms=index * 1000,
            end_ms=(index + 1) * 1000,
        )
        for index in range(count)
    )


def tags(count: int) -> Tags:
    return Tags(
        title="Ein Titel 🎧 <&>",
        artist="Field Notes",
        album="Show",
        date=datetime(2026, 4, 2, tzinfo=UTC),
        language="en-us",
        comment="Welcome.",
        link="https://example.org/p",
        transcript="One.\nTwo.",
        cover=b"\xff\xd8\xff\xe0 not decoded here",
        chapters=chapters(count),
    )


def read(data: bytes) -> ID3:
    return ID3(BytesIO(data), translate=False)


def test_chapters_stand_in_time_order_in_the_bytes() -> None:
    data = render(tags(40))
    offsets = [data.index(b"chp%d\0" % index, data.index(b"CHAP")) for index in range(40)]
    assert offsets == sorted(offsets)


def test_every_field_is_read_back() -> None:
    found = read(render(tags(3)))
    assert found.version == (2, 3, 0)
    assert str(found["TIT2"]) == "Ein Titel 🎧 <&>"
    assert str(found["TPE1"]) == "Field Notes"
    assert str(found["TALB"]) == "Show"
    assert str(found["TCON"]) == "Podcast"
    assert str(found["TYER"]) == "2026"
    assert str(found["TDAT"]) == "0204"
    assert found["WXXX:"].url == "https://example.org/p"
    assert found.getall("USLT")[0].text == "One.\nTwo."
    assert found.getall("COMM")[0].text == ["Welcome."]
    assert found.getall("APIC")[0].mime == "image/jpeg"
    table = found.getall("CTOC")[0]
    assert table.flags == 3
    assert table.child_element_ids == ["chp0", "chp1", "chp2"]
    assert [c.start_time for c in found.getall("CHAP")] == [0, 1000, 2000]
    assert found["CHAP:chp1"].sub_frames["WXXX:chapter url"].url == "https://example.org/p#%C3%A91"


def test_the_same_tags_are_the_same_bytes() -> None:
    assert render(tags(9)) == render(tags(9))


def test_at_most_255_chapters_and_they_still_tile() -> None:
    found = read(render(tags(1000)))
    listed = sorted(found.getall("CHAP"), key=lambda chapter: chapter.start_time)
    assert len(listed) <= CHAPTER_LIMIT
    assert listed[0].start_time == 0
    assert listed[-1].end_time == 1_000_000
    for before, after in pairwise(listed):
        assert before.end_time == after.start_time
    assert merged(chapters(255), CHAPTER_LIMIT) == list(chapters(255))
