"""The index: what was decided once is known, and any damage is found."""

import logging
import random
from pathlib import Path

import pytest

from benchmarks.twins import measure
from tts_pipeline.errors import OutputError
from tts_pipeline.post.twins import Decision, Index, Kind, Link, decide

from .test_relation import TEXT, A, B, edited, entry, prose

ENTRIES = [
    entry("a", "On tides", TEXT, A),
    entry("b", "On tides", edited(TEXT, 0.02), B),
    entry("c", "Other things", prose(2), "https://one.example/c"),
    entry("d", "From a long post", prose(60, 2000)[300:600], "https://one.example/d"),
    entry("e", "A long post", prose(60, 2000), "https://two.example/e"),
]


def fill(path: Path) -> list[Link]:
    with Index(path) as index:
        known = index.stamps()
        for each in ENTRIES:
            if known.get(each.name) != each.stamp:
                index.put(each)
        return list(index.links())


def test_links_are_found_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "library" / "posts.sqlite"
    links = fill(path)
    assert [(link.one, link.other, link.kind) for link in links] == [
        ("b", "a", Kind.SAME),
        ("d", "e", Kind.EXCERPT),
    ]
    before = path.read_bytes()
    assert fill(path) == links
    assert path.read_bytes() == before


def test_the_links_do_not_depend_on_the_order(tmp_path: Path) -> None:
    pairs = {frozenset((link.one, link.other)) for link in fill(tmp_path / "a.sqlite")}
    with Index(tmp_path / "b.sqlite") as index:
        for each in reversed(ENTRIES):
            index.put(each)
        assert {frozenset((link.one, link.other)) for link in index.links()} == pairs


def test_a_changed_post_is_judged_again(tmp_path: Path) -> None:
    path = tmp_path / "posts.sqlite"
    fill(path)
    with Index(path) as index:
        index.put(entry("b", "On tides", prose(99), B))
        assert [link.one for link in index.links()] == ["d"]
        index.forget(["e", "never there"])
        assert not list(index.links())
        assert sorted(index.stamps()) == ["a", "b", "c", "d"]
        assert [each.name for each in index.entries()] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("place", [0.0, 0.3, 0.9])
def test_flipped_bits_are_found_and_the_index_made_anew(
    tmp_path: Path, place: float, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "posts.sqlite"
    links = fill(path)
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 4
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert fill(path) == links
    assert "is damaged" in caplog.text


def test_a_run_that_was_killed_is_found(tmp_path: Path) -> None:
    path = tmp_path / "posts.sqlite"
    index = Index(path).__enter__()
    index.put(ENTRIES[0])
    # As a kill does: neither committed nor sealed.
    index._base.close()
    index._held.close()
    assert [link.one for link in fill(path)] == ["b", "d"]


def test_an_error_in_the_block_keeps_nothing_half(tmp_path: Path) -> None:
    path = tmp_path / "posts.sqlite"
    fill(path)
    index = Index(path).__enter__()
    index.put(entry("z", "More", prose(5), None))
    index.__exit__(ValueError, ValueError("elsewhere"), None)
    assert len(fill(path)) == 2


def test_an_index_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        fill(tmp_path / "library" / "posts.sqlite")


def test_the_marks_on_a_small_library() -> None:
    found = measure(1200)
    assert found["false matches"] == 0
    for how in ("1%", "3%", "5%", "preamble"):
        assert found[f"recall, {how}"] == 1
    assert found["recall, 10%"] >= 0.9


SAME = Link("b", "a", Kind.SAME, "equal", 1.0)


def test_decisions_name_who_stands_for_whom() -> None:
    links = [
        SAME,
        Link("c", "b", Kind.SAME, "near", 0.8),
        Link("d", "c", Kind.EXCERPT, "in it", 0.9),
    ]
    decisions = decide(links, rank={"a": 2, "b": 1, "c": 3, "d": 4}.__getitem__)
    assert decisions == (
        Decision("a", "b", Kind.SAME, "equal", 1.0),
        Decision("c", "b", Kind.SAME, "near", 0.8),
        Decision("d", "b", Kind.EXCERPT, "in it", 0.9),
    )


def test_a_show_overrules() -> None:
    # What is overruled is shown, so that a person sees that it is in effect.
    [kept] = decide([SAME], rank=str, different=[("a", "b")])
    assert kept == Decision("b", "a", Kind.APART, "the show says so", 1.0, overruled=True)
    [made] = decide([], rank=str, same=[("x", "y")])
    assert made == Decision("y", "x", Kind.SAME, "the show says so", 1.0, overruled=True)


@pytest.mark.parametrize("same", [[("a", "b")], [("a", "c"), ("c", "b")]])
def test_what_is_called_different_is_never_one(same: list[tuple[str, str]]) -> None:
    decisions = decide([SAME], rank=str, same=same, different=[("b", "a")])
    assert ("b", "a", Kind.SAME) not in {(each.post, each.of, each.kind) for each in decisions}


def test_decisions_do_not_depend_on_the_order_of_links() -> None:
    links = [Link(f"{n}", f"{n // 2}", Kind.SAME, "r", 0.9) for n in range(1, 30)]
    expected = decide(links, rank=int)
    for seed in range(5):
        random.Random(seed).shuffle(links)
        assert decide(links, rank=int) == expected
