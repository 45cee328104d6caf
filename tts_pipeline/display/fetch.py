"""What a person or a script sees of a fetch."""

from collections import Counter
from collections.abc import Sequence

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from tts_pipeline.display.bars import Barred, bar
from tts_pipeline.display.tables import print_json
from tts_pipeline.model import NamedSource
from tts_pipeline.post.sources import Fetched
from tts_pipeline.post.sources.found import Status
from tts_pipeline.segment.chapters import cut


class FetchDisplay(Barred):
    """Watches a fetch: a bar over the sources on a terminal, a line for what is new or failed."""

    def __init__(self, sources: Sequence[NamedSource], *, as_json: bool, dry_run: bool) -> None:
        """The bar is drawn on standard error, only if that is a terminal."""
        self._as_json = as_json
        self._dry_run = dry_run
        self._fetched: list[Fetched] = []
        self._places = {named.name: place for place, named in enumerate(sources)}
        self._bar = bar(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[posts]} posts"),
            TimeElapsedColumn(),
            hidden=as_json,
        )
        self._task = self._bar.add_task("sources", total=len(sources), posts=0)

    @property
    def failed(self) -> int:
        """How many posts or sources failed."""
        return sum(fetched.status == "failed" for fetched in self._fetched)

    def fetched(self, fetched: Fetched) -> None:
        """One more."""
        self._fetched.append(fetched)
        self._bar.update(
            self._task,
            description=fetched.source,
            completed=self._places.get(fetched.source, 0),
            posts=len(self._fetched),
        )
        if fetched.status == "failed":
            typer.echo(f"tts-pipeline: {fetched.source}: {fetched.reason}", err=True)
        elif fetched.status in ("new", "changed") and not self._as_json:
            typer.echo(f"{fetched.status:<8} {fetched.source}: {cut(fetched.title, 100)}")
        elif fetched.status == "skipped" and self._dry_run and not self._as_json:
            typer.echo(f"skipped  {fetched.source}: {cut(fetched.title, 100)} ({fetched.reason})")

    def summarize(self) -> None:
        """The last line, or all of it as JSON."""
        if self._as_json:
            print_json({"posts": self._fetched})
            return
        counted = Counter(fetched.status for fetched in self._fetched)
        always: tuple[Status, ...] = ("new", "changed", "unchanged")
        maybe: tuple[Status, ...] = ("skipped", "failed")
        told = [*always, *(status for status in maybe if counted[status])]
        parts = [f"{counted[status]} {status}" for status in told]
        typer.echo(", ".join(parts) + (" (nothing was written)" if self._dry_run else ""))
