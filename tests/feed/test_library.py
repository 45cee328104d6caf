from pathlib import Path

import msgspec
import pytest

from tests.feed.making import episode, rewrite, sound, store
from tts_pipeline.errors import FeedError
from tts_pipeline.feed import library


def failure(out: Path) -> str:
    with pytest.raises(FeedError) as caught:
        list(library.records(out))
    return str(caught.value)


def test_records_are_read_in_order_of_slugs(tmp_path: Path) -> None:
    made = [episode("b"), episode("a"), episode("c")]
    store(tmp_path, *made)
    (tmp_path / "episodes" / "unfinished").mkdir()
    (tmp_path / "episodes" / "note.txt").touch()
    assert list(library.records(tmp_path)) == sorted(made, key=lambda each: each.slug)


def test_no_output_directory_holds_no_records(tmp_path: Path) -> None:
    assert list(library.records(tmp_path / "nowhere")) == []


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"version": 1}',
        b"[" * 100_000,
        b'{"x":' + b"[" * 100_000,
        b'"\\ud800"',
    ],
)
def test_a_broken_record_is_named_with_the_way_out(tmp_path: Path, broken: bytes) -> None:
    store(tmp_path, episode("a"))
    path = tmp_path / "episodes" / "a" / "episode.json"
    path.write_bytes(broken)
    message = failure(tmp_path)
    assert message.startswith(f"{path} is not an episode's record: ")
    assert "tts-pipeline episode POST --force" in message


def test_a_record_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "episodes" / "a" / "episode.json").mkdir(parents=True)
    assert "cannot be read: Is a directory" in failure(tmp_path)


def test_a_record_of_a_newer_version_says_so(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    path = rewrite(tmp_path, "a", version=2, novelty=True)
    message = failure(tmp_path)
    assert f"{path} is a record of version 2, and this tts-pipeline reads version 1" in message


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"audio": "../../secret.mp3"}, "names the audio '../../secret.mp3'"),
        ({"audio": "/etc/passwd"}, "names the audio '/etc/passwd'"),
        ({"audio": "..\\x.mp3"}, "names the audio"),
        ({"audio": ".."}, "names the audio"),
        ({"audio": ""}, "names the audio"),
        ({"audio": "a\0b"}, "names the audio"),
        ({"cover": "../../secret.jpg"}, "names the cover '../../secret.jpg'"),
        ({"cover": "/etc/passwd"}, "names the cover '/etc/passwd'"),
        ({"cover": "..\\x.jpg"}, "names the cover"),
        ({"cover": ""}, "names the cover"),
        ({"files": {"../b.vtt": "0" * 64}}, "names the file '../b.vtt'"),
        ({"slug": "../a"}, "belongs in episodes/../a, not in a"),
        ({"slug": "b"}, "belongs in episodes/b, not in a"),
        ({"published": "2024-04-02T09:30:00"}, "without a time zone"),
        ({"published": "9999-12-31T23:59:59-23:59"}, "in no calendar"),
        ({"published": "0001-01-01T00:00:00+23:59"}, "in no calendar"),
        ({"chapters": []}, "has no chapter"),
        ({"bytes": -1}, "negative"),
        ({"guid": " "}, "empty guid"),
        ({"surprise": 1}, "unknown field `surprise`"),
    ],
)
def test_a_record_that_says_what_it_must_not_is_refused(
    tmp_path: Path, fields: dict[str, object], problem: str
) -> None:
    store(tmp_path, episode("a"))
    path = rewrite(tmp_path, "a", **fields)
    message = failure(tmp_path)
    assert str(path) in message
    assert problem in message


def test_all_problems_are_told_together_after_the_good_records(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"), episode("c"))
    first = rewrite(tmp_path, "a", audio="../x")
    last = rewrite(tmp_path, "c", version=9)
    found = library.records(tmp_path)
    assert next(found).slug == "b"
    with pytest.raises(FeedError) as caught:
        next(found)
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert str(first) in lines[0]
    assert str(last) in lines[1]


def test_an_intact_mp3_passes(tmp_path: Path) -> None:
    made = episode("a")
    store(tmp_path, made)
    library.verify(tmp_path, made)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "is missing"),
        (b"", f"is 0 bytes long, but its record says {len(sound('a'))}"),
        (sound("a")[:-1] + b"?", "its SHA-256 begins with"),
    ],
)
def test_an_mp3_that_differs_from_its_record_is_named(
    tmp_path: Path, data: bytes | None, problem: str
) -> None:
    made = episode("a")
    store(tmp_path, made)
    path = library.audio_path(tmp_path, made)
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(FeedError) as caught:
        library.verify(tmp_path, made)
    message = str(caught.value)
    assert message.startswith(f"{path} ")
    assert problem in message
    assert "tts-pipeline episode posts/a.md --show feeds/example.toml" in message


def test_a_folder_in_the_place_of_the_mp3_is_not_an_episode(tmp_path: Path) -> None:
    made = episode("a")
    store(tmp_path, made)
    path = library.audio_path(tmp_path, made)
    path.unlink()
    path.mkdir()
    with pytest.raises(FeedError, match="is missing"):
        library.verify(tmp_path, made)


def test_a_record_survives_the_way_through_json(tmp_path: Path) -> None:
    made = episode("a", title="é 👩\u200d👩 \u2067rtl\u2069 ]]> &amp; \u0001")
    store(tmp_path, made)
    assert library.read(library.record_path(tmp_path, made)) == made
    assert msgspec.json.decode(msgspec.json.encode(made), type=type(made)) == made
