"""What [select] takes and why, and that a best, once chosen, is not swapped."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feed.making import NOW, episode, show
from tts_pipeline.feed.selection import Chosen, Rules, Selection
from tts_pipeline.model import Best, Episode, Select, Site

FORUM = {"www.forum.example": Site("The Forum", "TF")}


def against(made: Episode, **rules: Any) -> str | None:
    return Rules(show(select=Select(**rules), sites=FORUM)).against(made)


def chosen(
    *made: Episode, now: datetime = NOW, before: Chosen | None = None, kind: Any = "episodic",
    **rules: Any,
) -> Selection:  # fmt: skip
    of = Rules(show(select=Select(**rules), type=kind), before)
    fitting = (each for each in made if of.against(each) is None)
    return of.choose([of.candidate(place, each) for place, each in enumerate(fitting)], now)


def slugs(selection: Selection) -> list[str]:
    return [each.slug for each in selection.kept]


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2024, 4, day, hour, tzinfo=UTC)


FITS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"show": "library"}, {"shows": ("library", "example")}),
    ({"site": "The Forum"}, {"sites": ("the forum",)}),
    ({"site": None, "tag": "TF"}, {"sites": ("tf",)}),
    ({"url": "https://www.forum.example/x"}, {"sites": ("forum.example",)}),
    ({"copies": ("https://forum.example/y",)}, {"sites": ("forum.example",)}),
    ({"copies": ("https://forum.example/y",)}, {"sites": ("TF",)}),
    ({"copy_sites": ("The Letter", "TL")}, {"sites": ("tl",)}),
    ({"tags": ("Rivers", "Boats")}, {"tags": ("boats", "trains")}),
    ({"author": "Bo and Ann  Lee"}, {"authors": ("ann lee",)}),
    ({"authors": ("ANN",), "author": "x"}, {"authors": ("Ann",)}),
    ({"published": on(2)}, {"since": date(2024, 4, 2), "until": date(2024, 4, 2)}),
    ({"score": 50.0}, {"score": 50.0}),
    ({"duration_ms": 600_000}, {"min_minutes": 10, "max_minutes": 10}),
    ({"language": "en-GB"}, {"languages": ("en",)}),
    ({"series": "A  Long Walk"}, {"series": ("a long walk",)}),
    ({"author": "Other"}, {"removed_authors": ("Someone",)}),
]


@pytest.mark.parametrize(("record", "rules"), FITS)
def test_what_fits_is_in(record: dict[str, Any], rules: dict[str, Any]) -> None:
    assert against(episode(**record), **rules) is None


MISSES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"show": "library"}, {}, "it was made by the show 'library'"),
    ({}, {"shows": ("library",)}, "it was made by the show 'example'"),
    ({"site": "Example"}, {"sites": ("TF",)}, "its site is Example"),
    ({"url": "https://forum.example.evil/x"}, {"sites": ("forum.example",)}, "its site is Example"),
    ({"tags": ("a",)}, {"tags": ("b",)}, "it has none of the tags"),
    ({"author": None}, {"authors": ("Ann",)}, "its author is not known"),
    ({"author": "Annabel"}, {"authors": ("Ann",)}, "its author is Annabel"),
    ({"published": on(1)}, {"since": date(2024, 4, 2)}, "it is of 2024-04-01, before 2024-04-02"),
    ({"published": on(3)}, {"until": date(2024, 4, 2)}, "it is of 2024-04-03, after 2024-04-02"),
    ({"score": 12.0}, {"score": 50.0}, "its score is 12, less than 50"),
    ({}, {"score": 0.0}, "it has no score"),
    ({"duration_ms": 90_000}, {"min_minutes": 2}, "it lasts 1.5 minutes, less than 2"),
    ({"duration_ms": 90_000}, {"max_minutes": 1}, "it lasts 1.5 minutes, more than 1"),
    ({"language": "eng"}, {"languages": ("en",)}, "its language is eng"),
    ({}, {"series": ("A",)}, "it is in no series"),
    ({"series": "B"}, {"series": ("A",)}, "its series is B"),
    ({"authors": ("Bo", "Straße")}, {"removed_authors": ("STRASSE",)}, "removed authors (strasse)"),
    ({"author": "Bo, Cy & Ann"}, {"removed_authors": ("Ann",)}, "removed authors (ann)"),
]


@pytest.mark.parametrize(("record", "rules", "reason"), MISSES)
def test_what_does_not_fit_is_out_with_the_reason(
    record: dict[str, Any], rules: dict[str, Any], reason: str
) -> None:
    assert reason in (against(episode(**record), **rules) or "")


def test_a_day_is_one_of_utc() -> None:
    late = datetime.fromisoformat("2024-04-01T23:30:00-05:00")
    assert against(episode(published=late), since=date(2024, 4, 2)) is None


def test_the_newest_stand_in_the_feed_oldest_first() -> None:
    made = [episode(f"p{day}", published=on(day)) for day in (3, 1, 4, 2)]
    found = chosen(*made, newest=2)
    assert slugs(found) == ["p3", "p4"]
    assert found.dropped == dict.fromkeys(("p1", "p2"), "2 newer ones stand in the feed")


def test_a_post_with_two_episodes_stands_in_a_feed_once() -> None:
    blog = episode(
        "blog", site="Blog", copy_sites=("Forum",), copy_guids=("guid-of-forum",), published=on(1)
    )
    forum = episode("forum", site="Forum", published=on(2))
    assert slugs(chosen(blog)) == ["blog"]
    assert slugs(chosen(blog, forum, sites=("blog",))) == ["blog"]
    for made in ((blog, forum), (forum, blog)):
        found = chosen(*made)
        assert slugs(found) == ["blog"]
        assert found.dropped == {
            "forum": "it is of the same post as blog, which stands in the feed"
        }
        # A feed of the forum alone goes on with the one that it had.
        assert slugs(chosen(*made, sites=("forum",))) == ["forum"]


def test_a_sequence_is_in_reading_order_and_series_are_seasons() -> None:
    made = [
        episode("b1", series="B", number=1, published=on(1)),
        episode("a10", series="A", number=10, published=on(2)),
        episode("a2", series="A", number=2, published=on(9)),
        episode("a-", series="A", published=on(3)),
    ]
    found = chosen(*made, kind="serial", series=("A", "B"))
    assert slugs(found) == ["a2", "a10", "a-", "b1"]
    assert [each.season for each in found.kept] == [1, 1, 1, 2]
    assert slugs(chosen(*made, series=("A", "B"))) == ["b1", "a10", "a-", "a2"]


DAY = Best(of="day", n=1, after_hours=6)


def scored(slug: str, score: float | None, day: int, hour: int = 12) -> Episode:
    return episode(slug, guid=slug, score=score, published=on(day, hour))


def test_the_best_of_each_day_stand_in_the_feed() -> None:
    made = [scored("a", 1, 1, 9), scored("b", 2, 1), scored("c", None, 2), scored("d", -1, 3)]
    found = chosen(*made, best=DAY)
    assert slugs(found) == ["b", "c", "d"]
    assert found.dropped == {"a": "others are the best of the day from 2024-04-01"}
    assert slugs(chosen(*made, best=Best(of="week", n=2))) == ["a", "b"]


def test_equal_scores_are_told_apart_by_who_came_first() -> None:
    assert slugs(chosen(scored("late", 5, 1, 20), scored("early", 5, 1, 2), best=DAY)) == ["early"]


def test_a_day_that_is_not_closed_has_nothing_in_the_feed() -> None:
    made = scored("a", 5, 1)
    open_ = chosen(made, best=DAY, now=datetime(2024, 4, 2, 5, 59, tzinfo=UTC))
    assert slugs(open_) == []
    assert open_.dropped == {"a": "the best of the day is chosen on 2024-04-02 at 06:00 UTC"}
    assert open_.chosen == {}
    assert slugs(chosen(made, best=DAY, now=datetime(2024, 4, 2, 6, tzinfo=UTC))) == ["a"]


def test_a_choice_stays_when_scores_change_and_others_come_late() -> None:
    first = chosen(scored("a", 5, 1), scored("b", 4, 1), best=DAY)
    later = chosen(
        scored("a", 5, 1), scored("b", 99, 1), scored("c", 100, 1), scored("new", 1, 2),
        best=DAY, before=first.chosen,
    )  # fmt: skip
    assert slugs(later) == ["a", "new"]
    assert later.chosen == {"2024-04-01": ("a",), "2024-04-02": ("new",)}


def test_a_chosen_episode_stays_when_its_score_falls_below_the_least() -> None:
    first = chosen(scored("a", 5, 1), best=DAY, score=3.0)
    assert slugs(chosen(scored("a", 2, 1), best=DAY, score=3.0, before=first.chosen)) == ["a"]
    assert slugs(chosen(scored("a", 2, 1), best=DAY, score=3.0)) == []


def test_a_removed_author_leaves_and_nobody_takes_the_place() -> None:
    first = chosen(scored("a", 5, 1), scored("b", 4, 1), best=DAY)
    gone = Rules(show(select=Select(best=DAY, removed_authors=("Someone",))), first.chosen)
    assert gone.against(scored("a", 5, 1))
    left = chosen(scored("b", 4, 1), best=DAY, before=first.chosen)
    assert slugs(left) == []
    assert left.chosen == first.chosen


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 5)), max_size=12))
def test_the_order_of_the_records_makes_no_difference(rows: list[tuple[int, int, int]]) -> None:
    made = [
        episode(
            f"p{index}", guid=f"{index * 7 % 5}-{index}", score=float(score), number=number,
            published=on(1) + timedelta(hours=hours),
        )
        for index, (score, hours, number) in enumerate(rows)
    ]  # fmt: skip
    for kind in ("episodic", "serial"):
        for best in (None, DAY):
            one = chosen(*made, kind=kind, best=best, newest=5)
            other = chosen(*reversed(made), kind=kind, best=best, newest=5)
            assert slugs(one) == slugs(other)
            assert one.dropped == other.dropped
