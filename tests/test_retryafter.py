"""What a server asks in Retry-After, whatever it writes there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline import retryafter

NOW = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("written", "answered", "asked"),
    [
        ("120", None, 120),
        (" 0 ", NOW, 0),
        ("9" * 400, NOW, 1e9),
        ("Wed, 21 Oct 2026 07:29:30 GMT", NOW, 90),
        ("Wed, 21 Oct 2026 07:29:30 -0000", NOW, 90),
        ("Wed, 21 Oct 2026 07:27:00 GMT", NOW, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW, 1e9),
        ("Fri, 31 Dec 99999999999999 23:59:59 GMT", NOW, None),
        ("Wed, 21 Oct 2026 07:29:30 GMT", "soon", None),
        ("Wed, 21 Oct 2026 07:29:30 GMT", None, None),
        (None, NOW, None),
        ("", NOW, None),
        ("²", NOW, None),
        ("-1", NOW, None),
        ("1.5", NOW, None),
        ("soon", NOW, None),
    ],
)
def test_a_number_or_a_date(written: str | None, answered: str | None, asked: float | None) -> None:
    assert retryafter.seconds(written, answered) == asked


@given(
    st.text(st.sampled_from("0123456789²:+-, WedOctGMT\0"), max_size=40) | st.text(max_size=40),
    st.none() | st.just(NOW),
)
def test_anything_else_is_no_answer(written: str, answered: str | None) -> None:
    asked = retryafter.seconds(written, answered)
    assert asked is None or 0 <= asked <= 1e9
