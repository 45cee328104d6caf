"""Everything that can go wrong, many times over: python -m tests.chaos [KILLS] [SEED].

The suite does the same with fewer points. Prints a table of what was injected, and each problem.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.post.sources.serving import Site, serve

from . import flipped, injected, inside, killed

_POSTS = 30
_BITS = 8
"""Flipped in each file, one a run."""


def main() -> int:
    """Exit code 1 if anything was not as it should be."""
    kills, seed = (int(given) for given in (*sys.argv[1:], "200", "1")[:2])
    start, wrong = time.monotonic(), 0
    print(f"{'injected':40}{'points':>8}{'wrong':>8}{'seconds':>9}")
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder, inside.ready(), serve() as site:
        parts = (
            faults(Path(folder) / "faults", site),
            bits(Path(folder) / "bits", seed),
            deaths(Path(folder) / "deaths", kills, seed),
        )
        for part in parts:
            for what, count, problems, seconds in part:
                print(f"{what:40}{count:8}{len(problems):8}{seconds:9.0f}", flush=True)
                for problem in problems[:20]:
                    print(f"    {problem}")
                wrong += len(problems)
    print(f"{wrong} problems in {(time.monotonic() - start) / 60:.1f} minutes")
    return 1 if wrong else 0


Line = tuple[str, int, list[str], float]
"""What was injected, how often, what was wrong, and the seconds that it took."""


def faults(root: Path, site: Site) -> Iterator[Line]:
    for scene in injected.scenes(root, site):
        for way in injected.WAYS:
            start = time.monotonic()
            problems = [
                f"{point}: {problem}"
                for point in scene.points
                for problem in injected.problems(scene, point, way)
            ]
            what = {"full": "disk full from a call on", "broken": "EIO at a call",
                    "killed": "killed at a call"}[way]  # fmt: skip
            seconds = time.monotonic() - start
            yield f"{what}, {scene.name}", len(scene.points), problems, seconds


def bits(root: Path, seed: int) -> Iterator[Line]:
    scene, start = flipped.Scene(root), time.monotonic()
    files = [*scene.files()]
    problems = [
        problem
        for name in files
        for bit in range(_BITS)
        for problem in scene.problems(name, seed * _BITS + bit)
    ]
    yield "a bit flipped in a file", _BITS * len(files), problems, time.monotonic() - start
    start = time.monotonic()
    problems = [problem for names in flipped.LOST for problem in scene.without(*names)]
    yield "files or folders removed", len(flipped.LOST), problems, time.monotonic() - start


def deaths(root: Path, kills: int, seed: int) -> Iterator[Line]:
    for scene in killed.scenes(root, _POSTS):
        start = time.monotonic()
        done, problems = killed.kills(scene, kills // 2, seed)
        yield f"kill -9, {scene.name}", done, problems, time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
