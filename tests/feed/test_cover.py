import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.feed.making import show
from tts_pipeline.errors import ProfileError
from tts_pipeline.feed import cover, drawing


def picture(path: Path, side: int = 1400, mode: str = "RGB", height: int | None = None) -> Path:
    image = Image.new(mode, (side, height or side))
    image.save(path, quality=95)
    return path


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(path: Path) -> str:
    with pytest.raises(ProfileError) as caught:
        cover.prepare(show(cover=str(path)))
    assert str(caught.value).startswith(f"the cover {path} ")
    return str(caught.value)


@pytest.mark.parametrize(("name", "extension"), [("a.jpg", "jpg"), ("a.png", "png")])
def test_a_right_picture_is_passed_on_untouched(tmp_path: Path, name: str, extension: str) -> None:
    path = picture(tmp_path / name)
    file_name, data = cover.prepare(show(cover=str(path)))
    assert data == path.read_bytes()
    assert file_name == f"cover-{hashlib.sha256(data).hexdigest()[:8]}.{extension}"


def test_the_extension_is_that_of_the_content(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert cover.prepare(show(cover=str(path)))[0].endswith(".png")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_modes_that_lose_nothing_become_rgb(tmp_path: Path, mode: str) -> None:
    name, data = cover.prepare(show(cover=str(picture(tmp_path / "a.png", mode=mode))))
    assert name.endswith(".png")
    assert opened(data).mode == "RGB"
    assert opened(data).size == (1400, 1400)


def test_transparency_is_laid_over_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (1400, 1400), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 700, 1400))
    image.save(tmp_path / "a.png")
    made = opened(cover.prepare(show(cover=str(tmp_path / "a.png")))[1])
    assert made.getpixel((10, 10)) == (0, 0, 255)
    assert made.getpixel((1000, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("side", "height", "problem"),
    [
        (1399, None, "is 1399 x 1399 px"),
        (3001, None, "is 3001 x 3001 px"),
        (1400, 1401, "is 1400 x 1401 px and must be square"),
    ],
)
def test_a_wrong_size_is_refused(
    tmp_path: Path, side: int, height: int | None, problem: str
) -> None:
    message = refusal(picture(tmp_path / "a.png", side=side, height=height))
    assert problem in message
    assert "1400 to 3000 px" in message


def test_cmyk_and_sixteen_bits_are_refused(tmp_path: Path) -> None:
    assert "CMYK" in refusal(picture(tmp_path / "a.jpg", mode="CMYK"))
    deep = tmp_path / "b.png"
    Image.new("I;16", (1400, 1400)).save(deep)
    assert "I;16" in refusal(deep)


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    assert "is not a JPEG or PNG" in refusal(picture(tmp_path / "a.gif"))
    for data in (b"", b"no picture", b"<svg/>"):
        (tmp_path / "a.png").write_bytes(data)
        assert "is not a JPEG or PNG" in refusal(tmp_path / "a.png")


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal(tmp_path / "none.png")


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_cut_picture_is_refused(tmp_path: Path, name: str) -> None:
    noise = Image.effect_noise((1400, 1400), 50).convert("RGB")
    noise.save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    assert "is damaged" in refusal(tmp_path / name)


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_decompression_bomb_is_refused_without_decoding_it(tmp_path: Path, side: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")
    (tmp_path / "bomb.png").write_bytes(bomb + chunk(b"IEND", b""))
    assert "px" in refusal(tmp_path / "bomb.png")


DRAWN = ["Field Notes, Read Aloud", "日本語", "A very long title of a show " * 12]


@pytest.mark.parametrize("title", DRAWN)
def test_a_drawn_cover_is_what_directories_accept(title: str) -> None:
    name, data = cover.prepare(show(title=title))
    image = opened(data)
    assert name.endswith(".png")
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (3000, 3000))
    assert len(data) < 500_000
    assert data == cover.prepare(show(title=title))[1]


def test_another_title_is_another_picture_with_another_name() -> None:
    assert cover.prepare(show(title="One"))[0] != cover.prepare(show(title="Two"))[0]


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_text_on_any_title_s_ground_has_enough_contrast(title: str) -> None:
    ground, _ = drawing.colours(title)
    assert drawing.contrast((255, 255, 255), ground) >= 4.5


def test_contrast_is_wcag_s() -> None:
    assert drawing.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert drawing.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Plain Words", "Plain Words"),
        ("  Night 🎧\ufe0f Radio 👩\u200d👩  ", "Night Radio"),
        ("Dash — and\u2013dash", "Dash - and-dash"),
        ("Straße", "Strasse"),
        ("Café", "Cafe\u0301"),
        ("日本語 Radio", ""),
        ("مرحبا", ""),
        ("🎧🎧", ""),
        ("x\u0e33", ""),
        ("", ""),
    ],
)
def test_a_title_is_drawn_whole_or_not_at_all(title: str, words: str) -> None:
    assert drawing.drawable(title) == words


@settings(max_examples=300)
@given(st.text(max_size=20))
def test_no_letter_is_dropped_from_a_drawn_title(title: str) -> None:
    words = drawing.drawable(title)
    if words and title.isascii():
        assert [c for c in title if c.isalnum()] == [c for c in words if c.isalnum()]


@pytest.mark.parametrize("title", ["Field Notes", "Ångström Čapek", "W" * 300, "i " * 200])
def test_no_ink_stands_outside_the_margins(title: str) -> None:
    image = opened(drawing.draw(title))
    ground = image.getpixel((0, 0))
    frame = [
        image.crop(box) for box in ((0, 0, 3000, 120), (0, 0, 200, 3000), (2800, 0, 3000, 3000))
    ]
    for part in frame:
        assert part.getcolors() == [(part.width * part.height, ground)]


def test_a_short_title_is_readable_at_55_px() -> None:
    small = opened(drawing.draw("Field Notes")).resize((55, 55), Image.Resampling.LANCZOS)
    grey = small.convert("L")
    ground = grey.getpixel((0, 0))
    rows = [
        y
        for y in range(40)
        if max(grey.crop((0, y, 55, y + 1)).tobytes()) > 200 > ground  # type: ignore[operator]
    ]
    # Two lines with capitals of at least 7 px each.
    assert len(rows) >= 14


def test_accents_add_ink() -> None:
    def ink(title: str) -> int:
        image = opened(drawing.draw(title)).convert("L").crop((0, 0, 3000, 2000))
        return sum(image.histogram()[250:])

    for plain, accented in (("Uber", "Über"), ("ca", "ça")):
        # Colours follow the title, so only white is counted.
        assert ink(accented) != ink(plain)


def test_the_key_follows_the_picture_or_the_title(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")
    before = cover.key(show(cover=str(path)))
    assert before == cover.key(show(cover=str(path), title="Other"))
    picture(path, side=1500)
    assert cover.key(show(cover=str(path))) != before
    assert cover.key(show(title="One")) != cover.key(show(title="Two"))


@pytest.mark.parametrize("title", ["Field Notes", "日本語"])
def test_the_embedded_cover_is_small_and_the_same_each_time(title: str) -> None:
    small = cover.embedded(show(title=title))
    assert small == cover.embedded(show(title=title))
    assert len(small) < 100_000
    image = opened(small)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (600, 600))


def test_even_noise_is_embedded_in_less_than_100_kb(tmp_path: Path) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1400, 1400), 120) for _ in range(3)])
    assert len(cover.small(noise)) < 100_000


@pytest.mark.parametrize(("count", "expected"), [(1, 620), (3, 360), (8, 220)])
def test_a_title_is_set_whole_and_as_large_as_it_can_be(count: int, expected: int) -> None:
    words = " ".join(["Ordinary", "words"] * count)
    size, lines = drawing.typeset(words)
    assert " ".join(lines) == words
    assert size == expected


def test_a_title_beyond_all_room_ends_in_an_ellipsis() -> None:
    for words in ("Ordinary words " * 30, "W" * 400):
        _, lines = drawing.typeset(words.strip())
        assert lines[-1].endswith("…")
        assert words.startswith(" ".join(lines).removesuffix("…"))
