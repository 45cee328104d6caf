"""Dates in each form that people and programs write."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.post import dates

APRIL_2 = datetime(2024, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024-04-02",
        "2024/04/02",
        "2024-4-2",
        " 2024-04-02\n",
        "April 2, 2024",
        "April 2nd, 2024",
        "april 2 2024",
        "Apr 2, 2024",
        "Apr. 2, 2024",
        "Tuesday, April 2, 2024",
        "Tue Apr 2, 2024",
        "2 April 2024",
        "2nd April, 2024",
        "Tuesday, 2 April 2024",
    ],
)
def test_a_day_begins_at_midnight_utc(written: str) -> None:
    assert dates.parse(written) == APRIL_2


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-04-02T15:45Z", "2024-04-02T15:45:00+00:00"),
        ("2024-04-02T15:45:01", "2024-04-02T15:45:01+00:00"),
        ("2024-04-02t15:45:01z", "2024-04-02T15:45:01+00:00"),
        ("2024-04-02 9:05:01", "2024-04-02T09:05:01+00:00"),
        ("2024-04-02 15:45:01 UTC", "2024-04-02T15:45:01+00:00"),
        ("2024-04-02 15:45 GMT", "2024-04-02T15:45:00+00:00"),
        ("2024-04-02T15:45:01.123456789Z", "2024-04-02T15:45:01.123456+00:00"),
        ("2024-04-02T15:45:01,5+02:00", "2024-04-02T15:45:01.500000+02:00"),
        ("2024-04-02 15:45:01 -0530", "2024-04-02T15:45:01-05:30"),
        ("2024-04-02 15:45:01 +2", "2024-04-02T15:45:01+02:00"),
        ("Tue, 02 Apr 2024 15:45:00 +0000", "2024-04-02T15:45:00+00:00"),
        ("2 Apr 2024 15:45 EST", "2024-04-02T15:45:00-05:00"),
        ("Tue, 02 Apr 2024 15:45:00 -0000", "2024-04-02T15:45:00+00:00"),
        ("Tue, 02 Apr 24 15:45:00 GMT", "2024-04-02T15:45:00+00:00"),
        ("Tue, 02 Apr 2024 9:05:00 +0000", "2024-04-02T09:05:00+00:00"),
        ("Tues, 02 Apr 2024 15:45:00 +02:00", "2024-04-02T15:45:00+02:00"),
        ("Tuesday, 02-Apr-24 15:45:00 GMT", "2024-04-02T15:45:00+00:00"),
        ("2 April 2024 15:45:00 +0000", "2024-04-02T15:45:00+00:00"),
        ("30 Sept 2024 15:45 CEST", "2024-09-30T15:45:00+00:00"),
        ("2 Apr 99 15:45", "1999-04-02T15:45:00+00:00"),
        ("Sept 30, 1999", "1999-09-30T00:00:00+00:00"),
        ("29 February 2024", "2024-02-29T00:00:00+00:00"),
    ],
)
def test_a_moment_keeps_its_zone(written: str, moment: str) -> None:
    found = dates.parse(written)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2024",
        "2024-04",
        "20240402",
        "04/02/2024",
        "2.4.2024",
        "2024-04/02",
        "2024-02-30",
        "2024-13-01",
        "2024-04-02T24:30:00Z",
        "2024-04-02T15:60:00Z",
        "2024-04-02T15:45:00+24:00",
        "30 February 2024",
        "Tue, 02 Apr 2024 25:00:00 +0000",
        "Tue, 02 Apr 2024 15:45:00 +9999",
        "2 Ma 2024 15:45 GMT",
        "2 Smarch 24 15:45 GMT",
        "2-4-24 15:45 GMT",
        "02 Apr 24",
        "Ma 2, 2024",
        "Smarch 2, 2024",
        "0999-12-31",
        "9999-01-01",
        "\u0662\u0660\u0662\u0664-04-02",
        "2024-04-02 and more",
        "2024-04-02" + " " * 100,
    ],
)
def test_what_is_no_date_or_not_one_only(written: str) -> None:
    assert dates.parse(written) is None


def test_every_form_that_messages_name_is_read() -> None:
    forms = (
        "2024-04-02",
        "2024-04-02T15:45:00Z",
        "Tue, 02 Apr 2024 15:45:00 +0000",
        "April 2, 2024",
        "Apr 2, 2024",
        "2 April 2024",
    )
    assert ", ".join(forms[:-1]) + " or " + forms[-1] == dates.FORMS
    assert {found.date() for form in forms if (found := dates.parse(form))} == {APRIL_2.date()}


@given(st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC)))
def test_iso_dates_come_back(moment: datetime) -> None:
    assert dates.parse(moment.isoformat()) == moment
    assert dates.parse(str(moment)) == moment


@given(st.text("0123456789-/:.,+ TZaprilGMU", max_size=40))
def test_no_text_breaks_it(written: str) -> None:
    found = dates.parse(written)
    assert found is None or found.utcoffset() is not None
