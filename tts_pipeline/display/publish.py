"""What a person or a script sees of publishing."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from tts_pipeline.display.bars import bar
from tts_pipeline.display.tables import print_json
from tts_pipeline.model import Finding, Published
from tts_pipeline.words import many

_SHOWN = 5
"""Findings of a rule; JSON has all."""


class PublishDisplay:
    """A bar on a terminal while files go, then a line a target."""

    def __init__(self, *, as_json: bool) -> None:
        """The bar is drawn on standard error, only if that is a terminal."""
        self._as_json = as_json
        self._published: list[Published] = []

    @property
    def failed(self) -> bool:
        """Whether anything was not done that was asked for."""
        return not all(each.right for each in self._published)

    @contextmanager
    def sending(self, target: str) -> Iterator[Callable[[int, int], None]]:
        """A bar: call it with (bytes that were sent, of how many)."""
        columns = BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
        with bar(*columns, hidden=self._as_json) as shown:
            task = shown.add_task(target, total=None)
            yield lambda sent, total: shown.update(task, completed=sent, total=total)

    def published(self, published: Published) -> None:
        """One target is done."""
        self._published.append(published)
        for sentence in _findings(published.findings):
            typer.echo(f"tts-pipeline: {sentence}", err=True)
        if self._as_json:
            return
        if published.dry_run:
            for name in published.sent:
                typer.echo(f"send    {name}")
            for name in published.deleted:
                typer.echo(f"delete  {name}")
        typer.echo(describe(published))

    def summarize(self) -> None:
        """All of it as JSON, if that is asked for."""
        if self._as_json:
            print_json({"published": self._published})


def describe(published: Published) -> str:
    """s3://bucket: 12 files sent (34.2 MB), 7,003 unchanged, 2 deleted."""
    would = " would be" if published.dry_run else ""
    parts = [
        f"{many(len(published.sent), 'file')}{would} sent ({decimal(published.bytes)})",
        f"{published.unchanged:,} unchanged",
    ]
    if published.deleted:
        parts.append(f"{len(published.deleted):,}{would} deleted")
    if published.superfluous:
        parts.append(f"{published.superfluous:,} there that nothing names any more")
    if published.verified:
        parts.append(f"{published.verified:,} served as they should be")
    if published.announced:
        parts.append("the hub was told")
    return f"{published.to}: {', '.join(parts)}"


def _findings(findings: tuple[Finding, ...]) -> Iterator[str]:
    """A sentence each, of many alike the first."""
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.rule] += 1
        if told[finding.rule] <= _SHOWN:
            yield f"{finding.severity} {finding.rule}: {finding.where}: {finding.message}"
    for rule, number in told.items():
        if number > _SHOWN:
            yield f"{number - _SHOWN} more of {rule}; --json lists them"
