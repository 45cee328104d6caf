"""The tags of Podcasting 2.0, Apple's by case, and what a feed names of the files in OUT."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.feed.making import chapters, episode, show, sound, written
from tests.feed.test_rss import NAMES, attribute, channel, text
from tts_pipeline.feed.entry import CHAPTER_LIMIT, entry
from tts_pipeline.feed.item import ItemWriter, Order
from tts_pipeline.model import Episode, Podcast, Select, Show, UpdateFrequency

ALL = NAMES | {"psc": "http://podlove.org/simple-chapters"}
STEM = "post-1-0a1b2c3d"
AT = "https://example.org/podcast/episodes/post-1/"


def item(made: Show, each: Episode, *there: str, **changes: Any) -> ET.Element:
    found = channel(written(made, each, there=set(there), **changes)).find("item")
    assert found is not None
    return found


def test_the_defaults_say_that_the_speech_is_synthetic_and_the_feed_not_for_import() -> None:
    found = channel(written(show(), episode()))
    assert text(found, "podcast:txt[@purpose='ai-content']") == "true"
    assert text(found, "podcast:locked") == "yes"
    assert attribute(found, "podcast:locked", "owner") == "show@example.org"
    for tag in ("license", "funding", "person", "updateFrequency"):
        assert found.find(f"podcast:{tag}", NAMES) is None
    for tag in ("new-feed-url", "block", "complete"):
        assert found.find(f"itunes:{tag}", NAMES) is None


def test_a_show_that_ends_moves_or_hides_says_so() -> None:
    often = UpdateFrequency(text="Daily", dtstart=datetime(2024, 1, 1, tzinfo=UTC))
    made = show(
        block=True, complete=True, new_feed_url="https://new.example.org/é.xml",
        podcast=Podcast(update_frequency=often, locked=False, ai_content=False),
    )  # fmt: skip
    found = channel(written(made, episode()))
    assert text(found, "itunes:block") == "Yes"
    assert text(found, "itunes:complete") == "Yes"
    assert text(found, "itunes:new-feed-url") == "https://new.example.org/%C3%A9.xml"
    assert text(found, "podcast:locked") == "no"
    assert text(found, "podcast:txt[@purpose='ai-content']") == "false"
    said = found.find("podcast:updateFrequency", NAMES)
    assert said is not None
    assert said.attrib == {"dtstart": "2024-01-01T00:00:00+00:00", "complete": "true"}


def test_the_guid_stays_when_the_feed_moves_if_the_show_says_it() -> None:
    pinned = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    kept = Podcast(guid=pinned.upper())
    for base in ("https://example.org", "https://elsewhere.example"):
        found = channel(written(show(base_url=base, podcast=kept), episode()))
        assert text(found, "podcast:guid") == pinned


def test_exactly_the_files_that_are_there_are_named() -> None:
    bare = item(show(), episode())
    for tag in ("podcast:transcript", "podcast:chapters", "itunes:image", "podcast:image"):
        assert bare.find(tag, NAMES) is None
    assert text(bare, "link") == "https://example.org/post-1"
    there = (f"{STEM}.vtt", f"{STEM}.html", f"{STEM}.chapters.json", "post-1-99999999.srt")
    full = item(show(), episode(language="de"), *there)
    assert [each.attrib for each in full.findall("podcast:transcript", NAMES)] == [
        {"url": f"{AT}{STEM}.vtt", "type": "text/vtt", "language": "de", "rel": "captions"},
        {"url": f"{AT}{STEM}.html", "type": "text/html", "language": "de"},
    ]
    assert attribute(full, "podcast:chapters", "url") == f"{AT}{STEM}.chapters.json"
    assert attribute(full, "podcast:chapters", "type") == "application/json+chapters"


def test_an_episode_s_own_cover_is_named_when_it_is_there() -> None:
    made = episode(cover="post-1-99999999.jpg")
    assert item(show(), made).find("itunes:image", NAMES) is None
    found = item(show(), made, "post-1-99999999.jpg")
    assert attribute(found, "itunes:image", "href") == f"{AT}post-1-99999999.jpg"
    assert attribute(found, "podcast:image", "href") == f"{AT}post-1-99999999.jpg"


def test_pages_are_linked_when_they_are_there() -> None:
    found = item(show(), episode(), "index.html")
    assert text(found, "link") == "https://example.org/post-1"
    notes = text(found, "content:encoded") or ""
    assert notes.endswith(f'\n<p><a href="{AT}">A Title by Someone</a></p>')
    assert text(item(show(), episode(url=None), "index.html"), "link") == AT
    unlinked = show(link=None)
    paged = channel(written(unlinked, episode(), page=True))
    assert text(paged, "link") == "https://example.org/podcast/example/"


def test_the_enclosure_s_hash_is_that_of_the_file() -> None:
    found = item(show(), episode())
    value = attribute(found, "podcast:alternateEnclosure/podcast:integrity", "value") or ""
    digest = base64.b64decode(value.removeprefix("sha256-"))
    assert digest == hashlib.sha256(sound("post-1")).digest()
    source = attribute(found, "podcast:alternateEnclosure/podcast:source", "uri")
    assert source == attribute(found, "enclosure", "url")


def test_chapters_agree_with_the_record_to_the_millisecond() -> None:
    titles = ("Slate", "R&D <1>", 'Say "x"')
    made = chapters(*titles, seconds=3725, link="https://example.org/a?b&c#d")
    made = tuple(
        type(each)(
            title=each.title, link=each.link, image=image, start=each.start, end=each.end,
            start_ms=each.start_ms + number, end_ms=each.end_ms + number + 1,
        )
        for number, (each, image) in enumerate(
            zip(made, ("https://example.org/f&g.png", "http://example.org/f.png", None), strict=True)
        )
    )  # fmt: skip
    found = item(show(), episode(chapters=made)).findall("psc:chapters/psc:chapter", ALL)
    assert [each.get("title") for each in found] == list(titles)
    assert {each.get("href") for each in found} == {"https://example.org/a?b&c#d"}
    # Pictures are loaded by apps, so a picture that is not by https is none.
    assert [each.get("image") for each in found] == ["https://example.org/f&g.png", None, None]
    for each, record in zip(found, made, strict=True):
        hours, minutes, seconds = (each.get("start") or "").split(":")
        ms = (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)
        assert ms == record.start_ms


@pytest.mark.parametrize("count", [0, 1, CHAPTER_LIMIT + 1])
def test_no_chapter_or_one_or_too_many_are_left_to_the_file(count: int) -> None:
    made = episode(chapters=chapters(*map(str, range(count))))
    assert item(show(), made).find("psc:chapters", ALL) is None


def test_each_author_is_a_person() -> None:
    found = item(show(), episode(author="Ann and Bo", authors=("Ann & <A>", "Bo" * 100)))
    people = found.findall("podcast:person", NAMES)
    assert [each.attrib for each in people] == [{"role": "author", "group": "writing"}] * 2
    assert people[0].text == "Ann & <A>"
    assert len((people[1].text or "").encode()) <= 128


def test_a_serial_show_numbers_its_episodes() -> None:
    serial = show(type="serial")
    writer = ItemWriter(serial)

    def order(given: Order | None) -> list[tuple[str, str | None]]:
        data = writer.item(entry(episode()), frozenset(), given).data.decode()
        spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in ALL.items())
        root = ET.fromstring(f"<x {spaces}>{data}</x>")[0]  # noqa: S314 - our own feed
        tags = ("itunes:season", "podcast:season", "itunes:episode", "podcast:episode")
        return [(tag, found.text) for tag in tags if (found := root.find(tag, ALL)) is not None]

    assert order(None) == []
    assert order(Order(None, None, 3)) == [("itunes:episode", "3"), ("podcast:episode", "3")]
    assert order(Order(2, "A & B", 3)) == [
        ("itunes:season", "2"), ("podcast:season", "2"), ("itunes:episode", "3"),
        ("podcast:episode", "3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "record", "expected"),
    [
        (None, {"title": "As made"}, "As made"),
        ("{title}", {"post_title": "R&D <1> 👩"}, "R&D <1> 👩"),
        ("{tag} - {title} by {author}", {"author": None, "tag": None}, "A Title"),
        ("{title} ({site}, {date})", {"date": datetime(2024, 4, 2, tzinfo=UTC)}, None),
        ("{show}: {title}", {"post_title": "word " * 300}, None),
    ],
)
def test_a_feed_may_form_its_titles_anew(
    form: str | None, record: dict[str, Any], expected: str | None
) -> None:
    found = text(item(show(select=Select(title=form)), episode(**record)), "title") or ""
    if expected is not None:
        assert found == expected
    elif "date" in record:
        assert found == "A Title (Example, April 2, 2024)"
    else:
        assert found.startswith("Example Show: word word")
        assert len(found.encode()) <= 600


def test_a_guid_may_have_a_suffix() -> None:
    parsed = feedparser.parse(written(show(select=Select(guid_suffix="_EA-day")), episode()))
    assert parsed.entries[0].id == "guid-of-post-1_EA-day"
