"""Kill -9 of the real program at a few moments; `make chaos` takes 200. See `killed`."""

from pathlib import Path

from . import killed


def test_the_next_run_makes_what_an_undisturbed_one_makes(tmp_path: Path) -> None:
    for scene in killed.scenes(tmp_path, posts=6):
        done, problems = killed.kills(scene, 4, seed=1)
        assert not problems
        assert done == 4
