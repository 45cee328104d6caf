"""What is said in an episode, as transcripts show it: paragraphs of words, by speaker, in time.

JSON and HTML here, captions in `captions`; all four after
https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from tts_pipeline.model import Episode, Noun, SegmentRecord, SegmentTiming, Timing
from tts_pipeline.units import clock, to_ms

NARRATOR = "Narrator"
"""Who speaks where nobody else does, in an episode with several speakers."""


class Word(NamedTuple):
    """A word as written, in milliseconds of the episode."""

    text: str
    start: int
    end: int
    ends: bool
    """Whether a sentence, or a clause that was too long for the engine, ends with it."""


class Paragraph(Noun):
    """Sentences of one passage and one speaker."""

    speaker: str | None
    """None in an episode with one speaker alone."""
    heading: bool
    """Whether its words are the title of the chapter that it opens."""
    words: tuple[Word, ...]


def paragraphs(episode: Episode, timing: Timing) -> tuple[Paragraph, ...]:
    """All that is said, slate and outro too, in the post's own words.

    Args:
        episode: the record.
        timing: its words in time.
    """
    speakers = [_speaker(segment, episode.voice) for segment in episode.segments]
    several = len(set(speakers)) > 1
    said = zip(speakers, episode.segments, timing.segments, strict=True)
    found = []
    opened = -1
    for (speaker, _), group in groupby(said, key=lambda each: (each[0], each[1].passage)):
        words: list[Word] = []
        chapter = -1
        for _, segment, timed in group:
            chapter = segment.chapter
            words += _words(timed, timing.sample_rate)
        if not words:
            # An announcement, which has no words of the post.
            continue
        title = episode.chapters[chapter].title
        heading = chapter != opened and " ".join(word.text for word in words) == title
        opened = chapter
        found.append(Paragraph(speaker if several else None, heading, tuple(words)))
    return tuple(found)


def _words(segment: SegmentTiming, rate: int) -> Iterator[Word]:
    last = len(segment.words) - 1
    for place, word in enumerate(segment.words):
        yield Word(word.text, to_ms(word.start, rate), to_ms(word.end, rate), ends=place == last)


def _speaker(segment: SegmentRecord, narrator: str) -> str:
    """Who is heard: of a dialogue by name, else by the voice where it is not the narrator's."""
    return segment.speaker or (NARRATOR if segment.voice == narrator else segment.voice)


def speakers(episode: Episode) -> tuple[str | None, ...]:
    """Who is heard in each segment; None throughout an episode with one speaker alone."""
    heard = tuple(_speaker(segment, episode.voice) for segment in episode.segments)
    return heard if len(set(heard)) > 1 else (None,) * len(heard)


def to_json(said: Sequence[Paragraph]) -> bytes:
    """Podcasting 2.0's JSON, a segment a word; a paragraph's last ends in a line feed."""
    # Encoded paragraph by paragraph: all words as objects at once would be large.
    encoded = (
        msgspec.json.encode(_segments(paragraph))[1:-1] for paragraph in said if paragraph.words
    )
    return b'{"version":"1.0.0","segments":[' + b",".join(encoded) + b"]}\n"


def _segments(paragraph: Paragraph) -> list[dict[str, Any]]:
    speaker = {"speaker": paragraph.speaker} if paragraph.speaker else {}
    last = len(paragraph.words) - 1
    return [
        {
            **speaker,
            "startTime": word.start / 1000,
            "endTime": word.end / 1000,
            "body": word.text + ("\n" if place == last else ""),
        }
        for place, word in enumerate(paragraph.words)
    ]


_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}time{opacity:.75;font-size:.8em}cite{font-style:normal;"
    "font-weight:bold}[role=heading]{font-size:1.3em;font-weight:bold}"
)


def to_html(said: Sequence[Paragraph], *, title: str, language: str) -> bytes:
    """Podcasting 2.0's HTML: `cite`, `time` and `p`, in a page of its own."""
    return "".join(_html(said, title, language)).encode()


def _html(said: Sequence[Paragraph], title: str, language: str) -> Iterator[str]:
    yield (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{escape(title)}</h1>\n'
    )
    speaker = None
    for paragraph in said:
        if paragraph.speaker != speaker:
            speaker = paragraph.speaker
            yield f"<cite>{escape(speaker or '')}:</cite>\n"
        start = paragraph.words[0].start
        text = escape(" ".join(word.text for word in paragraph.words), quote=False)
        role = ' role="heading" aria-level="2"' if paragraph.heading else ""
        yield (
            f'<time datetime="PT{start // 1000}S">{clock(start)}</time>\n'
            f'<p dir="auto"{role}>{text}</p>\n'
        )
    yield "</main>\n</body>\n</html>\n"
