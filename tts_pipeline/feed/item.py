"""An episode's item."""

from base64 import b64encode
from collections.abc import Set as AbstractSet
from email.utils import format_datetime

from tts_pipeline import template
from tts_pipeline.feed import address, notes
from tts_pipeline.feed.channel import person
from tts_pipeline.feed.entry import Entry
from tts_pipeline.feed.pages import Item
from tts_pipeline.feed.text import cut, line
from tts_pipeline.feed.xml import around, boolean, cdata, element, empty
from tts_pipeline.model import Episode, Noun, Person, Show

TITLE_BYTES = 600
"""Of a title that a show forms anew; its records' own titles are cut already."""

CHAPTER_LIMIT = 255
"""Chapters in the feed and in the MP3 alike; the file of chapters holds all of them."""

_TRANSCRIPTS = (
    (".vtt", "text/vtt", "captions"),
    (".srt", "application/x-subrip", "captions"),
    (".json", "application/json", None),
    (".html", "text/html", None),
)


class Order(Noun):
    """An episode's place in a serial show."""

    season: int | None
    season_name: str | None
    number: int


def item(show: Show, entry: Entry, there: AbstractSet[str], order: Order | None) -> Item:
    """One item.

    itunes:title is left out on purpose: it would say what `title` says, and apps that prefer it
    would ignore the form that the show gives its titles.

    Args:
        show: whose feed it stands in.
        entry: the episode.
        there: the names of the files in its folder; no other is named.
        order: where it stands in a serial show.
    """
    episode = entry.episode
    published = format_datetime(episode.published)
    page = address.beside(show, episode, "") if "index.html" in there else None
    words = entry.notes + (notes.page(show.title, page) if page else "")
    xml = "".join((
        "<item>\n",
        element("title", title(show, episode)),
        element("guid", episode.guid + show.select.guid_suffix, isPermaLink="false"),
        element("pubDate", published),
        element("link", address.web(episode.url) or page),
        empty(
            "enclosure",
            url=address.audio(show, episode),
            length=str(episode.bytes),
            type="audio/mpeg",
        ),
        element("itunes:duration", str((episode.duration_ms + 500) // 1000)),
        element("itunes:explicit", boolean(show.explicit)),
        element("itunes:author", episode.author or show.author),
        "" if order is None else _order(order),
        _cover(show, episode, there),
        *(person(Person(name=name, role="author", group="writing"))
          for name in episode.authors or ((episode.author,) if episode.author else ())),
        _files(show, episode, there),
        _integrity(show, episode),
        _chapters(episode),
        cdata("description", entry.description),
        cdata("content:encoded", words),
        "</item>\n",
    ))  # fmt: skip
    return Item(published, xml.encode())


def title(show: Show, episode: Episode) -> str:
    """As the show's [select] forms it, else as it was made."""
    if show.select.title is None:
        return line(episode.title) or episode.slug
    values = {
        "show": show.title,
        "title": episode.post_title,
        "author": episode.author,
        "date": template.spoken_date(episode.date) if episode.date else None,
        "site": episode.site,
        "tag": episode.tag,
    }
    return cut(line(template.fill(show.select.title, values)), TITLE_BYTES) or episode.slug


def _order(order: Order) -> str:
    season = None if order.season is None else str(order.season)
    return (
        element("itunes:season", season)
        + element("podcast:season", season, name=order.season_name)
        + element("itunes:episode", str(order.number))
        + element("podcast:episode", str(order.number))
    )


def _cover(show: Show, episode: Episode, there: AbstractSet[str]) -> str:
    if episode.cover is None or episode.cover not in there:
        return ""
    url = address.beside(show, episode, episode.cover)
    return empty("itunes:image", href=url) + empty("podcast:image", href=url, aspect_ratio="1/1")


def _files(show: Show, episode: Episode, there: AbstractSet[str]) -> str:
    """Transcripts and chapters beside the MP3."""
    stem = episode.audio.removesuffix(".mp3")
    chapters = f"{stem}.chapters.json"
    found = [
        empty(
            "podcast:transcript",
            url=address.beside(show, episode, stem + suffix),
            type=kind,
            language=episode.language,
            rel=rel,
        )
        for suffix, kind, rel in _TRANSCRIPTS
        if stem + suffix in there
    ]
    if chapters in there:
        url = address.beside(show, episode, chapters)
        found.append(empty("podcast:chapters", url=url, type="application/json+chapters"))
    return "".join(found)


def _integrity(show: Show, episode: Episode) -> str:
    """The enclosure once more, with its hash (https://www.w3.org/TR/SRI/), for apps that check."""
    digest = b64encode(bytes.fromhex(episode.sha256)).decode()
    return around(
        "podcast:alternateEnclosure",
        empty("podcast:source", uri=address.audio(show, episode))
        + empty("podcast:integrity", type="sri", value=f"sha256-{digest}"),
        type="audio/mpeg",
        length=str(episode.bytes),
        default="true",
    )


def _chapters(episode: Episode) -> str:
    """Podlove Simple Chapters 1.2; pictures by https alone, since apps show no others."""
    chapters = episode.chapters
    if not 1 < len(chapters) <= CHAPTER_LIMIT:
        return ""
    found = "".join(
        empty(
            "psc:chapter",
            start=_normal_play_time(chapter.start_ms),
            title=line(chapter.title) or line(episode.post_title),
            href=address.web(chapter.link),
            image=address.picture(chapter.image),
        )
        for chapter in chapters
    )
    return around("psc:chapters", found, version="1.2")


def _normal_play_time(ms: int) -> str:
    """HH:MM:SS.mmm (RFC 2326)."""
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
