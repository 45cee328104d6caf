"""The command line: arguments, progress and exit codes; nothing else.

Exit codes: 0 all done; 1 some posts failed, the others were made, or the disk did; 2 wrong usage or
configuration; 75 another sync is at work; 130 stopped by Ctrl-C. What is heavy is imported by the
command that needs it, so that --help answers at once.
"""

import gc
import os
import sys
from typing import Annotated

import typer

from tts_pipeline import __version__
from tts_pipeline.cli import (
    checks,
    duplicates,
    feeds,
    lexicons,
    posts,
    publishing,
    shows,
    sites,
    sources,
    syncing,
    voices,
)
from tts_pipeline.cli.common import complain, exit_code
from tts_pipeline.errors import PipelineError

app = typer.Typer(
    name="tts-pipeline",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="""
    Turn posts into a podcast: speech, chapters, MP3 and an RSS feed.

    A first show, from nothing to a feed:

        tts-pipeline init myshow

        cd myshow

        tts-pipeline episode posts --show feeds/show.toml

        tts-pipeline feed feeds/show.toml

    Exit codes: 0 all done; 1 some posts failed, the others were made; 2 wrong usage or
    configuration.
    """,
)

_INTERRUPTED = 130


def main() -> None:
    """Run the program; an error is a sentence on standard error, never a traceback."""
    # numpy starts threads for matrices, which nobody multiplies here; they cost as much as numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A post is many small objects that live as long as it does: cycles are looked for more rarely.
    gc.set_threshold(200_000, 10, 10)
    try:
        app()
    except PipelineError as error:
        complain(error)
        sys.exit(exit_code(error))
    except SystemExit as stop:
        # Typer makes this of Ctrl-C, without a word.
        if stop.code == _INTERRUPTED:
            complain("stopped; what was finished is kept, and the same command goes on from there")
        raise
    except Exception as error:
        if "TTS_PIPELINE_DEBUG" in os.environ:
            raise
        complain(
            f"this is a fault of the program, please report it: {type(error).__name__}: {error} "
            "(with TTS_PIPELINE_DEBUG=1 set, it shows where)"
        )
        sys.exit(1)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"tts-pipeline {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version and exit."
        ),
    ] = False,
) -> None: ...


for command in (
    syncing.sync,
    sources.fetch,
    posts.episode,
    posts.script,
    duplicates.duplicates,
    sites.site,
    feeds.feed,
    sites.serve,
    publishing.publish,
    checks.check,
    shows.init,
):
    app.command()(command)
app.add_typer(voices.app, name="voices")
app.add_typer(lexicons.app, name="lexicon")
