"""Archive pages never change, no episode stands twice, and the feed itself is never nearly empty."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feed.making import episode, pages, show
from tts_pipeline.feed.pages import Item, Page, paged
from tts_pipeline.model import Episode, Podcast

ATOM = "{http://www.w3.org/2005/Atom}"
LONG = show(podcast=Podcast(episodes_per_page=10))


def made(count: int) -> list[Episode]:
    """Newest first."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        episode(f"post-{number:03}", published=start + timedelta(days=number))
        for number in reversed(range(count))
    ]


def links(data: bytes) -> dict[str, str]:
    channel = ET.fromstring(data)[0]  # noqa: S314 - our own feed
    assert all(each.get("type") == "application/rss+xml" for each in channel.findall(f"{ATOM}link"))
    return {each.get("rel", ""): each.get("href", "") for each in channel.findall(f"{ATOM}link")}


def guids(data: bytes) -> list[str]:
    channel = ET.fromstring(data)[0]  # noqa: S314 - our own feed
    return [each.findtext("guid") or "" for each in channel.findall("item")]


def lay(sizes: Sequence[int], limit: int, most: int) -> list[Page]:
    return list(paged((Item("", b"x" * size) for size in sizes), limit, most))


@settings(max_examples=200)
@given(st.lists(st.integers(1, 60), max_size=60), st.integers(2, 12), st.integers(10, 300))
def test_pages_hold_every_item_once_within_the_limits(
    sizes: list[int], limit: int, most: int
) -> None:
    found = lay(sizes, limit, most)
    oldest_first = [len(item.data) for page in found for item in reversed(page.items)]
    assert oldest_first == sizes
    assert [page.number for page in found] == [*range(1, len(found)), None]
    assert [page.archives for page in found] == list(range(len(found)))
    for page in found:
        assert len(page.items) <= limit
        total = sum(len(item.data) for item in page.items)
        assert total <= 2 * max(most // 2, max(sizes, default=0))


@settings(max_examples=100)
@given(st.lists(st.integers(1, 60), max_size=60), st.integers(2, 12), st.integers(10, 300))
def test_a_page_never_changes_as_more_episodes_come(
    sizes: list[int], limit: int, most: int
) -> None:
    seen: dict[int, list[Item]] = {}
    for count in range(len(sizes) + 1):
        for page in lay(sizes[:count], limit, most):
            if page.number is not None:
                assert seen.setdefault(page.number, page.items) == page.items
                assert page.items


def test_the_feed_holds_between_half_and_all_that_a_page_may() -> None:
    for count in range(10, 60):
        newest = lay([1] * count, 10, 1000)[-1]
        assert 5 <= len(newest.items) <= 10


def test_up_to_the_limit_there_is_one_file_and_nothing_of_pages() -> None:
    assert list(pages(LONG, *made(10))) == [None]
    data = pages(LONG, *made(10))[None]
    assert links(data) == {"self": "https://example.org/podcast/feeds/example.xml"}
    assert b"<fh:archive" not in data


def test_pages_name_each_other_as_readers_follow_them() -> None:
    found = pages(LONG, *made(23))
    at = "https://example.org/podcast/feeds/example"
    assert list(found) == [1, 2, 3, None]
    around = {"first": f"{at}.xml", "current": f"{at}.xml", "last": f"{at}-1.xml"}
    assert links(found[None]) == {
        "self": f"{at}.xml", **around, "next": f"{at}-3.xml", "prev-archive": f"{at}-3.xml",
    }  # fmt: skip
    assert links(found[2]) == {
        "self": f"{at}-2.xml", **around, "next": f"{at}-1.xml", "prev-archive": f"{at}-1.xml",
    }  # fmt: skip
    assert links(found[1]) == {"self": f"{at}-1.xml", **around}
    assert b"<channel>\n<fh:archive/>\n" in found[1]
    walked = list(itertools.chain.from_iterable(guids(found[n]) for n in (None, 3, 2, 1)))
    assert walked == [each.guid for each in made(23)]


def test_full_pages_keep_their_bytes_as_the_feed_grows() -> None:
    before = pages(LONG, *made(20))
    after = pages(LONG, *made(50))
    assert len(after) > len(before) > 2
    for number in filter(None, before):
        assert after[number] == before[number]


def test_moved_and_hub_are_said_by_the_feed_alone() -> None:
    moved = show(
        new_feed_url="https://new.example.org/feed.xml",
        podcast=Podcast(episodes_per_page=10, hub="https://hub.example.org/"),
    )
    found = pages(moved, *made(20))
    new = b"<itunes:new-feed-url>https://new.example.org/feed.xml</itunes:new-feed-url>"
    hub = b'<atom:link href="https://hub.example.org/" rel="hub"/>'
    assert all(part in found[None] for part in (new, hub))
    assert not any(part in found[1] for part in (new, hub))


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_is_dated_by_its_newest_episode(count: int) -> None:
    for data in pages(LONG, *made(count)).values():
        channel = ET.fromstring(data)[0]  # noqa: S314 - our own feed
        assert channel.findtext("lastBuildDate") == channel.findtext("item/pubDate")
