"""Feeds of every format, whole and cut, and broken ones."""

import contextlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tts_pipeline.errors import SourceError
from tts_pipeline.model.source import FeedSource
from tts_pipeline.post.sources import entries, feed

from .fetching import counted, fetch, posts, tree
from .serving import Request, Site

LONG = " ".join(f"The tide of day {n} came late and left early, as it does." for n in range(40))

RSS2 = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Tidal Notes</title><link>https://tides.example.org/</link><language>en-gb</language>
<atom:link rel="self" href="https://tides.example.org/feed"/>
<item><title>Ebb &amp; Flow</title><link>https://tides.example.org/ebb</link>
<guid isPermaLink="false">tides-1</guid><dc:creator>Ann Lee</dc:creator><itunes:author>The Show</itunes:author>
<pubDate>Tue, 02 Apr 2024 15:45:00 GMT</pubDate><category>Sea</category><category>Moon</category>
<description>Short.</description>
<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded></item>
</channel></rss>"""

RSS1 = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://tides.example.org/"><title>Tidal Notes</title></channel>
<item rdf:about="https://tides.example.org/ebb"><title>Ebb &amp; Flow</title>
<link>https://tides.example.org/ebb</link><dc:creator>Ann Lee</dc:creator>
<dc:date>2024-04-02T15:45:00Z</dc:date><dc:subject>Sea</dc:subject><dc:subject>Moon</dc:subject>
<description>&lt;p&gt;{LONG}&lt;/p&gt;</description></item></rdf:RDF>"""

ATOM = f"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://tides.example.org/" xml:lang="en-gb">
<title type="text">Tidal Notes</title><author><name>Ann Lee</name></author>
<link rel="self" href="feed.atom"/>
<entry><title type="html">Ebb &amp;amp; Flow</title><id>tag:tides.example.org,2024:1</id>
<link rel="alternate" href="ebb"/><link rel="enclosure" href="a.mp3"/>
<published>2024-04-02T15:45:00Z</published><updated>2024-05-02T15:45:00Z</updated>
<category term="sea" label="Sea"/><category term="Moon"/>
<summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{LONG}</p><br/></div></content>
</entry></feed>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Tidal Notes",
        "language": "en-gb",
        "authors": [{"name": "Ann Lee"}],
        "items": [
            {
                "id": 7,
                "url": "https://tides.example.org/ebb",
                "title": "Ebb & Flow",
                "content_html": f"<p>{LONG}</p>",
                "date_published": "2024-04-02T15:45:00Z",
                "tags": ["Sea", "Moon"],
            }
        ],
    }
)
FORMATS = {"rss2": RSS2, "rss1": RSS1, "atom": ATOM, "json": JSON}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_tells_the_same(kind: str, site: Site, tmp_path: Path) -> None:
    site.put("/feed", FORMATS[kind], "application/octet-stream")
    assert counted(fetch(FeedSource(url=site.url + "/feed"), tmp_path)) == {"new": 1}
    post = posts(tmp_path)["Ebb & Flow"]
    assert post.authors == ("Ann Lee",)
    assert post.date == datetime(2024, 4, 2, 15, 45, tzinfo=UTC)
    assert post.url == "https://tides.example.org/ebb"
    assert post.site == "Tidal Notes"
    assert post.tags == ("Sea", "Moon")
    assert post.language == (None if kind == "rss1" else "en-gb")
    assert LONG in post.body
    # The text was whole, so its page was not asked for.
    assert site.took() == ["/feed"]


@pytest.mark.parametrize("kind", ["rss2", "rss1", "atom"])
def test_a_second_reader_agrees(kind: str) -> None:
    """feedparser, which the world reads feeds by."""
    ours = entries.parse(FORMATS[kind], "https://tides.example.org/feed")
    theirs = feedparser.parse(FORMATS[kind])
    [one], [other] = ours.entries, theirs.entries
    assert ours.title == theirs.feed.title
    assert one.title == other.title.replace("&amp;", "&")
    assert one.url == other.link
    assert one.date is not None
    assert one.date.timetuple()[:6] == (other.get("published_parsed") or other.updated_parsed)[:6]
    assert list(one.tags) == [tag.get("label") or tag.term for tag in other.tags]
    written = (other.get("content") or [{"value": other.summary}])[0]["value"]
    assert LONG in written
    assert LONG in (one.content or one.summary)


# ---- full text -------------------------------------------------------------------------------


def item(
    text: str, *, number: int = 1, link: str = "https://tides.example.org/ebb", date: str = ""
) -> str:
    return (
        f"<item><title>Post {number}</title><link>{link}</link><guid>urn:tides:{number}</guid>"
        f"<pubDate>{date}</pubDate><description><![CDATA[{text}]]></description></item>"
    )


def rss(*items: str, more: str = "") -> str:
    return f'<rss version="2.0"><channel><title>T</title>{more}{"".join(items)}</channel></rss>'


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        (f"<p>{LONG}</p>", False),
        (f"<p>{LONG} And so...</p>", True),
        (f"<p>{LONG} And so […]</p>", True),
        (f"<p>{LONG} And so […] </p><p><a href='/x'>Continue reading &rarr;</a></p>", True),
        (f"<p>{LONG}</p><p><a href='/x'>Read more</a></p>", True),
        (f"<p>{LONG} I told them to read more. They did.</p>", False),
        ("<p>A summary of few words.</p>", True),
        ("", True),
    ],
)
def test_a_cut_feed_is_known(text: str, is_cut: bool) -> None:
    [entry] = entries.parse(rss(item(text)), "https://x.org").entries
    assert bool(feed.cut(entry)) is is_cut


PAGE = f"<html><head><title>Post 1</title></head><body><nav>Home</nav><article><h1>Post 1</h1><p>{LONG}</p></article></body></html>"


@pytest.mark.parametrize(
    ("full", "text", "page", "expected"),
    [
        ("auto", "Just a...", PAGE, LONG),
        ("auto", "Just a summary.", "<html><p>Less.</p></html>", "Just a summary."),
        ("page", LONG, "<html><p>The page says so.</p></html>", "The page says so."),
        ("feed", "Just a...", PAGE, "Just a..."),
    ],
)
def test_the_page_behind_the_link_is_read_where_the_feed_is_cut(
    site: Site, tmp_path: Path, full: Any, text: str, page: str, expected: str
) -> None:
    site.put("/ebb", page)
    site.put("/feed", rss(item(text, link=site.url + "/ebb")))
    fetch(FeedSource(url=site.url + "/feed", full=full), tmp_path)
    post = posts(tmp_path)["Post 1"]
    assert expected in post.body
    assert post.url == site.url + "/ebb"
    assert post.id == "urn:tides:1"


def test_a_page_in_an_old_charset_reads_as_it_should(site: Site, tmp_path: Path) -> None:
    page = (
        f'<html><head><meta charset="windows-1252"></head><body><p>Grüße – {LONG}</p></body></html>'
    )
    site.put("/ebb", page.encode("cp1252"), "text/html")
    site.put("/feed", rss(item("Just a...", link=site.url + "/ebb")))
    fetch(FeedSource(url=site.url + "/feed"), tmp_path)
    assert "Grüße – The tide" in posts(tmp_path)["Post 1"].body


def test_one_pages_failure_is_that_posts_alone_and_is_tried_again(
    site: Site, tmp_path: Path
) -> None:
    def broken(request: Request) -> None:
        request.answer(status=403)

    site.pages["/ebb"] = broken
    site.put("/flow", PAGE)
    site.put(
        "/feed",
        rss(
            item("Cut...", link=site.url + "/ebb"),
            item("Cut...", number=2, link=site.url + "/flow"),
        ),
    )
    source = FeedSource(url=site.url + "/feed")
    assert counted(fetch(source, tmp_path)) == {"failed": 1, "new": 1}
    assert counted(fetch(source, tmp_path)) == {"failed": 1}
    site.put("/ebb", PAGE)
    site.took()
    assert counted(fetch(source, tmp_path)) == {"new": 1}
    assert site.took() == ["/feed", "/ebb"]
    assert fetch(source, tmp_path) == []


# ---- again and again -------------------------------------------------------------------------


def test_an_unchanged_feed_costs_one_request_and_writes_nothing(site: Site, tmp_path: Path) -> None:
    site.put("/feed", RSS2)
    source = FeedSource(url=site.url + "/feed")
    fetch(source, tmp_path)
    before = tree(tmp_path)
    site.took()
    assert fetch(source, tmp_path) == []
    assert site.took() == ["/feed"]
    assert tree(tmp_path) == before


def test_a_lost_file_and_a_lost_memory_are_made_again(site: Site, tmp_path: Path) -> None:
    site.put("/feed", RSS2)
    source = FeedSource(url=site.url + "/feed")
    fetch(source, tmp_path)
    before = tree(tmp_path)
    [path] = (tmp_path / "posts" / "blog").iterdir()
    path.unlink()
    assert counted(fetch(source, tmp_path)) == {"new": 1}
    assert tree(tmp_path) == before
    memory = tmp_path / "library" / "sources" / "blog.json"
    for damage in (b"", b"\xff\x00", b"{}", b'{"version": 9}', memory.read_bytes()[:-9]):
        memory.write_bytes(damage)
        assert counted(fetch(source, tmp_path)) in ({"unchanged": 1}, {})
        assert {name: data for name, data in tree(tmp_path).items() if "posts" in name} == {
            name: data for name, data in before.items() if "posts" in name
        }


def test_an_edited_post_keeps_its_file_and_its_address(site: Site, tmp_path: Path) -> None:
    source = FeedSource(url=site.url + "/feed", full="feed")
    site.put("/feed", rss(item("One text.")))
    fetch(source, tmp_path)
    before = set(tree(tmp_path / "posts"))
    site.put("/feed", rss(item("Another text.", link="https://tides.example.org/moved")))
    assert counted(fetch(source, tmp_path)) == {"changed": 1}
    assert set(tree(tmp_path / "posts")) == before
    post = posts(tmp_path)["Post 1"]
    assert (post.body, post.url) == ("Another text.", "https://tides.example.org/ebb")


def following(path: str) -> str:
    return f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="{path}"/>'


def paged(site: Site, posts: int, *, size: int = 2, cut: int = 0) -> None:
    """A feed at /feed1 of so many posts, the newest first, one a year from 2001; one may be cut."""

    def post(number: int) -> str:
        text = "Cut..." if number == cut else LONG
        link = f"{site.url}/{number}"
        return item(text, number=number, link=link, date=f"{2000 + number}-04-02")

    numbers = list(range(posts, 0, -1))
    pages = [numbers[start : start + size] for start in range(0, posts, size)]
    for at, page in enumerate(pages, 1):
        more = following(f"/feed{at + 1}") if at < len(pages) else ""
        site.put(f"/feed{at}", rss(*map(post, page), more=more))


def test_a_paged_feed_is_read_to_its_end_once(site: Site, tmp_path: Path) -> None:
    def page(number: int, *numbers: int) -> str:
        more = following(f"/feed{number + 1}") if number < 3 else ""
        return rss(*(item(LONG, number=n) for n in numbers), more=more)

    site.put("/feed1", page(1, 6, 5))
    site.put("/feed2", page(2, 4, 3))
    site.put("/feed3", page(3, 2, 1))
    source = FeedSource(url=site.url + "/feed1")
    assert counted(fetch(source, tmp_path)) == {"new": 6}
    assert site.took() == ["/feed1", "/feed2", "/feed3"]
    assert fetch(source, tmp_path) == []
    assert site.took() == ["/feed1"]
    site.put("/feed1", page(1, 7, 6))
    assert counted(fetch(source, tmp_path)) == {"new": 1, "unchanged": 1}
    assert site.took() == ["/feed1", "/feed2"]


@pytest.mark.parametrize("stopped", ["at a limit", "at a page in trouble"])
def test_a_walk_that_stops_goes_on_in_the_next_run(
    site: Site, tmp_path: Path, stopped: str
) -> None:
    """New posts fill more than a page; what the first page has is no sign for the others."""
    source = FeedSource(url=site.url + "/feed1")
    paged(site, 2)
    fetch(source, tmp_path)
    paged(site, 8)
    if stopped == "at a limit":
        # Also where the limit falls on the end of a page, and in the middle of one.
        for taken in (3, 4, 5, 6):
            fetch(source, tmp_path, limit=1)
            assert len(posts(tmp_path)) == taken
    else:
        whole = site.pages["/feed2"]
        site.pages["/feed2"] = lambda request: request.answer(status=500)
        assert counted(fetch(source, tmp_path)) == {"new": 2, "failed": 1}
        site.pages["/feed2"] = whole
    fetch(source, tmp_path)
    assert len(posts(tmp_path)) == 8
    site.took()
    assert fetch(source, tmp_path) == []
    assert site.took() == ["/feed1"]


@pytest.mark.parametrize(
    ("given", "cut", "later"),
    [
        ({}, 0, ["/feed1", "/feed2"]),
        ({"since": date(2010, 6, 1)}, 0, ["/feed1", "/feed2"]),
        ({}, 1, ["/feed1", "/feed2", "/1"]),
    ],
    ids=["plainly", "with older ones", "with one that never comes"],
)
def test_later_runs_read_no_more_than_they_must(
    site: Site, tmp_path: Path, given: dict[str, Any], cut: int, later: list[str]
) -> None:
    source = FeedSource(url=site.url + "/feed1", **given)
    site.pages["/1"] = lambda request: request.answer(status=403)
    paged(site, 12, cut=cut)
    fetch(source, tmp_path)
    assert len(site.took()) == 6 + bool(cut)
    fetch(source, tmp_path)
    assert site.took() == ["/feed1"] + ["/1"] * bool(cut)
    paged(site, 13, cut=cut)
    assert counted(fetch(source, tmp_path))["new"] == 1
    assert site.took() == later


def test_a_run_for_newer_posts_alone_hides_no_older_ones(site: Site, tmp_path: Path) -> None:
    """It took all of the first page, which is no sign for the second."""
    source = FeedSource(url=site.url + "/feed1")
    paged(site, 2)
    fetch(source, tmp_path)
    paged(site, 8)
    for _ in range(2):
        fetch(source, tmp_path, since=datetime(2007, 1, 1, tzinfo=UTC))
        assert len(posts(tmp_path)) == 4
    fetch(source, tmp_path)
    assert len(posts(tmp_path)) == 8


def test_pages_that_lead_in_a_circle_end(site: Site, tmp_path: Path) -> None:
    site.put(
        "/feed",
        rss(item(LONG), more='<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/feed"/>'),
    )
    assert counted(fetch(FeedSource(url=site.url + "/feed"), tmp_path)) == {"new": 1}


def test_older_posts_are_left(site: Site, tmp_path: Path) -> None:
    site.put("/feed", RSS2)
    since = datetime(2024, 5, 1, tzinfo=UTC)
    [left] = fetch(FeedSource(url=site.url + "/feed"), tmp_path, since=since)
    assert (left.status, left.reason) == ("skipped", "it is older than 2024-05-01")


# ---- badly made ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (RSS2.replace("&amp; Flow", "& Flow"), "Ebb & Flow", LONG),
        (RSS2[: RSS2.index("</content")], "Ebb & Flow", LONG[:500]),
        (RSS2.replace("Ebb &amp; Flow", "Ebb&nbsp;&mdash;&nbsp;Flow"), "Ebb — Flow", LONG),
        (RSS2.replace("The tide of day 3", "The tide \x0b\x00 of day 3"), "Ebb & Flow", "day 3"),
        ("\n\n" + RSS2, "Ebb & Flow", LONG),
        (RSS2.replace('encoding="UTF-8"', 'encoding="utf-16"'), "Ebb & Flow", LONG),
        (RSS2.replace('xmlns:dc="http://purl.org/dc/elements/1.1/"', ""), "Ebb & Flow", LONG),
    ],
    ids=["ampersand", "cut", "entities", "controls", "blank", "declared", "namespace"],
)
def test_broken_feeds_are_read_as_far_as_they_go(text: str, title: str, body: str) -> None:
    [entry] = entries.parse(text, "https://x.org/").entries
    assert entry.title == title
    assert body in entry.content


BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>
<rss><channel><item><title>&e;</title></item></channel></rss>"""
OUTSIDE = """<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&x;</title></item></channel></rss>"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "defines entities"),
        (OUTSIDE, "defines entities"),
        (f"<!-- <a <![CDATA[ -->{OUTSIDE}<!-- ]]> -->", "defines entities"),
        (f"<?pi <a ?>{OUTSIDE}", "defines entities"),
        ("<html><body>Not found</body></html>", "outermost element is <html>"),
        ("just words", "not XML"),
        ("", "not XML"),
        ('{"items": []}', "no JSON Feed"),
        ('{"version": "https://example.org", "items": []}', "no JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [}', "no JSON Feed"),
        ("{" * 100_000, "no JSON Feed"),
    ],
)
def test_what_is_no_feed_is_refused(text: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        entries.parse(text, "https://x.org/")


def test_one_broken_item_of_a_json_feed_is_broken_alone(site: Site, tmp_path: Path) -> None:
    items = [
        {"id": 1, "title": "One", "content_html": LONG, "tags": [None, "sea"]},
        {"id": "2", "title": 3, "content_html": LONG},
        None,
        {"id": 4, "title": "Four", "content_html": LONG},
    ]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    site.put("/feed", feed, "application/feed+json")
    fetched = fetch(FeedSource(url=site.url + "/feed", full="feed"), tmp_path)
    assert [one.status for one in fetched] == ["new", "failed", "failed", "new"]
    assert [one.title for one in fetched] == ["One", "2", "3", "Four"]
    assert "item 2 of the feed cannot be read: Expected `str | null`" in (fetched[1].reason or "")
    assert posts(tmp_path)["One"].tags == ("sea",)


MEDIA = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title><item>
<guid>urn:1</guid><media:content url="https://x.org/a.jpg"><media:credit>Photograph: Bo</media:credit></media:content>
<media:description>A pier.</media:description><description>Of the sea.</description></item></channel></rss>"""


def test_what_is_said_of_a_picture_is_not_the_post() -> None:
    [entry] = entries.parse(MEDIA, "https://x.org/").entries
    assert (entry.content, entry.summary) == ("", "Of the sea.")
    without = MEDIA.replace("<description>Of the sea.</description>", "")
    [entry] = entries.parse(without, "https://x.org/").entries
    assert (entry.content, entry.summary) == ("", "")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Vec&lt;T&gt; and &amp;amp;", "Vec<T> and &"),
        ("The &lt;em class='x'&gt;sea&lt;/em&gt;&lt;br/&gt; again", "The sea again"),
        ("a &lt; b", "a < b"),
        ("Map&lt;string, i32&gt;", "Map<string, i32>"),
    ],
)
def test_a_title_loses_tags_and_no_words(written: str, title: str) -> None:
    text = f"<rss><channel><item><title>{written}</title></item></channel></rss>"
    [entry] = entries.parse(text, "https://x.org/").entries
    assert entry.title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("<p>The ferry was late.</p><p>Again.</p>", "The ferry was late"),
        (
            "<p>The ferry, which nobody had seen since the morning, because of the fog, came.</p>",
            "The ferry, which nobody had seen since the morning, because …",
        ),
    ],
)
def test_a_post_without_a_title_is_called_by_its_first_words(
    text: str, title: str, site: Site, tmp_path: Path
) -> None:
    untitled = item(text).replace("<title>Post 1</title>", "")
    site.put("/feed", rss(untitled), "application/rss+xml")
    fetch(FeedSource(url=site.url + "/feed", full="feed"), tmp_path)
    assert list(posts(tmp_path)) == [title]


def test_entities_in_a_text_about_entities_are_text() -> None:
    [entry] = entries.parse(
        rss(item("How to write <!ENTITY a 'b'> and why.")), "https://x.org/"
    ).entries
    assert "<!ENTITY" in entry.summary


def test_an_entry_without_a_link_has_no_address() -> None:
    """Not the feed's, which would be one address for all such entries."""
    items = "<item><title>A</title><link/></item><item><title>B</title><link>a b</link></item>"
    page = entries.parse(f"<rss><channel>{items}</channel></rss>", "https://tides.example.org/feed")
    assert [(one.title, one.url) for one in page.entries] == [("A", None), ("B", None)]


def test_a_deep_feed_ends() -> None:
    deep = "<rss><channel>" + "<a>" * 100_000 + "</a>" * 100_000 + "</channel></rss>"
    with contextlib.suppress(SourceError):
        assert entries.parse(deep, "https://x.org/").entries == ()


def test_titles_and_ids_name_no_file_outside(site: Site, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "build"
    evil = "../../../evil"
    items = [
        f"<item><title>{evil}</title><link>https://x.org/{evil}/%2e%2e%2f%2e%2e%2fevil</link><guid>{evil}</guid>"
        f"<description>{LONG}</description></item>",
        f"<item><title>/etc/passwd\x01</title><guid isPermaLink='false'>C:\\evil\u2028</guid><description>{LONG}</description></item>",
        f"<item><title>CON</title><link>https://x.org/\u202e.html</link><description>{LONG}</description></item>",
        f"<item><title>{'x' * 5000}</title><description>{LONG}</description></item>",
        f"<item><title>---\nurl: https://evil.example\n---</title><guid>g</guid><description>{LONG}</description></item>",
    ]
    site.put("/feed", rss(*items))
    assert counted(fetch(FeedSource(url=site.url + "/feed"), out)) == {"new": 5}
    written = list(tree(tmp_path))
    assert all(name.startswith("deep/build/") for name in written)
    assert all(len(Path(name).name) < 100 for name in written)
    assert all("evil.example" not in (post.url or "") for post in posts(out).values())
    assert len(posts(out)) == 5


def test_a_feed_that_cannot_be_had_does_not_stop_the_others(site: Site, tmp_path: Path) -> None:
    from tts_pipeline.model import NamedSource
    from tts_pipeline.post.sources import Fetcher
    from tts_pipeline.post.sources.pace import Pace

    from .fetching import NOW

    site.put("/feed", RSS2)
    sources = [
        NamedSource(
            name, FeedSource(url=site.url + path, allow_private=True, pause=0), str(tmp_path)
        )
        for name, path in (("gone", "/none"), ("here", "/feed"))
    ]
    first, second = Fetcher(tmp_path, now=NOW, pace=Pace(sleep=lambda seconds: None)).run(sources)
    assert (first.source, first.status) == ("gone", "failed")
    assert "404 Not Found" in (first.reason or "")
    assert (second.source, second.status) == ("here", "new")
