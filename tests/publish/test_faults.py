"""Full disks, files that are not there, feeds that are not true: a sentence, and no half file."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.publish import making
from tests.publish.making import Library, see_whole
from tts_pipeline.errors import PipelineError, ProfileError, PublishError
from tts_pipeline.publish import ledger, stores


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library")
    made.episodes(6)
    made.feed()
    return made


def test_a_full_target_keeps_its_old_feed_and_shows_no_half_file(
    library: Library, small_disk: Callable[[int], str]
) -> None:
    disk = Path(small_disk(400_000)) / "web"
    library.publish(disk)
    before = (disk / "feeds" / "example.xml").read_bytes()
    library.size = 100_000
    library.episodes(6, 2)
    library.feed()
    failed = library.publish(disk)
    assert not failed.right
    assert all("No space left" in finding.message for finding in failed.findings)
    assert (disk / "feeds" / "example.xml").read_bytes() == before
    assert see_whole(making.folder(disk), library.show) == 6
    for path in disk.rglob("*.mp3"):
        assert path.stat().st_size in (3001, 100_002)
    assert not list(disk.rglob("*.part"))


def test_a_target_that_refuses_all_is_soon_left_alone(library: Library, tmp_path: Path) -> None:
    (tmp_path / "web").write_text("a file, not a folder")
    failed = library.publish(tmp_path / "web")
    assert 5 <= len(failed.findings) < 13  # some were on their way already
    assert {finding.rule for finding in failed.findings} == {"publish.refused"}
    assert failed.sent == ()


def test_the_ledger_is_true_after_a_library_raises_anything(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands for a store's library here raises what none of ours would."""
    sound = stores.FolderStore._write

    def write(self: stores.FolderStore, source: Path, name: str, headers: dict[str, str]) -> None:
        if "post-4" in name:
            raise RuntimeError("the wire was cut")
        sound(self, source, name, headers)

    monkeypatch.setattr(stores.FolderStore, "_write", write)
    failed = library.publish()
    assert "the wire was cut" in failed.findings[0].message
    assert not (library.target / "feeds" / "example.xml").exists()
    monkeypatch.undo()
    there = {path for path in library.target.rglob("*") if path.is_file()}
    rest = library.publish()
    assert rest.right
    assert not there & {library.target / name for name in rest.sent}
    assert see_whole(making.folder(library.target), library.show) == 6


def test_a_file_that_changes_on_its_way_is_not_shown(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = stores.FolderStore._write

    def slow(self: stores.FolderStore, source: Path, name: str, headers: dict[str, str]) -> None:
        write(self, source, name, headers)
        if name.endswith("episodes/post-2/.index.html.part"):
            source.write_text("another page")

    monkeypatch.setattr(stores.FolderStore, "_write", slow)
    failed = library.publish()
    assert "was changed while it was sent" in failed.findings[0].message
    assert not (library.target / "episodes" / "post-2" / "index.html").exists()
    assert not (library.target / "feeds" / "example.xml").exists()


@pytest.mark.parametrize("harm", ["gone", "cut", "another", "no feed", "no XML"])
def test_a_feed_that_is_not_true_stays_at_home(library: Library, harm: str) -> None:
    feed = library.out / "feeds" / "example.xml"
    [sound] = library.out.glob("episodes/post-0/*.mp3")
    if harm == "gone":
        sound.unlink()
    elif harm == "cut":
        sound.write_bytes(b"short")
    elif harm == "another":
        sound.write_bytes(sound.read_bytes()[::-1])
    elif harm == "no feed":
        feed.unlink()
    else:
        feed.write_text("<rss><channel>")
    failed = library.publish()
    [finding] = failed.findings
    assert finding.rule == "publish.contents"
    assert "tts-pipeline feed" in finding.message
    assert str(sound if harm in ("gone", "cut", "another") else feed) in finding.message
    assert failed.sent == ()


def test_one_run_at_a_time(library: Library) -> None:
    target = str(library.target)
    with ledger.held(library.out, target), pytest.raises(PublishError, match="another run"):
        library.publish()
    assert library.publish().right


def test_a_damaged_ledger_counts_as_lost(library: Library) -> None:
    sent = library.publish().sent
    whole = library.ledger().read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(b"]") - 20] ^= 1
    for damage in (whole[:-40], b"", b"\xff", whole.replace(b'"there"', b'"here"', 1), flipped):
        library.ledger().write_bytes(damage)
        again = library.publish()
        assert (again.sent, again.unchanged) == ((), len(sent))
        assert library.ledger().read_bytes() == whole


def test_the_target_is_not_the_output_folder_nor_in_it(library: Library) -> None:
    for target in (library.out, library.out / "web"):
        with pytest.raises(ProfileError, match="lies in the output folder"):
            library.publish(target)


def test_a_store_whose_library_is_missing_says_what_to_install(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(PublishError, match=r"pip install 'tts-pipeline\[s3\]'"):
        library.publish("s3://shows")


@pytest.mark.parametrize("to", ["dav://127.0.0.1:{port}", "sftp://127.0.0.1:{port}/web"])
def test_a_server_that_is_not_there(library: Library, to: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(PipelineError, match=r"127\.0\.0\.1"):
            library.publish(to.format(port=port))
