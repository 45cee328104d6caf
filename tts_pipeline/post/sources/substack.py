"""A Substack export: posts.csv, and the posts as HTML."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Medium, Post
from tts_pipeline.model.source import FolderSource
from tts_pipeline.post import dates, reader
from tts_pipeline.post.sources.encoding import decoded
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.reach import Reach
from tts_pipeline.words import fold

LIST = "posts.csv"
_PAYING = ("only_paid", "founding")
"""Audiences that are not all readers."""
_ID = re.compile(r"[0-9]{1,20}\.[A-Za-z0-9._-]{1,200}")
"""A number, and the post's slug: it names a file, so it may hold nothing else."""


def find(source: FolderSource, folder: Path, reach: Reach) -> Iterator[Found]:
    """Each post of the list.

    Raises:
        SourceError: the list cannot be read.
    """
    with (folder / LIST).open("rb") as file:
        data = file.read(reader.LARGEST + 1)
    if len(data) > reader.LARGEST:
        raise SourceError(f"{folder / LIST} is larger than {reader.LARGEST // 1_000_000} MB")
    rows = csv.DictReader(io.StringIO(decoded(data, None), newline=""))
    if "post_id" not in (rows.fieldnames or ()):
        raise SourceError(f"{folder / LIST} has no column post_id; is it of a Substack export?")
    try:
        for row in rows:
            found = _found(source, folder, {key: value or "" for key, value in row.items() if key})
            why = reach.too_old(found.post.date) if found.post else None
            yield structs.replace(found, post=None, skipped=why) if why else found
    except csv.Error as error:
        raise SourceError(f"{folder / LIST} is broken: {error}") from error


def _found(source: FolderSource, folder: Path, row: dict[str, str]) -> Found:
    id_ = row["post_id"]
    number, _, slug = id_.partition(".")
    # A slug is made of the title, or of the first words.
    found = Found(key=id_, title=fold(row.get("title", "")) or _spoken(slug) or id_)
    if not _ID.fullmatch(id_):
        return structs.replace(found, failed=f"{id_[:80]!r} is no post's id in an export")
    if row.get("is_published", "").lower() != "true" and not source.drafts:
        return structs.replace(found, skipped="it is a draft")
    if row.get("audience") in _PAYING and not source.paid:
        return structs.replace(found, skipped="it is for paying subscribers alone")
    if row.get("type") == "thread":
        return structs.replace(found, skipped="it is a thread, not a post")
    for name in (f"posts/{id_}.html", f"{id_}.html"):
        path = folder / name
        if path.is_file() and path.resolve().is_relative_to(folder):
            break
    else:
        return structs.replace(found, failed=f"{folder / 'posts'} has no {id_}.html")
    with path.open("rb") as file:
        data = file.read(reader.LARGEST + 1)
    if len(data) > reader.LARGEST:
        return structs.replace(found, failed=f"{path} is larger than a post can be")
    body = decoded(data, None)
    if subtitle := fold(row.get("subtitle", "")):
        body = f"<p><em>{subtitle.replace('&', '&amp;').replace('<', '&lt;')}</em></p>\n{body}"
    url = f"{source.base_url.rstrip('/')}/p/{slug}" if source.base_url else None
    post = Post(
        source=str(path),
        name=id_,
        medium=Medium.HTML,
        body=body,
        title=found.title,
        date=dates.parse(row.get("post_date", "")),
        url=url,
        id=number,
    )
    return structs.replace(found, url=url, post=post)


def _spoken(slug: str) -> str:
    words = slug.replace("-", " ").strip()
    return words[:1].upper() + words[1:]
