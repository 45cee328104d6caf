"""`lexicon`: check and try."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    CacheFolder,
    Json,
    complain,
    default_cache,
)

app = typer.Typer(help="Check lexicons, or try how a text is said.", no_args_is_help=True)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Lexicons, *.tsv.")],
) -> None:
    """Check lexicons: their form, and entries that are surely not meant."""
    from tts_pipeline.segment.lexicon import lines, problems  # noqa: PLC0415

    failed = False
    for file in files:
        entries = lines(file)
        found = list(problems(entries))
        for problem in found:
            complain(f"{file}, {problem}")
        failed = failed or bool(found)
        typer.echo(f"{file}: {len(entries)} entr{'y' if len(entries) == 1 else 'ies'}")
    if failed:
        raise typer.Exit(1)


@app.command(name="try")
def try_(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A word or a sentence.")],
    show: Annotated[
        Path | None, typer.Option("--show", help="The show whose voice and lexicons count.")
    ] = None,
    voice: Annotated[str | None, typer.Option(help="A voice other than the show's.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="An MP3 to write, for listening.")] = None,
    cache: CacheFolder = None,
    as_json: Json = False,
) -> None:
    """Show how TEXT is said, and which entry or rule says so."""
    from tts_pipeline import batch, pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.display.tables import print_tried  # noqa: PLC0415

    loaded = profiles.load_show(show) if show else profiles.plain_show()
    speaker = profiles.load_voice(voice or loaded.voice, loaded)
    tried, said = pipeline.try_text(text, speaker)
    print_tried(tried, said, as_json=as_json)
    if to is not None:
        batch.preview(speaker, text, to, cache or default_cache())
