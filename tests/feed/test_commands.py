"""Many feeds from one library, as a person makes them: the real program, posts, and TOML."""

import json
import re
from typing import Any

import feedparser
from mutagen.id3 import ID3

from tests.conftest import Workspace

POST = """---
title: {title}
author: {author}
date: 2024-04-0{day}
url: https://forum.example.org/{title}
tags: [{tag}]
---

# First part

Words of a post that links to [the mill](https://example.org/mill) and [back](/start).

# Second part

More words.

# Third part

![A wheel](wheel.png) The last words.
"""

RIVERS = """[show]
title = "Rivers"
description = "About rivers."
base_url = "https://example.org/podcast"
[select]
shows = ["show"]
tags = ["rivers"]
title = "{title} ({site})"
guid_suffix = "_rivers"
removed_authors_file = "removed.txt"
[sites]
"forum.example.org" = { name = "The Forum", tag = "TF" }
"""


def entries(workspace: Workspace, name: str) -> list[Any]:
    parsed = feedparser.parse((workspace.out / f"feeds/{name}.xml").read_bytes())
    assert not parsed.bozo
    return list(parsed.entries)


def check_chapters(workspace: Workspace, feed: str) -> None:
    """The MP3's tag, the feed, and the file of chapters say what the record does."""
    record = next(each for each in workspace.records() if "weirs" in each["slug"])
    expected = [(each["title"], each["start_ms"]) for each in record["chapters"]]
    assert len(expected) > 2
    tags = ID3(record["folder"] / record["audio"])
    chapters = [tags[f"CHAP:{name}"] for name in tags["CTOC:toc"].child_element_ids]
    assert [(str(each.sub_frames["TIT2"]), each.start_time) for each in chapters] == expected
    found = re.findall(r'<psc:chapter start="00:(\d\d):(\d\d\.\d{3})" title="([^"]*)"', feed)
    assert [
        (title, int(minutes) * 60_000 + round(float(seconds) * 1000))
        for minutes, seconds, title in found
    ] == expected
    for path in record["folder"].glob("*.chapters.json"):
        listed = json.loads(path.read_text())["chapters"]
        assert [(each["title"], round(each["startTime"] * 1000)) for each in listed] == expected
    described = re.findall(r"<p>\((\d\d):(\d\d)\) ([^<]*)</p>", feed)
    assert [(title, int(m) * 60 + int(s)) for m, s, title in described] == [
        (title, ms // 1000) for title, ms in expected
    ]


def test_one_library_many_feeds(workspace: Workspace) -> None:
    posts = [
        workspace.post(f"{title}.md", POST.format(title=title, author=author, day=day, tag=tag))
        for title, author, day, tag in (
            ("weirs", "Ann", 1, "rivers"), ("dunes", "Bo", 2, "sand"), ("eddies", "Cy", 3, "rivers"),
        )
    ]  # fmt: skip
    (workspace.root / "feeds/rivers.toml").write_text(RIVERS)
    removed = workspace.root / "removed.txt"
    removed.write_text("# who asked to be left out\nCY\n")
    workspace.run("episode", "posts", "--show", "feeds/show.toml")
    both = ("feed", "feeds/show.toml", "feeds/rivers.toml")
    workspace.run(*both)

    assert len(entries(workspace, "show")) == 3
    [one] = entries(workspace, "rivers")
    assert one.title == "weirs (The Forum)"
    assert one.id.endswith("_rivers")
    notes = one.content[0].value
    assert '<a href="https://example.org/mill">the mill</a>' in notes
    assert '<a href="https://forum.example.org/start">back</a>' in notes
    assert (
        '<a href="https://forum.example.org/weirs#:~:text=Second%20part">Second part</a>' in notes
    )
    feed = (workspace.out / "feeds/rivers.xml").read_text()
    assert 'image="https://forum.example.org/wheel.png"/>' in feed

    check_chapters(workspace, feed)

    told = workspace.run(*both, "--explain", "--json").stdout
    rivers = json.loads(told)["feeds"][1]
    reasons = {each["slug"].split("-")[0]: each["reason"] for each in rivers["episodes"]}
    assert reasons == {
        "weirs": "all that is asked for holds",
        "dunes": "it has none of the tags",
        "eddies": "its author is among the removed authors (cy)",
    }
    shown = workspace.run("feed", "feeds/rivers.toml", "--explain").stdout
    assert "rivers: 1 of 3 episodes" in shown
    assert "it has none of the tags" in shown

    # A list that changes, or a feed's tables, cost no episode; the next feed is as they say.
    removed.write_text("")
    before = workspace.tree()
    made = workspace.episode("posts")
    assert {each["status"] for each in made["episodes"]} == {"unchanged"}
    assert workspace.tree() == before
    workspace.run(*both)
    assert [each.title for each in entries(workspace, "rivers")] == [
        "eddies (The Forum)", "weirs (The Forum)",
    ]  # fmt: skip

    # An edit gives one episode another sound and address, and leaves the old file for a while.
    posts[0].write_text(posts[0].read_text().replace("More words", "Quite other words"))
    old = {each.id: each.enclosures[0].href for each in entries(workspace, "show")}
    workspace.run("episode", "posts", "--show", "feeds/show.toml")
    workspace.run(*both)
    new = {each.id: each.enclosures[0].href for each in entries(workspace, "show")}
    assert list(new) == list(old)
    [changed] = [guid for guid in old if old[guid] != new[guid]]
    files = {href: workspace.out / href.removeprefix("https://example.org/podcast/") for href in
             (old[changed], new[changed])}  # fmt: skip
    assert all(path.is_file() for path in files.values())
    month = str(1767225600 + 31 * 86400)
    workspace.run(*both, SOURCE_DATE_EPOCH=month)
    assert not files[old[changed]].exists()
    assert files[new[changed]].is_file()


def test_all_of_feeds_may_be_named_with_the_file_of_shared_sources(workspace: Workspace) -> None:
    workspace.post("a.txt", "A post\n\nWith words.\n")
    workspace.episode("posts")
    (workspace.root / "feeds" / "sources.toml").write_text(
        '[sources.notes]\ntype = "folder"\npath = "posts"\n'
    )
    for command in ("site", "feed"):
        workspace.run(command, "feeds/show.toml", "feeds/sources.toml")
    assert (workspace.out / "feeds" / "show.xml").is_file()
    alone = workspace.run("feed", "feeds/sources.toml", check=2)
    assert "name a show beside them" in alone.stderr
