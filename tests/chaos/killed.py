"""Kill -9 at moments of a run spread over its length, of the real program with its real processes.

Either everything dies at once, as when the machine does, or the program alone, whose workers must
then end by themselves. An observer reads what is published all the while.
"""

import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from . import ground
from .ground import Ground

Victim = Literal["everything", "the program"]

_SOON = 60
"""Seconds within which workers end that nobody listens to any more."""

_MARK = "TTS_PIPELINE_CHAOS"


class Run:
    """The commands of a ground, one after the other, each in a process of its own."""

    def __init__(self, ground: Ground) -> None:
        self._commands = iter(ground.commands)
        self.mark = secrets.token_hex(8)
        self._environment = {**os.environ, **ground.environment, _MARK: self.mark}
        self._errors = ground.root / "stderr"
        self.process: subprocess.Popen[bytes] | None = None

    def until(self, moment: float | None) -> bool:
        """Run up to this moment (`time.monotonic`); whether something was still to be done."""
        for command in self._commands:
            with self._errors.open("wb") as told:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tts_pipeline", *command],
                    env=self._environment, stdout=subprocess.DEVNULL, stderr=told,
                )  # fmt: skip
            try:
                left = None if moment is None else max(0, moment - time.monotonic())
                code = self.process.wait(left)
            except subprocess.TimeoutExpired:
                return True
            assert code == 0, f"{command[0]} ended with {code}: {self._errors.read_text()}"
        return False

    def kill(self, victim: Victim) -> None:
        assert self.process
        if victim == "everything":
            for pid in self.alive():
                _kill(pid)
        _kill(self.process.pid)
        self.process.wait()
        until = time.monotonic() + _SOON
        while left := self.alive():
            assert time.monotonic() < until, f"processes {left} outlived the program"
            time.sleep(0.01)

    def alive(self) -> list[int]:
        """Every process of this run, whatever group or parent it has."""
        wanted, found = f"{_MARK}={self.mark}".encode(), []
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if folder.name.isdigit() and wanted in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def whole(ground: Ground) -> float:
    """An undisturbed run; the seconds that it takes."""
    start = time.monotonic()
    assert not Run(ground).until(None)
    return time.monotonic() - start


@dataclass(frozen=True)
class Kill:
    number: int
    fraction: float
    """Of an undisturbed run."""
    victim: Victim
    watched: bool


def kills(scene: "Scene", count: int, seed: int) -> tuple[int, list[str]]:
    """So many kills of one scene: how many met the run, and what was wrong."""
    done, problems = 0, []
    for planned in plan(count, seed):
        kill = planned
        while (found := scene.problems(kill)) is None:
            kill = replace(kill, fraction=kill.fraction * 0.9)  # the run was faster than before
        done += 1
        problems += [f"{kill}: {each}" for each in found]
    return done, problems


def plan(count: int, seed: int) -> Iterator[Kill]:
    """Kills spread over the whole run, each somewhere in its own stretch of it."""
    rng = random.Random(seed)
    order = list(range(count))
    rng.shuffle(order)
    for number, place in enumerate(order):
        victim: Victim = "everything" if number % 2 else "the program"
        yield Kill(number, (place + rng.random()) / count, victim, number % 4 == 0)


class Scene:
    """What was there before a run, what an undisturbed one makes of it, and how long it takes."""

    def __init__(self, ground: Ground, name: str, saved: Path) -> None:
        self.ground, self.name, self._saved = ground, name, saved
        self._before = ground.tree()
        ground.save(saved)
        self.seconds = whole(ground)
        self.after = ground.tree()

    @property
    def known(self) -> list[dict[str, bytes]]:
        return [self._before, self.after]

    def problems(self, kill: Kill) -> list[str] | None:
        """What is wrong after it and after the next run; None if the run was over before."""
        self.ground.restore(self._saved)
        found: list[str] = []
        run = Run(self.ground)
        with _watched(self, found) if kill.watched else _unwatched():
            if not run.until(time.monotonic() + kill.fraction * self.seconds):
                return None
            run.kill(kill.victim)
        found += [
            f"after the kill: {each}" for each in ground.wrong(self.ground.tree(), self.known)
        ]
        with _watched(self, found) if kill.watched else _unwatched():
            whole(self.ground)
        tree = self.ground.tree()
        found += [f"at last: {each}" for each in ground.differences(tree, self.after)]
        left = ground.temporary(*self.ground.folders)
        return found + [f"left over: {each}" for each in left]


def scenes(root: Path, posts: int) -> Iterator[Scene]:
    """The first run over some posts; and one after a third of them has changed."""
    first = Ground(root / "first", posts)
    yield Scene(first, "first run", root / "saved-first")
    later = Ground(root / "later", posts)
    whole(later)
    for number in range(0, posts, 3):
        later.write(number, seed=1)
    later.write(1, author="Tide Table")
    later.write(posts)
    yield Scene(later, "later run", root / "saved-later")


@contextmanager
def _unwatched() -> Iterator[None]:
    yield


@contextmanager
def _watched(scene: Scene, found: list[str]) -> Iterator[None]:
    """Read what is published over and over, as listeners and browsers do."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            found.extend(f"meanwhile: {each}" for each in _seen(scene))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _seen(scene: Scene) -> Iterator[str]:
    out = scene.ground.out
    published = [*out.glob("feeds/*.xml"), *out.glob("*.html"), *out.glob("show/*.html")]
    for path in published:
        for problem in _misnamed(scene, path):
            # What was named may have gone since, if what named it has changed by now.
            if problem in _misnamed(scene, path):
                yield problem


def _misnamed(scene: Scene, path: Path) -> list[str]:
    name = path.relative_to(scene.ground.out).as_posix()
    try:
        files = {name: path.read_bytes()}
    except FileNotFoundError:
        return []
    for named in ground.named_by(name, files[name]):
        with suppress(OSError):
            files[named] = (scene.ground.out / named).read_bytes()
    return ground.wrong(files, scene.known, only=name)
