import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.audio import frames, lame
from tts_pipeline.model import AudioFormat

FORMATS = [
    AudioFormat(22050, 64), AudioFormat(44100, 96), AudioFormat(48000, 128), AudioFormat(32000, 64),
    AudioFormat(24000, 48), AudioFormat(16000, 32), AudioFormat(11025, 16), AudioFormat(8000, 8),
]  # fmt: skip

ids = [f"{audio.rate}-{audio.bitrate}" for audio in FORMATS]


def made(audio: AudioFormat, count: int) -> tuple[bytes, bytes]:
    """(Info frame, audio frames)."""
    body = lame.silence(count, audio)
    return frames.info_frame(
        body, frames=count, padding=600, places=((0, 0), (count, len(body)))
    ), body


@pytest.mark.parametrize("audio", FORMATS, ids=ids)
def test_frames_tile_the_stream_at_its_bit_rate(audio: AudioFormat) -> None:
    body = lame.silence(490, audio)
    found = list(frames.iterate(body))
    assert [offset for offset, _, _ in found] == [
        sum(size for _, size, _ in found[:index]) for index in range(len(found))
    ]
    assert sum(size for _, size, _ in found) == len(body)
    assert {samples for _, _, samples in found} == {frames.frame_samples(audio.rate)}
    seconds = 490 * frames.frame_samples(audio.rate) / audio.rate
    assert len(body) == pytest.approx(audio.bitrate * 125 * seconds, abs=1)


@pytest.mark.parametrize("junk", [b"ID3\x03", b"\xff\xfb\xf0\x00" + bytes(500), b"\0" * 4, b"\xff"])
def test_lost_sync_is_an_error(junk: bytes) -> None:
    body = lame.silence(3, FORMATS[0])
    with pytest.raises(ValueError, match=f"no MP3 frame at byte {len(body)}"):
        list(frames.iterate(body + junk))


def test_a_frame_that_is_cut_off_is_an_error() -> None:
    body = lame.silence(3, FORMATS[0])
    with pytest.raises(ValueError, match="cut off"):
        list(frames.iterate(body[:-1]))


@given(st.binary(max_size=300), st.integers(0, 20))
def test_any_bytes_are_frames_or_a_value_error(data: bytes, offset: int) -> None:
    try:
        found = list(frames.iterate(data, offset))
    except ValueError:
        return
    assert sum(size for _, size, _ in found) == max(0, len(data) - offset)


@pytest.mark.parametrize("audio", FORMATS, ids=ids)
def test_info_frame_says_what_follows(audio: AudioFormat) -> None:
    info, body = made(audio, 1000)
    assert list(frames.iterate(info)) == [(0, len(info), frames.frame_samples(audio.rate))]
    head = frames.header(info)
    assert (head.rate, head.padding) == (audio.rate, 0)
    assert head.bitrate >= audio.bitrate
    at = 4 + head.side
    assert info[4:at] == bytes(head.side), "side information of silence"
    name, flags, count, size = struct.unpack_from(">4sIII", info, at)
    assert (name, flags, count, size) == (b"Info", 15, 1000, len(info) + len(body))
    tag = info[at + 120 :]
    assert tag[:9] == b"LAME3.100"
    assert tag[9] & 15 == 1, "constant bit rate"
    assert tag[20] == audio.bitrate
    assert int.from_bytes(tag[21:24], "big") == 576 << 12 | 600
    assert int.from_bytes(tag[28:32], "big") == len(info) + len(body)
    end = at + 120 + 34
    assert int.from_bytes(info[end : end + 2], "big") == frames.crc16(info[:end])


def test_info_frame_has_the_streams_own_bit_rate_where_it_fits() -> None:
    info, body = made(AudioFormat(22050, 64), 10)
    assert frames.header(info).bitrate == frames.header(body).bitrate == 64


@pytest.mark.parametrize("count", [1, 2, 7, 100, 100_000])
def test_table_of_contents_points_at_the_frame_of_each_hundredth(count: int) -> None:
    audio = AudioFormat(22050, 64)
    size = len(lame.silence(count, audio)) if count < 1000 else count * 209
    info = frames.info_frame(
        lame.silence(1, audio), frames=count, padding=600, places=((0, 0), (count, size))
    )
    at = 4 + 9 + 16
    toc = list(info[at : at + 100])
    total = len(info) + size
    assert toc == sorted(toc)
    for step, entry in enumerate(toc):
        assert entry / 256 * total == pytest.approx(len(info) + step / 100 * size, abs=total / 256)


def test_crc_is_the_one_of_the_catalogues() -> None:
    assert frames.crc16(b"123456789") == 0xBB3D


@given(st.integers(0, 10**9), st.sampled_from([22050, 44100, 8000, 48000]))
def test_gapless_leaves_room_for_the_delay_and_no_frame_more(samples: int, rate: int) -> None:
    extra, padding = frames.gapless(samples, rate)
    frame = frames.frame_samples(rate)
    total = (samples // frame + extra) * frame
    assert total - frames.ENCODER_DELAY - padding == samples
    assert 0 <= padding - frames.DECODER_DELAY < frame
    assert padding < 4096, "twelve bits"
