"""Published addresses become those of this server, so that apps at home fetch from here.

Feeds and pages hold the address at which they will be published. On the way out it becomes the one
that was asked, byte for byte; the files stay as they will be published.
"""

import re
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import quote

from tts_pipeline import qr

REWRITTEN = frozenset({".html", ".xml"})
"""With `.chapters.json`, what holds addresses of ours."""

_HEAD = 8192
"""Bytes of a feed or a page within which it says its own address."""
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_CODE = re.compile(r'( data-qr="([^"]*)"[^>]*>)<svg.*?</svg>', re.DOTALL)


def holds_addresses(path: Path) -> bool:
    """Whether a file of this name may have to be rewritten."""
    return path.suffix in REWRITTEN or path.name.endswith(".chapters.json")


def bases(root: Path) -> list[str]:
    """Where the feeds and the first page say that `root` is published; longest first."""
    found = set()
    for path in (root / "index.html", *root.glob("feeds/*.xml")):
        try:
            found.add(_base(path, path.stat().st_mtime_ns))
        except OSError:
            continue
    return sorted(filter(None, found), key=lambda base: (-len(base), base))


def rewrite(text: str, published: list[str], scheme: str, host: str) -> str:
    """`text` with the published addresses replaced by this server's, codes for phones included.

    Behind its published host, and for a host that no browser would send, it stays as it is.
    """
    if not _HOST.fullmatch(host):
        return text
    here = f"{scheme}://{host}"
    for base in published:
        bare = base.split("://", 1)[1]
        if bare.split("/", 1)[0].lower() == host.lower():
            continue
        # Links that open apps name the feed without its scheme, or escaped.
        text = text.replace(base, here).replace(quote(base, safe=""), quote(here, safe=""))
        for start in ("://", "://subscribe/"):
            text = text.replace(f"{start}{bare}/feeds/", f"{start}{host}/feeds/")
    return _CODE.sub(lambda found: found[1] + qr.svg(unescape(found[2])), text)


@lru_cache(maxsize=1024)
def _base(path: Path, _modified: int) -> str | None:
    """What stands before /feeds/NAME.xml in a feed's own address, or before / in a page's."""
    with path.open("rb") as file:
        head = file.read(_HEAD).decode(errors="replace")
    end = "/" if path.suffix == ".html" else f"/feeds/{re.escape(quote(path.name, safe=''))}"
    mark = 'rel="canonical" ' if path.suffix == ".html" else ""
    own = re.search(rf'{mark}href="(https?://[^"<>]+){end}"', head)
    return own[1] if own else None
