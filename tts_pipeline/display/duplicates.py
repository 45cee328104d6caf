"""What a person or a script sees of posts that are like others."""

import sys
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tts_pipeline.display.tables import print_json
from tts_pipeline.post.twins import Decision, Kind

_TOLD = {
    Kind.SAME: "copy of",
    Kind.EXCERPT: "excerpt of",
    Kind.LINKPOST: "linkpost to",
    Kind.APART: "not the same as",
}


def print_decisions(decisions: Sequence[Decision], *, as_json: bool) -> None:
    """A line a post; a pipe gets tabs between the columns."""
    if as_json:
        print_json({"decisions": decisions})
        return
    if not decisions:
        typer.echo("no post is like another")
        return
    rows = [
        (each.post, _TOLD[each.kind], each.of, f"{each.score:.2f}", each.reason)
        for each in decisions
    ]
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table("post", "is", "of", "score", "why", box=None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    Console().print(table)
