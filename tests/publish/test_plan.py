"""What goes and what may go away is decided from data alone."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.feed.making import NOW
from tts_pipeline.publish import reading
from tts_pipeline.publish.contents import Contents, Phase
from tts_pipeline.publish.entry import ARRIVED, Entry, Ledger, State
from tts_pipeline.publish.plan import Local, let_go, plan, superfluous
from tts_pipeline.publish.stores import FolderStore, Held
from tts_pipeline.publish.target import parse

PHASES = {
    "a.mp3": Phase.MEDIA,
    "b.mp3": Phase.MEDIA,
    "c.vtt": Phase.COMPANION,
    "episodes/a/index.html": Phase.PAGE,
    "x/index.html": Phase.LIST,
    "index.html": Phase.LIST,
    "feeds/x-2.xml": Phase.ARCHIVE,
    "feeds/x-10.xml": Phase.ARCHIVE,
    "feeds/x.xml": Phase.FEED,
}
NAMES = tuple(PHASES)


def _contents(show: str, *names: str) -> Contents:
    files = {name: phase for name, phase in PHASES.items() if name in names}
    return Contents(show, files, "feeds/x.xml", "https://example.org/feeds/x.xml", None, (), {})


def _entry(name: str, **changes: object) -> Entry:
    given = Entry(name, 10, 1, "one", ("x",), None, State.THERE)
    return structs.replace(given, **changes)


def test_what_is_named_goes_before_what_names_it() -> None:
    here = dict.fromkeys(NAMES, Local(10, 1, "one"))
    planned = plan([_contents("x", *reversed(NAMES))], here, {})
    assert [each.name for each in planned.sending] == list(NAMES)
    assert {entry.state for entry in planned.ledger.values()} == {State.NEW}


@pytest.mark.parametrize(
    ("before", "here", "state"),
    [
        (None, Local(10, 1, "one"), State.NEW),
        (_entry("a.mp3"), Local(10, 1, "one"), State.THERE),
        (_entry("a.mp3", state=State.SETTLED), Local(10, 2, "one"), State.SETTLED),
        # Another size: if one of the new size is found there, it is the new one.
        (_entry("a.mp3"), Local(11, 2, "two"), State.NEW),
        (_entry("a.mp3"), Local(10, 2, "two"), State.AGAIN),
    ],
)
def test_what_is_known_of_a_file_before_it_goes(
    before: Entry | None, here: Local, state: State
) -> None:
    known = {"a.mp3": before} if before else {}
    planned = plan([_contents("x", "a.mp3")], {"a.mp3": here}, known)
    assert planned.ledger["a.mp3"].state is state
    assert bool(planned.sending) is (state not in ARRIVED)


def test_a_file_belongs_to_every_show_that_names_it_until_each_lets_go() -> None:
    here = dict.fromkeys(NAMES, Local(10, 1, "one"))
    both = plan([_contents("x", "a.mp3", "b.mp3"), _contents("y", "b.mp3")], here, {}).ledger
    assert {name: entry.shows for name, entry in both.items()} == {
        "a.mp3": ("x",),
        "b.mp3": ("x", "y"),
    }
    # x is not published in this run, or could not be: what it named is still named.
    later = let_go(both, [_contents("y")], NOW)
    assert later["b.mp3"].shows == ("x",)
    assert superfluous(later, keep=timedelta(), now=NOW, at_once=lambda _: True) == ([], [])
    last = let_go(later, [_contents("x", "a.mp3")], NOW + timedelta(days=1))
    assert (last["b.mp3"].shows, last["b.mp3"].since) == ((), NOW + timedelta(days=1))


def test_what_nobody_names_waits_unless_it_must_not() -> None:
    gone = let_go({"b.mp3": _entry("b.mp3"), "p": _entry("p")}, [_contents("x")], NOW)

    def after(days: int) -> tuple[list[str], list[str]]:
        return superfluous(
            gone, keep=timedelta(days=30), now=NOW + timedelta(days=days),
            at_once=lambda name: name == "p",
        )  # fmt: skip

    assert after(0) == (["p"], ["b.mp3"])
    assert after(29) == (["p"], ["b.mp3"])
    assert after(30) == (["b.mp3", "p"], [])


class _SizesAlone(FolderStore):
    """Stands beside a real one: a folder that tells no more than SFTP does."""

    def same(self, name: str, held: Held, source: Path) -> bool:
        return False


class _Runs:
    """Runs that are killed, and a target that is a dictionary: name to content."""

    def __init__(self, root: Path) -> None:
        self.out, self.web = root / "out", root / "web"
        self.out.mkdir()
        self.web.mkdir()
        self.store = _SizesAlone(parse(str(self.web), Path()), _fs())
        self.ledger: Ledger = {}

    def run(self, now: Mapping[str, str], arrive: Collection[str]) -> set[str]:
        """Publish these contents; only some arrive before the kill. What was about to go."""
        for path in self.out.iterdir():
            path.unlink()
        for name, content in now.items():
            (self.out / name).write_text(content)
        here = reading.local(self.out, now, {})
        strange = {*now} if not self.ledger else set[str]()
        known, unsure = reading.settle(
            self.ledger, strange, here, self.out, lambda: self.store, clear=True
        )
        planned = plan([_contents("x", *now)], here, known, unsure)
        self.ledger = planned.ledger
        going = {each.name for each in planned.sending}
        for name in going & set(arrive):
            (self.web / name).write_text(now[name])
        return going

    def finish(self) -> None:
        """The end of a run that nobody kills."""
        self.ledger = {
            name: structs.replace(entry, state=State.THERE) for name, entry in self.ledger.items()
        }


def _fs() -> object:
    from fsspec.implementations.local import LocalFileSystem

    return LocalFileSystem()


CONTENT = st.sampled_from(["aa", "bb", "ccc"])
VERSION = st.fixed_dictionaries(dict.fromkeys(NAMES[:2], CONTENT))


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(VERSION, st.sets(st.sampled_from(NAMES[:2])), st.booleans(), st.booleans()),
        max_size=4,
    ),
    VERSION,
)
def test_whatever_was_killed_and_lost_the_last_run_makes_it_right(
    tmp_path_factory: pytest.TempPathFactory,
    runs: list[tuple[dict[str, str], set[str], bool, bool]],
    last: dict[str, str],
) -> None:
    made = _Runs(tmp_path_factory.mktemp("runs"))
    for version, arrive, ends, loses in runs:
        going = made.run(version, set(NAMES) if ends else arrive)
        if ends:
            made.finish()
        assert going <= version.keys()
        if loses:
            made.ledger = {}
    made.run(last, NAMES)
    made.finish()
    for name, content in last.items():
        assert (made.web / name).read_text() == content
    assert made.run(last, ()) == set()


def test_a_sound_that_arrived_before_the_kill_does_not_go_again(tmp_path: Path) -> None:
    made = _Runs(tmp_path)
    version = {"a.mp3": "aa", "b.mp3": "bb", "c.vtt": "cc"}
    assert made.run(version, {"a.mp3"}) == set(version)
    assert made.run(version, {"b.mp3"}) == {"b.mp3", "c.vtt"}
    assert made.run(version, ()) == {"c.vtt"}


def test_an_old_version_is_not_taken_for_the_one_that_was_on_its_way(tmp_path: Path) -> None:
    made = _Runs(tmp_path)
    made.run({"a.mp3": "aa"}, {"a.mp3"})
    made.finish()
    # Of another size, killed; then of the same size, killed again.
    assert made.run({"a.mp3": "ccc"}, ()) == {"a.mp3"}
    assert made.run({"a.mp3": "ccc"}, ()) == {"a.mp3"}
    assert made.run({"a.mp3": "bb"}, ()) == {"a.mp3"}
    assert made.run({"a.mp3": "bb"}, {"a.mp3"}) == {"a.mp3"}
    assert (made.web / "a.mp3").read_text() == "bb"
