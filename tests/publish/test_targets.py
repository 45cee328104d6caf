"""The same is true at each kind of target, each on its real server."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.feed.making import NOW
from tests.publish import making, servers
from tests.publish.conftest import Place
from tests.publish.making import Library, see_whole
from tts_pipeline.errors import PublishError


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library")
    made.episodes(12)
    made.feed()
    return made


def test_publishes_all_that_the_feed_names_and_then_only_what_changed(
    place: Place, library: Library
) -> None:
    first = library.publish(place.to, endpoint=place.endpoint)
    assert first.findings == ()
    assert place.names() == sorted(first.sent)
    assert see_whole(place.read, library.show) == 12
    # Two pages of a feed, oldest first, then the feed: last of all.
    assert first.sent[-2:] == ("feeds/example-1.xml", "feeds/example.xml")
    assert first.bytes == sum((library.out / name).stat().st_size for name in first.sent)
    private = {"episode.json", "report.json", "index.jsonl"}
    assert not private & {Path(name).name for name in place.names()}

    again = library.publish(place.to, endpoint=place.endpoint)
    assert (again.sent, again.unchanged) == ((), len(first.sent))

    library.episode("post-3", 2)
    library.feed()
    changed = library.publish(place.to, endpoint=place.endpoint)
    assert {name.split("/")[1] for name in changed.sent if name[:3] == "epi"} == {"post-3"}
    assert see_whole(place.read, library.show) == 12

    # The old sound stays for those who have the old feed, then goes; nothing else does.
    kept = library.publish(place.to, endpoint=place.endpoint, prune=True)
    assert (kept.deleted, kept.superfluous) == ((), 3)
    later = NOW + timedelta(days=31)
    pruned = library.publish(place.to, endpoint=place.endpoint, prune=True, now=later)
    assert len(pruned.deleted) == 3
    assert all(name.startswith("episodes/post-3/post-3-") for name in pruned.deleted)
    assert place.names() == sorted({*first.sent, *changed.sent} - {*pruned.deleted})


def test_without_its_ledger_it_sends_only_what_it_cannot_know_to_be_there(
    place: Place, library: Library
) -> None:
    first = library.publish(place.to, endpoint=place.endpoint)
    ledger = library.ledger().read_bytes()
    library.ledger().unlink()
    again = library.publish(place.to, endpoint=place.endpoint)
    # A folder can be read, and S3 tells hashes; the others tell sizes alone.
    expected = () if place.kind in ("file", "s3") else first.sent
    assert sorted(again.sent) == sorted(expected)
    assert library.ledger().read_bytes() == ledger
    assert see_whole(place.read, library.show) == 12


@pytest.mark.parametrize("place", ["file", "dav"], indirect=True)
def test_what_others_put_there_is_never_deleted(place: Place, library: Library) -> None:
    sent = library.publish(place.to, endpoint=place.endpoint).sent
    for slug in ("post-1", "post-2"):
        for path in (library.out / "episodes" / slug).iterdir():
            path.unlink()
    library.feed()
    library.ledger().unlink()
    pruned = library.publish(
        place.to, endpoint=place.endpoint, prune=True, now=NOW + timedelta(days=99)
    )
    assert pruned.deleted == ()
    assert set(place.names()) == {*sent, *pruned.sent}


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_a_bucket_is_told_types_and_how_long_to_keep(place: Place, library: Library) -> None:
    import boto3

    library.publish(place.to, endpoint=place.endpoint)
    client = boto3.client("s3", endpoint_url=place.endpoint)
    told = {}
    for name in place.names():
        head = client.head_object(Bucket="shows", Key=f"pod cast/{name}")
        told["".join(Path(name).suffixes)] = (head["ContentType"], head["CacheControl"])
    client.close()
    year, minutes = "public, max-age=31536000, immutable", "public, max-age=300"
    assert told == {
        ".mp3": ("audio/mpeg", year),
        ".vtt": ("text/vtt; charset=utf-8", year),
        ".chapters.json": ("application/json+chapters", year),
        ".jpg": ("image/jpeg", year),
        ".css": ("text/css; charset=utf-8", year),
        ".html": ("text/html; charset=utf-8", minutes),
        ".xml": ("application/rss+xml; charset=utf-8", minutes),
    }


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_another_service_may_stand_in_the_environment(
    place: Place, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", place.endpoint or "")
    assert library.publish(place.to).right
    assert see_whole(place.read, library.show) == 12


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_without_keys_or_bucket_it_says_so(
    place: Place, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PublishError, match=r"s3://absent cannot be (listed|reached).*bucket"):
        library.publish("s3://absent", endpoint=place.endpoint)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(PublishError, match="credentials"):
        library.publish(place.to, endpoint=place.endpoint)


@pytest.mark.parametrize("place", ["sftp"], indirect=True)
def test_a_host_that_is_not_known_is_not_trusted(place: Place, library: Library) -> None:
    known = Path(os.environ["HOME"], ".ssh", "known_hosts")
    kept = known.read_text()
    known.write_text("")
    with pytest.raises(PublishError, match=r"is not known.*ssh 127\.0\.0\.1"):
        library.publish(place.to)
    known.write_text(kept)
    Path(os.environ["HOME"], ".ssh", "id_ed25519").unlink()
    with pytest.raises(PublishError, match="lets nobody in"):
        library.publish(place.to)


@pytest.mark.parametrize("place", ["dav"], indirect=True)
def test_a_password_may_stand_in_netrc(
    place: Place, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBDAV_PASSWORD")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with pytest.raises(PublishError, match="401"):
        library.publish(place.to)
    (tmp_path / "netrc").write_text('machine 127.0.0.1 login reader password "open sesame"\n')
    (tmp_path / "netrc").chmod(0o600)
    assert library.publish(place.to).findings == ()


def test_a_host_that_cannot_rename_onto_a_file_is_served_too(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sshd").mkdir()
    with servers.sshd(monkeypatch, tmp_path / "sshd", without="posix-rename") as address:
        to = f"{address}{tmp_path}/web"
        library.publish(to)
        library.episode("post-3", 2)
        library.feed()
        assert "feeds/example.xml" in library.publish(to).sent
    assert see_whole(making.folder(tmp_path / "web"), library.show) == 12
    assert not list((tmp_path / "web").rglob("*.part"))
