import hashlib
import io
import os
import random
import struct
import unicodedata
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from mutagen.id3 import ID3
from PIL import Image, ImageCms, features

from tests.conftest import Workspace
from tests.feed.making import show
from tts_pipeline.errors import EpisodeError, ProfileError
from tts_pipeline.feed import cover, drawing, typesetting
from tts_pipeline.model import Medium, Post


def picture(path: Path, side: int = 1400, mode: str = "RGB", height: int | None = None) -> Path:
    image = Image.new(mode, (side, height or side))
    image.save(path, quality=95)
    return path


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = image.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) <= 6 for one, other in zip(found, colour, strict=True))


def refusal(path: Path) -> str:
    with pytest.raises(ProfileError) as caught:
        cover.prepare(show(cover=str(path)))
    assert str(caught.value).startswith(f"the cover {path} ")
    return str(caught.value)


def test_a_right_picture_is_passed_on_untouched(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.jpg")
    file_name, data = cover.prepare(show(cover=str(path)))
    assert data == path.read_bytes()
    assert file_name == f"example-{hashlib.sha256(data).hexdigest()[:8]}.jpg"


def test_the_extension_is_that_of_the_content(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    name, data = cover.prepare(show(cover=str(path)))
    assert name.endswith(".jpg")
    assert opened(data).format == "JPEG"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_any_colours_become_rgb(tmp_path: Path, mode: str) -> None:
    _, data = cover.prepare(show(cover=str(picture(tmp_path / "a.png", mode=mode))))
    assert (opened(data).format, opened(data).mode) == ("JPEG", "RGB")
    assert opened(data).size == (1400, 1400)


def test_cmyk_keeps_its_colour(tmp_path: Path) -> None:
    Image.new("CMYK", (1400, 1400), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    made = opened(cover.prepare(show(cover=str(tmp_path / "a.jpg")))[1])
    assert near(made, (700, 700), (255, 0, 0))


def test_sixteen_bits_of_grey_keep_their_shades(tmp_path: Path) -> None:
    Image.new("I;16", (1400, 1400), 257 * 100).save(tmp_path / "a.png")
    made = opened(cover.prepare(show(cover=str(tmp_path / "a.png")))[1])
    assert near(made, (700, 700), (100, 100, 100))


def test_another_colour_space_becomes_srgb(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    image = Image.new("RGB", (1400, 1400), (10, 200, 30))
    for profile in (srgb, lab):
        image.save(tmp_path / "a.jpg", quality=95, icc_profile=profile.tobytes())
        made = opened(cover.prepare(show(cover=str(tmp_path / "a.jpg")))[1])
        assert "icc_profile" not in made.info
        if profile is srgb:
            assert near(made, (700, 700), (10, 200, 30))


def test_a_camera_s_rotation_is_carried_out_and_its_notes_go(tmp_path: Path) -> None:
    image = Image.new("RGB", (1400, 1400), "red")
    image.paste((0, 0, 255), (0, 0, 1400, 700))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    exif[0x010E] = "at home"
    image.save(tmp_path / "a.jpg", exif=exif)
    data = cover.prepare(show(cover=str(tmp_path / "a.jpg")))[1]
    assert near(opened(data), (700, 1300), (0, 0, 255))
    assert b"at home" not in data
    assert not opened(data).getexif()


def test_transparency_is_laid_over_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (1400, 1400), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 700, 1400))
    image.save(tmp_path / "a.png")
    made = opened(cover.prepare(show(cover=str(tmp_path / "a.png")))[1])
    assert near(made, (10, 10), (0, 0, 255))
    assert near(made, (1000, 10), (255, 255, 255))


def test_a_heavy_picture_becomes_light_enough(tmp_path: Path) -> None:
    grain = Image.frombytes("L", (400, 400), random.Random(1).randbytes(160_000))
    grain.resize((1800, 1800)).convert("RGB").save(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1_000_000
    data = cover.prepare(show(cover=str(tmp_path / "a.png")))[1]
    assert len(data) <= 512_000
    assert opened(data).width >= 1400


@pytest.mark.parametrize(
    ("side", "height", "result"),
    [(3001, None, 3000), (4000, 4100, 3000), (1400, 1430, 1400), (2001, 2000, 2000)],
)
def test_what_is_too_large_or_hardly_off_a_square_is_made_to_fit(
    tmp_path: Path, side: int, height: int | None, result: int
) -> None:
    path = picture(tmp_path / "a.jpg", side=side, height=height)
    assert opened(cover.prepare(show(cover=str(path)))[1]).size == (result, result)


@pytest.mark.parametrize(
    ("side", "height", "problem"),
    [
        (1399, None, "is 1399 x 1399 px, which is too small"),
        (1400, 1500, "is 1400 x 1500 px and must be square"),
    ],
)
def test_a_wrong_size_is_refused(
    tmp_path: Path, side: int, height: int | None, problem: str
) -> None:
    message = refusal(picture(tmp_path / "a.png", side=side, height=height))
    assert problem in message
    assert "1400 to 3000 px" in message


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


def test_a_picture_with_broken_exif_is_refused(tmp_path: Path) -> None:
    entries = (
        b"\x01\x00\x00\x02\x00\x00\x00\x05\x00\x00\x00\x26"  # a width in letters
        b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    )
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + entries + bytes(4) + b"desc\0"
    Image.new("RGB", (1400, 1400)).save(tmp_path / "a.jpg", exif=exif)
    assert "is damaged" in refusal(tmp_path / "a.jpg")


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_decompression_bomb_is_refused_without_decoding_it(tmp_path: Path, side: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")
    (tmp_path / "bomb.png").write_bytes(bomb + chunk(b"IEND", b""))
    assert "px" in refusal(tmp_path / "bomb.png")


DRAWN = ["Field Notes, Read Aloud", "日本語", "שלום", "A very long title of a show " * 12]


@pytest.mark.parametrize("title", DRAWN)
def test_a_drawn_cover_is_what_directories_accept(title: str) -> None:
    name, data = cover.prepare(show(title=title))
    image = opened(data)
    assert name.endswith(".jpg")
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (3000, 3000))
    assert len(data) < 512_000
    assert data == cover.prepare(show(title=title))[1]


def test_another_title_is_another_picture_with_another_name() -> None:
    assert cover.prepare(show(title="One"))[0] != cover.prepare(show(title="Two"))[0]


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_text_on_any_title_s_ground_has_enough_contrast(title: str) -> None:
    ground, wave = drawing.colours(title)
    assert drawing.contrast((255, 255, 255), ground) >= 4.5
    assert drawing.contrast(drawing.quiet(ground), ground) >= 4.5
    assert drawing.contrast(wave, ground) >= 1.7


def test_contrast_is_wcag_s() -> None:
    assert drawing.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert drawing.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Plain Words", "Plain Words"),
        ("  Night 🎧\ufe0f Radio 👩\u200d👩  ", "Night Radio"),
        ("Dash — and\u2013dash", "Dash — and\u2013dash"),
        ("Straße", "Straße"),
        ("Cafe\u0301", "Café"),
        ("Việt Nam", "Việt Nam"),
        ("Привет, Ωμέγα", "Привет, Ωμέγα"),
        ("日本語 Radio", ""),
        ("한국어", ""),
        ("🎧🎧", ""),
        ("", ""),
    ],
)
def test_a_title_is_drawn_whole_or_not_at_all(title: str, words: str) -> None:
    assert typesetting.drawable(title) == words


def test_a_cover_without_words_is_not_blank_and_is_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, data = cover.prepare(show(title="港口筆記"))
    image = opened(data).convert("L").resize((100, 100))
    ground = image.getpixel((0, 0))
    drawn = sum(abs(value - ground) > 20 for value in image.tobytes())  # type: ignore[operator]
    assert drawn > 1500, "of 10,000"
    assert "港口筆記" in caplog.text
    assert "give a picture with `cover` in [show]" in caplog.text
    caplog.clear()
    cover.prepare(show(title="Harbour Notes 🎧"))
    assert caplog.text == ""


@settings(max_examples=300)
@given(st.text(max_size=20))
def test_no_letter_is_dropped_from_a_drawn_title(title: str) -> None:
    words = typesetting.drawable(title)
    if words:
        normal = unicodedata.normalize("NFC", title)
        assert [c for c in normal if c.isalnum()] == [c for c in words if c.isalnum()]


@pytest.mark.skipif(not features.check("raqm"), reason="needs FriBiDi")
def test_a_title_from_right_to_left_stands_at_the_right() -> None:
    for title, side in (("אב", "right"), ("لا", "right"), ("AI", "left")):
        image = drawing.picture(title, side=300).convert("L").crop((0, 0, 300, 150))
        box = image.point(lambda value: 255 if value > 200 else 0).getbbox()
        assert box is not None
        assert (box[0] < 40) == (side == "left"), title
        assert (box[2] > 260) == (side == "right"), title


def test_without_shaping_such_a_title_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    assert typesetting.drawable("مرحبا") == ""
    assert typesetting.drawable("Hello") == "Hello"


@pytest.mark.parametrize("title", ["Field Notes", "Ångström Čapek", "W" * 300, "i " * 200])
def test_no_ink_stands_outside_the_margins(title: str) -> None:
    image = drawing.picture(title)
    ground = image.getpixel((0, 0))
    frame = [
        image.crop(box) for box in ((0, 0, 3000, 200), (0, 0, 200, 3000), (2800, 0, 3000, 3000))
    ]
    for part in frame:
        assert part.getcolors() == [(part.width * part.height, ground)]


def test_a_short_title_is_readable_at_55_px() -> None:
    small = drawing.picture("Field Notes").resize((55, 55), Image.Resampling.LANCZOS)
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
        image = drawing.picture(title).convert("L").crop((0, 0, 3000, 2000))
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


def typeset(words: str) -> typesetting.Setting:
    return typesetting.typeset(words, width=2500, height=1750, sizes=range(1000, 170, -20))


@pytest.mark.parametrize(("count", "least"), [(1, 600), (3, 340), (8, 220)])
def test_a_title_is_set_whole_and_as_large_as_it_can_be(count: int, least: int) -> None:
    words = " ".join(["Ordinary", "words"] * count)
    set_ = typeset(words)
    assert " ".join(set_.lines) == words
    assert set_.size >= least
    assert set_.height <= 1750


def test_a_title_beyond_all_room_ends_in_an_ellipsis() -> None:
    for words in ("Ordinary words " * 30, "W" * 400):
        lines = typeset(words.strip()).lines
        assert lines[-1].endswith("…")
        assert words.startswith(" ".join(lines).removesuffix("…"))


# ---- of an episode -----------------------------------------------------------------------------

POST = Post("p.md", "p.md", Medium.MARKDOWN, "", "Why ships float", author="Field Notes")


def of_episode(picture: bytes | None = None, **changes: Any) -> bytes | None:
    wanted = show(episode_cover="title")
    return cover.of_episode(wanted, structs.replace(POST, **changes), picture)


def test_an_episode_has_a_cover_of_its_own_where_the_show_wants_it() -> None:
    assert cover.of_episode(show(), POST, None) is None
    data = of_episode()
    assert data is not None
    image = opened(data)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1400, 1400))
    assert len(data) < 200_000
    assert data == of_episode()
    assert len({data, of_episode(title="Other"), of_episode(author="Other")}) == 3
    assert of_episode(author=None)
    assert of_episode(title="日本語") is None


def encoded(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("size", [(1400, 1400), (4000, 2000), (800, 600)])
def test_a_post_s_own_picture_stands_whole_in_a_square(size: tuple[int, int]) -> None:
    data = of_episode(encoded(Image.new("RGB", size, "red")))
    assert data is not None
    image = opened(data)
    assert image.size == (1400, 1400)
    assert near(image, (700, 700), (254, 0, 0))
    ground, _ = drawing.colours("Example Show")
    if size[0] != size[1]:
        assert near(image, (700, 5), ground)


def test_a_picture_that_cannot_be_shown_is_named() -> None:
    for data, problem in (
        (b"text", "is not a JPEG or PNG"),
        (encoded(Image.new("RGB", (200, 200))), "is 200 x 200 px, which is too small"),
    ):
        with pytest.raises(EpisodeError, match=f"the picture a.png of p.md {problem}"):
            of_episode(data, image="a.png")


def test_episodes_show_their_titles_or_pictures(workspace: Workspace) -> None:
    workspace.show(episode='cover = "title"')
    (workspace.root / "posts" / "one").mkdir()
    mine = picture(workspace.root / "posts" / "one" / "a.png", side=700)
    workspace.post("one/one.md", "---\ntitle: One\nimage: a.png\n---\nWords.\n")
    workspace.post("two.md", "---\ntitle: Two\nimage: https://example.org/a.png\n---\nWords.\n")
    workspace.post("three.md", "---\ntitle: Three\nimage: ../show.png\n---\nWords.\n")
    workspace.post("four.md", "---\ntitle: Four\nimage: none.png\n---\nWords.\n")
    workspace.post("five.md", "---\ntitle: Five\nimage: pipe.png\n---\nWords.\n")
    os.mkfifo(workspace.root / "posts" / "pipe.png")
    told = workspace.episode("posts", check=1)
    failures = " ".join(failure["error"] for failure in told["failures"])
    assert "leads out of the post's folder: ../show.png" in failures
    assert "cannot be read: none.png: No such file" in failures
    assert "cannot be read: pipe.png: it is a pipe" in failures
    one, two = workspace.records()
    for record in (one, two):
        data = (record["folder"] / record["cover"]).read_bytes()
        mark = hashlib.sha256(data).hexdigest()[:8]
        assert record["cover"] == f"{record['slug']}-{mark}.jpg"
        embedded = ID3(record["folder"] / record["audio"]).getall("APIC")[0].data
        assert embedded == cover.shrunk(data)
    told = workspace.episode("posts/one", "posts/two.md")
    assert {episode["status"] for episode in told["episodes"]} == {"unchanged"}
    Image.new("RGB", (800, 800), "red").save(mine)
    told = workspace.episode("posts/one", "posts/two.md")
    assert [episode["status"] for episode in told["episodes"]] == ["made", "unchanged"]
    again = workspace.records()[0]
    assert again["cover"] != one["cover"]
    assert again["audio"] == one["audio"]
    (again["folder"] / again["cover"]).unlink()
    assert workspace.episode("posts/one")["episodes"][0]["status"] == "made"
