"""A show's feed, its pages and its cover, written to OUT/feeds/, each whole or not at all."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tts_pipeline import files, fingerprint
from tts_pipeline.errors import FeedError
from tts_pipeline.feed import best, channel, cover, library, rss, superseded
from tts_pipeline.feed.index import Index
from tts_pipeline.feed.item import ItemWriter, Order
from tts_pipeline.feed.pages import Item
from tts_pipeline.feed.selection import Candidate, Decision, Rules, Selection
from tts_pipeline.model import Noun, Show
from tts_pipeline.untouched import Untouched

log = logging.getLogger(__name__)

_GUID = re.compile(rb"<podcast:guid>([^<]*)<")


class Result(Noun, frozen=True):
    """What `build` did."""

    path: str
    """The feed."""
    cover: str
    episodes: int
    changed: bool
    """Whether anything was written; False when every byte was there already."""
    pages: int = 1
    """Files of the feed."""
    removed: tuple[str, ...] = ()
    """Files of earlier versions of episodes, and earlier covers, whose time was over."""


def build(show: Show, out: Path, now: datetime, *, expire: bool = True) -> Result:
    """Write the feed of `show` from the episodes in `out`.

    Every record and every MP3 is checked before the first byte is written, so an error leaves
    the old feed as it was. The cover and the older pages are written before the feed that names
    them; what no feed names any more is removed last.

    Raises:
        FeedError: there is no episode, or some do not match their MP3; all of them are named.
        ProfileError: the show's cover is not one that directories accept.
        OutputError: the disk is full, the folder cannot be written, and the like.
    """
    with Index(out, fingerprint.code()) as index:
        selection, _ = _select(show, index, out, now, explain=False)
        _verify(index, selection, out)
        name, image = cover.prepare(show)
        folder = out / "feeds"
        path = folder / f"{show.name}.xml"
        _see_guid_kept(show, path)
        setting = channel.Setting(name, (out / show.name / "index.html").is_file())
        old: dict[str, list[str]] = {}
        changed = files.write(folder / name, image)
        pages = 0
        for page, data in rss.write(show, _items(show, index, selection, out, old), setting):
            at = path if page.number is None else _archive(folder, show, page.number)
            _see_own(at, archive=page.number is not None)
            changed = files.write(at, data) or changed
            pages += 1
    there = (path.name for path in folder.iterdir())
    old[f"feeds/{show.name}"] = superseded.covers(show.name, name, there)
    best.remember(show, out, selection.chosen)
    return Result(
        path=str(path),
        cover=str(folder / name),
        episodes=len(selection.kept),
        changed=_remove_pages(folder, show, pages) or changed,
        pages=pages,
        removed=_expire(show, out, old, now) if expire else (),
    )


def listed(show: Show, out: Path, now: datetime) -> list[Path]:
    """The records of what stands in the feed, newest first; a serial show's in reading order.

    Raises:
        FeedError: a record cannot be read.
    """
    with Index(out, fingerprint.code()) as index:
        selection, _ = _select(show, index, out, now, explain=True)
    kept = selection.kept if show.type == "serial" else selection.kept[::-1]
    return [out / "episodes" / each.slug / "episode.json" for each in kept]


def explain(show: Show, out: Path, now: datetime) -> list[Decision]:
    """Why each episode of the library is in the show's feed or is not; writes no feed.

    Raises:
        FeedError: a record cannot be read.
    """
    with Index(out, fingerprint.code()) as index:
        return _select(show, index, out, now, explain=True)[1]


def _select(
    show: Show, index: Index, out: Path, now: datetime, *, explain: bool
) -> tuple[Selection, list[Decision]]:
    """What stands in the feed, and if wanted why."""
    rules = Rules(show, best.remembered(show, out))
    against: dict[str, tuple[str, str | None]] = {}
    candidates: list[Candidate] = []
    known = False
    for place, entry in index.entries():
        reason = rules.against(entry.episode)
        known = known or rules.made_by(entry.episode)
        if reason is None:
            candidates.append(rules.candidate(place, entry.episode))
        if explain:
            against[entry.episode.slug] = entry.episode.title, reason
    if explain or not known:
        library.together(index.problems)
    if not known and not explain:
        raise FeedError(_nothing(show, out))
    selection = rules.choose(candidates, now)
    return selection, [
        Decision(slug, title, chosen=not why, reason=why or "all that is asked for holds")
        for slug, (title, reason) in against.items()
        for why in [reason or selection.dropped.get(slug)]
    ]


def _nothing(show: Show, out: Path) -> str:
    makers = show.select.shows or (show.name,)
    named = " and ".join(repr(maker) for maker in makers)
    return (
        f"there is no episode of the show {named} in {out}. Make some with "
        f"`tts-pipeline episode POST --show feeds/{makers[0]}.toml --out {out}`."
    )


def _verify(index: Index, selection: Selection, out: Path) -> None:
    """Each record can be read, each MP3 is what its record says, and each guid stands once."""
    untouched = Untouched(out / "episodes", out / "library" / "verified.jsonl")
    problems = [*index.problems]
    folders: dict[str, str] = {}
    for each in selection.kept:
        try:
            library.see_whole(out, index.at(each.place).episode, untouched)
        except FeedError as error:
            problems.append(error)
        if (twin := folders.setdefault(each.guid, each.slug)) != each.slug:
            one, other = out / "episodes" / twin, out / "episodes" / each.slug
            problems.append(
                FeedError(
                    f"{one} and {other} are the same episode (guid {each.guid}), and apps would "
                    "show one of them at random. Remove one of these folders."
                )
            )
    untouched.save()
    library.together(problems)


def _items(
    show: Show, index: Index, selection: Selection, out: Path, old: dict[str, list[str]]
) -> Iterator[Item]:
    """Each item, oldest first; files of earlier versions of its own episodes go to `old`."""
    writer = ItemWriter(show)
    places: dict[int, int] = {}
    for each in selection.kept:
        entry = index.at(each.place)
        folder = out / "episodes" / each.slug
        try:
            there = {path.name for path in folder.iterdir()}
        except OSError as error:
            raise FeedError(f"{folder} cannot be read: {error.strerror or error}") from error
        if entry.episode.audio not in there:
            raise FeedError(f"{folder / entry.episode.audio} is missing, and its record names it")
        if entry.episode.show == show.name:
            old[each.slug] = superseded.among(entry.episode, there)
        order = None
        if show.type == "serial":
            places[each.season] = places.get(each.season, 0) + 1
            order = _order(show, each, places[each.season])
        yield writer.item(entry, there, order)


def _order(show: Show, each: Candidate, place: int) -> Order:
    """By the number that the episode has in its series, else by how many came before it."""
    number = place if each.number is None else each.number
    if len(show.select.series) < 2:
        return Order(None, None, number)
    return Order(each.season, show.select.series[each.season - 1], number)


def _archive(folder: Path, show: Show, number: int) -> Path:
    return folder / f"{show.name}-{number}.xml"


def _is_archive(path: Path) -> bool:
    return channel.ARCHIVE.encode() in _start(path)


def _see_own(path: Path, *, archive: bool) -> None:
    """Two shows called `x` and `x-1` must not write each other's files.

    Raises:
        FeedError: the file that is there is of the other kind.
    """
    if path.exists() and _is_archive(path) is not archive:
        raise FeedError(
            f"{path} is {'a feed' if archive else 'an archive page of another feed'}, and would be "
            "overwritten. A show's name must not be that of another and `-1`: rename one of them."
        )


def _see_guid_kept(show: Show, path: Path) -> None:
    """Warn when apps will take the show for another one."""
    before = _GUID.search(_start(path))
    if before and (old := before[1].decode(errors="replace")) != channel.guid(show):
        log.warning(
            "%s: the podcast's guid was %s and is %s now, since its address has changed; write "
            'guid = "%s" in [podcast] to keep it',
            path, old, channel.guid(show), old,
        )  # fmt: skip


def _start(path: Path) -> bytes:
    """The first bytes, with the channel's head; none if there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(20_000)
    except OSError:
        return b""


def _remove_pages(folder: Path, show: Show, pages: int) -> bool:
    """Remove archive pages that a shorter feed has no more."""
    removed = False
    while _is_archive(path := _archive(folder, show, pages)):
        files.remove(path)
        removed, pages = True, pages + 1
    return removed


def _expire(show: Show, out: Path, old: dict[str, list[str]], now: datetime) -> tuple[str, ...]:
    keep = timedelta(days=show.podcast.keep_days)
    return tuple(map(str, superseded.expire(out, old, keep=keep, now=now)))
