"""Where posts come from: one [sources.NAME] table, checked."""

from datetime import date
from typing import Literal

from msgspec import field

from tts_pipeline.model.noun import Noun

FullText = Literal["auto", "feed", "page"]


class WebSource(Noun, kw_only=True):
    """What all sources on the web share."""

    pause: float = 1.0
    """Seconds between two requests to a host."""
    allow_private: bool = False
    """Whether the hosts that the source names may have private addresses."""
    since: date | None = None
    """Older posts are left."""


class FeedSource(WebSource, kw_only=True, tag_field="type", tag="feed"):
    """RSS, Atom or JSON Feed."""

    url: str
    full: FullText = "auto"
    """Whether the text is the feed's or that of the page behind the link."""


class ForumSource(WebSource, kw_only=True, tag_field="type", tag="forum"):
    """A site of the ForumMagnum software."""

    url: str
    view: str | None = None
    forum_tag: str | None = field(default=None, name="tag")
    author: str | None = None
    sequence: str | None = None
    score: int | None = None
    until: date | None = None
    events: bool = False
    shortform: bool = False
    crossposts: str | None = None
    """The site that hosts the bodies of crossposts; known for the large forums."""
    recheck: int = 14
    """Days back that each run looks at again, for scores and edits."""


class PageSource(WebSource, kw_only=True, tag_field="type", tag="page"):
    """Pages, one by one."""

    urls: list[str]


class SitemapSource(WebSource, kw_only=True, tag_field="type", tag="sitemap"):
    """The pages that a sitemap lists."""

    url: str
    include: str | None = None
    """A regular expression that must be found in a page's address."""


class FolderSource(Noun, kw_only=True, tag_field="type", tag="folder"):
    """Files of a site generator, a notebook or an export."""

    path: str
    base_url: str | None = None
    """Where the site stands, for the posts' addresses."""
    drafts: bool = False
    paid: bool = False
    """Whether posts for paying subscribers alone are taken from a Substack export."""


class EpubSource(Noun, kw_only=True, tag_field="type", tag="epub"):
    """Books."""

    paths: list[str]


Source = FeedSource | ForumSource | PageSource | SitemapSource | FolderSource | EpubSource


class NamedSource(Noun):
    """A source with its name and the folder from which its paths start."""

    name: str
    source: Source
    root: str
