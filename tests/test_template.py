"""Templates drop what a post lacks, and never touch what it has."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.template import fill

SLATE = "Welcome to {show}. This is: {title}, published by {author} on {date} on {site}."
TITLE = "{tag} - {title} by {author}"
VALUES = {
    "show": "The Show",
    "title": "A Walk",
    "author": "Field Notes",
    "date": "May 2, 2026",
    "site": "The Forum",
    "tag": "TF",
}


@pytest.mark.parametrize(
    ("template", "missing", "expected"),
    [
        (SLATE, "", "Welcome to The Show. This is: A Walk, published by Field Notes on May 2, 2026 on The Forum."),
        (SLATE, "author", "Welcome to The Show. This is: A Walk, published on May 2, 2026 on The Forum."),
        (SLATE, "date", "Welcome to The Show. This is: A Walk, published by Field Notes on The Forum."),
        (SLATE, "site", "Welcome to The Show. This is: A Walk, published by Field Notes on May 2, 2026."),
        (SLATE, "author date site", "Welcome to The Show. This is: A Walk."),
        (TITLE, "", "TF - A Walk by Field Notes"),
        (TITLE, "tag", "A Walk by Field Notes"),
        (TITLE, "author", "TF - A Walk"),
        (TITLE, "tag author", "A Walk"),
        ("[{tag}] {title} ({author}, {date})", "author", "[TF] A Walk (May 2, 2026)"),
        ("[{tag}] {title} ({author}, {date})", "tag author date", "A Walk"),
        ("{date}: {title}", "date", "A Walk"),
        ("{title} | {site}", "site", "A Walk"),
        ("{title}. By {author}. Enjoy.", "author", "A Walk. Enjoy."),
        ("{{{title}}}", "", "{A Walk}"),
        ("Heute: {title}, von {author} am {date}.", "author", "Heute: A Walk, am May 2, 2026."),
    ],
)  # fmt: skip
def test_clauses_without_a_value_go(template: str, missing: str, expected: str) -> None:
    values = {name: None if name in missing.split() else v for name, v in VALUES.items()}
    assert fill(template, values) == expected


@pytest.mark.parametrize("title", ["What now?", "Stop!", "And so on…", "By J. R."])
def test_a_title_that_ends_a_sentence_gets_no_second_full_stop(title: str) -> None:
    assert fill("This is: {title}.", {"title": title}) == f"This is: {title}"


@pytest.mark.parametrize("title", ["Why foo() matters", "A, B - and [C]", r"\1 {title} $x", "()"])
def test_a_title_is_never_taken_for_punctuation_of_the_template(title: str) -> None:
    assert fill(TITLE, {**VALUES, "title": title}) == f"TF - {title} by Field Notes"


@given(st.sets(st.sampled_from(["author", "date", "site", "tag"])))
def test_nothing_lonely_is_left(missing: set[str]) -> None:
    values = {name: None if name in missing else v for name, v in VALUES.items()}
    for template in (SLATE, TITLE, "{title} ({author}; {date}) [{tag}] - {site}"):
        text = fill(template, values)
        assert "None" not in text
        assert not re.search(
            r",\s*,|,\s*\.|\(\s*\)|\[\s*\]|\b(by|on)\s*([.,]|$)|\s[.,]|^[-,]", text
        )
        assert "A Walk" in text


def test_no_value_is_a_place_for_another() -> None:
    marks = "".join(chr(0xE000 + number) for number in range(8))
    filled = fill("{title} by {author}.", {"title": f"Hi {marks}", "author": f"Bob {marks}"})
    assert filled == f"Hi {marks} by Bob {marks}."
