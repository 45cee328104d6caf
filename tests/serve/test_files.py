"""How long files may be kept by their names."""

from pathlib import Path

import pytest

from tts_pipeline.serve.files import is_hashed


@pytest.mark.parametrize(
    ("name", "hashed"),
    [
        ("episodes/a/a-0a1b2c3d.mp3", True),
        ("episodes/a/a-0a1b2c3d.chapters.json", True),
        ("feeds/show-0a1b2c3d.jpg", True),
        ("feeds/show.xml", False),
        ("feeds/show-12.xml", False),
        # A show may be called so; its feed changes all the same.
        ("feeds/best-20240101.xml", False),
        ("episodes/a-0a1b2c3d/index.html", False),
    ],
)
def test_only_a_name_that_changes_with_its_content_is_for_ever(name: str, hashed: bool) -> None:
    assert is_hashed(Path(name)) is hashed
