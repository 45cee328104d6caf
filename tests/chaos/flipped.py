"""A bit flips in any file that runs have left: it is found, said, and made again, byte for byte."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from . import ground, inside
from .ground import Ground


class Scene:
    """What a run has left, with its posts unchanged."""

    def __init__(self, root: Path) -> None:
        self.ground = Ground(root / "flipped", posts=2)
        self.ground.write(1, dated=False)
        assert inside.run(self.ground)[0] == 0
        # The second run notes what the first has left.
        assert inside.run(self.ground) == (0, "")
        self._saved = root / "saved-flipped"
        self.ground.save(self._saved)
        self.after = self.ground.tree()

    def files(self) -> Iterator[Path]:
        """All that a program reads again, by their place; fetched posts are for people to edit."""
        for folder in (self.ground.out, self.ground.cache):
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(self.ground.root)
                told = name.parts[1] != "posts" and path.suffix != ".lock"
                if told and path.is_file() and path.stat().st_size:
                    yield name

    def problems(self, name: Path, seed: int, *, high: bool = False) -> list[str]:
        """What is wrong after a run that meets the file with one bit flipped, or a byte's highest."""
        self.ground.restore(self._saved)
        path = self.ground.root / name
        data = bytearray(path.read_bytes())
        place = random.Random(f"{name} {seed}").randrange(8 * len(data))
        place |= 7 if high else 0
        data[place // 8] ^= 1 << place % 8
        path.write_bytes(data)
        if name.parts[0] == "cache":
            # Nothing reads it while the episodes stand.
            shutil.rmtree(self.ground.out / "episodes")
        said = name.parts[0] == "cache" or name.parts[1] in ("episodes", "library")
        return self._after(path, said=said, what=f"bit {place} of {len(data)} bytes")

    def without(self, *names: Path) -> list[str]:
        """What is wrong after a run that does not find these files or folders."""
        self.ground.restore(self._saved)
        for name in names:
            path = self.ground.root / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return self._after(self.ground.root / names[0], said=False, what="removed")

    def _after(self, path: Path, *, said: bool, what: str) -> list[str]:
        code, told = inside.run(self.ground)
        found = [f"exit code {code}: {told}"] if code else []
        if said and path.stem not in told:
            found.append(f"not told, but: {told!r}")
        found += ground.differences(self.ground.tree(), self.after)
        if (again := inside.run(self.ground)) != (0, ""):
            found.append(f"the run after it: {again}")
        return [f"{path.relative_to(self.ground.root)}, {what}: {each}" for each in found]


LOST = tuple(
    tuple(map(Path, names.split()))
    for names in (
        "cache",
        "cache/plans cache/scripts",
        "cache/gains",
        "cache/music",
        "build/library",
        "build/library/index.jsonl",
        "build/library build/episodes",
        "build/episodes",
        "build/feeds",
        "build/show build/assets",
        "build/posts",
        "build/posts build/library cache",
    )
)
"""What may be deleted at any time."""
