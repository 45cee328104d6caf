"""Bad input: a sentence, the right exit code, nothing half-written, the rest of the batch made."""

import os
from collections.abc import Callable

import pytest

from .conftest import Workspace

GOOD = "The good post\n\nIts words are spoken.\n"

BAD_POSTS: dict[str, tuple[str, bytes, str]] = {
    "empty": ("x.md", b"", "is empty"),
    "white": ("x.txt", b" \n\t\n", "is empty"),
    "binary": ("x.md", b"\x7fELF\0\0\0\1\2\3" * 50, "binary"),
    "encoding": ("x.txt", "Title\n\ncaf\u00e9".encode("latin-1"), "line 3"),
    "front matter": ("x.md", b"---\ntitle: a: b\n---\nText.\n", "front matter"),
    "date": ("x.md", b"---\ndate: yesterday\n---\nText.\n", "yesterday"),
    "url": ("x.md", b"---\nurl: javascript:alert(1)\n---\nText.\n", "javascript:alert(1)"),
    "only marks": ("x.md", b"# \xe2\x80\xa6\n\n* * *\n\n---\n", "no words"),
    "large": ("x.txt", b"word " * 10_000_000, "larger than"),
}


@pytest.mark.parametrize("case", BAD_POSTS)
def test_a_bad_post_is_a_sentence_and_the_good_one_is_made(workspace: Workspace, case: str) -> None:
    name, data, words = BAD_POSTS[case]
    workspace.post(name, data)
    workspace.post("good.txt", GOOD)
    told = workspace.episode("posts", check=1)
    assert [episode["title"] for episode in told["episodes"]] == ["The good post"]
    [failure] = told["failures"]
    assert words in failure["error"], failure
    assert f"posts/{name}" in failure["error"]
    assert len(workspace.records()) == 1
    assert not list(workspace.out.rglob(".*"))


def test_missing_and_empty_folders(workspace: Workspace) -> None:
    workspace.post("good.txt", GOOD)
    (workspace.root / "nothing").mkdir()
    told = workspace.episode("missing.md", "nothing", "posts", check=1)
    assert len(told["episodes"]) == 1
    assert "does not exist" in told["failures"][0]["error"] + told["failures"][1]["error"]
    assert "holds no post" in told["failures"][0]["error"] + told["failures"][1]["error"]


NASTY: dict[str, str] = {
    "control characters in the title": "Ti\x01t\x1ble ]]> <b>\x07\n\nWords.\n",
    "a heading of 10,000 characters": "Title\n\n" + "Words.\n\n",
    "engine markup": 'Title\n\nSay [[h@l\'oU]] and <speak>this</speak> \x1b[31m \x01+10V now <break time="60s"/>.\n',
    "one long word": "Title\n\n" + "a" * 20_000 + "\n",
    "no sentence end": "Title\n\n" + "word " * 5000 + "\n",
    "right to left": "\u05e9\u05dc\u05d5\u05dd\n\n\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd and \u202eevil\u202c.\n",
    "emoji": "\U0001f600\n\nA \U0001f469\u200d\U0001f680 flew \U0001f680\U0001f680\U0001f680.\n",
    "template braces": "{author} {title!r:>{x}}\n\nWords {show}.\n",
}


@pytest.mark.parametrize("case", NASTY)
def test_nasty_text_is_only_text(workspace: Workspace, case: str) -> None:
    workspace.post("nasty.txt", NASTY[case])
    told = workspace.episode("posts")
    assert told["episodes"][0]["words"] >= 1
    assert told["episodes"][0]["duration_ms"] < 60 * 60 * 1000
    workspace.run("feed", "feeds/show.toml")
    [record] = workspace.records()
    assert not any(ord(c) < 32 for s in record["segments"] for c in s["spoken"])
    assert not any(ord(c) < 32 for c in record["title"])


def test_a_heading_of_10000_characters(workspace: Workspace) -> None:
    workspace.post(
        "long.md", "# " + "long heading " * 800 + "\n\nText.\n\n## " + "x " * 5000 + "\n\nEnd.\n"
    )
    workspace.episode("posts")
    workspace.run("feed", "feeds/show.toml")
    [record] = workspace.records()
    assert len(record["title"]) <= 250
    assert all(len(chapter["title"]) <= 120 for chapter in record["chapters"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('categories = ["Scince"]', "Science"),
        ('titel = "x"', "did you mean `title`?"),
        ('base_url = "ftp://example.org"', "http"),
        ("explicit = 3", "explicit"),
        ('cover = "none.jpg"', "none.jpg"),
        ('language = "english please"', "language"),
    ],
)
def test_a_bad_show_names_file_key_and_line(workspace: Workspace, line: str, words: str) -> None:
    path = workspace.show()
    key = line.split(" =", maxsplit=1)[0]
    kept = [old for old in path.read_text().splitlines() if not old.startswith(f"{key} =")]
    at = kept.index("[show]") + 1
    path.write_text("\n".join([*kept[:at], line, *kept[at:]]))
    workspace.post("good.txt", GOOD)
    done = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2)
    assert f"feeds/show.toml, line {at + 1}" in done.stderr
    assert key in done.stderr
    assert words in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[voice]\nengine = "tone"\n[engine]\npich = 3\n', "did you mean `pitch`?"),
        ('[voice]\nengine = "ton"\n', "there is no engine called 'ton'"),
        ('[voice]\nengine = "tone"\nlexicon = ["none.tsv"]\n', "none.tsv"),
        ('[voice]\nengine = "pyttsx3"\n[engine]\nvoice = "xx"\n', "no voice called 'xx'"),
        ('[voice]\nengine = "pyttsx3"\n[engine]\nrate = 5\n', "80 to 450"),
        ("[voice\n", "not valid TOML"),
    ],
)
def test_a_bad_voice_is_a_sentence(workspace: Workspace, text: str, words: str) -> None:
    (workspace.root / "voices/bad.toml").write_text(text)
    workspace.show(voice="bad")
    workspace.post("good.txt", GOOD)
    done = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2)
    assert words in done.stderr
    assert not workspace.records()


def test_a_folder_that_cannot_be_written(workspace: Workspace) -> None:
    workspace.post("good.txt", GOOD)
    (workspace.root / "file").write_text("in the way")
    done = workspace.run(
        "episode", "posts", "--show", "feeds/show.toml", "--out", "file/build", check=1
    )
    assert "cannot be written" in done.stderr


def test_a_full_disk(workspace: Workspace, small_disk: Callable[[int], str]) -> None:
    """A real file system with too little room."""
    out = small_disk(200_000)
    workspace.post("good.txt", GOOD)
    workspace.episode("posts", "--out", out)
    workspace.post("large.txt", "Large\n\n" + "Words that fill the disk. " * 900)
    told = workspace.episode("posts", "--out", out, check=1)
    assert [e["status"] for e in told["episodes"]] == ["unchanged"]
    assert "No space left" in told["failures"][0]["error"]
    names = [name for _, _, names in os.walk(out) for name in names]
    assert not [name for name in names if name.startswith(".")]
    assert len([name for name in names if name.endswith(".mp3")]) == 1


@pytest.mark.parametrize("place", [0.0, 0.004, 0.5, 1.0])
def test_a_damaged_cache_is_said_and_made_again(workspace: Workspace, place: float) -> None:
    """In the head as in the frames, which are read only when the episode is put together."""
    workspace.post("good.txt", GOOD)
    workspace.episode("posts")
    before = workspace.tree()
    for path in workspace.cache.rglob("*.speech"):
        data = bytearray(path.read_bytes())
        data[int(place * (len(data) - 1))] ^= 1
        path.write_bytes(data)
    workspace.records()[0]["folder"].joinpath("episode.json").write_text("{")
    done = workspace.run("episode", "posts", "--show", "feeds/show.toml")
    assert "damaged" in done.stderr
    assert "cannot be read" in done.stderr
    assert workspace.tree() == before


def test_the_same_post_twice(workspace: Workspace) -> None:
    text = "---\nurl: https://forum.example.org/same\n---\n# Same\n\nWords.\n"
    workspace.post("a.md", text)
    workspace.post("b.md", text)
    told = workspace.episode("posts")
    assert [each["source"] for each in told["episodes"]] == ["posts/a.md"]
    assert [each["source"] for each in told["copies"]] == ["posts/b.md"]
    # Where each post has its own episode, there cannot be two of one address.
    path = workspace.show()
    path.write_text(path.read_text() + "[duplicates]\noff = true\n")
    told = workspace.episode("posts", check=1)
    assert len(told["episodes"]) == 1
    assert "the same post as" in told["failures"][0]["error"]


def test_posts_of_one_name_in_two_folders_do_not_collide(workspace: Workspace) -> None:
    workspace.post("a/note.txt", "Note\n\nThe first words.\n")
    workspace.post("b/note.txt", "Note\n\nThe other words.\n")
    workspace.episode("posts")
    assert len({record["slug"] for record in workspace.records()}) == 2


def test_an_mp3_that_does_not_match_its_record_stands_in_no_feed(workspace: Workspace) -> None:
    workspace.post("good.txt", GOOD)
    workspace.episode("posts")
    workspace.run("feed", "feeds/show.toml")
    before = (workspace.out / "feeds/show.xml").read_bytes()
    [record] = workspace.records()
    audio = record["folder"] / record["audio"]
    audio.write_bytes(audio.read_bytes()[:-400])
    done = workspace.run("feed", "feeds/show.toml", check=1)
    assert record["audio"] in done.stderr
    assert (workspace.out / "feeds/show.xml").read_bytes() == before
    workspace.episode("posts")
    workspace.run("feed", "feeds/show.toml")


def test_music_that_cannot_be_played_is_told_before_anything_is_spoken(
    workspace: Workspace,
) -> None:
    (workspace.root / "feeds" / "tune.wav").write_bytes(b"no music")
    workspace.show(episode='music = "tune.wav"')
    workspace.post("one.md", "# One\n\nWords.\n")
    told = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2).stderr
    assert "tune.wav cannot be read" in told or "tune.wav is not WAV" in told
    assert not workspace.records()
