import io
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import feedparser
import podcastparser
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.feed.making import chapters, episode, segments, show, written
from tts_pipeline.feed import xml
from tts_pipeline.feed.text import line
from tts_pipeline.model import Funding, Link, Person, Podcast

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}

TITLES = [
    "Q&A: R&D at AT&T",
    "a < b > c",
    "<b>bold</b>",
    "</title></item></channel>",
    "&amp; already &lt;escaped&gt; &#38;",
    "]]> and <![CDATA[",
    "\"double\" and 'single'",
    "emoji 👩\u200d👩\u200d👧 🎧",
    "\u2067\u05e2\u05d1\u05e8\u2069 and عربي",
    "word " * 60,
    "bell \x07 null \x00 escape \x1b[31m \ufffe end",
    "two\nlines\tand\u00a0more",
]


def channel(data: bytes) -> ET.Element:
    found = ET.fromstring(data).find("channel")  # noqa: S314 - our own feed
    assert found is not None
    return found


def text(of: ET.Element, path: str) -> str | None:
    return of.findtext(path, namespaces=NAMES)


def attribute(of: ET.Element, path: str, name: str) -> str | None:
    found = of.find(path, NAMES)
    return None if found is None else found.get(name)


def test_the_channel_has_all_that_directories_require() -> None:
    found = channel(written(show(), episode()))
    assert {child.tag for child in found} >= {"title", "link", "description", "language"}
    assert text(found, "title") == "Example Show"
    assert text(found, "link") == "https://example.org/about"
    assert text(found, "description") == "Posts read aloud."
    assert text(found, "language") == "en-us"
    assert text(found, "copyright") == "CC BY 4.0"
    assert text(found, "generator") == "tts-pipeline"
    assert text(found, "itunes:explicit") == "false"
    assert text(found, "itunes:author") == "Field Notes"
    assert text(found, "itunes:type") == "episodic"
    assert text(found, "itunes:owner/itunes:name") == "Field Notes"
    assert text(found, "itunes:owner/itunes:email") == "show@example.org"
    assert text(found, "podcast:medium") == "podcast"
    assert text(found, "podcast:guid") == "0a7f008b-e715-5b6d-9669-52888b5585d4"
    image = attribute(found, "itunes:image", "href")
    assert image == "https://example.org/podcast/feeds/cover-1a2b3c4d.png"
    self_link = "https://example.org/podcast/feeds/example.xml"
    assert attribute(found, "atom:link[@rel='self']", "href") == self_link
    assert [each.get("text") for each in found.findall("itunes:category", NAMES)] == [
        "Society & Culture",
        "Technology",
    ]
    assert attribute(found, "itunes:category/itunes:category", "text") == "Philosophy"


def test_an_ampersand_in_a_category_is_written_as_directories_want_it() -> None:
    assert b'text="Society &amp; Culture"' in written(show(), episode())


def test_what_a_show_lacks_is_left_out() -> None:
    found = channel(written(show(email=None, copyright=None, link=None), episode()))
    assert found.find("itunes:owner", NAMES) is None
    assert found.find("copyright") is None
    assert text(found, "link") == "https://example.org/podcast"


def test_explicit_is_true_for_show_and_items() -> None:
    found = channel(written(show(explicit=True), episode()))
    assert [each.text for each in found.iter(f"{{{NAMES['itunes']}}}explicit")] == ["true"] * 2


def test_an_item_has_all_that_directories_require() -> None:
    made = episode()
    items = channel(written(show(), made)).findall("item")
    assert len(items) == 1
    item = items[0]
    assert text(item, "title") == "A Title by Someone"
    assert text(item, "guid") == "guid-of-post-1"
    assert attribute(item, "guid", "isPermaLink") == "false"
    assert text(item, "pubDate") == "Tue, 02 Apr 2024 09:30:00 +0000"
    assert text(item, "link") == "https://example.org/post-1"
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.attrib == {
        "url": "https://example.org/podcast/episodes/post-1/post-1-0a1b2c3d.mp3",
        "length": str(made.bytes),
        "type": "audio/mpeg",
    }
    assert text(item, "itunes:duration") == "90"
    assert text(item, "itunes:explicit") == "false"
    assert text(item, "itunes:author") == "Someone"
    assert "First words of the text." in (text(item, "description") or "")
    assert "First words of the text." in (text(item, "content:encoded") or "")


def test_a_post_without_author_date_and_address_still_is_an_item() -> None:
    item = channel(written(show(), episode(author=None, url=None, date=None))).find("item")
    assert item is not None
    assert item.find("link") is None
    assert text(item, "itunes:author") == "Field Notes"
    assert text(item, "pubDate") == "Tue, 02 Apr 2024 09:30:00 +0000"


@pytest.mark.parametrize(
    ("ms", "seconds"), [(0, 0), (499, 0), (500, 1), (90_499, 90), (3.6e6, 3600)]
)
def test_durations_are_whole_seconds(ms: int, seconds: int) -> None:
    item = channel(written(show(), episode(duration_ms=int(ms)))).find("item")
    assert item is not None
    assert text(item, "itunes:duration") == str(seconds)


@pytest.mark.parametrize("title", TITLES)
def test_hostile_titles_are_read_as_they_are(title: str) -> None:
    made = episode(
        title=title,
        post_title=title,
        author=title,
        authors=(title, title),
        series=title,
        links=(Link("https://example.org/?a&b", title), Link("https://example.org/<x>", "")),
        segments=segments(title, title, slate=title),
        chapters=chapters(title, title, title, link="https://example.org/?a&b#c"),
    )
    podcast = Podcast(
        txt={title: title},
        license=title,
        persons=(Person(name=title, role=title),),
        funding=(Funding(url="https://example.org/?a&b", text=title),),
    )
    named = show(title=title, description=title, author=title, copyright=title, podcast=podcast)
    data = written(named, made)
    found = channel(data)
    item = found.find("item")
    assert item is not None
    assert text(item, "title") == line(title)
    assert line(text(item, "itunes:author") or "") == line(title)
    assert line(text(found, "title") or "") == line(title)
    assert line(text(found, "description") or "") == line(title)
    parsed = podcastparser.parse("https://example.org/feeds/example.xml", io.BytesIO(data))
    assert parsed["episodes"][0]["title"] == line(title)
    assert parsed["title"] == line(title)


def read_by_feedparser(data: bytes) -> feedparser.FeedParserDict:
    # Its sanitizer takes plain text that looks like HTML for HTML; what it was given is the test.
    return feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)


def _looks_misread(title: str) -> bool:
    """Whether feedparser would take it for UTF-8 that was read as Latin-1, and "repair" it."""
    try:
        return title.encode("iso-8859-1").decode() != title
    except UnicodeError:
        return False


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=50), st.text(alphabet="&<>;lt#x26]!['\" b", max_size=30))
def test_any_title_comes_back_from_feedparser(any_text: str, signs: str) -> None:
    title = any_text + signs
    assume(not _looks_misread(title))
    parsed = read_by_feedparser(written(show(), episode(title=title)))
    assert not parsed.bozo
    assert line(parsed.entries[0].title) == (line(title) or "post-1")


def test_feedparser_and_podcastparser_read_the_feed_as_meant() -> None:
    made = [
        episode(
            f"post-{number}",
            published=datetime(2024, 1, 10 - number, tzinfo=UTC),
            chapters=chapters("One", "Two & a half", "Three"),
            cover=f"post-{number}-99999999.jpg",
        )
        for number in range(3)
    ]
    covers = {
        each.guid: f"https://example.org/podcast/episodes/{each.slug}/{each.cover}" for each in made
    }
    data = written(show(), *made, there={each.cover for each in made if each.cover})
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    assert parsed.version == "rss20"
    assert parsed.feed.title == "Example Show"
    assert parsed.feed.image.href.endswith("/cover-1a2b3c4d.png")
    assert [entry.id for entry in parsed.entries] == [each.guid for each in made]
    for entry, each in zip(parsed.entries, made, strict=True):
        assert entry.title == each.title
        assert entry.link == each.url
        assert entry.published_parsed[:6] == each.published.timetuple()[:6]
        assert [(link.type, link.length) for link in entry.enclosures] == [
            ("audio/mpeg", str(each.bytes))
        ]
        assert "<li>(01:00) Two &amp; a half</li>" in entry.content[0].value
        assert entry.image.href == covers[each.guid]
    cast = podcastparser.parse("https://example.org/feeds/example.xml", io.BytesIO(data))
    assert cast["itunes_owner"] == {"name": "Field Notes", "email": "show@example.org"}
    assert cast["type"] == "episodic"
    assert cast["cover_url"].endswith("/cover-1a2b3c4d.png")
    assert cast["explicit"] is False
    for entry, each in zip(cast["episodes"], made, strict=True):
        assert entry["guid"] == each.guid
        assert entry["episode_art_url"] == covers[each.guid]
        assert entry["link"] == each.url
        assert entry["published"] == each.published.timestamp()
        assert entry["total_time"] == 90
        assert entry["enclosures"][0]["file_size"] == each.bytes
        assert "(01:00) Two & a half" in entry["description"]


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "<style>*{}</style>", "<img onclick=x>"]
)
def test_script_never_reaches_the_feed(evil: str) -> None:
    made = episode(
        title=evil,
        post_title=evil,
        author=evil,
        url=f"javascript:{evil}",
        segments=segments(evil, slate=evil),
        chapters=chapters(evil, evil, evil, link=f"javascript:{evil}"),
    )
    data = written(show(description=evil, link="javascript:alert(1)"), made)
    assert evil.encode() not in data
    assert b"javascript:" not in data
    for entry in feedparser.parse(data).entries:
        # The sanitizer of a reader finds nothing to take away.
        assert entry.content[0].value == read_by_feedparser(data).entries[0].content[0].value


def test_plain_text_is_escaped_as_strict_validators_want() -> None:
    data = written(show(), episode(title="R&D < 5"))
    assert b"<title>R&#x26;D &#x3C; 5</title>" in data


def test_the_end_of_cdata_is_split() -> None:
    assert xml.cdata("x", "a]]>b") == "<x><![CDATA[a]]]]><![CDATA[>b]]></x>\n"


def test_a_long_show_description_is_cut_at_4000_bytes_after_a_word() -> None:
    described = text(channel(written(show(description="über " * 1500), episode())), "description")
    assert described is not None
    assert 3990 < len(described.encode()) <= 4000
    assert described.endswith("über…")


def test_the_build_date_is_the_newest_episode_s_and_never_the_clock() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    newest = episode("new", published=datetime(2024, 5, 1, 12, 0, tzinfo=zone))
    data = written(show(), newest, episode("old"))
    built = text(channel(data), "lastBuildDate")
    assert built == "Wed, 01 May 2024 12:00:00 +0530"
    assert parsedate_to_datetime(built) == newest.published
    assert data == written(show(), newest, episode("old"))


def test_a_channel_without_items_is_well_formed() -> None:
    found = channel(written(show()))
    assert found.find("item") is None
    assert found.find("lastBuildDate") is None
