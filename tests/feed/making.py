"""Shows, episodes and an output directory for the tests of the feed."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tts_pipeline.model import (
    AudioFormat,
    ChapterRecord,
    Episode,
    Reading,
    Role,
    SegmentRecord,
    Show,
    Timestamps,
)

RATE = 22050


def show(**changes: Any) -> Show:
    given = Show(
        name="example",
        title="Example Show",
        author="Field Notes",
        email="show@example.org",
        description="Posts read aloud.",
        link="https://example.org/about",
        language="en-us",
        categories=(("Society & Culture", "Philosophy"), ("Technology", None)),
        explicit=False,
        copyright="CC BY 4.0",
        base_url="https://example.org/podcast",
        cover=None,
        episode_title="{title}",
        episode_cover="show",
        slate="This is {title}.",
        outro=None,
        voice="default",
        quote_voice=None,
        speaker_voices=(),
        music=None,
        timestamps=Timestamps.CHAPTER,
        reading=Reading(),
        lexicon=(),
        sites={},
        audio=AudioFormat(),
        root="/",
    )
    return msgspec.structs.replace(given, **changes)


def chapters(*titles: str, seconds: int = 60, link: str | None = None) -> tuple[ChapterRecord, ...]:
    return tuple(
        ChapterRecord(
            title=title,
            link=link,
            image=None,
            start=number * seconds * RATE,
            end=(number + 1) * seconds * RATE,
            start_ms=number * seconds * 1000,
            end_ms=(number + 1) * seconds * 1000,
        )
        for number, title in enumerate(titles)
    )


def segment(written: str, *, role: Role = Role.TEXT, passage: int = 1) -> SegmentRecord:
    return SegmentRecord(
        written=written,
        spoken="spoken otherwise",
        start=0,
        end=RATE,
        start_ms=0,
        end_ms=1000,
        chapter=0,
        passage=passage,
        voice="default",
        role=role,
    )


def segments(*paragraphs: str, slate: str = "Welcome to the show.") -> tuple[SegmentRecord, ...]:
    text = (segment(words, passage=number) for number, words in enumerate(paragraphs, 1))
    return (segment(slate, role=Role.SLATE, passage=0), *text)


def episode(slug: str = "post-1", **changes: Any) -> Episode:
    audio = sound(slug)
    given = Episode(
        inputs="0" * 64,
        show="example",
        slug=slug,
        guid=f"guid-of-{slug}",
        title="A Title by Someone",
        post_title="A Title",
        source=f"posts/{slug}.md",
        url=f"https://example.org/{slug}",
        post_id=None,
        author="Someone",
        site="Example",
        tag="EX",
        tags=(),
        language="en-us",
        date=None,
        published=datetime(2024, 4, 2, 9, 30, tzinfo=UTC),
        audio=f"{slug}-0a1b2c3d.mp3",
        sha256=hashlib.sha256(audio).hexdigest(),
        bytes=len(audio),
        samples=90 * RATE,
        sample_rate=RATE,
        duration_ms=90_400,
        voice="default",
        chapters=chapters("Slate", "Text"),
        segments=segments("First words of the text.", "More words."),
    )
    return msgspec.structs.replace(given, **changes)


def sound(slug: str) -> bytes:
    """Stands for an MP3: to the feed it is bytes."""
    return f"sound of {slug}".encode() * 100


def store(out: Path, *episodes: Episode) -> None:
    """Lay episodes out as the pipeline does."""
    for each in episodes:
        folder = out / "episodes" / each.slug
        folder.mkdir(parents=True)
        (folder / each.audio).write_bytes(sound(each.slug))
        (folder / "episode.json").write_bytes(msgspec.json.encode(each))


def rewrite(out: Path, stored: str, /, **fields: object) -> Path:
    """Change fields of a stored record, past what its type would let through."""
    path = out / "episodes" / stored / "episode.json"
    record = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode(record | fields))
    return path


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below, with its bytes and the time it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
