import itertools
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.site import listing
from tts_pipeline.site.listing import Line


def lines(count: int) -> list[Line]:
    """Newest first."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return [
        Line(
            f"s{number}", f"Title {number}", "Author", None, start + timedelta(number), 60_000, "en"
        )
        for number in range(count, 0, -1)
    ]


@given(st.integers(0, 400), st.integers(1, 30))
def test_pages_hold_each_episode_once_in_order_and_link_along(count: int, size: int) -> None:
    every = lines(count)
    pages = listing.pages(every, size)
    assert [line for page in pages for line in page.lines] == every
    assert pages[0].name == "index.html"
    assert len(pages[0].lines) < 2 * size
    assert all(len(page.lines) == size for page in pages[1:])
    if pages[1:]:
        assert len(pages[0].lines) >= size
    for newer, older in itertools.pairwise(pages):
        assert newer.older == older.name
        assert older.newer == newer.name.replace("index.html", "./")
    assert pages[-1].older is None
    for page in pages[1:]:
        assert page.lines[-1].slug == f"s{page.first}"
        assert page.lines[0].slug == f"s{page.last}"


@given(st.integers(1, 200))
def test_a_new_episode_changes_the_first_page_and_at_most_the_last_full_one(count: int) -> None:
    before = {page.name: page for page in listing.pages(lines(count), 10)}
    after = {page.name: page for page in listing.pages(lines(count + 1), 10)}
    changed = {name for name in before if before[name] != after[name]}
    assert "index.html" in changed
    assert len(changed) <= 2
    for name in changed - {"index.html"}:
        assert before[name].lines == after[name].lines


def test_the_index_names_each_author_once() -> None:
    index = msgspec.json.decode(listing.index(lines(50)))
    assert index["authors"] == ["Author"]
    assert index["episodes"][0] == ["s50", "Title 50", 0, "2020-02-20", 60]
    assert len(index["episodes"]) == 50
