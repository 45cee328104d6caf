"""The ten shows of feeds/examples/, made as `make demo-library` makes them, from its server."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import podcastparser
import pytest
from lxml import etree

from examples.library import serve
from tests.conftest import Workspace
from tests.post.sources import fetching
from tests.post.sources.forum_site import Forum
from tests.post.sources.serving import Site
from tts_pipeline import profiles
from tts_pipeline.model.source import FeedSource
from tts_pipeline.post.sources import graphql

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "feeds" / "examples"
SHOWS = sorted(path for path in EXAMPLES.glob("*.toml") if path.name != "sources.toml")
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"

LOAF = "The Slow Loaf by Wimblet"
GEESE = "Where the Geese Turn by Wimblet"
BED = "A Bed for Every Week by Tamsel"
BICYCLE = "The Bicycle That Came Back by Brackle"
MAP = "Draw a Map of Your Own Street by Quennet"
SWIFTS = "Counting Swifts From a Kitchen Window by Orrowin and Duskel"
PUNCTURE = "What a Puncture Teaches by Brackle"
TIDES = "A Tide Table Without Tears by Fennick"
KNOT = "The Knot That Nobody Ties by Pimmering"
LAMP = "A Lamp for the Pier by Fennick"
WEATHER = "Letters From the Weather Book by Duskel"
BOATS = "Boats That Share a Name by Pimmering"
SHELF = "A Shelf of Borrowed Books by Wimblet"
KETTLE = "How to Wait for a Kettle by Wimblet"
STRING = "The Drawer of Useful String by Wimblet"

# Newest first. By hand, from the dates and scores in the posts' front matter; the loaf and the geese
# count by the date of the diary, where they stood first.
FEEDS = {
    "everything": [
        f"WD - {STRING}", f"PW - {BOATS}", f"MB - {PUNCTURE}", f"WD - {GEESE}", f"PW - {WEATHER}",
        f"MB - {SWIFTS}", f"WD - {LOAF}", f"MB - {MAP}", f"PW - {LAMP}", f"PW - {KNOT}",
        f"WD - {KETTLE}", f"WD - {SHELF}", f"MB - {BICYCLE}", f"MB - {BED}", f"PW - {TIDES}",
    ],
    "mossbarrow-all": [PUNCTURE, SWIFTS, LOAF, MAP, BICYCLE, BED],
    "mossbarrow-day": [PUNCTURE, SWIFTS, LOAF, MAP, BICYCLE],  # 54 on April 9, before 31
    "mossbarrow-week": [PUNCTURE, SWIFTS, BICYCLE],
    "pebblewick-all": [BOATS, GEESE, WEATHER, LOAF, LAMP, KNOT, TIDES],
    "pebblewick-day": [BOATS, GEESE, WEATHER, LOAF, KNOT, TIDES],  # 45 on April 11, before 28
    "pebblewick-week": [BOATS, WEATHER, KNOT],
    "wrenfold-all": [STRING, GEESE, LOAF, KETTLE, SHELF],
    "wrenfold-day": [STRING, GEESE, LOAF, SHELF],
    "wrenfold-week": [GEESE, LOAF, SHELF],
}  # fmt: skip


@pytest.fixture(scope="module")
def library(make_workspace: Callable[[], Workspace]) -> Iterator[Workspace]:
    """All of it, made by the real voice."""
    workspace = make_workspace()
    shutil.copytree(EXAMPLES, workspace.root / "feeds", dirs_exist_ok=True)
    (workspace.root / "feeds" / "show.toml").unlink()
    with serve.serving(0, serve.read(serve.HERE)) as port:
        (workspace.root / "feeds" / "sources.toml").write_text(sources(port))
        told = make(workspace)
        assert told.count("\nnew ") + told.startswith("new ") == 18
        assert "15 made, 0 unchanged, 3 copies, 0 failed" in told
        yield workspace


def sources(port: int) -> str:
    """sources.toml with another port than a person's."""
    written = (EXAMPLES / "sources.toml").read_text()
    assert written.count(":8765/") == 4
    return written.replace(":8765/", f":{port}/")


def make(workspace: Workspace) -> str:
    """As the Makefile does it."""
    return workspace.run("sync", *files(workspace)).stdout


def files(workspace: Workspace) -> list[str]:
    """feeds/*.toml, as a shell names them, sources.toml among them."""
    return sorted(f"feeds/{path.name}" for path in (workspace.root / "feeds").glob("*.toml"))


def feed(workspace: Workspace, name: str) -> dict[str, Any]:
    data = (workspace.out / "feeds" / f"{name}.xml").read_bytes()
    parsed: dict[str, Any] = podcastparser.parse(
        f"https://example.org/{name}.xml", io.BytesIO(data)
    )
    return parsed


def test_there_is_a_feed_for_each_show() -> None:
    assert [path.stem for path in SHOWS] == list(FEEDS)
    shows = [profiles.load_show(path) for path in SHOWS]
    for told in ("title", "description"):
        assert len({getattr(show, told) for show in shows}) == len(shows)
    found, _ = profiles.load_sources(sorted(EXAMPLES.glob("*.toml")))
    assert [source.name for source in found] == ["mossbarrow", "pebblewick", "wrenfold"]


def test_each_post_is_rendered_once_by_one_show(library: Workspace) -> None:
    records = library.records()
    assert {record["show"] for record in records} == {"everything"}
    assert sorted(record["title"] for record in records) == sorted(FEEDS["everything"])


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_holds_what_its_show_chooses(library: Workspace, name: str) -> None:
    assert [episode["title"] for episode in feed(library, name)["episodes"]] == FEEDS[name]


def test_a_post_of_three_sites_is_one_episode_in_their_feeds(library: Workspace) -> None:
    for title, names in {
        LOAF: ("mossbarrow-all", "mossbarrow-day", "pebblewick-all", "pebblewick-day",
               "wrenfold-all", "wrenfold-week"),
        GEESE: ("pebblewick-all", "wrenfold-all"),
    }.items():  # fmt: skip
        found = [
            episode
            for name in names
            for episode in feed(library, name)["episodes"]
            if episode["title"] == title
        ]
        assert len(found) == len(names)
        assert len({episode["enclosures"][0]["url"] for episode in found}) == 1
        assert len({episode["guid"] for episode in found}) == len(names)
    [loaf] = [record for record in library.records() if record["title"].endswith(LOAF)]
    assert {url.split("/")[2] for url in loaf["copies"]} == {
        "mossbarrow.example",
        "pebblewick.example",
    }


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_what_directories_require(library: Workspace, name: str) -> None:
    tree = etree.parse(library.out / "feeds" / f"{name}.xml")
    channel = tree.find("channel")
    for tag in ("title", "description", "language", "link"):
        text = channel.findtext(tag)
        assert text
        assert len(text.encode()) <= 4000
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.find(f"{ITUNES}category").get("text")
    cover = channel.find(f"{ITUNES}image").get("href")
    assert (library.out / cover.removeprefix("https://example.org/library/")).is_file()
    for item in channel.iter("item"):
        enclosure = item.find("enclosure")
        path = library.out / enclosure.get("url").removeprefix("https://example.org/library/")
        assert path.stat().st_size == int(enclosure.get("length"))
        assert 40 < int(item.findtext(f"{ITUNES}duration")) < 90


def test_a_second_run_makes_nothing(library: Workspace) -> None:
    def state() -> dict[Path, int]:
        files = library.out.rglob("*.*")
        return {path: path.stat().st_mtime_ns for path in files if path.name != "sync.lock"}

    before = state()
    told = make(library)
    assert told == ""
    assert state() == before


def test_sources_alone_are_no_shows(library: Workspace) -> None:
    for command in ("feed", "site"):
        told = library.run(command, "feeds/sources.toml", check=2).stderr
        assert told == "tts-pipeline: feeds/sources.toml: sources alone; name a show beside them\n"
    told = library.run("script", "build/posts", "--show", "feeds/sources.toml", check=2).stderr
    assert "feeds/sources.toml holds the sources that shows share" in told


# ---- the server ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "variables"),
    [
        (graphql.LIST, {"selector": {"old": {"excludeEvents": True}}, "limit": 50, "offset": 0}),
        (graphql.LIST, {"selector": {"old": {"after": "2024-04-12T11:15:00.000Z"}}, "limit": 2}),
        (graphql.LIST, {"selector": {"old": {"before": "2024-04-12"}}, "limit": 9, "offset": 1}),
        (graphql.LIST, {"selector": {"top": {"karmaThreshold": 40}}, "limit": 3}),
        (graphql.BODIES, {"selector": {"default": {"exactPostIds": ["ID"]}}, "limit": 50}),
        (graphql.ONE, {"selector": {"_id": "ID"}}),
        (graphql.ONE, {"selector": {"_id": "none"}}),
    ],
)
def test_its_forums_answer_as_a_graphql_engine(question: str, variables: dict[str, Any]) -> None:
    posts = [post for name, post in serve.read(serve.HERE).items() if name.startswith("mossb")]
    engine = Forum(Site())
    engine.posts = posts
    for key, value in variables["selector"].items():
        if value == "ID":
            variables = {**variables, "selector": {key: posts[0]["_id"]}}
        elif isinstance(value, dict) and "exactPostIds" in value:
            ids = [posts[2]["_id"], posts[0]["_id"]]
            variables = {**variables, "selector": {key: {"exactPostIds": ids}}}
    asked = {"query": question, "variables": variables}
    told, meant = serve.answer(posts, asked), engine.say(asked)
    for one in (told, meant):  # exactPostIds is answered in any order
        if question == graphql.BODIES:
            one["data"]["posts"]["results"].sort(key=lambda post: post["_id"])
    assert told == meant


def test_its_forums_have_their_newest_posts_as_rss(tmp_path: Path) -> None:
    with serve.serving(0, serve.read(serve.HERE)) as port:
        url = f"http://127.0.0.1:{port}/mossbarrow/feed.xml?view=community-rss&karmaThreshold=40"
        found = fetching.fetch(FeedSource(url=url, full="feed"), tmp_path)
    assert fetching.counted(found) == {"new": 4}
    swifts = fetching.posts(tmp_path)["Counting Swifts From a Kitchen Window"]
    assert swifts.author == "Orrowin"
    assert swifts.date == datetime(2024, 4, 17, 9, tzinfo=UTC)
    assert "A swift may fly for ten months" in swifts.body


def run(tmp_path: Path, port: int, *arguments: str, **kw: Any) -> subprocess.Popen[str]:
    """The server as a program, with another port written into its sources."""
    (tmp_path / "sources.toml").write_text(sources(port))
    program = (
        "import sys; from pathlib import Path; from examples.library import serve; "
        f"serve.SOURCES = Path({str(tmp_path / 'sources.toml')!r}); "
        "sys.exit(serve.main(sys.argv[1:]))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kw,
    )  # fmt: skip


def test_it_ends_with_the_command_and_as_it_ends(tmp_path: Path) -> None:
    with run(tmp_path, 0, "--", sys.executable, "-c", "raise SystemExit(7)") as done:
        assert done.communicate(timeout=60) == ("", "")
    assert done.returncode == 7


def test_ctrl_c_ends_the_command_and_then_the_server(tmp_path: Path) -> None:
    command = "import time\ntry:\n print('on', flush=True); time.sleep(60)\nexcept KeyboardInterrupt: raise SystemExit(130)"
    with run(tmp_path, 0, "--", sys.executable, "-c", command, start_new_session=True) as done:
        assert done.stdout
        assert done.stdout.readline() == "on\n"
        os.killpg(done.pid, signal.SIGINT)
        assert done.communicate(timeout=60) == ("", "")
    assert done.returncode == 130


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with run(tmp_path, port, "--", "true") as done:
            _, told = done.communicate(timeout=60)
    assert done.returncode == 1
    assert told.startswith(f"The port {port} of this machine cannot be had (")
    assert "feeds/examples/sources.toml" in told
