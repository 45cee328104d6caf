"""Publishing the shows of one target, from the plan to the word to the hub."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from tts_pipeline.errors import FeedError, ProfileError, PublishError
from tts_pipeline.feed import library
from tts_pipeline.feed.selection import opted_out
from tts_pipeline.model import Finding, Published, Severity, Show
from tts_pipeline.publish import ledger as ledgers
from tts_pipeline.publish import public, reading
from tts_pipeline.publish.connect import connect
from tts_pipeline.publish.contents import Contents, Phase, contents, see_true
from tts_pipeline.publish.entry import State
from tts_pipeline.publish.plan import Local, Sending, let_go, plan, superfluous
from tts_pipeline.publish.stores import Store
from tts_pipeline.publish.target import Target
from tts_pipeline.serve.files import is_hashed, media_type

_AT_ONCE = 8
_SHORT = 300
"""Seconds for which feeds and pages may be shown from a cache."""
_GIVING_UP = 5
"""Files that a target may refuse before the rest is not even tried."""

Progress = Callable[[int, int], None]
"""(bytes that were sent, of how many)."""


def publish(
    out: Path,
    shows: Sequence[Show],
    target: Target,
    *,
    now: datetime,
    agent: str,
    prune: bool = False,
    dry_run: bool = False,
    verify: bool | None = None,
    progress: Progress = lambda _sent, _of: None,
) -> Published:
    """Send what has changed of `shows` to `target`, feeds last.

    A show whose feed cannot be read, or names what is not there, is left as it is, and so is the
    feed of one of whose files some could not be sent; both are findings, and the others go.

    Args:
        out: the output directory.
        shows: which are published together.
        target: where.
        now: the time, by which old files are kept for a while.
        agent: the User-Agent of requests to the public address and to hubs.
        prune: whether to delete what this program published and no feed or page names any more.
        dry_run: whether to say what would be done, and write nothing.
        verify: whether sounds are asked for at their public address: all, none, or (None) those
            that were not right there before, unless a show forbids it.
        progress: told after each file.

    Raises:
        PublishError: the target cannot be reached, or another run is publishing to it.
        ProfileError: the target lies in the output directory.
        OutputError: the ledger cannot be written.
    """
    if target.kind == "file" and Path(target.root).is_relative_to(out.resolve()):
        raise ProfileError(
            f"the target {target.address} lies in the output folder; choose a folder elsewhere, or "
            f"serve {out} itself and do not publish"
        )
    if verify is None and not all(show.publish.verify for show in shows):
        verify = False
    with nullcontext() if dry_run else ledgers.held(out, target.address):
        run = _Run(out, target, progress)
        run.read(shows, dry_run=dry_run)
        verified, announced = 0, tuple[str, ...]()
        try:
            if not dry_run:
                run.send()
            run.let_go(now)
            keep = timedelta(days=max(show.podcast.keep_days for show in shows))
            over, left = superfluous(run.ledger, keep=keep, now=now, at_once=_at_once(out, shows))
            deleted = (over if dry_run else run.delete(over)) if prune else []
            if not dry_run:
                verified = run.verify(agent, wanted=verify)
                announced = run.announce(agent)
        finally:
            if not dry_run:
                run.keep()
    sent = run.plan.sending if dry_run else run.sent
    return Published(
        to=target.address,
        shows=tuple(show.name for show in shows),
        dry_run=dry_run,
        sent=tuple(each.name for each in sent),
        bytes=sum(each.size for each in sent),
        unchanged=run.plan.unchanged,
        deleted=tuple(deleted),
        superfluous=len(left) if prune else len(over) + len(left),
        verified=verified,
        announced=announced,
        findings=tuple(run.findings),
    )


class _Run:
    """One run, step by step; `ledger` is what is known at the moment."""

    def __init__(self, out: Path, target: Target, progress: Progress) -> None:
        self._out = out
        self._target = target
        self._progress = progress
        self._contents: list[Contents] = []
        self._held: set[str] = set()
        """Shows of which something could not be sent."""
        self.findings: list[Finding] = []
        self.sent: list[Sending] = []

    @cached_property
    def _store(self) -> Store:
        return connect(self._target)

    def read(self, shows: Iterable[Show], *, dry_run: bool) -> None:
        """See what is here and what is there, and plan."""
        for show in shows:
            try:
                self._contents.append(contents(show, self._out))
            except PublishError as error:
                self._wrong("publish.contents", show.name, error)
        known = ledgers.read(self._out, self._target.address)
        names = {name for each in self._contents for name in each.files}
        here = reading.local(self._out, names, known)
        self._contents = [each for each in self._contents if self._is_true(each, here)]
        met = {show for entry in known.values() for show in entry.shows}
        strange = {
            name for each in self._contents if each.show not in met for name in each.files
        } - known.keys()
        settled, unsure = reading.settle(
            known, strange, here, self._out, lambda: self._store, clear=not dry_run
        )
        self.plan = plan(self._contents, here, settled, unsure)
        self.ledger = dict(self.plan.ledger)

    def _is_true(self, of: Contents, here: Mapping[str, Local]) -> bool:
        """Whether its sounds are those of which its feed tells the hash."""
        wrong = [
            f"{self._out / of.feed} was written for another {self._out / name}"
            for name, digest in of.hashes.items()
            if here[name].sha256 != digest
        ]
        try:
            see_true(of.show, self._out, wrong)
        except PublishError as error:
            self._wrong("publish.contents", of.show, error)
            return False
        return True

    def send(self) -> None:
        """Each group once the one before is over; what names a file that was refused stays."""
        if not self.plan.sending:
            return
        self.keep()
        store = self._store  # connected here, not by several threads
        total, done, refused = sum(each.size for each in self.plan.sending), 0, 0
        self._progress(0, total)
        for _, group in groupby(self.plan.sending, key=_together):
            waiting = [each for each in group if not self._wanting(each.name) <= self._held]
            for each, error in _done(waiting, lambda one: self._put(store, one)):
                if error is None:
                    self.sent.append(each)
                    entry = self.ledger[each.name]
                    self.ledger[each.name] = structs.replace(entry, state=State.THERE)
                    done += each.size
                    self._progress(done, total)
                else:
                    refused += 1
                    self._held |= self._wanting(each.name)
                    self._wrong("publish.refused", each.name, error)
                if refused == _GIVING_UP:
                    self._held |= {each.show for each in self._contents}
                    break

    def _put(self, store: Store, each: Sending) -> None:
        path, entry = self._out / each.name, self.ledger[each.name]

        def see_unchanged() -> None:
            try:
                unchanged = reading.stamp(path) == (entry.size, entry.mtime_ns)
            except OSError:
                unchanged = False
            if not unchanged:
                raise PublishError(
                    f"{path} was changed while it was sent; run the same command again"
                )

        headers = {"Content-Type": media_type(path), "Cache-Control": _cache_control(path)}
        store.put(path, each.name, headers, see_unchanged)

    def let_go(self, now: datetime) -> None:
        """What the feeds that are there now do not name is no longer their shows'."""
        self.ledger = let_go(self.ledger, self._finished, now)

    def delete(self, names: Sequence[str]) -> list[str]:
        """Delete these, feeds and pages before what they name; say which are gone."""
        gone: list[str] = []
        if not names:
            return gone
        store = self._store
        for media in (False, True):
            group = [name for name in names if is_hashed(Path(name)) is media]
            for name, error in _done(group, store.remove):
                if error is None:
                    gone.append(name)
                    del self.ledger[name]
                else:
                    self._wrong("publish.kept", name, error)
        return sorted(gone)

    def verify(self, agent: str, *, wanted: bool | None) -> int:
        """Ask for sounds at their public address; how many are right."""
        if wanted is False:
            return 0
        sounds = {
            sound.name: sound
            for each in self._finished
            for sound in each.enclosures
            if wanted or self.ledger[sound.name].state is not State.SETTLED
        }
        right, findings = public.verify(list(sounds.values()), agent)
        for name in sounds:
            state = State.SETTLED if name in right else State.THERE
            self.ledger[name] = structs.replace(self.ledger[name], state=state)
        self.findings += findings
        return len(right)

    def announce(self, agent: str) -> tuple[str, ...]:
        """Tell the hubs of feeds that have changed; which."""
        told = []
        for each in self._finished:
            entry = self.ledger[each.feed]
            if each.hub is None or entry.state is State.SETTLED:
                continue
            if finding := public.announce(each.hub, each.feed_url, agent):
                self.findings.append(finding)
                continue
            self.ledger[each.feed] = structs.replace(entry, state=State.SETTLED)
            told.append(each.feed_url)
        return tuple(told)

    def keep(self) -> None:
        """Write the ledger."""
        ledgers.write(self._out, self._target.address, self.ledger)

    @property
    def _finished(self) -> list[Contents]:
        """The shows all of whose files are there."""
        return [each for each in self._contents if each.show not in self._held]

    def _wanting(self, name: str) -> set[str]:
        return {each.show for each in self._contents if name in each.files}

    def _wrong(self, rule: str, where: str, error: Exception) -> None:
        self.findings.append(Finding(rule, Severity.ERROR, where, str(error)))


T = TypeVar("T")


def _together(each: Sending) -> tuple[Phase, str]:
    """Equal for files that go at the same time; lists and feeds name others of their phase."""
    return each.phase, each.name if each.phase in (Phase.LIST, Phase.ARCHIVE) else ""


def _done(items: Iterable[T], do: Callable[[T], None]) -> Iterator[tuple[T, PublishError | None]]:
    """Each item once it is done, several at a time; whoever stops early stops what waits."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        futures = {pool.submit(do, item): item for item in items}
        for future in as_completed(futures):
            error = future.exception()
            if error is not None and not isinstance(error, PublishError):
                raise error
            yield futures[future], error
    finally:
        pool.shutdown(cancel_futures=True)


def _at_once(out: Path, shows: Iterable[Show]) -> Callable[[str], bool]:
    """Whether a file that nothing names any more goes without waiting.

    A sound and what lies beside it stay for those who have the old feed, unless an author wants
    them gone. A page that nothing leads to, or a feed's page, helps nobody.
    """
    given = [show for show in shows if show.select.removed_authors]

    @cache
    def is_removed(slug: str) -> bool:
        try:
            episode = library.read(out / "episodes" / slug / "episode.json")
        except FeedError:
            return False
        return any(opted_out(show, episode) for show in given)

    def at_once(name: str) -> bool:
        top, _, rest = name.partition("/")
        removed = top == "episodes" and bool(given) and is_removed(rest.partition("/")[0])
        return removed or not is_hashed(Path(name))

    return at_once


def _cache_control(path: Path) -> str:
    return f"public, max-age={'31536000, immutable' if is_hashed(path) else _SHORT}"
