import os
import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
from msgspec.structs import replace

from tests.feed.making import (
    NOW,
    chapters,
    episode,
    pages,
    rewrite,
    segments,
    show,
    store,
    tree,
)
from tts_pipeline.errors import FeedError, OutputError, ProfileError
from tts_pipeline.feed import build, drawing, library
from tts_pipeline.model import Best, Episode, Podcast, Select


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


LONG = show(podcast=Podcast(episodes_per_page=10))


def many(out: Path, count: int, start: int = 0) -> None:
    store(
        out,
        *(
            episode(f"p{number:02}", published=at(1) + timedelta(hours=number))
            for number in range(start, start + count)
        ),
    )


def feeds(out: Path) -> dict[str, bytes]:
    return {name: data for name, (data, _) in tree(out / "feeds").items() if name.endswith(".xml")}


def walk(out: Path) -> list[str]:
    """Guids, from the feed along `next`, as a reader finds them."""
    guids = []
    name: str | None = "example.xml"
    while name:
        parsed = feedparser.parse((out / "feeds" / name).read_bytes())
        guids += [entry.id for entry in parsed.entries]
        older = [link.href for link in parsed.feed.links if link.rel == "next"]
        name = older[0].rpartition("/")[2] if older else None
    return guids


def test_a_long_feed_has_pages_that_stay_as_they_are(tmp_path: Path) -> None:
    many(tmp_path, 23)
    result = build.build(LONG, tmp_path, NOW)
    assert (result.episodes, result.pages) == (23, 4)
    before = tree(tmp_path / "feeds")
    assert sorted(feeds(tmp_path)) == [*(f"example-{n}.xml" for n in (1, 2, 3)), "example.xml"]
    assert walk(tmp_path) == [f"guid-of-p{number:02}" for number in reversed(range(23))]
    many(tmp_path, 9, start=23)
    assert build.build(LONG, tmp_path, NOW).pages == 6
    after = tree(tmp_path / "feeds")
    for number in (1, 2, 3):
        assert after[f"example-{number}.xml"] == before[f"example-{number}.xml"]
    assert len(set(walk(tmp_path))) == 32


def test_pages_that_are_no_longer_needed_are_removed(tmp_path: Path) -> None:
    many(tmp_path, 23)
    build.build(LONG, tmp_path, NOW)
    other = tmp_path / "feeds" / "example-9.xml"
    other.write_text("not a page of ours")
    assert build.build(show(), tmp_path, NOW).pages == 1
    assert sorted(feeds(tmp_path)) == ["example-9.xml", "example.xml"]


def _feeds(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("feeds/*.xml")}


def test_two_shows_never_write_each_other_s_files(tmp_path: Path) -> None:
    many(tmp_path, 23)
    twin = show(name="example-1", select=Select(shows=("example",)))
    build.build(twin, tmp_path, NOW)
    before = _feeds(tmp_path)
    with pytest.raises(FeedError, match=r"example-1\.xml is a feed, and would be overwritten"):
        build.build(LONG, tmp_path, NOW)
    assert _feeds(tmp_path) == before
    (tmp_path / "feeds" / "example-1.xml").unlink()
    build.build(LONG, tmp_path, NOW)
    with pytest.raises(FeedError, match="is an archive page of another feed"):
        build.build(twin, tmp_path, NOW)


def test_a_removed_author_is_gone_at_the_next_build_even_if_nothing_is_left(
    tmp_path: Path,
) -> None:
    store(tmp_path, episode("a", author="Ann"), episode("b", author="Bo"))
    path = Path(build.build(show(), tmp_path, NOW).path)
    assert b"guid-of-a" in path.read_bytes()
    build.build(show(select=Select(removed_authors=("ANN",))), tmp_path, NOW)
    assert b"guid-of-a" not in path.read_bytes()
    gone = build.build(show(select=Select(removed_authors=("Ann", "Bo"))), tmp_path, NOW)
    assert gone.episodes == 0
    assert not feedparser.parse(path.read_bytes()).entries


def test_one_episode_stands_in_many_feeds_each_in_its_way(tmp_path: Path) -> None:
    store(tmp_path, episode("a", score=1.0), episode("b", score=9.0, tags=("rivers",)))
    rivers = show(
        name="rivers",
        select=Select(shows=("example",), tags=("Rivers",), title="{title}", guid_suffix="_r"),
    )
    build.build(show(), tmp_path, NOW)
    build.build(rivers, tmp_path, NOW)
    [one] = feedparser.parse((tmp_path / "feeds/rivers.xml").read_bytes()).entries
    assert (one.id, one.title) == ("guid-of-b_r", "A Title")
    both = feedparser.parse((tmp_path / "feeds/example.xml").read_bytes()).entries
    same = next(each for each in both if each.id == "guid-of-b")
    assert same.title == "A Title by Someone"
    assert same.enclosures[0].href == one.enclosures[0].href


def test_the_best_of_a_day_is_remembered(tmp_path: Path) -> None:
    best = show(select=Select(best=Best(of="day")))
    store(tmp_path, episode("a", score=2.0), episode("b", score=1.0))
    path = Path(build.build(best, tmp_path, NOW).path)
    before = path.read_bytes()
    rewrite(tmp_path, "b", score=100.0)
    build.build(best, tmp_path, NOW)
    assert path.read_bytes() == before
    # Other rules choose anew, and so does a lost memory.
    build.build(show(select=Select(best=Best(of="week"))), tmp_path, NOW)
    assert b"guid-of-b" in path.read_bytes()
    build.build(best, tmp_path, NOW)
    assert b"guid-of-b" in path.read_bytes()


def test_a_series_becomes_a_serial_show_in_reading_order(tmp_path: Path) -> None:
    store(
        tmp_path,
        episode("a", series="Walk", number=2, published=at(1)),
        episode("b", series="Walk", number=1, published=at(2)),
        episode("c", series="Other", number=1),
    )
    serial = show(type="serial", select=Select(series=("walk",)))
    parsed = feedparser.parse(Path(build.build(serial, tmp_path, NOW).path).read_bytes())
    assert [(each.id, each.itunes_episode) for each in parsed.entries] == [
        ("guid-of-a", "2"),
        ("guid-of-b", "1"),
    ]


def test_each_episode_is_told_why_it_is_in_or_out(tmp_path: Path) -> None:
    store(tmp_path, *(episode(f"p{n}", score=float(n), published=at(n + 1)) for n in range(4)))
    told = build.explain(show(select=Select(score=1, newest=2)), tmp_path, NOW)
    assert [(each.slug, each.chosen, each.reason) for each in told] == [
        ("p0", False, "its score is 0, less than 1"),
        ("p1", False, "2 newer ones stand in the feed"),
        ("p2", True, "all that is asked for holds"),
        ("p3", True, "all that is asked for holds"),
    ]
    assert not (tmp_path / "feeds").exists()


def test_a_guid_that_changes_with_the_address_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store(tmp_path, episode("a"))
    build.build(show(), tmp_path, NOW)
    old = "0a7f008b-e715-5b6d-9669-52888b5585d4"
    moved = show(base_url="https://elsewhere.example")
    build.build(show(base_url=moved.base_url, podcast=Podcast(guid=old)), tmp_path, NOW)
    assert not caplog.records
    build.build(moved, tmp_path, NOW)
    assert f'write guid = "{old}" in [podcast]' in caplog.text


def test_an_episode_that_is_made_again_keeps_all_but_its_address(tmp_path: Path) -> None:
    many(tmp_path, 3)
    path = Path(build.build(show(), tmp_path, NOW).path)
    before = feedparser.parse(path.read_bytes()).entries
    folder = tmp_path / "episodes/p01"
    (folder / "p01-0a1b2c3d.mp3").rename(folder / "p01-99999999.mp3")
    rewrite(tmp_path, "p01", audio="p01-99999999.mp3", title="Corrected")
    build.build(show(), tmp_path, NOW)
    after = feedparser.parse(path.read_bytes()).entries
    assert [(each.id, each.published) for each in after] == [
        (each.id, each.published) for each in before
    ]
    changed = [a.id for a, b in zip(after, before, strict=True) if a.enclosures != b.enclosures]
    assert changed == ["guid-of-p01"]


def test_no_feed_is_larger_than_validators_take(tmp_path: Path) -> None:
    words = "A paragraph of some length, with words in it. " * 60
    each = episode(
        segments=segments(words, words, words),
        chapters=chapters(*(f"Chapter {n} of a long post" for n in range(250))),
    )
    found = pages(show(), *(replace(each, guid=str(n)) for n in range(300)))
    assert len(found) > 1
    assert all(len(data) < 5_000_000 for data in found.values())
