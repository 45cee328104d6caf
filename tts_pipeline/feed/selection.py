"""Which episodes of the library stand in a feed, in which order, and why each is in or out.

A pure function of the show, the records, the time, and what was chosen before. The best of a day
is chosen when the day has been over for a while, and then for good: scores go on changing, and
an episode that subscribers have must not be swapped for another. So a day that is not closed yet
has nothing in the feed, and a closed one keeps its episodes as long as they may stand in it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from msgspec import structs

from tts_pipeline.feed.text import line
from tts_pipeline.model import Best, Episode, Noun, Show, Site

Chosen = dict[str, tuple[str, ...]]
"""First day (ISO 8601) of each closed day or week to the guids of its best."""


_JOINT = re.compile(r",\s+(?:and\s+)?|\s+(?:and|&)\s+")
"""Between authors, where a record has them as they are said and not one by one."""


class Decision(Noun):
    """Why an episode is in a feed, or is not."""

    slug: str
    title: str
    chosen: bool
    reason: str
    """A clause, such as "its score is 12, less than 50"."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What orders an episode; the rest of it is taken from the index when its item is written."""

    place: int
    """In the index."""
    slug: str
    guid: str
    published: datetime
    score: float | None
    season: int
    """The place of its series in the show's list, from 1; 0 without one."""
    number: int | None
    copies: tuple[str, ...] = ()
    """Guids of other episodes of the same post."""
    own: bool = True
    """Whether it stands for its own site, and not for that of a copy."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What stands in the feed, oldest first, and what was left out by comparison with others."""

    kept: list[Candidate]
    dropped: dict[str, str]
    """Slug to reason."""
    chosen: Chosen


class Rules:
    """A show's [select], made ready to be asked of many episodes."""

    def __init__(self, show: Show, chosen: Chosen | None = None) -> None:
        """`chosen` is what was chosen of closed days before."""
        given = show.select
        self._select = given
        self._serial = show.type == "serial"
        self._shows = given.shows or (show.name,)
        self._sites = _folded(given.sites)
        self._tags = _folded(given.tags)
        self._authors = _folded(given.authors)
        self._removed = _folded(given.removed_authors)
        self._languages = tuple(each.lower() for each in given.languages)
        self._series = [fold(each) for each in given.series]
        self._hosts = {_bare(host): site for host, site in show.sites.items()}
        self._chosen = chosen or {}
        self._settled = {guid for guids in self._chosen.values() for guid in guids}

    def made_by(self, episode: Episode) -> bool:
        """Whether one of the shows that are selected from has made it."""
        return episode.show in self._shows

    def against(self, episode: Episode) -> str | None:
        """Why the episode cannot stand in the feed; None if it can."""
        if not self.made_by(episode):
            return f"it was made by the show {episode.show!r}"
        if removed := self._removed & names(episode):
            return f"its author is among the removed authors ({min(removed)})"
        if self._sites and not self._sites & sites(episode, self._hosts):
            return f"its site is {episode.site or episode.url or 'not known'}"
        if self._tags and not self._tags & _folded(episode.tags):
            return "it has none of the tags"
        if self._authors and not self._authors & names(episode):
            return f"its author is {episode.author or 'not known'}"
        if self._series and fold(episode.series or "") not in self._series:
            return f"its series is {episode.series}" if episode.series else "it is in no series"
        if self._languages and not _speaks(episode.language, self._languages):
            return f"its language is {episode.language}"
        return self._against_measures(episode)

    def _against_measures(self, episode: Episode) -> str | None:
        given = self._select
        day = _utc(episode.published).date()
        if given.since and day < given.since:
            return f"it is of {day}, before {given.since}"
        if given.until and day > given.until:
            return f"it is of {day}, after {given.until}"
        minutes = episode.duration_ms / 60_000
        if given.min_minutes and minutes < given.min_minutes:
            return f"it lasts {minutes:.1f} minutes, less than {given.min_minutes:g}"
        if given.max_minutes and minutes > given.max_minutes:
            return f"it lasts {minutes:.1f} minutes, more than {given.max_minutes:g}"
        if given.score is not None and episode.guid not in self._settled:
            if episode.score is None:
                return "it has no score"
            if episode.score < given.score:
                return f"its score is {episode.score:g}, less than {given.score:g}"
        return None

    def candidate(self, place: int, episode: Episode) -> Candidate:
        """What the choice among episodes needs of one that can stand in the feed."""
        season = self._series.index(fold(episode.series or "")) + 1 if self._series else 0
        return Candidate(
            place, episode.slug, episode.guid, episode.published, episode.score, season,
            episode.number, episode.copy_guids, not self._sites or self._is_own(episode),
        )  # fmt: skip

    def _is_own(self, episode: Episode) -> bool:
        alone = structs.replace(episode, copies=(), copy_sites=())
        return bool(self._sites & sites(alone, self._hosts))

    def choose(self, candidates: Iterable[Candidate], now: datetime) -> Selection:
        """Best of a day or week, then each post once, then order, then the newest."""
        kept, dropped, chosen = list(candidates), dict[str, str](), Chosen()
        if best := self._select.best:
            kept, dropped, chosen = _best(kept, best, self._chosen, now)
        twins = _twins(kept)
        dropped |= twins
        kept = [each for each in kept if each.slug not in twins]
        # By guid first, so that episodes of one moment always stand in the same order.
        kept.sort(key=lambda each: each.guid, reverse=True)
        kept.sort(key=_reading_order if self._serial else _by_date)
        newest = self._select.newest
        if newest is not None and len(kept) > newest:
            reason = f"{newest} newer ones stand in the feed"
            dropped |= {each.slug: reason for each in kept[:-newest]}
            kept = kept[-newest:]
        return Selection(kept, dropped, chosen)


def _twins(kept: Iterable[Candidate]) -> dict[str, str]:
    """Slug to reason of each that would tell a post again.

    Posts may be found to be the same after each had its episode. The one that stands for the
    others is kept, unless it is here for the site of another alone: that one is what people have.
    """
    by_guid = {each.guid: each for each in kept}
    dropped: dict[str, str] = {}
    for each in by_guid.values():
        group = [each, *(by_guid[guid] for guid in each.copies if guid in by_guid)]
        there = [one for one in group if one.slug not in dropped]
        if len(there) > 1:
            stays = next((one for one in there if one.own), each)
            reason = f"it is of the same post as {stays.slug}, which stands in the feed"
            dropped |= {one.slug: reason for one in there if one is not stays}
    return dropped


def names(episode: Episode) -> frozenset[str]:
    """Who wrote it, folded: each author, and the authors as they are said."""
    said = episode.author or ""
    return _folded(each for each in (*episode.authors, said, *_JOINT.split(said)) if each)


def opted_out(show: Show, episode: Episode) -> bool:
    """Whether an author of the episode is among the show's removed authors."""
    return bool(_folded(show.select.removed_authors) & names(episode))


def sites(episode: Episode, hosts: Mapping[str, Site]) -> frozenset[str]:
    """By what its sites may be called, folded: name, tag and host, those of its copies too."""
    called = [episode.site, episode.tag, *episode.copy_sites]
    for url in (episode.url, *episode.copies):
        host = _host(url)
        called.append(host)
        if site := hosts.get(host):
            called += site.name, site.tag
    return _folded(each for each in called if each)


def fold(text: str) -> str:
    """Without differences of case and of white space."""
    return line(text).casefold()


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(_bare(fold(text)) for text in texts)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _host(url: str | None) -> str:
    try:
        return _bare(urlsplit(url or "").hostname or "")
    except ValueError:
        return ""


def _speaks(language: str, wanted: tuple[str, ...]) -> bool:
    """`en` wants any English, `en-gb` that alone (RFC 4647, basic filtering)."""
    given = language.lower()
    return any(given == each or given.startswith(f"{each}-") for each in wanted)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _by_date(each: Candidate) -> float:
    return each.published.timestamp()


def _reading_order(each: Candidate) -> tuple[int, float, float]:
    number = float("inf") if each.number is None else each.number
    return each.season, number, _by_date(each)


def _best(
    candidates: list[Candidate], best: Best, chosen: Chosen, now: datetime
) -> tuple[list[Candidate], dict[str, str], Chosen]:
    """(in, out with reasons, what is chosen of closed periods)."""
    periods: dict[date, list[Candidate]] = {}
    for each in candidates:
        periods.setdefault(_first_day(each.published, best), []).append(each)
    kept: list[Candidate] = []
    dropped: dict[str, str] = {}
    closed: Chosen = {}
    for first in sorted(periods):
        found = periods[first]
        guids = chosen.get(first.isoformat())
        if guids is None and now < closes(first, best):
            dropped |= {
                each.slug: f"the best of the {best.of} is chosen on "
                f"{closes(first, best):%Y-%m-%d at %H:%M} UTC"
                for each in found
            }
            continue
        if guids is None:
            found.sort(key=lambda each: (-(each.score or 0), _by_date(each), each.guid))
            guids = tuple(each.guid for each in found[: best.n])
        closed[first.isoformat()] = guids
        for each in found:
            if each.guid in guids:
                kept.append(each)
            else:
                dropped[each.slug] = f"others are the best of the {best.of} from {first}"
    # A period whose episodes are all away now keeps its choice, should they come back.
    return kept, dropped, {**chosen, **closed}


def closes(first: date, best: Best) -> datetime:
    """When the best of the day or week that begins on this day is chosen."""
    start = datetime.combine(first, time(), UTC)
    return start + timedelta(days=7 if best.of == "week" else 1, hours=best.after_hours)


def _first_day(published: datetime, best: Best) -> date:
    """The day itself, or the Monday of its week (ISO 8601), by UTC."""
    day = _utc(published).date()
    return day - timedelta(days=day.weekday()) if best.of == "week" else day
