"""One command that does all, for cron, CI and systemd."""

import logging
import os
import signal
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    CacheFolder,
    ClusterAddress,
    Json,
    Out,
    Shows,
    agent,
    cores,
    default_cache,
    exit_code,
    now,
)
from tts_pipeline.errors import PipelineError
from tts_pipeline.logs import Form

log = logging.getLogger(__name__)

_TERMINATED = 128 + signal.SIGTERM


def sync(
    shows: Shows,
    out: Out = Path("build"),
    posts: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="POST",
            help="Files and folders of posts, in place of those that the show names.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Posts to fetch of each source, and episodes to make, at most."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Leave older posts: 2024-01-31."),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try all now that failed before, however often.")
    ] = False,
    watch: Annotated[
        float | None,
        typer.Option(
            metavar="MINUTES",
            min=0.01,
            help="Do it again and again, with this pause, until SIGTERM.",
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="If another sync is at work there, wait for its end.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing there.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that speak at once; all cores if absent.")
    ] = None,
    cluster: ClusterAddress = None,
    cache: CacheFolder = None,
    log_file: Annotated[
        Path | None,
        typer.Option("--log", metavar="FILE", help="Add what happens to this file, a line each."),
    ] = None,
    log_format: Annotated[
        Form,
        typer.Option(
            help="Of the lines: text or json; json without --log goes to standard error.",
        ),
    ] = "text",
    as_json: Json = False,
) -> None:
    """Bring everything up to date: fetch, make, write pages and feeds, publish.

    Safe to run at any time and at any moment to stop. It says nothing if there is nothing to do
    and nobody at a terminal. A post that fails does not stop the others; it is named, and tried
    again later and later, until it works or the show's `ignore` names it.

    Exit codes: 0 all done; 1 something failed, the rest was done; 2 wrong usage or configuration;
    75 another sync is at work; 143 stopped by SIGTERM. With --watch, SIGTERM and Ctrl-C end in 0.
    """
    from tts_pipeline import logs, redact  # noqa: PLC0415
    from tts_pipeline.display.sync import SyncDisplay, tell  # noqa: PLC0415
    from tts_pipeline.sync import lock, until  # noqa: PLC0415
    from tts_pipeline.sync.options import Options  # noqa: PLC0415
    from tts_pipeline.sync.run import sync as run  # noqa: PLC0415
    from tts_pipeline.sync.shows import load  # noqa: PLC0415
    from tts_pipeline.sync.summary import Summary  # noqa: PLC0415

    hidden = redact.secrets(os.environ)
    logs.say(
        hidden=hidden,
        news=not as_json,
        idle=sys.stdout.isatty(),
        file=log_file,
        form=log_format,
        debug="TTS_PIPELINE_DEBUG" in os.environ,
    )

    def once() -> Summary:
        members = load(shows, posts or ())
        # A dry run writes nothing, so that it needs no lock.
        with nullcontext() if dry_run else lock.held(out, waiting=log.info if wait else None):
            options = Options(
                out=out,
                cache=cache or default_cache(),
                jobs=jobs or cores(),
                cluster=cluster,
                now=now(),
                agent=agent,
                since=since.replace(tzinfo=UTC) if since else None,
                limit=limit,
                retry=retry,
                dry_run=dry_run,
                clean=lambda text: redact.redacted(text, hidden),
            )
            summary = run(members, options, SyncDisplay(as_json=as_json))
        tell(summary, as_json=as_json, compact=watch is not None)
        return summary

    def again() -> None:
        try:
            once()
        except PipelineError as error:
            log.error("%s", error)  # noqa: TRY400  a sentence, not a trace

    try:
        if watch is not None:
            load(shows, posts or ())
            until.again_and_again(watch, again)
            return
        with until.ended_by(signal.SIGTERM):
            summary = once()
    except until.Ended:
        log.error("stopped by SIGTERM; what was finished is kept, and the next sync goes on")  # noqa: TRY400
        raise typer.Exit(_TERMINATED) from None
    except PipelineError as error:
        log.error("%s", error)  # noqa: TRY400
        raise typer.Exit(exit_code(error)) from error
    if not summary.right:
        raise typer.Exit(1)
