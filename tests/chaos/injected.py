"""A disk that fails at the k-th change, for every k: the error is said, nothing is half done.

Three ways to fail: the disk is full from there on, with half of the first write done; one call fails
with EIO; and the process is killed there, with half of a write done.
"""

import errno
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.post.sources.forum_site import Forum
from tests.post.sources.serving import Site
from tests.post.sources.test_feed import LONG, item, rss

from . import changes, ground, inside
from .ground import Ground, Publishing

Way = Literal["full", "broken", "killed"]
WAYS: tuple[Way, ...] = ("full", "broken", "killed")

_GROWING = ("write", "open", "mkdir", "fsync")
"""What a full disk refuses; it renames and removes as ever."""


@dataclass(frozen=True)
class Point:
    """One change of an undisturbed run."""

    number: int
    kind: str
    path: str


class Scene:
    """A run, what was there before it, and what an undisturbed one leaves."""

    def __init__(
        self, ground: Ground, name: str, saved: Path, commands: list[list[str]] | None = None
    ) -> None:
        """`ground` is as it is before the run of these commands, or of all."""
        self.ground, self.name, self._saved = ground, name, saved
        self.commands = commands or ground.commands
        self._before = ground.tree()
        ground.save(saved)
        self.points: list[Point] = []
        with changes.told(ground.root, self._note):
            code, told = inside.run(ground, self.commands)
        assert code == 0, told
        self.after = ground.tree()
        assert not visible(self), visible(self)

    def _note(self, kind: str, path: str, _: Any) -> None:
        self.points.append(Point(len(self.points), kind, path))

    @property
    def known(self) -> list[dict[str, bytes]]:
        return [self._before, self.after]

    def again(self) -> None:
        """As it is before the run."""
        self.ground.restore(self._saved)


def visible(scene: Scene, *, mixed: bool = False) -> list[str]:
    """What is wrong with what can be seen now; `mixed` if a run went on without a post."""
    return ground.wrong(scene.ground.tree(), scene.known, mixed=mixed)


def scenes(root: Path, site: Site) -> Iterator[Scene]:
    """The first run over some posts, one after posts, show and feed have changed, what that run
    publishes, and fetching."""
    first = Ground(root / "first", posts=2)
    yield Scene(first, "first run", root / "saved-first", first.steps)
    later = Ground(root / "later", posts=12, page=10, keep=0)
    _make(later)
    later.write(1, seed=1)  # other words, so another MP3
    later.write(2, author="Tide Table")  # other tags in an MP3 of the same name
    later.write(12)
    later.set(page=20, keep=0)  # a page of the feed less
    yield Scene(later, "later run", root / "saved-later")
    publishing = Publishing(root / "published", posts=2)
    _make(publishing)
    assert inside.run(publishing) == (0, "")
    publishing.write(1, seed=1)
    publishing.write(2)
    _make(publishing)
    yield Scene(publishing, "publishing", root / "saved-published")
    fetched = Ground(root / "fetched", posts=0)
    fetched.show.write_text(fetched.show.read_text() + _sources(site))
    yield Scene(fetched, "fetching", root / "saved-fetched", fetched.steps[:1])


def _make(ground: Ground) -> None:
    assert inside.run(ground, ground.steps) == (0, "")


def _sources(site: Site) -> str:
    """A feed of two pages and a forum, and the sources that name them."""
    forum = Forum(site)
    for _ in range(3):
        forum.add()
    pages = [[item(LONG, number=n) for n in numbers] for numbers in ((4, 3), (2, 1))]
    following = '<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/feed2"/>'
    site.put("/feed", rss(*pages[0], more=following))
    site.put("/feed2", rss(*pages[1]))
    reached = "allow_private = true\npause = 0\n"
    return (
        f'[sources.feed]\ntype = "feed"\nurl = "{site.url}/feed"\n{reached}'
        f'[sources.forum]\ntype = "forum"\nurl = "{site.url}"\n{reached}'
    )


def problems(scene: Scene, point: Point, way: Way) -> list[str]:
    """What is wrong after a run that fails there, and after the next, which does not."""
    scene.again()
    mixed = way != "killed" and scene.commands[0][0] in ("sync", "publish")
    hurt = _killed(scene, point) if way == "killed" else _failed(scene, point, way)
    found = [f"after the fault: {each}" for each in (*hurt, *visible(scene, mixed=mixed))]
    code, told = inside.run(scene.ground, scene.commands)
    if code:
        found.append(f"the next run ended with {code}: {told}")
    tree = scene.ground.tree()
    found += [f"at last: {each}" for each in ground.differences(tree, scene.after)]
    found += [f"left over: {each}" for each in ground.temporary(*scene.ground.folders)]
    return found


def _failed(scene: Scene, point: Point, way: Way) -> list[str]:
    met: list[str] = []
    count = 0

    def fail(kind: str, path: str, part: changes.Part | None) -> None:
        nonlocal count
        count += 1
        if way == "broken" and count == point.number + 1:
            met.append(path)
            raise changes.error(errno.EIO, path)
        if way == "full" and count > point.number and kind in _GROWING:
            if not met and part:
                part()
            met.append(path)
            raise changes.full(path)

    with changes.told(scene.ground.root, fail):
        code, told = inside.run(scene.ground, scene.commands)
    if not met:
        return []
    found = []
    if "Traceback" in told or "fault of the program" in told:
        found.append(f"not a sentence: {told}")
    if code and not _names(told, met):
        found.append(f"names none of {met[:3]}: {told}")
    if code not in (0, 1):
        found.append(f"exit code {code}: {told}")
    if code == 0 and (differs := ground.differences(scene.ground.tree(), scene.after)):
        found.append(f"ended well in spite of {point}: {differs[:3]} {told}")
    return found


def _names(told: str, met: list[str]) -> bool:
    """Whether a sentence names a file that could not be written, or its folder."""
    return any(_is_told(Path(path).parent, told) for path in met)


def _is_told(folder: Path, told: str) -> bool:
    """In one, or as a target and what lies there."""
    return str(folder) in told or any(
        str(above) in told and str(folder.relative_to(above)) in told for above in folder.parents
    )


def _killed(scene: Scene, point: Point) -> list[str]:
    child = os.fork()
    if child == 0:
        try:
            _die(scene, point)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return [] if died else [f"the run was not killed at {point}: status {status}"]


def _die(scene: Scene, point: Point) -> None:
    count = 0

    def kill(kind: str, path: str, part: changes.Part | None) -> None:
        nonlocal count
        count += 1
        if count > point.number:
            if part:
                part()
            os.kill(os.getpid(), signal.SIGKILL)

    with changes.told(scene.ground.root, kill):
        inside.run(scene.ground, scene.commands)


def chosen(scene: Scene, most: int) -> list[tuple[Point, Way]]:
    """Points and ways, spread: each kind of change to each kind of file first, then at random."""
    rng = random.Random(scene.name)
    every = [(point, way) for point in scene.points for way in WAYS]
    rng.shuffle(every)
    seen: dict[tuple[str, str, Way], int] = {}

    def round_(pair: tuple[Point, Way]) -> int:
        key = (pair[0].kind, _kind_of(pair[0].path), pair[1])
        seen[key] = seen.get(key, 0) + 1
        return seen[key]

    return sorted(every, key=round_)[:most]


def _kind_of(path: str) -> str:
    at = Path(path)
    return f"{at.parent.parent.name}/{at.suffix}"
