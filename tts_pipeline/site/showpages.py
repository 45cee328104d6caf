"""A show's pages: its cover, how to subscribe, its episodes, and what the search looks through."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from tts_pipeline import qr
from tts_pipeline.feed import address as feeds
from tts_pipeline.model import Show
from tts_pipeline.site import address, listing
from tts_pipeline.site.theme import Theme


def render(
    show: Show, cover: str, lines: Sequence[listing.Line], theme: Theme
) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of each; `lines` are newest first.

    Raises:
        SiteError: a template is wrong.
    """
    feed = feeds.feed(show)
    shared = {
        "root": "../",
        "show": show,
        "total": len(lines),
        "cover": cover,
        "image": address.asset(show, cover),
        "feed": f"../{address.feed_file(show)}",
        "feed_address": feed,
        "apps": list(address.apps(show)),
        "qr": Markup(qr.svg(feed)),  # noqa: S704  drawn by us
    }
    for page in listing.pages(lines):
        url = feeds.page(show, page.name)
        yield page.name, theme.render("show.html", page=page, url=url, **shared) + b"\n"
    yield "search.json", listing.index(lines)
