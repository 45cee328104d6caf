"""Real apps and parsers read the feed as meant. Those that are not installed are skipped."""

import functools
import http.server
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.feed.making import chapters, episode, pages, show, written
from tts_pipeline.model import (
    Episode,
    Funding,
    Link,
    Person,
    Podcast,
    Soundbite,
    UpdateFrequency,
)

READERS = Path(__file__).parent / "readers"
TITLES = (
    'R&D <b>at</b> "AT&T"',
    "emoji 👩\u200d👩\u200d👧",
    "\u05e2\u05d1\u05e8 and عربي",
    "word " * 60,
)


def made(count: int) -> list[Episode]:
    """Newest first."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        episode(
            f"post-{number}",
            title=TITLES[number % len(TITLES)].strip(),
            published=start - timedelta(days=number),
            chapters=chapters("One", "Two & a half", "Three", link="https://example.org/a?b&c#d"),
            links=(Link("https://example.com/?a&b", "Elsewhere"),),
            cover=f"post-{number}-99999999.jpg",
            soundbites=(Soundbite("What was said & done", 1_234, 15_000),),
        )
        for number in range(count)
    ]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """No line for each request."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which it is served."""
    folder = tmp_path / "served"
    (folder / "feeds").mkdir(parents=True)
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def put(folder: Path, base: str, episodes: list[Episode]) -> str:
    """The feed's address, with its pages served."""
    paged = show(base_url=base, podcast=Podcast(episodes_per_page=10))
    there = {each.cover for each in episodes if each.cover}
    for number, data in pages(paged, *episodes, there=there).items():
        name = "example.xml" if number is None else f"example-{number}.xml"
        (folder / "feeds" / name).write_bytes(data)
    return f"{base}/feeds/example.xml"


def run(home: Path, *command: str) -> str:
    return subprocess.run(
        command,
        env={**os.environ, "HOME": str(home), "GPODDER_HOME": str(home), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=120,
        check=True,
    ).stdout.decode()


@pytest.mark.skipif(not shutil.which("gpo"), reason="needs gpodder")
def test_gpodder_walks_all_pages_and_fetches_a_new_sound_alone(
    tmp_path: Path, served: tuple[Path, str]
) -> None:
    episodes = made(33)
    address = put(*served, episodes)
    run(tmp_path, "gpo", "subscribe", address)

    def rows() -> dict[str, tuple[str, str, int, int, str | None]]:
        columns = "guid, title, url, published, total_time, episode_art_url"
        with sqlite3.connect(tmp_path / "Database") as db:
            found = db.execute(f"SELECT {columns} FROM episode")  # noqa: S608
            return {row[0]: row[1:] for row in found}

    before = rows()
    assert set(before) == {each.guid for each in episodes}
    for each in episodes:
        title, url, published, seconds, cover = before[each.guid]
        assert cover == f"{served[1]}/episodes/{each.slug}/{each.cover}"
        assert title == each.title
        assert url == f"{served[1]}/episodes/{each.slug}/{each.audio}"
        assert (published, seconds) == (each.published.timestamp(), 90)
    with sqlite3.connect(tmp_path / "Database") as db:
        assert db.execute("SELECT cover_url FROM podcast").fetchall() == [
            (f"{served[1]}/feeds/cover-1a2b3c4d.png",)
        ]
    again = episode("post-3", audio="post-3-99999999.mp3", published=episodes[3].published)
    put(*served, [*episodes[:3], again, *episodes[4:]])
    # HTTP tells times in seconds; within one, the file would count as not modified.
    feed = served[0] / "feeds" / "example.xml"
    os.utime(feed, (feed.stat().st_atime, feed.stat().st_mtime + 60))
    run(tmp_path, "gpo", "update", address)
    # `gpo update` looks at the feed itself, and forgets what stands in older pages alone.
    after = rows()
    assert again.guid in after
    changed = {guid for guid in after if after[guid][1] != before[guid][1]}
    assert changed == {again.guid}
    assert after[again.guid][1].endswith("/post-3-99999999.mp3")


@pytest.mark.skipif(not shutil.which("newsboat"), reason="needs newsboat")
def test_newsboat_reads_title_date_notes_and_enclosure(
    tmp_path: Path, served: tuple[Path, str]
) -> None:
    episodes = made(8)
    (tmp_path / "urls").write_text(put(*served, episodes) + "\n")
    (tmp_path / "config").touch()
    files = ("-u", "urls", "-c", "cache.db", "-C", "config")
    subprocess.run(
        ["newsboat", *files, "-x", "reload"], cwd=tmp_path, timeout=120, check=True,
        env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}, capture_output=True,
    )  # fmt: skip
    with sqlite3.connect(tmp_path / "cache.db") as db:
        columns = "guid, title, enclosure_url, pubDate, content"
        rows = {row[0]: row[1:] for row in db.execute(f"SELECT {columns} FROM rss_item")}  # noqa: S608
    assert len(rows) == 8
    for each in episodes:
        title, url, published, content = rows[each.guid]
        assert title == each.title
        assert url.endswith(f"/{each.audio}")
        assert published == each.published.timestamp()
        assert "Elsewhere" in content


COVER = "post-0-99999999.jpg"
COVER_AT = f"https://example.org/podcast/episodes/post-0/{COVER}"


@pytest.fixture(scope="module")
def read_by_node() -> dict[str, Any]:
    if not (shutil.which("node") and (READERS / "node_modules").is_dir()):
        pytest.skip("needs node, and `npm install --no-package-lock` in tests/feed/readers")
    full = show(
        type="serial",
        podcast=Podcast(
            hub="https://hub.example.org/",
            license="cc-by-4.0",
            license_url="https://example.org/licence",
            persons=(Person(name="Ann & Co", href="https://example.org/ann"),),
            funding=(Funding(url="https://example.org/give?a&b", text="Give"),),
            update_frequency=UpdateFrequency(text="Daily", rrule="FREQ=DAILY"),
            txt={"verify": "abc"},
        ),
    )
    stem = "post-0-0a1b2c3d"
    beside = {stem + end for end in (".vtt", ".srt", ".json", ".html", ".chapters.json")}
    there = beside | {"index.html", COVER}
    data = written(full, *made(3), there=there, page=True)
    done = subprocess.run(
        ["node", READERS / "read.mjs"], input=data, capture_output=True, timeout=120, check=True
    )
    decoded: dict[str, Any] = json.loads(done.stdout)
    return decoded


def test_partytime_reads_all_that_it_knows(read_by_node: dict[str, Any]) -> None:
    read = read_by_node["partytime"]
    assert [each["guid"] for each in read["items"]] == [each.guid for each in made(3)]
    assert [each["title"] for each in read["items"]] == [each.title for each in made(3)]
    assert read["pubsub"]["hub"] == "https://hub.example.org/"
    assert (read["locked"], read["podcastOwner"]) == (True, "show@example.org")
    assert read["license"] == {"identifier": "cc-by-4.0", "url": "https://example.org/licence"}
    assert read["podcastFunding"] == [{"message": "Give", "url": "https://example.org/give?a&b"}]
    assert read["podcastPeople"][0]["name"] == "Ann & Co"
    assert read["itunesType"] == "serial"
    first, second = read["items"][:2]
    assert first["duration"] == 90
    assert first["enclosure"]["length"] == 1500
    assert len(first["podcastTranscripts"]) == 4
    assert first["podcastChapters"]["type"] == "application/json+chapters"
    assert first["podcastPeople"] == [{"name": "Someone", "role": "Author", "group": "Writing"}]
    assert first["alternativeEnclosures"][0]["integrity"]["type"] == "sri"
    assert first["itunesImage"] == COVER_AT
    assert first["podcastSoundbites"] == [
        {"duration": 15, "startTime": 1.234, "title": "What was said & done"}
    ]
    assert read["itunesImage"] == "https://example.org/podcast/feeds/cover-1a2b3c4d.png"
    assert "itunesImage" not in second
    assert "podcastTranscripts" not in second
    assert "podcastChapters" not in second


def test_feedsmith_reads_all_that_it_knows(read_by_node: dict[str, Any]) -> None:
    read = read_by_node["feedsmith"]
    podcast = read["podcast"]
    assert {each["purpose"]: each["display"] for each in podcast["txts"]} == {
        "ai-content": "true",
        "verify": "abc",
    }
    assert podcast["updateFrequency"] == {"display": "Daily", "rrule": "FREQ=DAILY"}
    assert podcast["medium"] == "podcast"
    assert podcast["images"][0]["aspectRatio"] == "1/1"
    first = read["items"][0]
    assert [each["type"] for each in first["podcast"]["transcripts"]] == [
        "text/vtt", "application/x-subrip", "application/json", "text/html",
    ]  # fmt: skip
    assert first["psc"]["chapters"] == [
        {"start": f"00:0{minute}:00.000", "title": title, "href": "https://example.org/a?b&c#d"}
        for minute, title in enumerate(("One", "Two & a half", "Three"))
    ]
    assert "https://example.org/podcast/episodes/post-0/" in first["content"]["encoded"]
    assert first["itunes"]["image"] == COVER_AT
    assert first["podcast"]["images"][0]["href"] == COVER_AT
    assert first["podcast"]["images"][0]["alt"] == "A Title"
    assert first["podcast"]["soundbites"] == [
        {"startTime": 1.234, "duration": 15, "display": "What was said & done"}
    ]
    assert "image" not in read["items"][1].get("itunes", {})
