"""Forums, by their API."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tts_pipeline.model.source import ForumSource
from tts_pipeline.post import dates
from tts_pipeline.post.sources import graphql

from .fetching import counted, fetch, posts, tree
from .forum_site import _SCHEMA, Forum
from .serving import Request, Site


@pytest.fixture
def forum(site: Site) -> Forum:
    return Forum(site)


def source(forum: Forum, **given: Any) -> ForumSource:
    return ForumSource(url=forum.site.url, **given)


def test_a_post_comes_with_all_that_the_site_says_of_it(forum: Forum, tmp_path: Path) -> None:
    forum.add(
        title="  Tides & <moons>\n",
        baseScore=42.5,
        coauthors=[forum.users["bo-marl"]],
        tags=[forum.tags["tides"]],
        canonicalSequence={"_id": "s", "title": "The sea"},
        url="https://blog.example.org/tides",
        canonicalSource="https://first.example.org/tides",
    )
    assert counted(fetch(source(forum), tmp_path)) == {"new": 1}
    [post] = posts(tmp_path).values()
    assert post.title == "Tides & <moons>"
    assert post.authors == ("Ann Lee", "Bo Marl")
    assert post.author == "Ann Lee and Bo Marl"
    assert post.date == datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert post.url == forum.posts[0]["pageUrl"]
    assert post.id == forum.posts[0]["_id"]
    assert (post.score, post.series, post.tags) == (42.5, "The sea", ("Tides",))
    assert post.copies == ("https://first.example.org/tides", "https://blog.example.org/tides")
    assert post.label == "linkpost"
    assert post.body == forum.posts[0]["htmlBody"]


def test_what_is_no_ordinary_post_is_left_and_said_to_be(forum: Forum, tmp_path: Path) -> None:
    forum.add(title="Kept")
    forum.add(title="Meetup", isEvent=True)
    forum.add(title="Quick", shortform=True)
    forum.add(title="Draft", draft=True)
    forum.add(title="Rejected", rejected=True)
    forum.add(title="Empty", htmlBody=None)
    forum.add(title="Low", baseScore=1)
    wanted = source(forum, author="ann-lee", score=5, events=True, recheck=10_000)
    fetched = fetch(wanted, tmp_path)
    assert {one.title: one.reason for one in fetched if one.status == "skipped"} == {
        "Quick": "it is shortform",
        "Draft": "it is a draft",
        "Rejected": "the site has rejected it",
        "Empty": "it has no text",
    }
    assert set(posts(tmp_path)) == {"Kept", "Meetup"}
    assert set(posts(tmp_path)) == {
        one.title
        for one in fetch(source(forum, author="ann-lee", score=5, events=True), tmp_path)
        if one.status == "unchanged"
    }


def test_nothing_is_fetched_twice_and_only_what_changed_is_written(
    forum: Forum, tmp_path: Path
) -> None:
    for _ in range(3):
        forum.add()
    assert counted(fetch(source(forum, recheck=10_000), tmp_path)) == {"new": 3}
    before = tree(tmp_path / "posts")
    forum.questions.clear()
    assert counted(fetch(source(forum, recheck=10_000), tmp_path)) == {"unchanged": 3}
    assert tree(tmp_path / "posts") == before
    assert not [one for one in forum.questions if "htmlBody" in one["query"]]

    forum.posts[0] |= {"htmlBody": "<p>Edited.</p>", "contents_latest": "rev-new"}
    forum.posts[1]["baseScore"] = 99.0
    forum.posts[2] |= {
        "title": "Renamed",
        "slug": "renamed",
        "pageUrl": forum.posts[2]["pageUrl"] + "-renamed",
    }
    urls = {post.id: post.url for post in posts(tmp_path).values()}
    fetched = fetch(source(forum, recheck=10_000), tmp_path)
    assert counted(fetched) == {"changed": 3}
    assert set(tree(tmp_path / "posts")) == set(before)
    now = {post.id: post for post in posts(tmp_path).values()}
    assert now[forum.posts[0]["_id"]].body == "<p>Edited.</p>"
    assert now[forum.posts[1]["_id"]].score == 99
    assert now[forum.posts[2]["_id"]].title == "Renamed"
    assert {id_: post.url for id_, post in now.items()} == urls


def test_a_post_that_vanished_stays(forum: Forum, tmp_path: Path) -> None:
    forum.add()
    fetch(source(forum), tmp_path)
    forum.posts.clear()
    assert fetch(source(forum), tmp_path) == []
    assert len(posts(tmp_path)) == 1


@pytest.fixture
def fast_disk(tmp_path: Path) -> Iterator[Path]:
    """In memory where that can be had: thousands of files are forced onto the disk one by one."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


KILLED_AT = 31
"""Requests, of some eighty."""


def test_two_thousand_posts_are_resumed_after_a_kill(forum: Forum, fast_disk: Path) -> None:
    """The process of the first run is killed by the server, in the middle of a request."""
    for number in range(2000):
        forum.add(number // 3)  # three posts an hour
        forum.posts[-1]["_id"] = f"post{number:013d}"
        forum.posts[-1]["pageUrl"] = f"{forum.site.url}/posts/post{number:013d}/x"
    config = fast_disk / "sources.toml"
    config.write_text(
        f'[sources.blog]\ntype = "forum"\nurl = "{forum.site.url}"\npause = 0\nallow_private = true\n'
    )
    command = [sys.executable, "-m", "tts_pipeline", "fetch", str(config), "--out", str(fast_disk)]

    def killing(request: Request, number: int) -> bool:
        if number == KILLED_AT:
            running.kill()
        return False

    forum.before = killing
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    assert running.wait() == -signal.SIGKILL
    before = len(list((fast_disk / "posts" / "blog").glob("*.html")))
    assert KILLED_AT // 2 * 50 - 50 <= before < 2000
    forum.questions.clear()
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert f"{2000 - before} new".encode() in done.stdout
    # It went on from the page at which it was stopped.
    assert len(forum.questions) <= 82 - KILLED_AT + 4
    whole = tree(fast_disk / "posts")
    assert len(whole) == 2000
    # An undisturbed run gives the same bytes; so does one that has lost what it remembered.
    assert counted(fetch(source(forum), fast_disk / "other")) == {"new": 2000}
    assert tree(fast_disk / "other" / "posts") == whole
    # The list's end once reached, a run looks at the last days alone.
    forum.questions.clear()
    fetched = fetch(source(forum), fast_disk, now=dates.parse(forum.posts[-1]["postedAt"]))
    assert counted(fetched) == {"unchanged": 14 * 24 * 3 + 2}
    assert not [one for one in forum.questions if "htmlBody" in one["query"]]


def test_more_posts_of_one_instant_than_a_page_holds(forum: Forum, tmp_path: Path) -> None:
    for number in range(130):
        forum.add(5)
        forum.posts[-1]["_id"] = f"post{number:013d}"
    forum.add(6, _id="post9999999999999")
    assert counted(fetch(source(forum), tmp_path)) == {"new": 131}


def test_a_post_that_gains_the_score_later_is_found_later(forum: Forum, tmp_path: Path) -> None:
    forum.add(0, baseScore=40.0)
    forum.add(1, baseScore=3.0)
    forum.add(2, baseScore=50.0)
    now = datetime(2020, 1, 3, tzinfo=UTC)
    assert counted(fetch(source(forum, score=30), tmp_path, now=now)) == {"new": 2}
    forum.posts[1]["baseScore"] = 31.0
    assert counted(fetch(source(forum, score=30), tmp_path, now=now)) == {"new": 1, "unchanged": 2}


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ({"forum_tag": "tides"}, {"About tide 1"}),
        ({"author": "bo-marl"}, {"About tide 2"}),
        ({"score": 20}, {"About tide 3"}),
        ({"since": datetime(2020, 1, 2, tzinfo=UTC).date()}, {"About tide 30"}),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC).date()}, {f"About tide {n}" for n in range(4)}),
        ({"view": "top"}, {f"About tide {n}" for n in (0, 1, 2, 3, 30)}),
    ],
)
def test_posts_are_chosen(
    forum: Forum, tmp_path: Path, given: dict[str, Any], titles: set[str]
) -> None:
    forum.add()
    forum.add(tags=[forum.tags["tides"]])
    forum.add(user=forum.users["bo-marl"])
    forum.add(baseScore=25.0)
    forum.add(30)
    fetch(source(forum, **given), tmp_path)
    assert set(posts(tmp_path)) == titles


def test_a_sequence_gives_series_and_numbers(forum: Forum, tmp_path: Path) -> None:
    one, two, three = (forum.add() for _ in range(3))
    forum.sequences["seq"] = {
        "_id": "seq",
        "title": "Of the sea",
        "chapters": [
            {"_id": "b", "number": 2, "posts": [one]},
            {"_id": "a", "number": 1, "posts": [three, two]},
        ],
    }
    fetch(source(forum, sequence="seq"), tmp_path)
    numbered = {post.title: (post.series, post.number) for post in posts(tmp_path).values()}
    assert numbered == {
        "About tide 2": ("Of the sea", 1),
        "About tide 1": ("Of the sea", 2),
        "About tide 0": ("Of the sea", 3),
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"forum_tag": "x"}, "no tag 'x'"),
        ({"author": "x"}, "no author 'x'"),
        ({"sequence": "x"}, "no sequence 'x'"),
    ],
)
def test_what_the_forum_does_not_have_is_said(
    forum: Forum, tmp_path: Path, given: dict[str, Any], told: str
) -> None:
    [failed] = fetch(source(forum, **given), tmp_path)
    assert failed.status == "failed"
    assert told in (failed.reason or "")


def test_a_crosspost_has_the_body_of_the_site_that_hosts_it(
    forum: Forum, other: Site, tmp_path: Path
) -> None:
    home = Forum(other)
    theirs = home.add(7, htmlBody="<p>The whole text is here.</p>")
    forum.add(
        htmlBody="",
        fmCrosspost={"isCrosspost": True, "hostedHere": False, "foreignPostId": theirs["_id"]},
    )
    forum.add(
        htmlBody="<p>Ours.</p>",
        fmCrosspost={"isCrosspost": True, "hostedHere": True, "foreignPostId": theirs["_id"]},
    )
    wanted = source(forum, crossposts=other.url, recheck=10_000)
    assert counted(fetch(wanted, tmp_path)) == {"new": 2}
    found = posts(tmp_path)
    assert found["About tide 0"].body == "<p>The whole text is here.</p>"
    assert found["About tide 0"].copies == (theirs["pageUrl"],)
    assert found["About tide 1"].body == "<p>Ours.</p>"
    assert counted(fetch(wanted, tmp_path)) == {"unchanged": 2}


@pytest.mark.parametrize("trouble", ["its host is away", "its body is left out"])
def test_a_post_that_fails_once_comes_in_the_next_run(
    forum: Forum, other: Site, tmp_path: Path, trouble: str
) -> None:
    """Also one far older than the days that each run looks at again."""
    home = Forum(other)
    theirs = home.add(htmlBody="<p>The whole text is here.</p>")
    crosspost = {"isCrosspost": True, "hostedHere": False, "foreignPostId": theirs["_id"]}
    forum.add()
    forum.add(fmCrosspost=crosspost if trouble == "its host is away" else None)
    forum.add()

    def away(request: Request, number: int) -> bool:
        request.answer(status=403)
        return True

    def left_out(request: Request, number: int) -> bool:
        question = forum.questions[-1]
        if "htmlBody" not in question["query"]:
            return False
        told = forum.say(question)
        del told["data"]["posts"]["results"][1]
        request.answer(json.dumps(told), "application/json")
        return True

    wanted = source(forum, crossposts=other.url)
    if trouble == "its host is away":
        home.before = away
    else:
        forum.before = left_out
    assert counted(fetch(wanted, tmp_path)) == {"new": 2, "failed": 1}
    home.before = forum.before = lambda request, number: False
    assert counted(fetch(wanted, tmp_path)) == {"new": 1, "unchanged": 1}
    assert len(posts(tmp_path)) == 3
    forum.questions.clear()
    assert counted(fetch(wanted, tmp_path)) == {"unchanged": 1}
    assert not [one for one in forum.questions if "exactPostIds" in str(one["variables"])]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"coauthors": [None]}, "new"),
        ({"tags": [None]}, "new"),
        ({"fmCrosspost": {"isCrosspost": None}}, "new"),
        ({"user": None}, "new"),
        ({"title": None}, "failed"),
        ({"postedAt": None}, "failed"),
    ],
)
def test_one_post_of_another_form_does_not_hold_up_the_list(
    forum: Forum, tmp_path: Path, given: dict[str, Any], status: str
) -> None:
    for _ in range(120):
        forum.add()
    odd = forum.posts[70]["_id"]

    def oddly(request: Request, number: int) -> bool:
        told = forum.say(forum.questions[-1])
        told["data"]["posts"]["results"] = [
            post | given if post["_id"] == odd and "title" in post else post
            for post in told["data"]["posts"]["results"]
        ]
        request.answer(json.dumps(told), "application/json")
        return True

    forum.before = oddly
    expected = {"new": 120} if status == "new" else {"new": 119, "failed": 1}
    assert counted(fetch(source(forum), tmp_path)) == expected
    forum.before = lambda request, number: False
    later = counted(fetch(source(forum), tmp_path))
    assert later.get("new", 0) == (status == "failed")


def test_a_site_that_fails_at_a_field_is_read_without_it(forum: Forum, tmp_path: Path) -> None:
    """The engine answers with errors and with all the rest."""
    forum.add(coauthors=[None])
    forum.add()
    assert "errors" in forum.say({"query": graphql.LIST, "variables": {"selector": {"old": {}}}})
    assert counted(fetch(source(forum), tmp_path)) == {"new": 2}


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Forum</title><item><title><![CDATA[From the feed]]></title>
<description><![CDATA[Published on May 2, 2023 3:45 PM GMT<br/><br/><p>By RSS.</p>]]></description>
<link>{site}/posts/post0000000000001/x</link>
<guid isPermaLink="false">post0000000000001</guid><dc:creator><![CDATA[Ann Lee]]></dc:creator>
<pubDate>Tue, 02 May 2023 15:45:00 GMT</pubDate></item></channel></rss>"""


def test_without_its_api_the_forums_rss_is_read(forum: Forum, tmp_path: Path) -> None:
    forum.site.put("/feed.xml", RSS.format(site=forum.site.url), "application/rss+xml")

    def down(request: Request, number: int) -> bool:
        request.answer(status=500)
        return True

    forum.before = down
    assert counted(fetch(source(forum, score=30), tmp_path)) == {"new": 1}
    assert "/feed.xml?view=community-rss&karmaThreshold=30" in forum.site.asked
    assert posts(tmp_path)["From the feed"].author == "Ann Lee"
    # The same post, once the API is there again; and the API's stays when it fails anew.
    forum.before = lambda request, number: False
    forum.add(1, title="From the feed", htmlBody="<p>By the API.</p>")
    assert counted(fetch(source(forum, score=0), tmp_path)) == {"changed": 1}
    forum.before = down
    assert counted(fetch(source(forum, score=0), tmp_path)) == {"unchanged": 1}
    assert posts(tmp_path)["From the feed"].body == "<p>By the API.</p>"


def test_a_site_of_another_kind_is_told(site: Site, tmp_path: Path) -> None:
    site.pages["/graphql"] = lambda request: request.answer("[1]", "application/json")
    [failed] = fetch(ForumSource(url=site.url, author="x"), tmp_path)
    assert "is it a site of the ForumMagnum software?" in (failed.reason or "")


@pytest.mark.parametrize(
    "question",
    [
        graphql.LIST,
        graphql.BODIES,
        graphql.ONE,
        graphql.TAG,
        graphql.USER,
        graphql.SEQUENCE,
        graphql.CHAPTERS,
    ],
)
def test_questions_fit_the_schema(question: str) -> None:
    from graphql import parse, validate

    assert validate(_SCHEMA, parse(question)) == []


def test_a_dry_run_writes_nothing(forum: Forum, tmp_path: Path) -> None:
    forum.add()
    assert counted(fetch(source(forum), tmp_path, write=False)) == {"new": 1}
    assert tree(tmp_path) == {}


def test_a_limit_is_gone_on_from(forum: Forum, tmp_path: Path) -> None:
    for _ in range(7):
        forum.add()
    for taken in (3, 6, 7):
        fetch(source(forum), tmp_path, limit=3)
        assert len(posts(tmp_path)) == taken
