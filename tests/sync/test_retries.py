"""When a post that failed is tried again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.sync import retries
from tts_pipeline.sync.retries import Failing

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = ("show", "posts/a.md", None)


def after(tries: int) -> Failing:
    failing = None
    for _ in range(tries):
        failing = retries.failed(failing, KEY, stamp="s", error="no", now=NOW)
    assert failing is not None
    return failing


def test_it_is_tried_at_the_next_run_and_then_later_and_later() -> None:
    pauses = [after(tries).next - NOW for tries in range(1, 12)]
    minutes = [pause.total_seconds() / 60 for pause in pauses]
    assert minutes == [0, 15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]


@given(st.integers(1, 10**6), st.integers(-(10**6), 10**6))
def test_it_waits_until_its_time_and_no_longer_than_a_day(tries: int, seconds: int) -> None:
    failing = Failing(*KEY, "s", "no", tries, NOW)
    now = NOW + timedelta(seconds=seconds)
    assert failing.next - NOW <= timedelta(days=1)
    waits = retries.waits(failing, "s", now)
    assert waits == (NOW <= now < failing.next)
    assert not retries.waits(failing, "another", now)


def test_a_changed_post_begins_anew() -> None:
    changed = retries.failed(after(5), KEY, stamp="t", error="no", now=NOW)
    assert (changed.tries, changed.next) == (1, NOW)


def test_what_is_remembered_is_read_again(tmp_path: Path) -> None:
    known = [Failing("show", "b.epub", "one.xhtml", "", "é\n", 7, NOW), after(2)]
    retries.write(tmp_path, reversed(known))
    assert list(retries.read(tmp_path).values()) == known
    assert len(retries.path(tmp_path).read_text().splitlines()) == 2
    retries.write(tmp_path, [])
    assert retries.read(tmp_path) == {}


def test_nothing_is_written_for_nothing(tmp_path: Path) -> None:
    retries.write(tmp_path, [])
    assert not list(tmp_path.iterdir())


@given(st.data())
def test_a_damaged_file_costs_a_try_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    out = tmp_path_factory.mktemp("out")
    known = [Failing("show", "b.md", None, "", "no", 7, NOW), after(2)]
    retries.write(out, known)
    whole = bytearray(retries.path(out).read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    retries.path(out).write_bytes(whole)
    found = list(retries.read(out).values())
    assert all(failing in known for failing in found)
