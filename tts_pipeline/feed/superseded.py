"""Files of earlier versions of an episode, and earlier covers, which stay for a while and then go.

An episode whose sound has changed has a new MP3 under a new name, and a changed picture has one
too. Whoever is downloading the old one, or has a feed that is not fresh, must still find it; so it
stays until a number of days after it was first seen to be superseded. OUT/library/superseded.jsonl
remembers that moment; if it is lost, the days are counted anew.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tts_pipeline import files, ledger
from tts_pipeline.model import Episode, Noun

_COVER = re.compile(r"-[0-9a-f]{8}\.jpg")
_SUFFIX = re.compile(r"-[0-9a-f]{8}\.(?:mp3|vtt|srt|json|html|chapters\.json|jpg)")


class _Old(Noun, array_like=True):
    owner: str
    """An episode's slug, or `feeds/NAME` for a show."""
    name: str
    since: datetime


def among(episode: Episode, names: Iterable[str]) -> list[str]:
    """Those files in the episode's folder that are of its earlier versions."""
    stem = episode.audio.removesuffix(".mp3")
    return [
        name
        for name in names
        if name.startswith(episode.slug)
        and _SUFFIX.fullmatch(name, len(episode.slug))
        and not name.startswith(f"{stem}.")
        and name != episode.cover
    ]


def covers(show: str, current: str, names: Iterable[str]) -> list[str]:
    """Those files in the folder of feeds that are earlier covers of a show."""
    return [
        name
        for name in names
        if name.startswith(show) and _COVER.fullmatch(name, len(show)) and name != current
    ]


def expire(
    out: Path, found: Mapping[str, Iterable[str]], *, keep: timedelta, now: datetime
) -> list[Path]:
    """Remove what has been superseded for `keep` or longer; say what.

    Args:
        out: the output folder.
        found: by slug, what `among` told of the episode, and by `feeds/NAME`, what `covers` told of
            the show; of others all is left as it is.
        keep: how long a file stays.
        now: the time.

    Raises:
        OutputError: a file cannot be removed, or the memory not written.
    """
    path = out / "library" / "superseded.jsonl"
    known = _known(path)
    kept = {key: since for key, since in known.items() if key[0] not in found}
    removed = []
    for key in ((owner, name) for owner, names in found.items() for name in names):
        since = known.get(key, now)
        folder = out / "feeds" if key[0].startswith("feeds/") else out / "episodes" / key[0]
        file = folder / key[1]
        if now - since < keep:
            kept[key] = since
            continue
        files.remove(file)
        removed.append(file)
    if kept != known:
        lines = (_Old(*key, kept[key]) for key in sorted(kept))
        ledger.write(path, map(msgspec.json.encode, lines))
    return removed


def _known(path: Path) -> dict[tuple[str, str], datetime]:
    return {(old.owner, old.name): old.since for old in ledger.read(path, _Old)}
