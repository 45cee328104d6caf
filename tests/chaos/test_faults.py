"""The disk fails at each kind of change, and the process is killed there; see `injected`."""

import errno
import itertools
import random
import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.post.sources.serving import serve
from tests.post.twins.test_index import fill
from tests.voice.loopback import serving
from tts_pipeline.errors import OutputError

from . import changes, injected, inside
from .ground import Ground, lasting

_MOST = {"first run": 150, "later run": 75, "publishing": 75, "fetching": 75}
"""Points and ways of each scene; `make chaos` takes them all."""


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, injected.Scene]]:
    with inside.ready(), serve() as site:
        root = tmp_path_factory.mktemp("injected")
        yield {scene.name: scene for scene in injected.scenes(root, site)}


@pytest.mark.parametrize("name", _MOST)
def test_nothing_is_half_done_and_the_next_run_completes(
    scenes: dict[str, injected.Scene], name: str
) -> None:
    scene = scenes[name]
    assert len(scene.points) > 30
    for point, way in injected.chosen(scene, _MOST[name]):
        assert not injected.problems(scene, point, way), (point, way)


def test_a_page_that_cannot_be_written_keeps_what_it_names(
    scenes: dict[str, injected.Scene],
) -> None:
    """The episode has a new MP3, its feed is written, and its page still plays the old one."""
    scene = scenes["later run"]
    [point] = [
        point
        for point in scene.points
        if point.kind == "replace" and re.search(r"/1-[0-9a-f]+/index\.html$", point.path)
    ]
    assert not injected.problems(scene, point, "broken")


def test_a_fault_is_seen(scenes: dict[str, injected.Scene], tmp_path: Path) -> None:
    """The proof of the proof: what is broken by hand is found."""
    scene = scenes["first run"]
    scene.ground.restore(scene.ground.root / "nowhere")
    inside.run(scene.ground, scene.commands)
    [feed] = scene.ground.out.glob("feeds/*.xml")
    mp3 = sorted(scene.ground.out.glob("episodes/*/*.mp3"))[0]
    whole = mp3.read_bytes()
    assert not injected.visible(scene)
    mp3.write_bytes(whole[:-1])
    assert "not what any undisturbed run writes" in injected.visible(scene)[0]
    mp3.unlink()
    assert any(f"{feed.name} names episodes/" in each for each in injected.visible(scene))


def test_a_layout_that_was_broken_off_is_completed(tmp_path: Path) -> None:
    made = Ground(tmp_path / "ground", posts=0)
    command = ["init", str(made.out)]
    _complete_after_every_fault(made, command)
    assert inside.run(made, [command])[0] == 2


def test_a_voice_whose_installation_was_broken_off_is_completed(tmp_path: Path) -> None:
    made = Ground(tmp_path / "ground", posts=0)
    name = "en_US-small-medium"
    with serving() as mirror:
        mirror.offer(name, random.Random(1).randbytes(30_000), b"{}")
        command = ["voices", "install", name, "--from", mirror.url, "--to", str(made.out)]
        _complete_after_every_fault(made, command, last=f"{name}.toml")


def _complete_after_every_fault(made: Ground, command: list[str], last: str = "") -> None:
    """Of either kind, at each change; `last` appears when all else is whole."""
    count: list[str] = []
    with changes.told(made.root, lambda kind, path, _: count.append(kind)):
        assert inside.run(made, [command]) == (0, "")
    whole = made.tree()
    for number, error in itertools.product(range(len(count)), (errno.ENOSPC, errno.EIO)):
        made.clear()
        left = iter(range(number, -1, -1))

        def fail(
            kind: str,
            path: str,
            _: object,
            left: Iterator[int] = left,
            error: int = error,
        ) -> None:
            if next(left, None) == 0:
                raise changes.error(error, path)

        with changes.told(made.root, fail):
            code, told = inside.run(made, [command])
        assert code == 1, told
        assert str(made.out) in told
        left_behind = lasting(made.tree())
        assert left_behind.items() <= whole.items()
        assert last not in left_behind or left_behind == whole
        assert inside.run(made, [command]) == (0, "")
        assert made.tree() == whole


def test_an_index_of_posts_on_a_full_disk(tmp_path: Path) -> None:
    """SQLite writes from C, so the system itself refuses to let a file grow, page by page."""
    whole = tmp_path / "whole.sqlite"
    links = fill(whole)
    path, unlimited = tmp_path / "posts.sqlite", resource.getrlimit(resource.RLIMIT_FSIZE)
    told: list[str] = []
    for size in range(0, whole.stat().st_size + 4096, 2048):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, unlimited[1]))
        try:
            assert fill(path) == links
        except OutputError as error:
            told.append(str(error))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        assert fill(path) == links
        path.unlink()
    assert len(told) > 10
    assert all(str(tmp_path / "posts.s") in sentence for sentence in told)
