"""`voices`: list them, hear them."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    CacheFolder,
    Json,
    default_cache,
)

app = typer.Typer(
    help="List the voices, or speak a preview to a file.", invoke_without_command=True
)


@app.callback()
def _voices(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from tts_pipeline import profiles  # noqa: PLC0415
        from tts_pipeline.display import print_voices  # noqa: PLC0415

        print_voices(profiles.list_voices(), as_json=as_json)


@app.command()
def say(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A voice, as `voices` lists it.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it shall say.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The MP3 to write; NAME.mp3 if absent.")
    ] = None,
    cache: CacheFolder = None,
) -> None:
    """Speak TEXT with a voice, to an MP3."""
    from tts_pipeline import batch, profiles  # noqa: PLC0415

    path = to or Path(f"{name}.mp3")
    batch.preview(profiles.load_voice(name, None), text, path, cache or default_cache())
    typer.echo(f"{path}: {name} speaks")
