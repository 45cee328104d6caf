"""An episode as feeds need it: its record without what is long, and what all its items share."""

from msgspec import structs

from tts_pipeline.feed import address, notes
from tts_pipeline.feed.channel import PERSON_BYTES
from tts_pipeline.feed.text import cut, line
from tts_pipeline.feed.xml import attribute, plain
from tts_pipeline.model import Episode, Noun
from tts_pipeline.units import stamp

QUOTE_BYTES = 128
"""Of a soundbite's title, by the standard."""

CHAPTER_LIMIT = 255
"""Chapters of one item; the file of chapters holds more, and the MP3 merges them."""


class Entry(Noun, array_like=True):
    """What `index` remembers of a record, so that a feed costs no reading of all its sentences."""

    episode: Episode
    """Without segments, chapters, links and soundbites."""
    description: str
    """HTML, as the notes."""
    notes: str
    """Sanitized."""
    parts: str
    """Elements that are the same in every feed: who wrote it, its soundbites and chapters."""


def entry(episode: Episode) -> Entry:
    """The entry of a record; nothing in it depends on the feeds in which it will stand."""
    return Entry(
        structs.replace(episode, segments=(), chapters=(), links=(), soundbites=()),
        notes.description(episode),
        notes.show_notes(episode),
        _authors(episode) + _soundbites(episode) + _chapters(episode),
    )


def _authors(episode: Episode) -> str:
    authors = episode.authors or ((episode.author,) if episode.author else ())
    return "".join(
        f'<podcast:person role="author" group="writing">{plain(cut(line(name), PERSON_BYTES))}'
        "</podcast:person>\n"
        for name in authors
    )


def _soundbites(episode: Episode) -> str:
    return "".join(
        f'<podcast:soundbite startTime="{each.start_ms / 1000:.3f}" '
        f'duration="{each.duration_ms / 1000:.3f}">{plain(cut(line(each.quote), QUOTE_BYTES))}'
        "</podcast:soundbite>\n"
        for each in episode.soundbites
    )


def _chapters(episode: Episode) -> str:
    """Podlove Simple Chapters 1.2; pictures by https alone, since apps show no others."""
    chapters = episode.chapters
    if not 1 < len(chapters) <= CHAPTER_LIMIT:
        return ""
    found = []
    for chapter in chapters:
        heading = attribute(chapter.title or episode.post_title)
        start = stamp(chapter.start_ms, ".")
        href, image = address.web(chapter.link), address.picture(chapter.image)
        found.append(
            f'<psc:chapter start="{start}" title="{heading}"'
            f"{_link('href', href)}{_link('image', image)}/>\n"
        )
    return f'<psc:chapters version="1.2">\n{"".join(found)}</psc:chapters>\n'


def _link(name: str, url: str | None) -> str:
    """An attribute; of what an address may hold, an ampersand alone must be escaped."""
    return f' {name}="{url.replace("&", "&amp;")}"' if url else ""
