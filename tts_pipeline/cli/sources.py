"""Sources: posts from the web and from folders, as files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import Json, Out, agent, log_to_stderr, now


def fetch(
    shows: Annotated[
        list[Path], typer.Argument(metavar="SHOW...", help="Files of shows, or feeds/sources.toml.")
    ],
    out: Out = Path("build"),
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="This source alone; may be given again."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="New or changed posts to take of each source, at most."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Leave older posts: 2024-01-31."),
    ] = None,
    as_json: Json = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")
    ] = False,
) -> None:
    """Bring the posts of the shows' sources into the output folder, as files.

    They lie in posts/SOURCE/ below the output folder, each with its metadata as front matter, and
    everything after works without the web. Only what is new or has changed is written; a post that
    has vanished from its source stays.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.display.fetch import FetchDisplay  # noqa: PLC0415
    from tts_pipeline.post.sources import Fetcher  # noqa: PLC0415

    log_to_stderr()
    sources, link = profiles.load_sources(shows, source or ())
    fetcher = Fetcher(
        out,
        now=now(),
        agent=agent(link),
        since=since.replace(tzinfo=UTC) if since else None,
        limit=limit,
        write=not dry_run,
    )
    with FetchDisplay(sources, as_json=as_json, dry_run=dry_run) as display:
        for fetched in fetcher.run(sources):
            display.fetched(fetched)
    display.summarize()
    if display.failed:
        raise typer.Exit(1)
