"""What is said in an episode, as transcripts show it: paragraphs of words, by speaker, in time.

JSON and HTML here, captions in `captions`; all four after
https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Any

import msgspec

from tts_pipeline.model import Episode, Noun, SegmentRecord, Timing, WordTime
from tts_pipeline.units import clock, to_ms

NARRATOR = "Narrator"
"""Who speaks where nobody else does, in an episode with several speakers."""


class Paragraph(Noun):
    """Sentences of one passage and one speaker."""

    speaker: str | None
    """None in an episode with one speaker alone."""
    heading: bool
    """Whether its words are the title of the chapter that it opens."""
    sentences: tuple[tuple[WordTime, ...], ...]
    """Or clauses, where a sentence was too long for the engine; none is empty."""

    @property
    def text(self) -> str:
        """All its words."""
        return " ".join(word.text for sentence in self.sentences for word in sentence)

    @property
    def start(self) -> int:
        """Samples of the episode."""
        return self.sentences[0][0].start


class Transcript(Noun):
    """All that is said, slate and outro too, in the post's own words."""

    paragraphs: tuple[Paragraph, ...]
    sample_rate: int
    duration_ms: int


def transcript(episode: Episode, timing: Timing) -> Transcript:
    """The words of `timing`, put together as the record tells.

    Args:
        episode: the record.
        timing: its words in time.
    """
    said = zip(speakers(episode), episode.segments, timing.segments, strict=True)
    found = []
    opened = -1
    for (speaker, _), group in groupby(said, key=lambda each: (each[0], each[1].passage)):
        sentences = []
        chapter = -1
        for _, segment, timed in group:
            chapter = segment.chapter
            if timed.words:
                sentences.append(timed.words)
        if not sentences:
            # An announcement, which has no words of the post.
            continue
        paragraph = Paragraph(speaker, heading=False, sentences=tuple(sentences))
        if chapter != opened and paragraph.text == episode.chapters[chapter].title:
            paragraph = msgspec.structs.replace(paragraph, heading=True)
        opened = chapter
        found.append(paragraph)
    return Transcript(tuple(found), timing.sample_rate, episode.duration_ms)


def _speaker(segment: SegmentRecord, narrator: str) -> str:
    """Who is heard: of a dialogue by name, else by the voice where it is not the narrator's."""
    return segment.speaker or (NARRATOR if segment.voice == narrator else segment.voice)


def speakers(episode: Episode) -> tuple[str | None, ...]:
    """Who is heard in each segment; None throughout an episode with one speaker alone."""
    heard = tuple(_speaker(segment, episode.voice) for segment in episode.segments)
    return heard if len(set(heard)) > 1 else (None,) * len(heard)


def to_json(transcript: Transcript) -> Iterator[bytes]:
    """Podcasting 2.0's JSON, a segment a word; a paragraph's last ends in a line feed."""
    # Encoded paragraph by paragraph: all words as objects at once would be large.
    opening = b'{"version":"1.0.0","segments":['
    for paragraph in transcript.paragraphs:
        yield opening + msgspec.json.encode(_segments(paragraph, transcript.sample_rate))[1:-1]
        opening = b","
    yield b"]}\n" if transcript.paragraphs else opening + b"]}\n"


def _segments(paragraph: Paragraph, rate: int) -> list[dict[str, Any]]:
    speaker = {"speaker": paragraph.speaker} if paragraph.speaker else {}
    segments: list[dict[str, Any]] = [
        {
            **speaker,
            "startTime": to_ms(word.start, rate) / 1000,
            "endTime": to_ms(word.end, rate) / 1000,
            "body": word.text,
        }
        for sentence in paragraph.sentences
        for word in sentence
    ]
    segments[-1]["body"] += "\n"
    return segments


_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}time{opacity:.75;font-size:.8em}cite{font-style:normal;"
    "font-weight:bold}[role=heading]{font-size:1.3em;font-weight:bold}"
)


def to_html(transcript: Transcript, *, title: str, language: str) -> Iterator[bytes]:
    """Podcasting 2.0's HTML: `cite`, `time` and `p`, in a page of its own."""
    yield (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{escape(title)}</h1>\n'
    ).encode()
    speaker = None
    for paragraph in transcript.paragraphs:
        if paragraph.speaker != speaker:
            speaker = paragraph.speaker
            yield f"<cite>{escape(speaker or '')}:</cite>\n".encode()
        start = to_ms(paragraph.start, transcript.sample_rate)
        role = ' role="heading" aria-level="2"' if paragraph.heading else ""
        yield (
            f'<time datetime="PT{start // 1000}S">{clock(start)}</time>\n'
            f'<p dir="auto"{role}>{escape(paragraph.text, quote=False)}</p>\n'
        ).encode()
    yield b"</main>\n</body>\n</html>\n"
