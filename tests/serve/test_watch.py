"""What is changed while the server runs is made anew, and Ctrl-C ends it at any moment."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import Workspace
from tests.serve.serving import serving
from tts_pipeline.cli import sites
from tts_pipeline.errors import ProfileError


def until(holds: Callable[[], bool]) -> None:
    """Wait for as long as a slow machine may take."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def watched(workspace: Workspace) -> tuple[str, ...]:
    return ("--watch", "feeds/show.toml", "--cache", str(workspace.cache))


def test_a_changed_post_is_made_anew(workspace: Workspace) -> None:
    post = workspace.post("one.md", "# One\n\nThe first words.\n")
    with (
        serving(Path("build"), *watched(workspace), cwd=workspace.root) as address,
        httpx.Client(base_url=address) as client,
    ):
        until(lambda: client.get("/feeds/show.xml").status_code == 200)
        [slug] = [path.name for path in workspace.out.glob("episodes/*")]
        page = f"/episodes/{slug}/"
        assert "The first words." in client.get(page).text
        assert "One" in client.get("/show/").text
        workspace.post("two.md", "# Two\n\nMore.\n")
        post.write_text("# One\n\nThe second words.\n")
        until(lambda: "<title>Two</title>" in client.get("/feeds/show.xml").text)
        assert "The second words." in client.get(page).text
        assert "2 episodes" in client.get("/").text


def test_ctrl_c_ends_it_in_the_middle_of_the_work(workspace: Workspace) -> None:
    workspace.post("long.md", "# Long\n\n" + "Words and words and words.\n\n" * 3000)
    with serving(Path("build"), *watched(workspace), cwd=workspace.root):
        until(lambda: any(workspace.cache.rglob("*")) if workspace.cache.exists() else False)
    assert not list(workspace.out.glob("episodes/*/episode.json"))


def test_a_wrong_show_is_told_before_anything_is_served(workspace: Workspace) -> None:
    path = workspace.show()
    path.write_text("[show]\ntitel = 'x'\n")
    with pytest.raises(ProfileError, match="did you mean `title`"):
        sites.serve(workspace.out, watch=[path])
