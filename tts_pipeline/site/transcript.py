"""The transcript of a page: chapters, paragraphs and sentences, each with its place in time.

A sentence's words are packed into one attribute instead of an element each, so that the page of a
post of 25,000 words stays small.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from tts_pipeline.episode.transcript import speakers
from tts_pipeline.feed import address
from tts_pipeline.feed.text import line
from tts_pipeline.model import ChapterRecord, Episode, Noun, Role, SegmentRecord, Timing, WordTime

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CODES = tuple(high + low for high in _DIGITS for low in _DIGITS)
_LARGEST = len(_CODES) - 1


class Sentence(Noun):
    """A sentence as the post writes it."""

    start: float
    """Seconds."""
    text: str
    words: str
    """See `packed`; empty where no times are known."""


class Paragraph(Noun):
    """Sentences that stand together."""

    aside: bool
    """Whether it is not the post's own, such as the slate."""
    speaker: str | None
    """Who is heard; None in an episode with one speaker alone."""
    is_name: bool
    """Whether its own words are the speaker's name, as dialogues of forums write it."""
    sentences: tuple[Sentence, ...]


class Chapter(Noun):
    """A chapter with its text."""

    title: str
    link: str | None
    """Its place in the post."""
    start: float
    start_ms: int
    heading: tuple[Sentence, ...]
    """The sentences that say the title; empty where it is not spoken."""
    paragraphs: tuple[Paragraph, ...]


def chapters(episode: Episode, timing: Timing | None) -> tuple[Chapter, ...]:
    """All chapters in order; without a timing that fits the record, sentences have no words."""
    count = len(episode.segments)
    times: Sequence[tuple[WordTime, ...]] = [()] * count
    if timing is not None and len(timing.segments) == count:
        times = [segment.words for segment in timing.segments]
    timed = zip(episode.segments, times, speakers(episode), strict=True)
    grouped = {
        number: list(group)
        for number, group in itertools.groupby(timed, key=lambda each: each[0].chapter)
    }
    return tuple(
        _chapter(chapter, grouped.get(number, []), episode.sample_rate)
        for number, chapter in enumerate(episode.chapters)
    )


def packed(words: Iterable[WordTime], start: int, rate: int) -> str:
    """When each word begins: two digits of base 36 a word, hundredths of a second after the last.

    A word is what white space parts, so that a page can count them in its text. The longest step
    is 12.95 s; what is beyond it is made up for by the words that follow.
    """
    codes, reached, half = [], 0, rate // 2
    for word in words:
        step = ((word.start - start) * 100 + half) // rate - reached
        if not 0 <= step <= _LARGEST:
            step = 0 if step < 0 else _LARGEST
        reached += step
        codes.append(_CODES[step])
        if " " in word.text:
            codes.append(_CODES[0] * word.text.count(" "))
    return "".join(codes)


_Timed = tuple[SegmentRecord, tuple[WordTime, ...], str | None]


def _chapter(chapter: ChapterRecord, segments: list[_Timed], rate: int) -> Chapter:
    heading: tuple[Sentence, ...] = ()
    paragraphs = list(_paragraphs(segments, rate))
    title = line(chapter.title)
    if paragraphs and _joined(paragraphs[0].sentences).rstrip(".") == title.rstrip("."):
        heading = paragraphs.pop(0).sentences
    return Chapter(
        title=title,
        link=address.web(chapter.link),
        start=chapter.start_ms / 1000,
        start_ms=chapter.start_ms,
        heading=heading,
        paragraphs=tuple(paragraphs),
    )


def _paragraphs(segments: list[_Timed], rate: int) -> Iterator[Paragraph]:
    for (_, name), group in itertools.groupby(
        segments, key=lambda each: (each[0].passage, each[2])
    ):
        passage = list(group)
        sentences = tuple(
            Sentence(segment.start_ms / 1000, text, packed(words, segment.start, rate))
            for segment, words, _ in passage
            if (text := line(segment.written))
        )
        if sentences:
            is_name = _joined(sentences).rstrip(":. ") == name
            yield Paragraph(passage[0][0].role is not Role.TEXT, name, is_name, sentences)


def _joined(sentences: Iterable[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)
