"""Tags, chapters and records that are wrong in one thing each."""

import json
from collections.abc import Callable

import pytest
from mutagen.id3 import ID3

from .planting import Copy

Change = Callable[[ID3], None]


def _swap_chapters(id3: ID3) -> None:
    one, two = id3.getall("CHAP")[:2]
    for name in ("start_time", "end_time", "sub_frames"):
        first, second = getattr(one, name), getattr(two, name)
        setattr(one, name, second)
        setattr(two, name, first)


def _set(frame: str, name: str, value: object) -> Change:
    return lambda id3: setattr(id3.getall(frame)[0], name, value)


def _retitle(id3: ID3) -> None:
    id3.getall("CHAP")[1].sub_frames["TIT2"].text = ["Ships"]


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (_set("TIT2", "text", ["Another"]), {"tags.record"}),
        (_set("TPE1", "text", ["Another"]), {"tags.record"}),
        (_set("WXXX", "url", "https://example.org/"), {"tags.record"}),
        (_set("USLT", "text", "Other words."), {"tags.transcript"}),
        (_set("APIC", "data", b"GIF89a"), {"tags.cover"}),
        (_set("APIC", "type", 4), {"tags.cover"}),
        (_set("CTOC", "flags", 0), {"chapters.contents"}),
        (_set("CTOC", "flags", 2), {"chapters.contents"}),
        (_set("CTOC", "child_element_ids", ["chp0"]), {"chapters.contents"}),
        (lambda id3: id3.delall("TALB"), {"tags.required"}),
        (lambda id3: id3.delall("USLT"), {"tags.transcript"}),
        (lambda id3: id3.delall("APIC"), {"tags.cover"}),
        (lambda id3: id3.delall("CTOC"), {"chapters.contents"}),
        (lambda id3: id3.delall("CHAP"), {"chapters.missing"}),
        (_swap_chapters, {"chapters.order"}),
        (_retitle, {"chapters.record"}),
        (_set("CHAP", "start_time", 100), {"chapters.tiling", "chapters.record"}),
        (_set("CHAP", "end_time", 100), {"chapters.tiling", "chapters.record"}),
    ],
)
def test_one_wrong_thing_in_the_tag(copy: Copy, change: Change, rules: set[str]) -> None:
    copy.tag(change)
    assert copy.tags() == rules


def test_another_version_of_the_tag(copy: Copy) -> None:
    copy.tag(lambda _: None, version=4)
    assert copy.tags() == {"tags.version"}


def test_a_tag_that_is_not_there_or_cannot_be_read(copy: Copy) -> None:
    tag, _ = copy.parts()
    data = copy.path.read_bytes()
    copy.path.write_bytes(data[len(tag) :])
    assert copy.tags() == {"tags.missing"}
    copy.path.write_bytes(b"ID3\x09" + data[4:])
    assert "tags.missing" in copy.tags()


def test_a_record_that_is_wrong_in_itself(copy: Copy) -> None:
    one, two = copy.record["segments"][4:6]
    one["end"] = two["start"] + 10
    copy.write()
    assert {"record.segments", "record.words"} <= copy.rules()


def test_a_chapter_that_leaves_a_gap_in_the_record(copy: Copy) -> None:
    copy.record["chapters"][1]["end"] -= 1000
    copy.write()
    assert "record.segments" in copy.rules()


def test_words_out_of_order(copy: Copy) -> None:
    words = copy.timing["segments"][3]["words"]
    words[0], words[1] = words[1], words[0]
    copy.write()
    assert copy.rules() == {"record.words"}


def test_timing_of_another_episode(copy: Copy) -> None:
    copy.timing["segments"].pop()
    copy.write()
    assert copy.rules() == {"record.words"}


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"audio": 3}), "\xff"])
def test_a_record_that_cannot_be_read(copy: Copy, text: str) -> None:
    (copy.folder / "episode.json").write_text(text, encoding="latin-1")
    found = copy.check()
    assert [finding.rule for finding in found.findings] == ["record.unreadable"]
    assert not found.right
    assert found.segments == 0


def test_a_timing_that_is_missing(copy: Copy) -> None:
    (copy.folder / "timing.json").unlink()
    assert copy.rules() == {"record.unreadable"}


@pytest.mark.parametrize("name", ["report.json", "*.vtt", "*.chapters.json", "episode.json"])
def test_a_file_beside_that_was_changed(copy: Copy, name: str) -> None:
    [path] = copy.folder.glob(name)
    path.write_bytes(
        path.read_bytes().replace(b"e", b"a", 1)
        if name[0] == "*"
        else path.read_bytes().replace(b"0", b"1", 1)
    )
    assert "record.beside" in {finding.rule for finding in copy.check().findings}


def test_an_older_sound_beside_the_record_is_checked_alone(copy: Copy) -> None:
    copy.path = copy.path.rename(copy.path.with_name("older.mp3"))
    assert copy.check().segments == 0
    assert copy.rules() == set()
