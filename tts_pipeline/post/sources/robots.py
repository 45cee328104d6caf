"""robots.txt (RFC 9309): which pages of a site may be read, and how slowly."""

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from tts_pipeline.errors import SourceError
from tts_pipeline.post.sources import guard
from tts_pipeline.post.sources.answer import Answer, UnreachableError, shown
from tts_pipeline.post.sources.encoding import TooLargeError

LARGEST = 500_000
"""Bytes."""
_SLOWEST = 30.0
"""Seconds of Crawl-delay that are heeded."""


class Robots:
    """What the robots.txt of each site says, asked for once."""

    def __init__(self, ask: Callable[[str], Answer], agent: str) -> None:
        """`ask` gets a file; `agent` is what it calls this program."""
        self._ask = ask
        self._agent = agent
        self._sites: dict[str, Protego | str] = {}
        """By the site: its rules, or why they are not known."""

    def pause(self, url: str) -> float:
        """How many seconds the site wants between two requests, if it lets this page be read.

        Raises:
            SourceError: it does not.
        """
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        if site not in self._sites:
            self._sites[site] = self._rules(f"{site}/robots.txt")
        rules = self._sites[site]
        if isinstance(rules, str):
            raise SourceError(rules)
        if not rules.can_fetch(url, self._agent):
            raise SourceError(
                f"{shown(url)} is not fetched: the site's robots.txt asks programs not to read it"
            )
        return min(rules.crawl_delay(self._agent) or 0.0, _SLOWEST)

    def _rules(self, url: str) -> Protego | str:
        try:
            text = self._ask(url).text
        except guard.RefusedError:
            raise
        except TooLargeError:
            text = ""
        except UnreachableError as error:
            # RFC 9309: "unreachable" allows nothing, "unavailable" (4xx) everything.
            return f"the site's robots.txt cannot be asked, so its pages are left: {error}"
        except SourceError:
            text = ""
        return Protego.parse(text)
