"""Feeds."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    Json,
    Out,
    complain,
    log_to_stderr,
)
from tts_pipeline.errors import PipelineError, ProfileError


def feed(
    shows: Annotated[list[Path], typer.Argument(metavar="SHOW...", help="Files of shows.")],
    out: Out = Path("build"),
    as_json: Json = False,
) -> None:
    """Write the RSS feed of each show from the episodes in the output folder."""
    from tts_pipeline import pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.display import print_feeds  # noqa: PLC0415

    log_to_stderr()
    results, failures = [], []
    for show in shows:
        try:
            results.append(pipeline.write_feed(profiles.load_show(show), out))
        except ProfileError:
            raise
        except PipelineError as error:
            failures.append((str(show), str(error)))
            complain(error)
    print_feeds(results, failures, as_json=as_json)
    if failures:
        raise typer.Exit(1)
