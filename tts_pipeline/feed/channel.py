"""The head of a feed: what it says of the show."""

from tts_pipeline.feed import address
from tts_pipeline.feed.notes import DESCRIPTION_BYTES
from tts_pipeline.feed.pages import Page
from tts_pipeline.feed.text import cut
from tts_pipeline.feed.xml import around, boolean, element, empty
from tts_pipeline.model import Noun, Person, Show

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
ARCHIVE = "<channel>\n<fh:archive/>\n"
"""How the channel of an archive page begins, and that of no other feed."""


class Setting(Noun):
    """What the head says beside what the show file does."""

    cover: str
    """The file name of the cover art, beside the feed."""
    page: bool
    """Whether the show has a page of its own."""


def head(show: Show, setting: Setting, page: Page) -> str:
    """Everything before the first item."""
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {spaces}>\n'
    archived = page.number is not None
    link = address.web(show.link) or (address.page(show) if setting.page else address.base(show))
    cover = address.cover(show, setting.cover)
    return "".join((
        start,
        ARCHIVE if archived else "<channel>\n",
        _relations(show, page),
        element("title", show.title),
        element("link", link),
        element("description", cut(show.description, DESCRIPTION_BYTES)),
        element("language", show.language),
        element("generator", "tts-pipeline"),
        element("copyright", show.copyright),
        # The newest episode's date, not the clock: the same episodes give the same bytes.
        element("lastBuildDate", page.items[0].date if page.items else None),
        empty("itunes:image", href=cover),
        *(_category(*category) for category in show.categories),
        element("itunes:explicit", boolean(show.explicit)),
        element("itunes:author", show.author),
        _owner(show),
        element("itunes:type", show.type),
        element("itunes:new-feed-url", None if archived else address.web(show.new_feed_url)),
        element("itunes:block", "Yes" if show.block else None),
        element("itunes:complete", "Yes" if show.complete else None),
        _podcast(show, cover),
    ))  # fmt: skip


def guid(show: Show) -> str:
    """podcast:guid, which stays when the feed moves if the show file says it."""
    return (show.podcast.guid or address.podcast_guid(address.feed(show))).lower()


def _relations(show: Show, page: Page) -> str:
    """Where the other pages are. None of an archive page's links ever changes."""
    newest = address.feed(show)
    own = newest if page.number is None else address.archive(show, page.number)
    links = [("self", own)]
    if page.number is None and show.podcast.hub:
        links.append(("hub", address.web(show.podcast.hub) or show.podcast.hub))
    if page.number is not None or page.archives:
        links += ("current", newest), ("first", newest), ("last", address.archive(show, 1))
    if page.archives:
        older = address.archive(show, page.archives)
        # `next` is what readers follow, `prev-archive` what RFC 5005 calls the same.
        links += ("next", older), ("prev-archive", older)
    return "".join(
        empty("atom:link", href=href, rel=rel, type=None if rel == "hub" else "application/rss+xml")
        for rel, href in links
    )


def _owner(show: Show) -> str:
    if not show.email:
        return ""
    named = element("itunes:name", show.author) + element("itunes:email", show.email)
    return around("itunes:owner", named)


def _category(category: str, subcategory: str | None) -> str:
    if subcategory is None:
        return empty("itunes:category", text=category)
    return around("itunes:category", empty("itunes:category", text=subcategory), text=category)


def _podcast(show: Show, cover: str) -> str:
    """The tags of Podcasting 2.0 (https://podcasting2.org/podcast-namespace)."""
    given = show.podcast
    often = given.update_frequency
    return "".join((
        element("podcast:guid", guid(show)),
        element("podcast:locked", "yes" if given.locked else "no", owner=show.email),
        element("podcast:medium", given.medium),
        element("podcast:txt", boolean(given.ai_content), purpose="ai-content"),
        *(element("podcast:txt", text, purpose=purpose)
          for purpose, text in sorted(given.txt.items())),
        element("podcast:license", given.license, url=address.web(given.license_url)),
        *(element("podcast:funding", each.text, url=address.web(each.url))
          for each in given.funding),
        *(_person(each) for each in given.persons),
        element(
            "podcast:updateFrequency",
            often.text,
            rrule=often.rrule,
            dtstart=often.dtstart.isoformat() if often.dtstart else None,
            complete="true" if show.complete else None,
        ) if often else "",
        empty("podcast:image", href=cover, alt=show.title, aspect_ratio="1/1"),
    ))  # fmt: skip


PERSON_BYTES = 128
"""Bytes of a name, by the standard."""


def _person(of: Person) -> str:
    return element(
        "podcast:person",
        cut(of.name, PERSON_BYTES),
        role=of.role,
        group=of.group,
        img=address.web(of.img),
        href=address.web(of.href),
    )
