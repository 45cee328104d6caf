"""Shows: every default, every check, and errors that name file, key and line."""

from pathlib import Path

import pytest

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Site, Timestamps
from tts_pipeline.profile import show, toml

LEAST = """[show]
title = "A Show"
description = "About it."
base_url = "https://example.org/podcast/"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    return tmp_path / "feeds" / "a.toml"


def test_the_least_show_has_every_default(path: Path) -> None:
    path.write_text(LEAST)
    loaded = show.load(path)
    assert loaded.name == "a"
    assert loaded.author == "A Show"
    assert loaded.base_url == "https://example.org/podcast"
    assert loaded.categories == (("Education", None),)
    assert loaded.voice == "default"
    assert loaded.timestamps is Timestamps.CHAPTER
    assert loaded.root == str(path.parents[1])
    assert (loaded.cover, loaded.music, loaded.explicit) == (None, None, False)


def test_everything_can_be_set(path: Path) -> None:
    (path.parent / "tune.wav").write_bytes(b"")
    (path.parents[1] / "cover.png").write_bytes(b"")
    path.write_text(
        LEAST
        + """author = "Us"
categories = ["Society & Culture > Philosophy", "Science"]
explicit = true
cover = "cover.png"
[episode]
slate = "Hello {show}."
outro = ""
music = "tune.wav"
timestamps = "speak"
[sites]
"forum.example.org" = { name = "The Forum", tag = "TF" }
"""
    )
    loaded = show.load(path)
    assert loaded.categories == (("Society & Culture", "Philosophy"), ("Science", None))
    assert loaded.cover == str(path.parents[1] / "cover.png")
    assert loaded.music == str(path.parent / "tune.wav")
    assert loaded.outro is None
    assert loaded.sites == {"forum.example.org": Site("The Forum", "TF")}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "A Show"', 'title = "  "', 2, "`show.title` is empty"),
        ('title = "A Show"', "", 1, "`title` is missing in [show]"),
        ('title = "A Show"', "title = 3", 2, "`show.title` must be a text in quotes"),
        ('title = "A Show"', 'title = "x"\nemial = "y"', 3, "did you mean `email`?"),
        ("https://", "", 4, "http or https"),
        ("[show]", "[shwo]", 1, "did you mean `show`?"),
        ("About it.", 'x"\n[episode]\ntitle = "{autor}', 5, "names {autor}, which no post has"),
        ("About it.", 'x"\n[episode]\ntitle = "{title} {0}', 5, "names {0}"),
        ("About it.", 'x"\n[episode]\nslate = "{title', 5, "is not a template"),
        ("About it.", 'x"\n[episode]\ntitle = "no name', 5, "must name {title}"),
        ("About it.", 'x"\n[episode]\ntimestamps = "chapters', 5, "timestamps"),
        ("About it.", 'x"\n[episode]\nmusic = "none.wav', 5, "names none.wav"),
        ("About it.", 'x"\n[sites]\n"a.org" = { nme = "x" }\nb = "', 4, "did you mean `name`?"),
        ("About it.", 'x"\nlanguage = "e', 4, "language tag"),
        ("About it.", 'x"\ncategories = []\nlink = "http://x.org', 4, "is empty"),
        ("About it.", 'x"\ncategories = ["Sciense"]\nlink = "http://x.org', 4, "Science"),
    ],
)
def test_errors_name_file_key_and_line(
    path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert LEAST.count(old) == 1
    text = LEAST.replace(old, new)
    # What [show] needs stays before any other table that was put in.
    head, base, tail = text.partition("base_url")
    if "\n[" in head.removeprefix("[show]"):
        text = head.replace("[show]\n", f"[show]\n{base}{tail}", 1)
        line += 1
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        show.load(path)
    assert str(caught.value).startswith(f"{path}, line {line}: "), caught.value
    assert words in str(caught.value)


def test_no_address_of_a_source_is_repeated(path: Path) -> None:
    path.write_text(f'{LEAST}\n[[sources]]\ntype = "feed"\nurl = "https://a.org/?sub=SECRET"\n')
    with pytest.raises(ProfileError, match="`sources`") as caught:
        show.load(path)
    assert "SECRET" not in str(caught.value)


def test_files_that_are_no_shows(path: Path) -> None:
    with pytest.raises(ProfileError, match="does not exist"):
        show.load(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="cannot be read"):
        show.load(path)
    path.write_text("[show]\ntitle = \n")
    with pytest.raises(ProfileError, match=r"not valid TOML.*line 2"):
        show.load(path)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("a",), 1),
        (("a", "b"), 2),
        (("a", "c", "d"), 3),
        (("a", "missing"), 1),
        (("x y", "z"), 5),
        (("nowhere",), 1),
    ],
)
def test_lines_are_found(keys: tuple[str, ...], line: int) -> None:
    text = '[a]\nb = 1\nc.d = 2\n["x y"]\n"z" = 3\n'
    assert toml.line_of(text, keys) == line


def test_the_plain_show_stands() -> None:
    assert show.plain().outro is None


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("rate = 44000", "`audio.rate` must be one of 16000"),
        ("bitrate = 200", "`audio.bitrate` must at 22050 samples a second be one of 8"),
        ("rate = 48000\nbitrate = 24", "must at 48000 samples a second be one of 32"),
        ("quality = 10", "must be 0 (slowest) to 9 (fastest)"),
        ("vbr = 4\nbitrate = 64", "`audio.vbr` stands beside `bitrate`"),
        ("vbr = 10", "must be 0 (best) to 9"),
        ("channels = 6", "must be 1 or 2"),
        ('preset = "best"', "preset"),
    ],
)
def test_what_no_mp3_can_be(path: Path, table: str, words: str) -> None:
    path.write_text(f"{LEAST}[audio]\n{table}\n")
    with pytest.raises(ProfileError) as caught:
        show.load(path)
    assert words in str(caught.value)


def test_presets_and_what_overrides_them(path: Path) -> None:
    path.write_text(f'{LEAST}[audio]\npreset = "directory"\nquality = 3\n')
    audio = show.load(path).audio
    assert (audio.rate, audio.bitrate, audio.quality) == (44100, 96, 3)


def test_the_posts_of_a_show(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    file = tmp_path / "feeds" / "show.toml"
    table = '[show]\ntitle = "T"\ndescription = "D"\nbase_url = "https://example.org"\n'
    file.write_text(table)
    assert show.load(file).posts == ()
    (tmp_path / "posts").mkdir()
    assert show.load(file).posts == (str(tmp_path / "posts"),)
    file.write_text(table + 'posts = ["essays", "/notes.md"]\nignore = ["essays/old*"]\n')
    loaded = show.load(file)
    assert loaded.posts == (str(tmp_path / "essays"), "/notes.md")
    assert loaded.ignore == ("essays/old*",)
    assert loaded.makes
    file.write_text(table + '[select]\nshows = ["other"]\n')
    assert not show.load(file).makes
