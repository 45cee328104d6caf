"""RSS 2.0 with the itunes, content, atom and podcast namespaces, written as a stream.

Plain strings instead of a tree: the memory is that of one item, and the same episodes give the
same bytes on any run. Whatever a title holds, the result is well-formed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape

from tts_pipeline.feed import address, notes
from tts_pipeline.feed.text import cut, legal, line
from tts_pipeline.model import Episode, Show

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" \
xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel>
"""
_TAIL = "</channel>\n</rss>\n"


def newest_first(published: datetime, guid: str) -> tuple[float, str]:
    """The sort key of items: by date, newest first, then by guid, so that the order is total."""
    return -published.timestamp(), guid


def write(show: Show, episodes: Iterable[Episode], cover: str) -> Iterator[bytes]:
    """The feed in pieces: the channel's head, each item, the end.

    Args:
        show: the channel.
        episodes: in the order of the items, newest first; taken one at a time.
        cover: the file name of the cover art, beside the feed.
    """
    updated: datetime | None = None
    for episode in episodes:
        if updated is None:
            # The newest episode's date, not the clock: the same episodes give the same bytes.
            updated = episode.published
            yield (_HEAD + _channel(show, cover, updated)).encode()
        yield _item(show, episode).encode()
    if updated is None:
        yield (_HEAD + _channel(show, cover, None)).encode()
    yield _TAIL.encode()


def _channel(show: Show, cover: str, updated: datetime | None) -> str:
    lines = [
        _element("title", show.title),
        _element("link", address.web(show.link) or address.base(show)),
        _element("description", cut(show.description, notes.DESCRIPTION_BYTES)),
        _element("language", show.language),
        _element("generator", "tts-pipeline"),
        _element("copyright", show.copyright),
        _element("lastBuildDate", format_datetime(updated) if updated else None),
        _empty("atom:link", href=address.feed(show), rel="self", type="application/rss+xml"),
        _empty("itunes:image", href=address.cover(show, cover)),
        *(_category(*category) for category in show.categories),
        _element("itunes:explicit", _boolean(show.explicit)),
        _element("itunes:author", show.author),
        _element("itunes:type", "episodic"),
        _element("podcast:guid", address.podcast_guid(address.feed(show))),
        _element("podcast:medium", "podcast"),
    ]
    if show.email:
        owner = _element("itunes:name", show.author) + _element("itunes:email", show.email)
        lines.append(f"<itunes:owner>\n{owner}</itunes:owner>\n")
    return "".join(lines)


def _item(show: Show, episode: Episode) -> str:
    """One item.

    itunes:title is left out on purpose: it would say what `title` says, and apps that prefer it
    would ignore the form that the show gives its titles.
    """
    seconds = (episode.duration_ms + 500) // 1000
    return "".join(
        (
            "<item>\n",
            _element("title", line(episode.title) or episode.slug),
            f'<guid isPermaLink="false">{_plain(episode.guid)}</guid>\n',
            _element("pubDate", format_datetime(episode.published)),
            _element("link", address.web(episode.url)),
            _empty(
                "enclosure",
                url=address.audio(show, episode),
                length=str(episode.bytes),
                type="audio/mpeg",
            ),
            _element("itunes:duration", str(seconds)),
            _element("itunes:explicit", _boolean(show.explicit)),
            _element("itunes:author", episode.author or show.author),
            cdata("description", notes.description(episode)),
            cdata("content:encoded", notes.show_notes(episode)),
            "</item>\n",
        )
    )


def _category(category: str, subcategory: str | None) -> str:
    if subcategory is None:
        return _empty("itunes:category", text=category)
    inner = _empty("itunes:category", text=subcategory)
    return f"<itunes:category{_attributes(text=category)}>\n{inner}</itunes:category>\n"


def _element(name: str, text: str | None) -> str:
    """An element of plain text; nothing when there is no text."""
    return f"<{name}>{_plain(text)}</{name}>\n" if text else ""


def _empty(name: str, **attributes: str) -> str:
    return f"<{name}{_attributes(**attributes)}/>\n"


def _attributes(**attributes: str) -> str:
    return "".join(f' {name}="{escape(line(value))}"' for name, value in attributes.items())


def cdata(name: str, html: str) -> str:
    """An element of HTML, which is legal already; an end of CDATA inside it is split."""
    return f"<{name}><![CDATA[{html.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>\n"


def _plain(text: str) -> str:
    """Escaped in the forms that feed validators want where an element holds plain text."""
    return legal(text).replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")


def _boolean(value: bool) -> str:
    return "true" if value else "false"
