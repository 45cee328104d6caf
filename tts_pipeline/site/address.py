"""What pages link to beside each other: assets, the feed, and apps that subscribe to it."""

from collections.abc import Iterator
from urllib.parse import quote

from tts_pipeline.feed import address
from tts_pipeline.model import Show


def asset(show: Show, name: str) -> str:
    """A picture's, a style's or a script's address."""
    return f"{address.home(show)}assets/{address.name(name)}"


def feed_file(show: Show) -> str:
    """The feed, below the output directory."""
    return f"feeds/{address.name(show.name)}.xml"


def apps(show: Show) -> Iterator[tuple[str, str]]:
    """(name, link) of the apps that open a feed's address, then the links that the show gives."""
    feed = address.feed(show)
    bare = feed.split("://", 1)[1]
    yield "Apple Podcasts", f"podcast://{bare}"
    yield "Overcast", f"overcast://x-callback-url/add?url={quote(feed, safe='')}"
    yield "Pocket Casts", f"pktc://subscribe/{bare}"
    yield "AntennaPod", f"antennapod-subscribe://{bare}"
    yield from show.links.items()
