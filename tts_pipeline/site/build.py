"""All pages of some shows, written to the output directory; what is right already stays."""

import hashlib
import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tts_pipeline import files
from tts_pipeline.errors import SiteError
from tts_pipeline.feed import address as feeds
from tts_pipeline.feed import cover, library
from tts_pipeline.feed.build import listed
from tts_pipeline.model import Episode, Noun, Show
from tts_pipeline.site import address, listing, page, showpages, unused
from tts_pipeline.site.listing import Line
from tts_pipeline.site.theme import Theme
from tts_pipeline.untouched import Untouched

log = logging.getLogger(__name__)

_TAKEN = frozenset({"assets", "episodes", "feeds", "library", "posts"})
"""Folders of the output directory that are not a show's."""

_PAGE = "index.html"
"""Of an episode."""

_NEWEST = 3
"""Episodes of each show that the first page names."""

_MOST_ADDRESSES = 50_000
"""Of one sitemap, by sitemaps.org."""


class Result(Noun):
    """What `build` did."""

    path: str
    """The first page."""
    shows: int
    episodes: int
    written: int
    """Files that were new or have changed."""
    unchanged: int
    removed: int
    """Assets that no page names any more."""


class _Show(Noun):
    """A show with what its pages share."""

    show: Show
    cover: str
    records: tuple[Path, ...]


def build(
    shows: Sequence[Show],
    out: Path,
    *,
    now: datetime,
    done: Callable[[int, int], None] = lambda _episodes, _of: None,
) -> Result:
    """Write the pages of `shows`, which are all that the site has, and remove unused assets.

    Every record is read before the first page is written. An episode that stands in several shows
    has one page, that of the show which made it if that is here.

    Args:
        shows: in the order in which the first page lists them.
        out: the output directory.
        now: which selections of closed days depend on.
        done: told after each episode how many are done, and of how many.

    Raises:
        SiteError: a template is wrong, or a show has a name that it cannot have here.
        FeedError: records cannot be read; all of them are named.
        OutputError: the disk is full, the folder cannot be written, and the like.
    """
    for show in shows:
        if show.name in _TAKEN:
            raise SiteError(
                f"the show {show.name!r} cannot have pages, since {out / show.name} is for other "
                f"things; rename feeds/{show.name}.toml"
            )
    site = _Site(out)
    themes = {show.theme: Theme(Path(show.theme) if show.theme else None) for show in shows}
    for theme in themes.values():
        for name, data in theme.assets.values():
            site.write(f"assets/{name}", data)
    found = [_Show(show, _cover(site, show), tuple(listed(show, out, now))) for show in shows]
    homes = _homes(found)
    lines: dict[Path, Line] = {}
    for each in found:
        for path in each.records:
            if path not in lines:
                lines[path] = _episode(site, path, homes[path], themes)
                done(len(lines), len(homes))
        _list(site, each, [lines[path] for path in each.records], themes[each.show.theme])
    first, theme = shows[0], themes[shows[0].theme]
    site.write("index.html", theme.render("home.html", **_home(found, lines)))
    site.write("404.html", theme.render("404.html", root=feeds.home(first)))
    _sitemap(site, first, _addresses(found, homes, lines))
    # What no page names any more goes last.
    _forget(out, homes, {show.name for show in shows})
    site.untouched.save()
    return Result(
        path=str(out / "index.html"),
        shows=len(shows),
        episodes=len(lines),
        written=site.written,
        unchanged=site.unchanged,
        removed=unused.remove(out, site.assets, site.pages),
    )


class _Site:
    """Writes below the output directory, and counts."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.written = self.unchanged = 0
        self.untouched = Untouched(out / "episodes", out / "library" / "pages.jsonl")
        self.pages: set[Path] = set()
        self.assets: set[str] = set()

    def write(self, name: str, data: bytes) -> None:
        """Pages are made again in no time, so none is worth waiting for the disk."""
        self.stands(name, changed=files.write(self.out / name, data, durable=False))

    def stands(self, name: str, *, changed: bool) -> None:
        """Note that a file is as it should be, and whether it had to be written."""
        path = self.out / name
        if path.parent.name == "assets":
            self.assets.add(path.name)
        elif path.suffix == ".html":
            self.pages.add(path)
        self.written += changed
        self.unchanged += not changed


def _cover(site: _Site, show: Show) -> str:
    data = cover.embedded(show)
    name = f"{show.name}-{hashlib.sha256(data).hexdigest()[:8]}.jpg"
    site.write(f"assets/{name}", data)
    return name


def _homes(found: Iterable[_Show]) -> dict[Path, _Show]:
    """The show to which each episode's page leads back."""
    homes: dict[Path, _Show] = {}
    for each in found:
        for path in each.records:
            homes.setdefault(path, each)
    return homes


def _episode(site: _Site, path: Path, home: _Show, themes: dict[str | None, Theme]) -> Line:
    """Write an episode's page unless it was made from the very same."""
    episode = library.read(path)
    folder, theme = path.parent, themes[home.show.theme]
    show = home.show
    context = msgspec.json.encode(
        [theme.digest, home.cover, show.name, show.title, show.author, show.language,
         show.base_url, show.copyright]
    )  # fmt: skip
    picture = _picture(site, episode, folder)
    key = page.key(path.read_bytes(), folder, Path(episode.audio).stem, picture, context)
    if _is_right(site, folder / _PAGE, key):
        site.stands(f"episodes/{episode.slug}/{_PAGE}", changed=False)
    else:
        made = page.page(episode, folder, show, cover=home.cover, picture=picture, theme=theme)
        made += b"\n"
        site.write(f"episodes/{episode.slug}/{_PAGE}", made + _mark(key, made))
    site.untouched.note(episode.slug, [_PAGE])
    return listing.entry(episode, picture)


def _picture(site: _Site, episode: Episode, folder: Path) -> str | None:
    """The episode's own cover, if it is there; a small one for lists is put among the assets.

    The name holds a hash of the picture, so a small one that is there already is of this one.
    """
    if episode.cover is None or not (folder / episode.cover).is_file():
        return None
    small = site.out / "assets" / episode.cover
    if small.is_file() and small.stat().st_size:
        site.stands(f"assets/{episode.cover}", changed=False)
        return episode.cover
    try:
        data = cover.thumbnail(folder / episode.cover)
    except (OSError, SyntaxError, ValueError) as error:
        raise SiteError(
            f"{folder / episode.cover} cannot be shown: {error}. Make the episode again with "
            "`tts-pipeline episode POST --force`."
        ) from error
    site.write(f"assets/{episode.cover}", data)
    return episode.cover


def _mark(key: str, made: bytes) -> bytes:
    """The end of a page: what it was made from, and what was made, hashed."""
    return f"<!-- {key} {hashlib.sha256(made).hexdigest()} -->\n".encode()


def _is_right(site: _Site, path: Path, key: str) -> bool:
    """Whether a page is there, made from the very same, and whole; it is read if it was touched."""
    size = len(_mark(key, b""))
    try:
        with path.open("rb") as file:
            file.seek(-size, 2)
            mark = file.read()
            if not mark.startswith(f"<!-- {key} ".encode()):
                return False
            if site.untouched.are(path.parent.name, [_PAGE]):
                return True
            file.seek(0)
            whole = file.read()
    except OSError:
        return False
    if mark == _mark(key, whole[:-size]):
        return True
    log.warning("%s is not as it was written; it is made again", path)
    return False


def _list(site: _Site, each: _Show, lines: Sequence[Line], theme: Theme) -> None:
    """A show's pages and what its search looks through; pages that are no more are removed."""
    folder = each.show.name
    kept = set()
    for name, data in showpages.render(each.show, each.cover, lines, theme):
        site.write(f"{folder}/{name}", data)
        kept.add(name)
    for path in (site.out / folder).glob("page-*.html"):
        if re.fullmatch(r"page-\d+\.html", path.name) and path.name not in kept:
            files.remove(path)


def _forget(out: Path, homes: Container[Path], makers: Container[str]) -> None:
    """Remove the pages of episodes that are gone, or that no show lists any more."""
    for path in out.glob("episodes/*/index.html"):
        record = path.parent / "episode.json"
        if record not in homes and (not record.exists() or library.read(record).show in makers):
            files.remove(path)


def _home(found: Sequence[_Show], lines: dict[Path, Line]) -> dict[str, object]:
    return {
        "root": "",
        "url": feeds.home(found[0].show),
        "shows": [
            {
                "show": each.show,
                "cover": each.cover,
                "feed": address.feed_file(each.show),
                "count": len(each.records),
                "newest": [lines[path] for path in each.records[:_NEWEST]],
            }
            for each in found
        ],
    }


def _addresses(
    found: Sequence[_Show], homes: dict[Path, _Show], lines: dict[Path, Line]
) -> Iterator[str]:
    """Every page that is worth finding, without a date: the pages say their own."""
    yield feeds.home(found[0].show)
    for each in found:
        for one in listing.pages([lines[path] for path in each.records]):
            yield feeds.page(each.show, one.name)
    for path, line in lines.items():
        yield feeds.episode_folder(homes[path].show, line.slug)


def _sitemap(site: _Site, first: Show, addresses: Iterable[str]) -> None:
    """By sitemaps.org; of more than 50,000 addresses, an index of several."""
    every = list(addresses)
    parts = [every[at : at + _MOST_ADDRESSES] for at in range(0, len(every), _MOST_ADDRESSES)]
    if len(parts) == 1:
        site.write("sitemap.xml", _xml("urlset", "url", every))
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        site.write(name, _xml("urlset", "url", part))
    index = [feeds.home(first) + name for name in names]
    site.write("sitemap.xml", _xml("sitemapindex", "sitemap", index))


def _xml(root: str, element: str, addresses: Sequence[str]) -> bytes:
    rows = "".join(
        f"<{element}><loc>{each.replace('&', '&amp;')}</loc></{element}>\n" for each in addresses
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'
    ).encode()
