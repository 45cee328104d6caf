"""`tts-pipeline fetch` and `episode URL`, as a person runs them, against sites on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Workspace
from .post.sources.forum_site import Forum
from .post.sources.serving import Site, serve

FEED = """<rss version="2.0"><channel><title>Tidal Notes</title><item><title>Ebb</title>
<link>{site}/ebb</link><guid>urn:ebb</guid><author>ann@example.org (Ann Lee)</author>
<pubDate>Tue, 02 Apr 2024 15:45:00 GMT</pubDate>
<description><![CDATA[<p>Water goes.</p><script>alert(1)</script>]]></description></item></channel></rss>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as found:
        found.put("/feed", FEED.format(site=found.url), "application/rss+xml")
        yield found


def tell(workspace: Workspace, text: str, *, show: str = "") -> Path:
    path = workspace.show()
    path.write_text(path.read_text().replace("[episode]", f"{show}\n[episode]", 1) + text)
    return path


def feed(site: Site, name: str = "notes", path: str = "/feed") -> str:
    return (
        f'\n[sources.{name}]\ntype = "feed"\nurl = "{site.url}{path}"\nfull = "feed"\npause = 0\n'
        "allow_private = true\n"
    )


def test_posts_are_fetched_and_become_episodes(workspace: Workspace, site: Site) -> None:
    show = tell(workspace, feed(site))
    done = workspace.run("fetch", show)
    assert done.stdout == "new      notes: Ebb\n1 new, 0 changed, 0 unchanged\n"
    assert site.agents[0].startswith("tts-pipeline/")
    assert site.agents[0].endswith("(+https://example.org/podcast)")
    made = workspace.episode("build/posts/notes")
    assert [episode["title"] for episode in made["episodes"]] == ["Ebb by Ann Lee"]
    [record] = workspace.records()
    assert (record["url"], record["authors"], record["site"]) == (
        f"{site.url}/ebb",
        ["Ann Lee"],
        "Tidal Notes",
    )
    assert "alert" not in json.dumps([segment["spoken"] for segment in record["segments"]])
    before = workspace.tree()
    assert workspace.run("fetch", show).stdout == "0 new, 0 changed, 0 unchanged\n"
    assert workspace.tree() == before


def test_one_sources_failure_does_not_stop_the_others(workspace: Workspace, site: Site) -> None:
    show = tell(workspace, feed(site, "gone", "/none") + feed(site))
    done = workspace.run("fetch", show, "--json", check=1)
    told = {one["source"]: one["status"] for one in json.loads(done.stdout)["posts"]}
    assert told == {"gone": "failed", "notes": "new"}
    assert done.stderr == f"tts-pipeline: gone: {site.url}/none answers 404 Not Found\n"
    assert workspace.run("fetch", show, "--source", "notes").returncode == 0
    assert (
        "'note'; there are: gone, notes"
        in workspace.run("fetch", show, "--source", "note", check=2).stderr
    )


def test_a_dry_run_says_what_would_be_done(workspace: Workspace, site: Site) -> None:
    show = tell(workspace, feed(site))
    done = workspace.run("fetch", show, "--dry-run", "--since", "2025-01-01")
    assert "skipped  notes: Ebb (it is older than 2025-01-01)" in done.stdout
    assert "(nothing was written)" in done.stdout
    assert not workspace.out.exists()


def test_shows_share_sources(workspace: Workspace, site: Site) -> None:
    (workspace.root / "feeds" / "sources.toml").write_text(feed(site))
    show = tell(workspace, "", show='sources = ["notes"]')
    assert "1 new" in workspace.run("fetch", show, "feeds/sources.toml").stdout
    assert len(site.asked) == 1
    wrong = tell(workspace, "", show='sources = ["note"]')
    assert "did you mean 'notes'?" in workspace.run("fetch", wrong, check=2).stderr


def test_two_sources_of_one_name_are_refused(workspace: Workspace, site: Site) -> None:
    show = tell(workspace, feed(site))
    (workspace.root / "feeds" / "sources.toml").write_text(feed(site, path="/other"))
    done = workspace.run("fetch", show, "feeds/sources.toml", check=2)
    assert "there are two sources called 'notes'" in done.stderr


def test_a_private_address_is_not_fetched_unless_allowed(workspace: Workspace, site: Site) -> None:
    show = tell(workspace, feed(site).replace("allow_private = true", ""))
    done = workspace.run("fetch", show, check=1)
    assert "has the private address 127.0.0.1" in done.stderr
    assert site.asked == []


def test_no_sources_is_an_error_that_says_what_to_write(workspace: Workspace) -> None:
    done = workspace.run("fetch", "feeds/show.toml", check=2)
    assert "write a table [sources.NAME]" in done.stderr


def test_one_address_becomes_an_episode_at_once(workspace: Workspace, site: Site) -> None:
    forum = Forum(site)
    post = forum.add(title="By its address", baseScore=12.0)
    tell(
        workspace, f'\n[sources.forum]\ntype = "forum"\nurl = "{site.url}"\nallow_private = true\n'
    )
    site.put("/page", "<html><title>A page</title><body><p>Words on a page.</p></body></html>")
    made = workspace.episode(post["pageUrl"], f"{site.url}/page", f"{site.url}/none", check=1)
    assert {one["title"] for one in made["episodes"]} == {"By its address by Ann Lee", "A page"}
    [failed] = made["failures"]
    assert "404 Not Found" in failed["error"]
    scores = {record["post_title"]: record["score"] for record in workspace.records()}
    assert scores == {"By its address": 12, "A page": None}
    again = workspace.episode(post["pageUrl"])
    assert [one["status"] for one in again["episodes"]] == ["unchanged"]
