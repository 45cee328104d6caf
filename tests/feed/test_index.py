"""What is remembered of records and MP3s: the same as reading them, and never trusted too far."""

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from tests.feed.making import episode, rewrite, store, tree
from tts_pipeline.errors import FeedError
from tts_pipeline.feed import library
from tts_pipeline.feed.entry import Entry, entry
from tts_pipeline.feed.index import Index
from tts_pipeline.model import Episode
from tts_pipeline.untouched import Untouched


def read(out: Path, code: str = "1") -> list[Entry]:
    with Index(out, code) as index:
        library.together(index.problems)
        found = list(index.entries())
        # By their places, backwards, they are the same.
        assert [index.at(place) for place, _ in reversed(found)] == [
            each for _, each in reversed(found)
        ]
        return [each for _, each in found]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Which records were really read."""
    seen: list[Path] = []
    real = library.read

    def noted(path: Path) -> object:
        seen.append(path)
        return real(path)

    monkeypatch.setattr(library, "read", noted)
    return seen


def test_entries_are_those_of_the_records_in_order_of_slugs(tmp_path: Path) -> None:
    made = [episode("b é"), episode("a"), episode("c-1"), episode("c")]
    store(tmp_path, *made)
    expected = [entry(each) for each in sorted(made, key=lambda each: each.slug)]
    assert read(tmp_path) == expected
    assert read(tmp_path) == expected
    assert not expected[0].episode.segments
    assert "Someone" in expected[0].parts
    assert "First words of the text." in expected[0].description


def test_only_what_changed_is_read_again(tmp_path: Path, reads: list[Path]) -> None:
    store(tmp_path, *(episode(slug) for slug in "abcde"))
    read(tmp_path)
    before = tree(tmp_path)
    reads.clear()
    read(tmp_path)
    assert reads == []
    assert tree(tmp_path) == before
    changed = rewrite(tmp_path, "c", title="New title")
    shutil.rmtree(tmp_path / "episodes" / "b")
    store(tmp_path, episode("bb"))
    found = read(tmp_path)
    assert [each.episode.slug for each in found] == ["a", "bb", "c", "d", "e"]
    assert found[2].episode.title == "New title"
    assert reads == [tmp_path / "episodes/bb/episode.json", changed]


def test_another_program_reads_all_anew(tmp_path: Path, reads: list[Path]) -> None:
    store(tmp_path, episode("a"), episode("b"))
    read(tmp_path)
    reads.clear()
    read(tmp_path, code="2")
    assert len(reads) == 2


def test_a_folder_that_is_not_there_stays_so(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") == []
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"code":"1"}\n[', b'{"code":"1"}\n[1]\n', b"\xff"])
def test_a_damaged_index_is_made_again(tmp_path: Path, damage: bytes) -> None:
    store(tmp_path, episode("a"), episode("b"))
    whole = read(tmp_path)
    (tmp_path / "library/index.jsonl").write_bytes(damage)
    assert read(tmp_path) == whole


def test_an_entry_that_says_something_else_is_told_and_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store(tmp_path, episode("a"), episode("b"))
    whole = read(tmp_path)
    path = tmp_path / "library/index.jsonl"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"example", b"exanple", 1))
    assert read(tmp_path) == whole
    assert path.read_bytes() == before
    assert f"{path} is damaged" in caplog.text


def test_a_bad_record_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"))
    rewrite(tmp_path, "a", version=7)
    with Index(tmp_path, "1") as index:
        assert [each.episode.slug for _, each in index.entries()] == ["b"]
        assert len(index.problems) == 1
    with Index(tmp_path, "1") as index:
        assert len(index.problems) == 1


def test_an_mp3_is_hashed_once_and_again_when_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = episode("a")
    store(tmp_path, made)
    hashed: list[str] = []
    real = library.verify

    def noted(out: Path, each: Episode) -> None:
        hashed.append("once")
        real(out, each)

    monkeypatch.setattr(library, "verify", noted)
    for expected in (1, 1):
        seen = untouched(tmp_path)
        library.see_whole(tmp_path, made, seen)
        seen.save()
        assert len(hashed) == expected
    # A record of another sound under the same name is not taken on trust.
    rewrite(tmp_path, "a", sha256="0" * 64)
    other = msgspec.structs.replace(made, sha256="0" * 64)
    with pytest.raises(FeedError, match="SHA-256"):
        library.see_whole(tmp_path, other, untouched(tmp_path))
    path = library.audio_path(tmp_path, made)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"?")
    os.utime(path, ns=(1, 1))
    with pytest.raises(FeedError, match="SHA-256"):
        library.see_whole(tmp_path, made, untouched(tmp_path))


def untouched(out: Path) -> Untouched:
    """What a feed remembers of MP3s."""
    return Untouched(out / "episodes", out / "library" / "verified.jsonl")


def test_the_memory_of_mp3s_forgets_those_that_are_gone(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"))
    seen = untouched(tmp_path)
    library.see_whole(tmp_path, episode("a"), seen)
    library.see_whole(tmp_path, episode("b"), seen)
    seen.save()
    shutil.rmtree(tmp_path / "episodes" / "a")
    store(tmp_path, episode("c"))
    seen = untouched(tmp_path)
    library.see_whole(tmp_path, episode("c"), seen)
    seen.save()
    lines = (tmp_path / "library/verified.jsonl").read_text().splitlines()
    assert [msgspec.json.decode(line)[1][0] for line in lines] == ["b", "c"]
