"""What the tests of sources share."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tts_pipeline import post
from tts_pipeline.model import NamedSource, Post
from tts_pipeline.model.source import Source
from tts_pipeline.post.sources import Fetched, Fetcher
from tts_pipeline.post.sources.pace import Pace

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def fetch(
    source: Source, out: Path, *, name: str = "blog", root: Path | None = None, **kw: Any
) -> list[Fetched]:
    """One run, without waiting."""
    if hasattr(source, "allow_private"):
        source = msgspec.structs.replace(source, allow_private=True, pause=0)
    kw.setdefault("now", NOW)
    fetcher = Fetcher(out, pace=Pace(sleep=lambda seconds: None), **kw)
    return list(fetcher.run([NamedSource(name, source, str(root or out))]))


def counted(fetched: list[Fetched]) -> dict[str, int]:
    """How many of each status."""
    return dict(Counter(one.status for one in fetched))


def posts(out: Path, name: str = "blog") -> dict[str, Post]:
    """The posts that lie there, by title, as the ordinary reader reads them."""
    folder = out / "posts" / name
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    read = [post.read(path, name=path.name, sites={}) for path in paths]
    return {one.title: one for one in read}


def tree(out: Path) -> dict[str, bytes]:
    """Every file below, with its bytes."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
