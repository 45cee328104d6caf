"""Assets that no page names any more: old styles, scripts and covers."""

import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from tts_pipeline import files
from tts_pipeline.errors import OutputError

_HASHED = re.compile(r".+-[0-9a-f]{8}\.[a-z0-9]+")
_NAMED = re.compile(rb"assets/([\w.~%-]+)")


def remove(out: Path, named: Container[str], written: Container[Path]) -> int:
    """Remove those whose names hold a hash, as all that are ours do; say how many.

    Other pages, such as those of a show that was not written this time, may name older assets, so
    these are looked into; only where there is something to remove, since they may be many.

    Args:
        out: the output directory, with every page in its place.
        named: the assets that the pages of this time name.
        written: the pages of this time.

    Raises:
        OutputError: a file cannot be read or removed.
    """
    try:
        old = {
            path.name: path
            for path in (out / "assets").iterdir()
            if path.name not in named and _HASHED.fullmatch(path.name)
        }
        if old:
            for page in _pages(out):
                if page not in written:
                    for name in _named_in(page):
                        old.pop(name, None)
        for path in old.values():
            files.remove(path)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be read: {error.strerror}") from error
    return len(old)


def _pages(out: Path) -> Iterator[Path]:
    for pattern in ("*.html", "*/*.html", "episodes/*/index.html"):
        yield from out.glob(pattern)


def _named_in(page: Path) -> Iterable[str]:
    return (unquote(name.decode()) for name in _NAMED.findall(page.read_bytes()))
