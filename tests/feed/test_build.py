import os
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import pytest

from tests.feed.making import NOW, episode, rewrite, show, store, tree
from tts_pipeline.errors import FeedError, OutputError, ProfileError
from tts_pipeline.feed import build, drawing, library
from tts_pipeline.model import Episode


@pytest.fixture(autouse=True)
def small_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing 3000 x 3000 px has tests of its own."""
    monkeypatch.setattr(drawing, "picture", partial(drawing.picture, side=300))


def at(day: int) -> datetime:
    return datetime(2024, 4, day, tzinfo=UTC)


def test_the_feed_names_files_that_are_there_with_their_exact_length(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b é", audio="b é.mp3"))
    result = build.build(show(), tmp_path, NOW)
    assert result.path == str(tmp_path / "feeds" / "example.xml")
    assert result.episodes == 2
    assert result.changed
    parsed = feedparser.parse(Path(result.path).read_bytes())
    assert len(parsed.entries) == 2
    for entry in parsed.entries:
        (enclosure,) = entry.enclosures
        path = unquote(urlsplit(enclosure.href).path).removeprefix("/podcast/")
        assert (tmp_path / path).stat().st_size == int(enclosure.length)
    picture = unquote(urlsplit(parsed.feed.image.href).path).removeprefix("/podcast/")
    assert tmp_path / picture == Path(result.cover)
    assert Path(result.cover).is_file()


def test_items_stand_newest_first_and_by_guid_on_the_same_day(tmp_path: Path) -> None:
    store(
        tmp_path,
        episode("a", guid="2", published=at(1)),
        episode("b", guid="1", published=at(1)),
        episode("c", guid="3", published=at(3)),
        episode("d", guid="4", published=at(2)),
    )
    result = build.build(show(), tmp_path, NOW)
    parsed = feedparser.parse(Path(result.path).read_bytes())
    assert [entry.id for entry in parsed.entries] == ["3", "4", "1", "2"]


def test_only_the_show_s_own_episodes_stand_in_its_feed(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b", show="other"))
    library.audio_path(tmp_path, episode("b")).unlink()
    result = build.build(show(), tmp_path, NOW)
    assert result.episodes == 1
    assert b"guid-of-b" not in Path(result.path).read_bytes()


def test_a_second_run_writes_nothing_and_says_so(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"))
    first = build.build(show(), tmp_path, NOW)
    before = tree(tmp_path)
    second = build.build(show(), tmp_path, NOW)
    assert (first.changed, second.changed) == (True, False)
    assert tree(tmp_path) == before


def test_the_same_records_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    made = [episode("a"), episode("b"), episode("c")]
    trees = []
    for name, order in (("one", made), ("two", made[::-1])):
        store(tmp_path / name, *order)
        build.build(show(), tmp_path / name, NOW)
        feeds = tree(tmp_path / name / "feeds")
        trees.append({file: data for file, (data, _) in feeds.items()})
    assert trees[0] == trees[1]


def test_a_shorter_feed_replaces_a_longer_one(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"))
    build.build(show(), tmp_path, NOW)
    library.record_path(tmp_path, episode("a")).unlink()
    result = build.build(show(), tmp_path, NOW)
    assert result.changed
    assert len(feedparser.parse(Path(result.path).read_bytes()).entries) == 1


def test_a_new_title_changes_the_feed_and_the_cover_s_name_and_keeps_the_old_cover(
    tmp_path: Path,
) -> None:
    store(tmp_path, episode("a"))
    first = build.build(show(), tmp_path, NOW)
    second = build.build(show(title="Renamed"), tmp_path, NOW)
    assert second.changed
    assert first.cover != second.cover
    assert Path(first.cover).exists()


def break_audio(out: Path) -> None:
    library.audio_path(out, episode("a")).write_bytes(b"changed")


def lose_audio(out: Path) -> None:
    library.audio_path(out, episode("a")).unlink()


def break_record(out: Path) -> None:
    library.record_path(out, episode("a")).write_bytes(b"{")


def same_guid(out: Path) -> None:
    rewrite(out, "a", guid="guid-of-b")


@pytest.mark.parametrize("harm", [break_audio, lose_audio, break_record, same_guid])
def test_an_error_leaves_what_is_published_as_it_was(tmp_path: Path, harm: object) -> None:
    store(tmp_path, episode("a"), episode("b"))
    build.build(show(), tmp_path, NOW)
    before = tree(tmp_path / "feeds")
    assert callable(harm)
    harm(tmp_path)
    with pytest.raises(FeedError, match=str(tmp_path / "episodes" / "a")):
        build.build(show(title="Changed"), tmp_path, NOW)
    assert tree(tmp_path / "feeds") == before


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"), episode("c"), episode("d"))
    break_audio(tmp_path)
    library.record_path(tmp_path, episode("b")).write_bytes(b"{")
    library.audio_path(tmp_path, episode("c")).unlink()
    with pytest.raises(FeedError) as caught:
        build.build(show(), tmp_path, NOW)
    assert len(str(caught.value).splitlines()) == 3
    for slug in "abc":
        assert str(tmp_path / "episodes" / slug) in str(caught.value)
    assert not (tmp_path / "feeds").exists()


def test_an_mp3_that_goes_away_while_the_feed_is_written_leaves_the_old_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, episode("a", published=at(2)), episode("b", published=at(1)))
    result = build.build(show(), tmp_path, NOW)
    old = Path(result.path).read_bytes()
    real = library.verify

    def verify_then_break(out: Path, made: Episode) -> None:
        real(out, made)
        if made.slug == "a":
            library.audio_path(out, episode("b")).unlink()

    shutil.rmtree(tmp_path / "library")
    monkeypatch.setattr(library, "verify", verify_then_break)
    rewrite(tmp_path, "a", title="New")
    with pytest.raises(FeedError):
        build.build(show(), tmp_path, NOW)
    assert Path(result.path).read_bytes() == old
    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == sorted(
        (Path(result.path).name, Path(result.cover).name)
    )


def test_a_show_without_episodes_is_told_how_to_make_some(tmp_path: Path) -> None:
    store(tmp_path, episode("a", show="other"))
    with pytest.raises(FeedError) as caught:
        build.build(show(), tmp_path, NOW)
    assert "there is no episode of the show 'example'" in str(caught.value)
    assert "tts-pipeline episode POST --show feeds/example.toml" in str(caught.value)
    assert not (tmp_path / "feeds").exists()


def test_a_bad_cover_stops_the_feed(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    with pytest.raises(ProfileError):
        build.build(show(cover=str(tmp_path / "none.png")), tmp_path, NOW)
    assert not (tmp_path / "feeds").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_a_sentence(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    (tmp_path / "feeds").mkdir(mode=0o500)
    with pytest.raises(OutputError):
        build.build(show(), tmp_path, NOW)


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    (tmp_path / "feeds").write_text("in the way")
    with pytest.raises(OutputError):
        build.build(show(), tmp_path, NOW)


def test_a_feed_with_something_after_its_end_is_written_again(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    path = Path(build.build(show(), tmp_path, NOW).path)
    whole = path.read_bytes()
    path.write_bytes(whole + b"<!-- left over -->")
    assert build.build(show(), tmp_path, NOW).changed
    assert path.read_bytes() == whole
