import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.profile import categories

OFFICIAL = [
    (category, subcategory)
    for category, subcategories in categories.CATEGORIES.items()
    for subcategory in (None, *subcategories)
]


@pytest.mark.parametrize(("category", "subcategory"), OFFICIAL)
def test_every_official_name_is_accepted(category: str, subcategory: str | None) -> None:
    text = f"{category} > {subcategory}" if subcategory else category
    assert categories.parse(text) == (category, subcategory)


def test_apple_has_19_categories_and_91_subcategories() -> None:
    assert len(categories.CATEGORIES) == 19
    assert len(OFFICIAL) - 19 == 91


def test_white_space_around_the_arrow_does_not_matter() -> None:
    assert categories.parse(" TV & Film>  After   Shows ") == ("TV & Film", "After Shows")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Philosophy", "Society & Culture > Philosophy"),
        ("society & culture > philosophy", "Society & Culture > Philosophy"),
        ("Society and Culture > Philosophy", "Society & Culture > Philosophy"),
        ("Society &amp; Culture", "Society & Culture"),
        ("technology", "Technology"),
        ("Science > Fysics", "Science > Physics"),
        ("Arts >", "Arts"),
        ("Tecnology > Philosophy", "Society & Culture > Philosophy"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_right_one(wrong: str, right: str) -> None:
    with pytest.raises(ValueError, match="Apple has no category") as caught:
        categories.parse(wrong)
    assert repr(right) in str(caught.value)


def test_a_name_like_no_other_is_answered_with_the_categories() -> None:
    with pytest.raises(ValueError, match="Arts, Business, Comedy") as caught:
        categories.parse("zzzz")
    assert "'zzzz'" in str(caught.value)


def test_a_huge_name_is_refused_at_once() -> None:
    begin = time.perf_counter()
    with pytest.raises(ValueError, match="Apple has no category") as caught:
        categories.parse("Society & Culture " * 60_000)
    assert time.perf_counter() - begin < 1
    assert len(str(caught.value)) < 1000


@given(st.text())
def test_any_text_is_an_official_name_or_refused(text: str) -> None:
    try:
        parsed = categories.parse(text)
    except ValueError:
        return
    assert parsed in OFFICIAL
