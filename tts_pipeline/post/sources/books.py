"""`epub`: books, each kept as it is; its chapters are the posts."""

from collections.abc import Iterator
from pathlib import Path

from tts_pipeline.errors import PostError, SourceError
from tts_pipeline.model.source import EpubSource
from tts_pipeline.post import epub, reader
from tts_pipeline.post.sources.found import Found
from tts_pipeline.post.sources.reach import Reach


def find(source: EpubSource, reach: Reach) -> Iterator[Found]:
    """Each book that can be opened.

    Raises:
        SourceError: a path is not a book's.
    """
    for written in source.paths:
        path = reach.root / written
        if path.suffix.lower() != reader.BOOK:
            raise SourceError(f"{path} is no EPUB; `paths` names files that end in {reader.BOOK}")
        try:
            data = _bytes(path)
            epub.chapters(data, source=str(path))
        except (PostError, SourceError) as error:
            yield Found(key=written, title=path.stem, failed=str(error))
        else:
            yield Found(key=written, title=path.stem, book=data)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(reader.LARGEST_BOOK + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > reader.LARGEST_BOOK:
        raise SourceError(f"{path} is larger than {reader.LARGEST_BOOK // 1_000_000} MB")
    return data
