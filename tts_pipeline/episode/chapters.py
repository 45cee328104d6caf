"""Chapters for apps: Podcasting 2.0's JSON.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

from typing import Any

import msgspec

from tts_pipeline.model import ChapterRecord, Episode


def to_json(episode: Episode, podcast: str) -> bytes:
    """`application/json+chapters`, version 1.2: all chapters, to the millisecond."""
    chapters = [_chapter(chapter) for chapter in episode.chapters]
    about = {
        "version": "1.2.0",
        "title": episode.title,
        "podcastName": podcast,
        "fileName": episode.audio,
        "chapters": chapters,
    }
    return msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n"


def _chapter(chapter: ChapterRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "startTime": chapter.start_ms / 1000,
        "endTime": chapter.end_ms / 1000,
        "title": chapter.title,
    }
    if chapter.link:
        fields["url"] = chapter.link
    # Apps fetch it themselves, and most refuse what is not encrypted.
    if chapter.image and chapter.image.startswith("https://"):
        fields["img"] = chapter.image
    return fields
