"""The eight faults that a check must find, each planted in a real episode."""

from typing import Any

import pytest
from mutagen.id3 import ID3

from tts_pipeline.audio import lame

from .planting import AUDIO, FRAME, Copy


def test_nothing_is_found_in_an_untouched_episode(copy: Copy) -> None:
    checked = copy.check(words=True)
    assert checked.findings == ()
    assert checked.right
    assert checked.words_checked == checked.segments == len(copy.record["segments"]) > 10
    assert checked.words_unchecked is None
    assert checked.duration_ms == copy.record["duration_ms"]


def test_a_missing_segment(copy: Copy) -> None:
    _, sound = copy.parts()
    lost = copy.passage("Most")
    copy.put(sound[: lost.start] + sound[lost.stop :])
    gone = (lost.stop - lost.start) * FRAME
    [missing] = copy.messages("words.missing", words=True)
    assert "Most of the boats are small" in missing
    [moved] = copy.messages("words.place", words=True)
    assert f"heard {gone / 22.05:,.0f} ms early" in moved
    assert f"to {len(copy.record['segments'])} ('In winter" in moved
    assert copy.rules() == {"record.length", "header.samples", "chapters.end"}


def test_two_swapped_segments(copy: Copy) -> None:
    _, sound = copy.parts()
    one, two = copy.passage("Most"), copy.passage("In winter")
    assert one.stop == two.start
    copy.put(sound[: one.start] + sound[two] + sound[one] + sound[two.stop :])
    assert copy.rules(words=True) == {"words.order"}
    swapped = copy.messages("words.order", words=True)
    assert "Most of the boats" in swapped[0]
    assert "late" in swapped[0]
    assert "In winter" in swapped[1]
    assert "early" in swapped[1]


def test_two_segments_swapped_within_a_passage(copy: Copy) -> None:
    one, two = copy.record["segments"][2:4]
    assert one["passage"] == two["passage"]
    one["spoken"], two["spoken"] = two["spoken"], one["spoken"]
    one["written"], two["written"] = two["written"], one["written"]
    timed = copy.timing["segments"]
    timed[2]["words"] = [[w, one["start"], one["end"]] for w in one["written"].split()][:1]
    copy.write()
    assert "record.words" in copy.rules()


def test_a_dropped_word(copy: Copy) -> None:
    spoken = copy.record["segments"][3]["spoken"]
    copy.record["segments"][3]["spoken"] = spoken.replace(" and ", " ", 1)
    copy.write()
    [missing] = copy.messages("words.missing", words=True)
    assert "segment 4 ('Nobody sees" in missing


@pytest.mark.parametrize("off", [200, -200])
def test_a_chapter_200_ms_off(copy: Copy, off: int) -> None:
    def move(id3: ID3) -> None:
        before, moved = id3.getall("CHAP")[1:3]
        before.end_time += off
        moved.start_time += off

    copy.tag(move)
    assert copy.rules() == {"chapters.record"}
    told = copy.messages("chapters.record")
    assert "'Boats' begins 200 ms too " + ("late" if off > 0 else "early") in told[1]


def test_a_chapter_200_ms_off_its_words_though_record_and_tag_agree(copy: Copy) -> None:
    before, moved = copy.record["chapters"][1:3]
    ms = moved["start_ms"] - 200
    before["end_ms"] = moved["start_ms"] = ms
    before["end"] = moved["start"] = moved["start"] - 4410
    copy.write()

    def move(id3: ID3) -> None:
        id3.getall("CHAP")[1].end_time = id3.getall("CHAP")[2].start_time = ms

    copy.tag(move)
    assert copy.rules() == {"chapters.speech"}
    [told] = copy.messages("chapters.speech")
    assert "'Boats' begins 200 ms before its first words" in told


def test_a_cut_file(copy: Copy) -> None:
    data = copy.path.read_bytes()
    copy.path.write_bytes(data[: len(data) * 3 // 4])
    found = copy.rules(words=True)
    assert found >= {"frames.cut", "header.frames", "header.bytes", "record.length"}
    assert "words.missing" in found
    assert "words.place" not in found


def test_a_file_cut_between_two_frames(copy: Copy) -> None:
    tag, sound = copy.parts()
    whole = copy.header(sound)
    copy.path.write_bytes(tag + whole + b"".join(sound[: len(sound) // 2]))
    assert copy.rules() >= {"header.frames", "header.bytes", "record.length", "chapters.end"}


def test_a_stale_header(copy: Copy) -> None:
    _, sound = copy.parts()
    copy.put(sound, header=copy.header(sound[: len(sound) * 2 // 3]))
    assert copy.rules() >= {"header.frames", "header.bytes"}


def test_a_header_whose_checksum_or_contents_are_wrong(copy: Copy) -> None:
    _, sound = copy.parts()
    header = bytearray(copy.header(sound))
    at = header.index(b"Info") + 16
    header[at + 40 : at + 60] = bytes([header[at + 40]]) * 20
    copy.put(sound, header=bytes(header))
    assert copy.rules() == {"header.contents", "header.crc"}


def test_no_header(copy: Copy) -> None:
    tag, sound = copy.parts()
    copy.path.write_bytes(tag + b"".join(sound))
    assert "header.missing" in copy.rules()


def test_clipped_audio(copy: Copy) -> None:
    copy.encode(lambda samples: samples * 6)
    assert copy.rules() - {"sound.offset"} == {"sound.clipping", "sound.loudness", "sound.peak"}


def test_too_loud_and_a_little_too_quiet(copy: Copy) -> None:
    copy.encode(lambda samples: samples * 10 ** (-0.8 / 20))
    checked = copy.check()
    [quiet] = [f for f in checked.findings if f.rule == "sound.loudness"]
    assert quiet.severity == "warning"
    assert "too quiet" in quiet.message


def test_10_s_of_silence(copy: Copy) -> None:
    _, sound = copy.parts()
    start, count = copy.passage("Most").start, 10 * 22050 // FRAME
    silence = [lame.silence(1, AUDIO)] * count
    copy.put([*sound[:start], *silence, *sound[start + count :]])
    assert copy.rules(words=True) == {"sound.silence", "words.missing"}
    [told] = copy.messages("sound.silence", words=True)
    assert "there should be 'Most of the boats" in told


def test_10_s_of_silence_put_between(copy: Copy) -> None:
    _, sound = copy.parts()
    start = copy.passage("Most").start
    silence = [lame.silence(1, AUDIO)] * (10 * 22050 // FRAME)
    copy.put([*sound[:start], *silence, *sound[start:]])
    assert copy.rules(words=True) == {
        "sound.silence", "record.length", "header.samples", "words.place",
    }  # fmt: skip


def test_a_wrong_cover_type(copy: Copy) -> None:
    def spoil(id3: ID3) -> None:
        id3.getall("APIC")[0].mime = "image/png"

    copy.tag(spoil)
    [told] = copy.messages("tags.cover")
    assert "is said to be 'image/png' and is image/jpeg" in told
    assert copy.rules() == {"tags.cover"}


def _shifted(samples: Any) -> Any:
    return samples + 0.02


def test_a_wave_off_its_centre(copy: Copy) -> None:
    copy.encode(_shifted)
    assert "sound.offset" in copy.rules()
