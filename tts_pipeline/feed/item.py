"""An episode's item."""

from base64 import b64encode
from collections.abc import Set as AbstractSet
from email.utils import format_datetime

from tts_pipeline import template
from tts_pipeline.feed import address, notes
from tts_pipeline.feed.entry import Entry
from tts_pipeline.feed.pages import Item
from tts_pipeline.feed.text import cut, line
from tts_pipeline.feed.xml import attribute, boolean, cdata, element, empty, plain
from tts_pipeline.model import Episode, Noun, Show

TITLE_BYTES = 600
"""Of a title that a show forms anew; its records' own titles are cut already."""

_CHAPTERS = ".chapters.json"
_TRANSCRIPTS = (
    (".vtt", "text/vtt", ' rel="captions"'),
    (".srt", "application/x-subrip", ' rel="captions"'),
    (".json", "application/json", ""),
    (".html", "text/html", ""),
)


class Order(Noun):
    """An episode's place in a serial show."""

    season: int | None
    season_name: str | None
    number: int


class ItemWriter:
    """Writes the items of one feed.

    Half of a long feed's time is spent here, so the strings are put together by hand where an
    item has many of a kind.
    """

    def __init__(self, show: Show) -> None:
        """`show` is the one in whose feed the items will stand."""
        self._show = show
        self._base = address.base(show)
        self._explicit = element("itunes:explicit", boolean(show.explicit))

    def item(self, entry: Entry, there: AbstractSet[str], order: Order | None) -> Item:
        """One item.

        itunes:title is left out on purpose: it would say what `title` says, and apps that prefer
        it would ignore the form that the show gives its titles.

        Args:
            entry: the episode.
            there: the names of the files in its folder; no other is named.
            order: where it stands in a serial show.
        """
        show, episode = self._show, entry.episode
        folder = f"{self._base}/episodes/{address.name(episode.slug)}/"
        audio = folder + address.name(episode.audio)
        published = format_datetime(episode.published)
        page = folder if "index.html" in there else None
        words = entry.notes + (notes.page(title(show, episode), page) if page else "")
        author = element("itunes:author", episode.author or show.author)
        xml = (
            f"<item>\n{element('title', title(show, episode))}"
            f'<guid isPermaLink="false">{plain(episode.guid + show.select.guid_suffix)}</guid>\n'
            f"<pubDate>{published}</pubDate>\n"
            f"{element('link', address.web(episode.url) or page)}"
            f'<enclosure url="{audio}" length="{episode.bytes}" type="audio/mpeg"/>\n'
            f"<itunes:duration>{(episode.duration_ms + 500) // 1000}</itunes:duration>\n"
            f"{self._explicit}{author}{_order(order) if order else ''}"
            f"{_cover(folder, episode, there)}{_files(folder, episode, there)}"
            f"{_integrity(audio, episode)}{entry.parts}"
            f"{cdata('description', entry.description)}{cdata('content:encoded', words)}</item>\n"
        )
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


def _cover(folder: str, episode: Episode, there: AbstractSet[str]) -> str:
    if episode.cover is None or episode.cover not in there:
        return ""
    url = folder + address.name(episode.cover)
    alt = line(episode.post_title) or None
    return empty("itunes:image", href=url) + empty(
        "podcast:image", href=url, alt=alt, aspect_ratio="1/1"
    )


def _files(folder: str, episode: Episode, there: AbstractSet[str]) -> str:
    """Transcripts and chapters beside the MP3."""
    stem = episode.audio.removesuffix(".mp3")
    url = folder + address.name(stem)
    language = attribute(episode.language)
    found = "".join(
        f'<podcast:transcript url="{url}{suffix}" type="{kind}" language="{language}"{more}/>\n'
        for suffix, kind, more in _TRANSCRIPTS
        if stem + suffix in there
    )
    if stem + _CHAPTERS in there:
        kind = "application/json+chapters"
        found += f'<podcast:chapters url="{url}{_CHAPTERS}" type="{kind}"/>\n'
    return found


def _integrity(audio: str, episode: Episode) -> str:
    """The enclosure once more, with its hash (https://www.w3.org/TR/SRI/), for apps that check."""
    digest = b64encode(bytes.fromhex(episode.sha256)).decode()
    return (
        f'<podcast:alternateEnclosure type="audio/mpeg" length="{episode.bytes}" default="true">\n'
        f'<podcast:source uri="{audio}"/>\n'
        f'<podcast:integrity type="sri" value="sha256-{digest}"/>\n'
        "</podcast:alternateEnclosure>\n"
    )
