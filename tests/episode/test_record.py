"""Identity never changes by an edit, slugs are safe, and the schema is the published one."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.conftest import Workspace
from tts_pipeline.episode import record
from tts_pipeline.model import Medium, Post

DOCS = Path(__file__).parents[2] / "docs"
POST = Post(source="p.md", name="posts/p.md", medium=Medium.MARKDOWN, body="Text.", title="T")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def test_the_address_is_the_identity_else_the_id_else_the_name() -> None:
    linked = structs.replace(POST, url="https://example.org/p", id="7")
    # uuid5 of the URL in the standard's namespace: what any other program would compute.
    assert record.identify(linked, "a").guid == "8b0077a2-3958-55e2-815b-51f09685d967"
    assert record.identify(linked, "a") == record.identify(linked, "b")
    named = structs.replace(POST, id="7")
    ids = {record.identify(post, show).guid for post in (named, POST) for show in ("a", "b")}
    assert len(ids) == 4


def test_an_edit_changes_nothing() -> None:
    edited = structs.replace(POST, title="Other", body="Other.", author="X", source="-")
    assert record.identify(edited, "a") == record.identify(POST, "a")


@given(st.text(min_size=1), st.text(min_size=1))
def test_slugs_are_safe_and_differ_when_posts_do(one: str, two: str) -> None:
    slugs = [
        record.identify(structs.replace(POST, id=written), "show").slug for written in (one, two)
    ]
    for slug in slugs:
        assert SLUG.fullmatch(slug)
        assert len(slug) <= 60
    assert (slugs[0] == slugs[1]) == (one == two)


@pytest.mark.parametrize("name", ["CON", "..", "/", "a" * 500, "ユニコード", "x/../../y"])
def test_names_of_any_kind_make_folders(name: str) -> None:
    assert SLUG.fullmatch(record.identify(structs.replace(POST, url=None, name=name), "s").slug)


@pytest.mark.parametrize("name", record.schemas())
def test_the_published_schema_is_the_real_one(name: str) -> None:
    published = (DOCS / name).with_suffix(".schema.json")
    assert json.loads(published.read_text()) == json.loads(json.dumps(record.schemas()[name]))


def test_what_is_written_fits_the_schemas(workspace: Workspace) -> None:
    workspace.post("one.txt", "One\n\nWords of the post.\n")
    workspace.episode("posts")
    for name, schema in record.schemas().items():
        [path] = workspace.out.glob(f"episodes/*/{name}")
        made: dict[str, Any] = json.loads(path.read_text())
        jsonschema.validate(made, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(made | {"version": "many"}, schema)
