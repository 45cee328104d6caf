"""What stands at an address: asked of the web, or of the folder that will be published."""

import stat
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from tts_pipeline.errors import CheckError, SourceError
from tts_pipeline.feed import address
from tts_pipeline.model import Show
from tts_pipeline.post.sources.guard import RefusedError
from tts_pipeline.post.sources.look import Look, Looker, SilentError
from tts_pipeline.serve import files

ORIGIN = "https://player.example.org"
"""A page of another site, which asks for transcripts and chapters."""


class Asker(Protocol):
    """Asks for what a feed names."""

    served: bool
    """Whether a server answers, so that it can be judged too."""
    silent: set[str]
    """The hosts that do not answer, and are not asked any more."""

    def head(self, url: str) -> Look | None:
        """What is told of a file; None if nobody here can know.

        Raises:
            CheckError: it cannot be had; the end of a sentence about it.
        """

    def get(self, url: str, most: int) -> Look | None:
        """A whole file of at most so many bytes; as `head` otherwise."""

    def part(self, url: str) -> Look | None:
        """The first two bytes of a sound; as `head` otherwise."""


class Web:
    """Asks servers."""

    served = True

    def __init__(self, looker: Looker) -> None:
        self.silent: set[str] = set()
        self._looker = looker

    def head(self, url: str) -> Look | None:
        """See Asker."""
        return self._look("HEAD", url, {"Accept-Encoding": "identity", "Origin": ORIGIN}, 0)

    def get(self, url: str, most: int) -> Look | None:
        """See Asker."""
        return self._look("GET", url, {"Origin": ORIGIN}, most)

    def part(self, url: str) -> Look | None:
        """See Asker."""
        return self._look("GET", url, {"Accept-Encoding": "identity", "Range": "bytes=0-1"}, 1000)

    def _look(self, method: str, url: str, headers: dict[str, str], most: int) -> Look | None:
        try:
            return self._looker.look(method, url, headers=headers, most=most)
        except SilentError as error:
            self.silent.add(error.host)
            return None
        except RefusedError as error:
            raise CheckError(f"leads to where nobody may be sent: {error}") from error
        except SourceError as error:
            raise CheckError(f"is out of reach: {error}") from error


class Folder:
    """Looks into the output directory; what lies elsewhere is not asked for."""

    served = False

    def __init__(self, show: Show, out: Path) -> None:
        self.silent: set[str] = set()
        self._base = f"{address.base(show)}/"
        self._out = out

    def head(self, url: str) -> Look | None:
        """See Asker."""
        return self._look(url, 0)

    def get(self, url: str, most: int) -> Look | None:
        """See Asker."""
        return self._look(url, most)

    def part(self, url: str) -> Look | None:
        """See Asker."""
        return self._look(url, 0)

    def _look(self, url: str, most: int) -> Look | None:
        if not url.startswith(self._base):
            return None
        parts = unquote(url[len(self._base) :].partition("?")[0].partition("#")[0]).split("/")
        # As `serve` does, and as servers do: what is hidden is not there.
        if any(not part or part[0] == "." or set(part) & set("\\\0") for part in parts):
            raise CheckError(f"is not there: {url}")
        path = Path(self._out, *parts)
        try:
            facts = path.stat()
            if not stat.S_ISREG(facts.st_mode):
                raise CheckError(f"is not there: {path} is no file")
            whole = facts.st_size <= most
            return Look(
                url,
                HTTPStatus.OK,
                {
                    "content-type": files.media_type(path).partition(";")[0],
                    "content-length": str(facts.st_size),
                },
                path.read_bytes() if whole and most else b"",
                whole,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise CheckError(f"is not there: {path}") from error
        except OSError as error:
            raise CheckError(f"cannot be read: {path}: {error.strerror or error}") from error
