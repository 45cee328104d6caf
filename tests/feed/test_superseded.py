from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.feed.making import episode, show, store
from tts_pipeline.feed import build, superseded
from tts_pipeline.model import Podcast, Select

MAY = datetime(2024, 5, 1, tzinfo=UTC)
OLD = (
    "a-11111111.mp3", "a-11111111.vtt", "a-11111111.srt", "a-11111111.json", "a-11111111.html",
    "a-11111111.chapters.json", "a-22222222.mp3", "a-33333333.jpg",
)  # fmt: skip
OTHERS = (
    "a-0a1b2c3d.vtt", "a-0a1b2c3d.chapters.json", "a-44444444.jpg", "episode.json", "timing.json",
    "report.json", "index.html", "notes.txt", "a.mp3", "a-1111111g.mp3", "ab-11111111.mp3",
    "a-11111111.mp3.part", "x-a-11111111.mp3",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store(tmp_path, episode("a", cover="a-44444444.jpg"))
    folder = tmp_path / "episodes" / "a"
    for name in (*OLD, *OTHERS):
        (folder / name).touch()
    return folder


def test_only_files_of_earlier_versions_are_superseded() -> None:
    made = episode("a", cover="a-44444444.jpg")
    found = superseded.among(made, [*OLD, *OTHERS, made.audio])
    assert found == list(OLD)


def test_an_old_file_stays_for_its_days_and_then_goes(folder: Path) -> None:
    out = folder.parents[1]
    kept = show(podcast=Podcast(keep_days=3))
    assert build.build(kept, out, MAY).removed == ()
    assert build.build(kept, out, MAY + timedelta(days=3, seconds=-1)).removed == ()
    before = {path.name for path in folder.iterdir()}
    removed = build.build(kept, out, MAY + timedelta(days=3)).removed
    assert sorted(Path(path).name for path in removed) == sorted(OLD)
    assert {path.name for path in folder.iterdir()} == before - set(OLD)
    assert build.build(kept, out, MAY + timedelta(days=9)).removed == ()


def test_a_lost_memory_counts_the_days_anew(folder: Path) -> None:
    out = folder.parents[1]
    kept = show(podcast=Podcast(keep_days=3))
    build.build(kept, out, MAY)
    (out / "library" / "superseded.jsonl").write_text("lost")
    assert build.build(kept, out, MAY + timedelta(days=3)).removed == ()
    assert len(build.build(kept, out, MAY + timedelta(days=6)).removed) == len(OLD)


def test_files_go_at_once_where_the_show_wants_it(folder: Path) -> None:
    removed = build.build(show(podcast=Podcast(keep_days=0)), folder.parents[1], MAY).removed
    assert len(removed) == len(OLD)


def test_a_show_that_only_selects_removes_nothing(folder: Path) -> None:
    other = show(name="other", select=Select(shows=("example",)), podcast=Podcast(keep_days=0))
    own = show(podcast=Podcast(keep_days=3))
    build.build(own, folder.parents[1], MAY)
    result = build.build(other, folder.parents[1], MAY + timedelta(days=2))
    assert (result.episodes, result.removed) == (1, ())
    # Nor does it count the days anew.
    assert build.build(own, folder.parents[1], MAY + timedelta(days=3)).removed


def test_two_shows_in_one_library_keep_their_own_count(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b", show="other"))
    for slug in "ab":
        (tmp_path / "episodes" / slug / f"{slug}-11111111.mp3").touch()
    one = show(podcast=Podcast(keep_days=3))
    other = show(name="other", podcast=Podcast(keep_days=3))
    build.build(one, tmp_path, MAY)
    build.build(other, tmp_path, MAY + timedelta(days=2))
    assert len(build.build(one, tmp_path, MAY + timedelta(days=3)).removed) == 1
    assert build.build(other, tmp_path, MAY + timedelta(days=4)).removed == ()
    assert len(build.build(other, tmp_path, MAY + timedelta(days=5)).removed) == 1


def test_a_show_s_old_covers_stay_as_long_and_nothing_else_goes(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    one = show(podcast=Podcast(keep_days=3))
    other = show(name="example-12345678", select=Select(shows=("example",)))
    build.build(one, tmp_path, MAY)
    build.build(other, tmp_path, MAY)
    feeds = tmp_path / "feeds"
    before = {path.name for path in feeds.iterdir()}
    for name in ("example-11111111.jpg", "example-mine.jpg", "11111111.jpg", "example.jpg"):
        (feeds / name).touch()
    assert build.build(one, tmp_path, MAY).removed == ()
    build.build(other, tmp_path, MAY + timedelta(days=2))
    removed = build.build(one, tmp_path, MAY + timedelta(days=3)).removed
    assert [Path(path).name for path in removed] == ["example-11111111.jpg"]
    kept = {"example-mine.jpg", "11111111.jpg", "example.jpg"}
    assert {path.name for path in feeds.iterdir()} == before | kept
