"""The steps of one run, in order."""

from collections.abc import Sequence

from tts_pipeline import publish
from tts_pipeline.errors import PipelineError
from tts_pipeline.feed import build as feed
from tts_pipeline.model import Published, Severity
from tts_pipeline.post.sources import Fetched, Fetcher
from tts_pipeline.site import build as site
from tts_pipeline.sync.make import Made
from tts_pipeline.sync.options import Options
from tts_pipeline.sync.shows import Member, targets
from tts_pipeline.sync.summary import Failure, Summary, What
from tts_pipeline.sync.watcher import Watcher


def sync(members: Sequence[Member], options: Options, watcher: Watcher) -> Summary:
    """Fetch, decide, make, write pages and feeds, publish.

    What fails is told and the rest goes on. In a dry run what is fetched is not there to be made,
    and pages, feeds and targets are left out, since they follow from what was made.

    Raises:
        OutputError: nothing can be written.
    """
    run = _Run(members, options, watcher)
    run.fetch()
    for member in members:
        run.made.make(member)
    if not options.dry_run:
        run.write()
        run.publish()
    return run.summary()


class _Run:
    """What has been done so far."""

    def __init__(self, members: Sequence[Member], options: Options, watcher: Watcher) -> None:
        self.made = Made(options, watcher)
        self._members = members
        self._options = options
        self._watcher = watcher
        self._fetched: list[Fetched] = []
        self._feeds: dict[str, feed.Result] = {}
        self._site: site.Result | None = None
        self._published: list[Published] = []

    def fetch(self) -> None:
        """Bring the posts of the sources, each once."""
        sources = tuple({one.name: one for each in self._members for one in each.sources}.values())
        if not sources:
            return
        options = self._options
        fetcher = Fetcher(
            options.out,
            now=options.now,
            agent=options.agent(_link(self._members[0])),
            since=options.since,
            limit=options.limit,
            write=not options.dry_run,
        )
        with self._watcher.fetching():
            for fetched in fetcher.run(sources):
                self._watcher.fetched(fetched)
                if fetched.status == "failed":
                    self._fail("source", fetched.source, fetched.reason or "")
                elif fetched.status in ("new", "changed"):
                    self._fetched.append(fetched)

    def write(self) -> None:
        """The pages, then the feeds, which name the pages."""
        options = self._options
        shows = [member.show for member in self._members]
        try:
            with self._watcher.counting("pages") as done:
                self._site = site.build(shows, options.out, now=options.now, done=done)
        except PipelineError as error:
            self._fail("site", str(options.out), str(error))
        for show in shows:
            try:
                # What pages that could not be written anew still name must stay.
                self._feeds[show.name] = feed.build(
                    show, options.out, options.now, expire=self._site is not None
                )
                self._watcher.wrote(self._feeds[show.name])
            except PipelineError as error:
                self._fail("feed", show.name, str(error))

    def publish(self) -> None:
        """Send the shows whose feeds are right to where they say."""
        options = self._options
        for target, shows in targets(self._members):
            right = [show for show in shows if show.name in self._feeds]
            if not right:
                continue
            try:
                with self._watcher.counting(f"publishing to {target.address}") as done:
                    published = publish.publish(
                        options.out,
                        right,
                        target,
                        now=options.now,
                        agent=options.agent(right[0].link or right[0].base_url),
                        progress=done,
                    )
            except PipelineError as error:
                self._fail("publish", target.address, str(error))
                continue
            self._published.append(published)
            self._watcher.published(published)
            for finding in published.findings:
                if finding.severity is Severity.ERROR:
                    told = f"{finding.where}: {finding.message}"
                    self._fail("publish", target.address, told)

    def summary(self) -> Summary:
        """All of it."""
        made = self.made
        return Summary(
            out=str(self._options.out),
            dry_run=self._options.dry_run,
            fetched=tuple(self._fetched),
            made=tuple(made.episodes),
            unchanged=made.unchanged,
            copies=tuple(made.copies),
            left=made.left,
            failures=tuple(made.failures),
            audio_s=sum(outcome.duration_ms for outcome in made.episodes) / 1000,
            characters=dict(sorted(made.tally.characters.items())),
            cost=made.tally.cost,
            feeds=tuple(self._feeds.values()),
            site=self._site,
            published=tuple(self._published),
        )

    def _fail(self, what: What, name: str, error: str) -> None:
        error = self._options.clean(error)
        self.made.note(Failure(what=what, name=name, error=error))


def _link(member: Member) -> str | None:
    return member.show.link or member.show.base_url
