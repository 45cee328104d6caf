"""Frames of any MP3, whole or damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.audio import frames, lame
from tts_pipeline.audio.walk import Walk, walk
from tts_pipeline.check import stream
from tts_pipeline.model import AudioFormat

AUDIO = AudioFormat()
BODY = lame.silence(60, AUDIO)
INFO = frames.info_frame(BODY, frames=60, padding=600, places=((0, 0), (60, len(BODY))))
WHOLE = INFO + BODY
ID3V1 = b"TAG" + bytes(125)
APE = b"APETAGEX" + (2000).to_bytes(4, "little") + (40).to_bytes(4, "little") + bytes(16)


def broken(walked: Walk) -> set[str]:
    found = [*stream.frames(walked), *stream.header(walked, None)]
    return {finding.rule for finding in found}


def test_a_whole_stream_is_walked_from_end_to_end() -> None:
    walked = walk(WHOLE)
    assert walked.audio == 60
    assert (walked.start, walked.end) == (0, len(WHOLE))
    assert walked.info is not None
    assert (walked.info.encoder, walked.info.delay, walked.info.padding) == ("LAME3.100", 576, 600)
    assert broken(walked) == set()


@pytest.mark.parametrize(
    "tags", [ID3V1, bytes(8) + APE, bytes(8) + APE + ID3V1], ids=["id3v1", "ape", "both"]
)
def test_tags_at_the_end_are_no_junk(tags: bytes) -> None:
    assert broken(walk(WHOLE + tags)) == set()


def test_tags_in_front_are_passed_over() -> None:
    tag = b"ID3\x03\0\0\0\0\x01\x00" + b"\xff\xfb\x90\0" * 32
    walked = walk(tag + tag + WHOLE)
    assert walked.start == 2 * len(tag)
    assert broken(walked) == set()


def test_junk_in_front_between_and_after() -> None:
    at = walk(WHOLE).offsets[40]
    walked = walk(bytes(77) + WHOLE[:at] + b"\xff" * 1000 + WHOLE[at:] + b"abc")
    assert walked.junk == [(0, 77), (at + 77, 1000)]
    assert walked.after == (len(WHOLE) + 1077, 3)
    assert walked.audio == 60
    assert broken(walked) >= {"frames.junk", "frames.after"}


def test_frames_of_another_rate_and_of_two_channels() -> None:
    other = lame.silence(10, AudioFormat(44100, 96))
    stereo = lame.silence(10, AudioFormat(channels=2))
    for strange in (other, stereo):
        walked = walk(WHOLE + strange + BODY)
        assert len(walked.others) == 10
        assert walked.audio == 130
        assert "frames.mixed" in broken(walked)


@pytest.mark.parametrize("missing", [1, 100, 200])
def test_a_last_frame_that_is_cut(missing: int) -> None:
    walked = walk(WHOLE[:-missing])
    assert walked.cut is not None
    assert walked.cut[1] == missing
    assert broken(walked) >= {"frames.cut", "header.bytes"}


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"ID3", b"no sound " * 999, bytes(9999), b"\xff" * 99]
)
def test_what_is_no_mp3_has_no_frame(data: bytes) -> None:
    assert broken(walk(data)) >= {"frames.none"}


def test_a_variable_bit_rate_needs_a_header() -> None:
    louder = lame.silence(30, AudioFormat(bitrate=96))
    assert broken(walk(BODY + louder)) == {"header.missing"}
    assert broken(walk(BODY)) == set()


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=40)), max_size=12),
    st.integers(0, len(WHOLE)),
)
def test_damage_of_any_kind_is_described_and_never_a_crash(
    damage: list[tuple[int, bytes]], end: int
) -> None:
    data = bytearray(WHOLE)
    for place, noise in damage:
        data[place : place + len(noise)] = noise
    del data[end:]
    walked = walk(bytes(data))
    found = list(stream.frames(walked)) + list(stream.header(walked, 60 * 576))
    assert all(finding.message and finding.rule for finding in found)
    # Every byte is a frame, junk, cut or after the end.
    junk = sum(size for _, size in walked.junk)
    after = walked.after[1] if walked.after else 0
    cut = len(data) - walked.cut[0] if walked.cut else 0
    sizes = sum(frames.header(bytes(data[at : at + 4])).size for at in walked.offsets)
    trailing = 128 if bytes(data[-128:]).startswith(b"TAG") else 0
    assert walked.start + junk + sizes + after + cut + trailing == len(data)


@given(st.binary(max_size=2000))
def test_any_bytes_can_be_walked(data: bytes) -> None:
    broken(walk(data))
