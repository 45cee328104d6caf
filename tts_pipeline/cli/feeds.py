"""Feeds."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    Json,
    Out,
    Shows,
    complain,
    log_to_stderr,
    now,
)
from tts_pipeline.errors import PipelineError, ProfileError


def feed(
    shows: Shows,
    out: Out = Path("build"),
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say why each episode is in or out; write nothing."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the RSS feed of each show from the episodes in the output folder.

    What stands in a feed is for the show's [select] to say; --explain tells what came of it.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.display.tables import print_feeds, print_selection  # noqa: PLC0415
    from tts_pipeline.feed import build  # noqa: PLC0415

    log_to_stderr()
    moment = now()
    results, decisions, failures = [], [], []
    for path in profiles.only_shows(shows):
        try:
            show = profiles.load_show(path)
            if explain:
                decisions.append((show.name, build.explain(show, out, moment)))
            else:
                results.append(build.build(show, out, moment))
        except ProfileError:
            raise
        except PipelineError as error:
            failures.append((str(path), str(error)))
            complain(error)
    if explain:
        print_selection(decisions, failures, as_json=as_json)
    else:
        print_feeds(results, failures, as_json=as_json)
    if failures:
        raise typer.Exit(1)
