"""A show's feed in the output folder: right as written, and each fault found among the files."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tts_pipeline.check.checked import Checked
from tts_pipeline.check.feed import run
from tts_pipeline.check.feed.guids import Before
from tts_pipeline.episode import chapters
from tts_pipeline.errors import CheckError
from tts_pipeline.feed import build
from tts_pipeline.model import Podcast, Select, Show

from ...feed import making
from .world import picture

COUNT = 5
SHOW = making.show(podcast=Podcast(episodes_per_page=4))


def check(out: Path, show: Show = SHOW, before: Before | None = None) -> Checked:
    return run.of_show(show, Path("feeds/example.toml"), out, now=making.NOW, before=before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    for number in range(COUNT):
        episode = making.episode(
            f"post-{number}",
            chapters=making.chapters("Slate", "Text", "More", seconds=30),
            published=making.episode().published + timedelta(days=number),
            cover=f"post-{number}-0a1b2c3d.jpg",
        )
        making.store(out, episode)
        folder = out / "episodes" / episode.slug
        stem = episode.audio.removesuffix(".mp3")
        for suffix in (".vtt", ".srt", ".json", ".html"):
            (folder / f"{stem}{suffix}").write_text("text")
        (folder / f"{stem}.chapters.json").write_bytes(chapters.to_json(episode, "Example"))
        (folder / f"post-{number}-0a1b2c3d.jpg").write_bytes(picture())
    build.build(SHOW, out, making.NOW)
    return out


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out", copy_function=shutil.copy2))


def test_a_feed_as_it_is_written_is_right(out: Path) -> None:
    checked = check(out)
    assert checked.findings == ()
    assert (checked.right, checked.episodes, checked.unasked) == (True, COUNT, None)
    assert len(list(out.glob("feeds/example-*.xml"))) == 1


def edit(pattern: str, old: str, new: str) -> Callable[[Path], object]:
    def fault(out: Path) -> None:
        [path] = out.glob(pattern)
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return fault


def remove(pattern: str) -> Callable[[Path], object]:
    def fault(out: Path) -> None:
        for path in out.glob(pattern):
            path.unlink()

    return fault


OLDEST, NEWEST = "episodes/post-0", "episodes/post-4"


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("enclosure.gone", remove(f"{OLDEST}/*.mp3")),
        ("enclosure.bytes", lambda out: (out / NEWEST / "post-4-0a1b2c3d.mp3").write_bytes(b"x")),
        ("transcript.gone", remove(f"{OLDEST}/*.srt")),
        ("chapterfile.gone", remove(f"{NEWEST}/*.chapters.json")),
        ("chapterfile.order", edit(f"{NEWEST}/*.chapters.json", '"startTime": 30.0', '"startTime": 70.0')),
        ("cover.missing", remove("feeds/*.jpg")),
        ("cover.missing", remove(f"{OLDEST}/*.jpg")),
        ("cover.size", lambda out: (out / OLDEST / "post-0-0a1b2c3d.jpg").write_bytes(picture(600))),
        ("pages.broken", remove("feeds/example-1.xml")),
        ("pages.broken", edit("feeds/example-1.xml", "</rss>", "")),
        ("pages.broken", lambda out: shutil.copy(out / "feeds/example-1.xml", out / "feeds/example-2.xml")),
        ("feed.self", edit("feeds/example.xml", "feeds/example.xml", "feeds/other.xml")),
        ("feed.guid", edit("feeds/example.xml", "<podcast:guid>", "<podcast:guid>0")),
        ("show.explicit", edit("feeds/example.xml", "<itunes:explicit>false", "<itunes:explicit>no")),
        ("guid.changed", edit("feeds/example-1.xml", "guid-of-post-0", "guid-of-post-zero")),
        ("guid.twice", edit("feeds/example.xml", "guid-of-post-3", "guid-of-post-4")),
        ("enclosure.old", lambda out: made_anew(out, "post-2")),
    ],
)  # fmt: skip
def test_a_fault_among_the_files_is_found(
    out: Path, rule: str, fault: Callable[[Path], object]
) -> None:
    fault(out)
    found = {finding.rule for finding in check(out).findings}
    # A guid of another episode is also not its own.
    assert found - ({"guid.changed"} if rule == "guid.twice" else set()) == {rule}


def made_anew(out: Path, slug: str) -> None:
    """The record names a new sound, and the feed was not written again; the old one stays."""
    making.rewrite(out, slug, audio=f"{slug}-99999999.mp3")


def test_what_a_suffix_changed_is_told_by_the_feed_as_it_was(out: Path) -> None:
    before = Before((out / "feeds" / "example.xml").read_bytes())
    renamed = msgspec.structs.replace(SHOW, select=Select(guid_suffix="_new"))
    build.build(renamed, out, making.NOW)
    assert check(out, renamed).findings == ()
    findings = check(out, renamed, before).findings
    assert {finding.rule for finding in findings} == {"guid.changed"}
    assert "guid-of-post-4" in findings[0].message


def test_a_show_that_selects_from_another_is_right(out: Path) -> None:
    chosen = making.show(
        name="chosen", select=Select(shows=("example",), guid_suffix="_c", title="{title}!")
    )
    build.build(chosen, out, making.NOW)
    assert check(out, chosen).findings == ()


def test_a_feed_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=r"write it with `tts-pipeline feed feeds/example\.toml"):
        check(tmp_path)


def test_what_lies_elsewhere_or_hidden_is_not_looked_for(out: Path) -> None:
    (out / "feeds" / ".secret.vtt").write_text("x")
    edit("feeds/example.xml", f"{NEWEST}/post-4-0a1b2c3d.vtt", "feeds/.secret.vtt")(out)
    edit("feeds/example.xml", f"{NEWEST}/post-4-0a1b2c3d.srt", "episodes/../../x.srt")(out)
    edit("feeds/example.xml", "https://example.org/podcast/episodes/post-4/post-4-0a1b2c3d.html", "https://example.com/x.html")(out)  # fmt: skip
    findings = check(out).findings
    assert [finding.rule for finding in findings] == ["transcript.gone", "transcript.gone"]
