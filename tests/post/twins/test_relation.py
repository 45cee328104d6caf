"""Precision first: pairs that a person would judge, one by one."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.post.twins import Entry, Kind, same_post
from tts_pipeline.post.twins.likeness import SKETCH, fingerprint, likeness
from tts_pipeline.post.twins.relation import relate

_RANDOM = random.Random(7)
VOCABULARY = ["".join(_RANDOM.choices("etaoinshrdlu", k=6)) for _ in range(3000)]


def prose(seed: int, count: int = 300) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=count)


def entry(name: str, title: str, words: list[str], url: str | None = None, *keys: str) -> Entry:
    return Entry(
        name=name,
        stamp="1",
        title=title,
        url=url,
        date=datetime(2026, 5, 1, tzinfo=UTC),
        keys=(*([same_post(url)] if url else []), *keys),
        print=fingerprint(words),
    )


def kind(one: Entry, other: Entry) -> Kind | None:
    found, back = relate(one, other), relate(other, one)
    assert (found and found.kind) == (back and back.kind), "the order must not matter"
    return found.kind if found else None


A, B = "https://one.example/a", "https://two.example/b"
TEXT = prose(1)


def edited(words: list[str], share: float) -> list[str]:
    chance = random.Random(3)
    return ["changed" if chance.random() < share else word for word in words]


SAME = {
    "equal words on two sites": (entry("a", "On tides", TEXT, A), entry("b", "On tides", TEXT, B)),
    "one in twenty words edited": (
        entry("a", "On tides", TEXT, A),
        entry("b", "On tides", edited(TEXT, 0.05), B),
    ),
    "another title": (
        entry("a", "On tides", TEXT, A),
        entry("b", "What the sea does", edited(TEXT, 0.02), B),
    ),
    "a title with (crosspost)": (
        entry("a", "On tides (crosspost)", TEXT, A),
        entry("b", "On tides", TEXT, B),
    ),
    "a year in one title alone": (
        entry("a", "On tides in 2024", TEXT, A),
        entry("b", "On tides, revisited by request", TEXT, B),
    ),
    "a preamble": (
        entry("a", "On tides", TEXT, A),
        entry("b", "On tides", prose(9, 120) + TEXT, B),
    ),
    "a preamble longer than the post": (
        entry("a", "On tides", TEXT[:80], A),
        entry("b", "On tides", prose(9, 120) + TEXT[:80], B),
    ),
    "a declared crosspost with other words": (
        entry("a", "On tides", TEXT, A, "forum:aaaaaaaaaaaaaaaaa"),
        entry("b", "Link: On tides", prose(5, 40), B, "forum:aaaaaaaaaaaaaaaaa"),
    ),
    "a canonical address": (entry("a", "On tides", TEXT, A), entry("b", "Mine", prose(6), B, same_post(A))),
    "a title with a number more, and equal words": (
        entry("a", "The harbour", TEXT, A),
        entry("b", "The harbour, part 2", TEXT, B),
    ),
    "a line of its own on each of two sites": (
        entry("a", "On tides", TEXT + prose(8, 10), A),
        entry("b", "On tides", prose(9, 30) + TEXT, B),
    ),
    "a preamble and edits under another title, each with a day": (
        entry("a", "On tides", [*edited(TEXT, 0.02)[:150], "thursday", *TEXT[150:]], A),
        entry("b", "What the sea does", ["first", *prose(9, 19), *TEXT], B),
    ),
    "a repost on the same site, with edits here and there": (
        entry("a", "On tides", TEXT, A),
        entry("b", "On tides (repost)", edited(TEXT, 0.03), "https://one.example/b"),
    ),
    "a draft that was edited and has another title": (
        entry("a", "On tides", TEXT),
        entry("b", "What the sea does", edited(TEXT, 0.01)),
    ),
    "a preview of a newsletter": (
        entry("a", "On tides", TEXT, "https://one.example/p/tides?s=r"),
        entry("b", "On tides", TEXT[:60], "https://one.example/p/tides?s=w#comments"),
    ),
    "a repost on the same site": (
        entry("a", "On tides", TEXT, A),
        entry("b", "On tides (repost)", TEXT, "https://one.example/b"),
    ),
    "a tiny post copied with its title": (
        entry("a", "A haiku", prose(8, 12), A),
        entry("b", "A haiku", prose(8, 12), B),
    ),
}  # fmt: skip

THREAD = prose(20, 200)


def filled(seed: int, count: int) -> list[str]:
    """The thread's words, then words of its own."""
    return THREAD + prose(seed, count)


def dated(month: str) -> list[str]:
    return [*THREAD[:90], "in", month, *THREAD[90:]]


DIFFERENT = {
    "AI and AI Safety": (entry("a", "AI", TEXT, A), entry("b", "AI Safety", prose(2), B)),
    "one title, other words": (entry("a", "AI", TEXT, A), entry("b", "AI", prose(2), B)),
    "part 1 and part 2 with one preamble": (
        entry("a", "The harbour, part 1", THREAD + prose(31, 150), A),
        entry("b", "The harbour, part 2", THREAD + prose(32, 150), "https://two.example/2"),
    ),
    "part I and part II": (
        entry("a", "The harbour I", THREAD + prose(31, 60), A),
        entry("b", "The harbour II", THREAD + prose(32, 60), B),
    ),
    "monthly threads": (
        entry("a", "Open Thread: May 2026", [*THREAD, "may"], A),
        entry("b", "Open Thread: June 2026", [*THREAD, "june"], "https://one.example/b"),
    ),
    "threads without a number on one site": (
        entry("a", "Open Thread", THREAD + prose(41, 30), A),
        entry("b", "Open Thread", THREAD + prose(42, 30), "https://one.example/b"),
    ),
    "short notes with the same words": (
        entry("a", "Meetup in Lisbon", "details in the link above".split(), A),
        entry("b", "Job at a library", "details in the link above".split(), B),
    ),
    "equal words under the titles of two months": (
        entry("a", "Open thread November 2026", THREAD[:36], A),
        entry("b", "Open thread December 2026", THREAD[:36], "https://one.example/b"),
    ),
    "one title and two months in the text": (
        entry("a", "Monthly open thread", dated("november"), A),
        entry("b", "Monthly open thread", dated("december"), "https://one.example/b"),
    ),
    "two titles and a word in the text": (
        entry("a", "Meetup in Lisbon", dated("lisbon"), A),
        entry("b", "Meetup in Porto", dated("porto"), "https://one.example/b"),
    ),
    "two titles and a passage each on one site": (
        entry("a", "Rose", filled(71, 15), A),
        entry("b", "Lily", filled(72, 15), "https://one.example/b"),
    ),
    "two titles and a passage each on two sites": (
        entry("a", "Rose", filled(71, 15), A),
        entry("b", "Lily", filled(72, 15), B),
    ),
    "two titles and a passage each in one folder": (
        entry("a", "Rose", filled(71, 8)),
        entry("b", "Lily", filled(72, 8)),
    ),
    "one title and a passage each": (
        entry("a", "Open Thread", filled(41, 10), A),
        entry("b", "Open Thread", filled(42, 10), "https://one.example/b"),
    ),
    "one title, and a quarter of each its own": (
        entry("a", "Open Thread", filled(41, 70), A),
        entry("b", "Open Thread", filled(42, 70), B),
    ),
    **{
        f"{one} and {other}, with one preamble": (
            entry("a", one, filled(61, 50), A),
            entry("b", other, filled(62, 50), B),
        )
        for one, other in (
            ("The harbour", "The harbour, part 2"),
            ("Chapter eleven", "Chapter twelve"),
            ("Part XL", "Part XLI"),
            ("Volume A", "Volume B"),
            ("Teil eins", "Teil zwei"),
        )
    },
    "two places of one page": (
        entry("a", "First light", TEXT, "https://one.example/02.html#a1"),
        entry("b", "Last light", prose(2), "https://one.example/02.html#a2"),
    ),
    "posts without words": (entry("a", "A picture", [], A), entry("b", "A picture?", [], B)),
    "two posts that quote the same page": (
        entry("a", "A review", prose(51, 400) + TEXT[:100], A),
        entry("b", "A critique", prose(52, 400) + TEXT[:100], B),
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_post(name: str) -> None:
    assert kind(*SAME[name]) is Kind.SAME


@pytest.mark.parametrize("name", DIFFERENT)
def test_not_the_same_post(name: str) -> None:
    assert kind(*DIFFERENT[name]) in (None, Kind.APART)


@pytest.mark.parametrize(
    ("count", "address"),
    [(300, B), (900, B), (1300, B), (900, "https://one.example/b"), (900, f"{A}#tides")],
)
def test_an_excerpt_is_labelled(count: int, address: str) -> None:
    whole = entry("a", "On tides", prose(60, 2000), A)
    part = entry("b", "From a post on tides", prose(60, 2000)[300 : 300 + count], address)
    link = relate(whole, part)
    assert link is not None
    assert (link.one, link.other, link.kind) == ("b", "a", Kind.EXCERPT)
    assert "100% of it" in link.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.lesswrong.com/posts/AAAAAAAAAAAAAAAAA/x", "https://lesswrong.com/posts/AAAAAAAAAAAAAAAAA"),
        ("https://www.greaterwrong.com/posts/AAAAAAAAAAAAAAAAA/x#c", "https://www.alignmentforum.org/posts/AAAAAAAAAAAAAAAAA/y"),
        ("https://ea.greaterwrong.com/posts/AAAAAAAAAAAAAAAAA/x", "https://forum.effectivealtruism.org/posts/AAAAAAAAAAAAAAAAA/z"),
        ("https://www.lesswrong.com/s/BBBBBBBBBBBBBBBBB/p/AAAAAAAAAAAAAAAAA", "https://www.lesswrong.com/posts/AAAAAAAAAAAAAAAAA/x"),
        ("https://blog.example/a/?utm_source=x&utm_medium=y", "http://www.blog.example/a"),
        ("https://blog.example/a/index.html?b=1&a=2", "https://blog.example:443/a?a=2&b=1"),
        ("https://blog.example/caf%C3%A9", "https://blog.example/café/"),
        ("https://blog.example/p/tides?s=r&post_id=1&r=2", "https://blog.example/p/tides?source=queue&view=1&share=1"),
        ("https://open.substack.com/pub/blog/p/tides?r=1", "https://open.substack.com/pub/blog/p/tides"),
        ("https://blog.example/tides?source=rss-1f2e------2", "https://blog.example/tides"),
    ],
)  # fmt: skip
def test_addresses_of_one_post(one: str, other: str) -> None:
    assert same_post(one) == same_post(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://blog.example/?p=1", "https://blog.example/?p=2"),
        *(
            (f"https://blog.example/view.php?{name}=1", f"https://blog.example/view.php?{name}=2")
            for name in ("post_id", "s", "r", "view", "source", "share")
        ),
        ("https://blog.example/a", "https://blog.example/A"),
        ("https://a.example/x", "https://b.example/x"),
        ("https://blog.example:8080/a", "https://blog.example/a"),
        ("https://www.lesswrong.com/posts/AAAAAAAAAAAAAAAAA/x", "https://www.lesswrong.com/posts/AAAAAAAAAAAAAAAAB/x"),
    ],
)  # fmt: skip
def test_addresses_of_two_posts(one: str, other: str) -> None:
    assert same_post(one) != same_post(other)


@given(st.text())
def test_any_address_has_a_key(url: str) -> None:
    assert same_post(url) == same_post(same_post(url)) or "://" in url


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
def test_likeness_of_short_texts_is_exact(one: list[str], other: list[str]) -> None:
    runs = [set(zip(words, words[1:], words[2:], strict=False)) for words in (one, other)]
    union = len(runs[0] | runs[1])
    expected = len(runs[0] & runs[1]) / union if union and all(runs) else 0.0
    assert likeness(fingerprint(one), fingerprint(other))[0] == pytest.approx(expected)


def test_likeness_of_long_texts_is_near() -> None:
    whole = prose(70, 9000)
    for share in (0.2, 0.5, 0.8):
        part = whole[: int(9000 * share)]
        score, within = likeness(fingerprint(whole), fingerprint(part))
        assert fingerprint(whole).runs > SKETCH
        assert score == pytest.approx(share, abs=0.05)
        assert within == pytest.approx(1, abs=0.01)


def test_prints_do_not_depend_on_the_machine() -> None:
    found = fingerprint("the quick brown fox".split())
    assert found.sketch.hex() == PINNED
    assert len(found.bands) == 32  # and no run of eight words


PINNED = "4cf60ee4e524142addadfb7f6ea7e289"
