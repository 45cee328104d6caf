"""Addresses of pages, and the links by which apps subscribe to a feed."""

from collections.abc import Iterator
from urllib.parse import quote

from tts_pipeline.feed import address
from tts_pipeline.model import Show


def home(show: Show) -> str:
    """Where all shows are listed."""
    return f"{address.base(show)}/"


def show_page(show: Show, name: str = "index.html") -> str:
    """One page of a show's list."""
    return f"{home(show)}{quote(show.name, safe='')}/{'' if name == 'index.html' else name}"


def episode_page(show: Show, slug: str) -> str:
    """An episode's page."""
    return f"{home(show)}episodes/{quote(slug, safe='')}/"


def asset(show: Show, name: str) -> str:
    """A picture's, a style's or a script's address."""
    return f"{home(show)}assets/{quote(name, safe='')}"


def feed_file(show: Show) -> str:
    """The feed, below the output directory."""
    return f"feeds/{quote(show.name, safe='')}.xml"


def apps(show: Show) -> Iterator[tuple[str, str]]:
    """(name, link) of the apps that open a feed's address, then the links that the show gives."""
    feed = address.feed(show)
    bare = feed.split("://", 1)[1]
    yield "Apple Podcasts", f"podcast://{bare}"
    yield "Overcast", f"overcast://x-callback-url/add?url={quote(feed, safe='')}"
    yield "Pocket Casts", f"pktc://subscribe/{bare}"
    yield "AntennaPod", f"antennapod-subscribe://{bare}"
    yield from show.links.items()
