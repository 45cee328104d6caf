"""A quote is found by its words and heard in whole sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.conftest import Workspace
from tests.feed.making import segment
from tts_pipeline.episode import soundbite
from tts_pipeline.model import Role, SegmentRecord

SENTENCES = (
    "Welcome.",
    "“Nobody—came,” she said.",
    "The lamps were lit at nine.",
    "It rained.",
    "They went home.",
)


def spoken(*sentences: str, seconds: int = 6) -> list[SegmentRecord]:
    """One after the other, each of so many seconds; the first is the slate."""
    return [
        structs.replace(
            segment(written, role=Role.TEXT if number else Role.SLATE),
            start_ms=number * seconds * 1000,
            end_ms=(number + 1) * seconds * 1000 - 500,
        )
        for number, written in enumerate(sentences)
    ]


def spans(*quotes: str, seconds: int = 6) -> list[tuple[int, int]]:
    found = soundbite.find(quotes, spoken(*SENTENCES, seconds=seconds))
    return [(each.start_ms, each.duration_ms) for each in found]


def test_a_short_one_goes_on_to_the_end_of_the_sentence_that_makes_it_long_enough() -> None:
    assert spans("the LAMPS were lit, at nine") == [(12_000, 17_500)]
    assert spans("nobody—came she said") == [(6_000, 17_500)]


def test_the_end_of_the_post_ends_it_and_two_minutes_do() -> None:
    assert spans("They went home.") == [(24_000, 5_500)]
    assert spans("It rained. They went home.", seconds=100) == [(300_000, 120_000)]


def test_several_stand_in_order_of_time_and_a_quote_may_begin_within_a_sentence() -> None:
    assert spans("lit at nine", "she said") == [(6_000, 17_500), (12_000, 17_500)]


@pytest.mark.parametrize("quote", ["lamps were lit by", "Welcome.", "amps were lit", "…", "came"])
def test_what_the_post_does_not_say_word_for_word_is_missing(quote: str) -> None:
    text = [each.written for each in spoken(*SENTENCES) if each.role is Role.TEXT]
    assert soundbite.missing(("It rained", quote), text) == (quote,)
    assert soundbite.find((quote,), spoken(*SENTENCES)) == ()


@given(st.lists(st.sampled_from("ab cd é 12 x-y".split()), min_size=1, max_size=30), st.data())
def test_any_run_of_words_is_found_and_what_is_found_holds_it(
    words: list[str], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, 4))
    sentences = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1]).upper()
    assert soundbite.missing((quote,), sentences) == ()
    made = spoken("Slate.", *sentences, seconds=1)
    [bite] = soundbite.find((quote,), made)
    heard = " ".join(
        each.written for each in made
        if bite.start_ms <= each.start_ms < bite.start_ms + bite.duration_ms
    )  # fmt: skip
    assert f" {quote} " in f" {heard.upper()} "


def test_an_author_quotes_and_a_wrong_quote_is_a_sentence(workspace: Workspace) -> None:
    body = (
        "First words.\n\nThe *lamps* were lit [at nine](https://example.org). " + "It rained. " * 9
    )
    workspace.post("one.md", f"---\nsoundbite: the lamps were lit at nine\n---\n{body}\n")
    other = "First words.\n\nWhoever stands on the pier sees the ferry grow small."
    workspace.post("two.md", f"---\nsoundbite: [First words, nobody came]\n---\n{other}\n")
    done = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=1)
    assert "two.md: `soundbite` in the front matter is not in what is read" in done.stderr
    assert "`nobody came`; quote a sentence word for word" in " ".join(done.stderr.split())
    [record] = workspace.records()
    [bite] = record["soundbites"]
    start = next(each["start_ms"] for each in record["segments"] if "lamps" in each["written"])
    assert bite["start_ms"] == start
    workspace.run("feed", "feeds/show.toml")
    feed = (workspace.out / "feeds" / "show.xml").read_text()
    seconds = bite["duration_ms"] / 1000
    assert (
        f'<podcast:soundbite startTime="{start / 1000:.3f}" duration="{seconds:.3f}">'
        "the lamps were lit at nine</podcast:soundbite>"
    ) in feed
