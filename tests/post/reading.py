"""What the tests of posts share."""

from pathlib import Path

import pytest

from tts_pipeline import post
from tts_pipeline.errors import PostError
from tts_pipeline.model import Post, Site

SITES = {
    "forum.example.org": Site("The Forum", "TF"),
    "www.letters.example.com": Site("Letters"),
}


def read(data: str | bytes, suffix: str | None = ".md") -> Post:
    """The post that these bytes are."""
    given = data.encode() if isinstance(data, str) else data
    name = f"posts/some-post{suffix or ''}"
    return post.read_bytes(given, source=name, name=name, suffix=suffix, sites=SITES)


def fault(data: str | bytes, suffix: str | None = ".md") -> str:
    """Why these bytes are no post; it always names the source."""
    with pytest.raises(PostError) as caught:
        read(data, suffix)
    said = str(caught.value)
    assert said.startswith(f"posts/some-post{suffix or ''}")
    assert "\n" not in said
    return said


def read_file(path: Path) -> Post:
    """The post in a file, named for it."""
    return post.read(path, name=path.name, sites=SITES)


def read_or_refused(data: str | bytes, suffix: str | None) -> Post | str:
    """The post, else why there is none."""
    try:
        return read(data, suffix)
    except PostError as error:
        return str(error)
