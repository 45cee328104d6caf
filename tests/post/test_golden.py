"""Golden twins: golden/NAME.{md,html,htm,txt} is read as golden/NAME.json says.

A key that the JSON lacks is a field that the post must lack; `body` is how the body begins.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tts_pipeline.model import Medium, Post

from .reading import read_file

GOLDEN = Path(__file__).parent / "golden"
SOURCES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".json")
MEDIA = {
    ".md": Medium.MARKDOWN,
    ".html": Medium.HTML,
    ".htm": Medium.HTML,
    ".txt": Medium.TEXT,
}
TEXTS = (
    "title",
    "author",
    "url",
    "id",
    "site",
    "tag",
    "language",
    "score",
    "series",
    "number",
    "label",
    "image",
)
LISTS = ("authors", "tags", "copies")


def told(post: Post) -> dict[str, Any]:
    """The fields of a post that are not empty, as the JSON writes them."""
    fields = {name: getattr(post, name) for name in TEXTS}
    fields |= {name: list(getattr(post, name)) for name in LISTS}
    fields["omissions"] = [{"kind": one.kind, "text": one.text} for one in post.omissions]
    return {name: value for name, value in fields.items() if value}


def test_every_source_has_its_twin() -> None:
    assert {path.stem for path in SOURCES} == {path.stem for path in GOLDEN.glob("*.json")}
    assert len(SOURCES) > 50


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_post_is_read_as_its_twin_says(source: Path) -> None:
    expected = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
    body, date = expected.pop("body"), expected.pop("date", None)
    post = read_file(source)
    assert told(post) == expected
    assert post.date == (datetime.fromisoformat(date) if date else None)
    assert post.body.lstrip("\n").startswith(body)
    assert post.medium is MEDIA[source.suffix]
    assert (post.source, post.name) == (str(source), source.name)
    assert all(omission.reason for omission in post.omissions)


def test_the_text_of_an_episodes_page_is_whole() -> None:
    """It stands twice there, which is for the document to judge."""
    post = read_file(GOLDEN / "page_full.txt")
    assert post.body.count("The ferry was late again") == 2
    assert "Welcome to Tidal Readings" not in post.body
    assert "25:38" not in post.body
