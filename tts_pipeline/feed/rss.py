"""RSS 2.0 with the namespaces of podcasts, written page by page.

Plain strings instead of a tree: the memory is that of two pages, and the same episodes give the
same bytes on any run. Whatever a title holds, the result is well-formed.
"""

from collections.abc import Iterable, Iterator

from tts_pipeline.feed.channel import Setting, head
from tts_pipeline.feed.pages import Item, Page, paged
from tts_pipeline.model import Show

_TAIL = b"</channel>\n</rss>\n"


def write(show: Show, items: Iterable[Item], setting: Setting) -> Iterator[tuple[Page, bytes]]:
    """Each page with its bytes: the archive's, oldest first, then the feed itself.

    Args:
        show: the channel.
        items: oldest first; taken one at a time.
        setting: what else the channel says.
    """
    for page in paged(items, show.podcast.episodes_per_page):
        start = head(show, setting, page).encode()
        yield page, b"".join((start, *(item.data for item in page.items), _TAIL))
