"""A bit flips in each file that runs have left, or the file is gone; see `flipped`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import flipped, inside


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[flipped.Scene]:
    with inside.ready():
        yield flipped.Scene(tmp_path_factory.mktemp("flipped"))


def test_a_flipped_bit_is_said_and_made_good(scene: flipped.Scene) -> None:
    files = [*scene.files()]
    assert {name.parts[:2] for name in files} >= {
        ("build", "episodes"), ("build", "library"), ("cache", "plans"), ("cache", "music"),
    }  # fmt: skip
    assert not [problem for name in files for problem in scene.problems(name, seed=0)]


def test_what_is_no_text_any_more_is_said_and_made_good(scene: flipped.Scene) -> None:
    texts = [name for name in scene.files() if name.suffix in (".json", ".jsonl", ".html", ".xml")]
    assert not [each for name in texts for each in scene.problems(name, seed=0, high=True)]


@pytest.mark.parametrize("names", flipped.LOST, ids=lambda names: " ".join(map(str, names)))
def test_what_is_deleted_is_made_again(scene: flipped.Scene, names: tuple[Path, ...]) -> None:
    assert not scene.without(*names)
