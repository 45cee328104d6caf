"""`voices`: list them, hear them, install more."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    CacheFolder,
    Json,
    complain,
    default_cache,
)
from tts_pipeline.errors import ProfileError

app = typer.Typer(
    help="List the voices, speak a preview to a file, or install more.",
    invoke_without_command=True,
)


@app.callback()
def _voices(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from tts_pipeline import profiles  # noqa: PLC0415
        from tts_pipeline.display.tables import print_voices  # noqa: PLC0415

        found = profiles.list_voices()
        print_voices(found, as_json=as_json)
        wrong = [voice.error for voice in found if voice.error]
        for error in wrong:
            complain(error)
        if wrong:
            raise typer.Exit(1)


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


@app.command()
def install(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A voice such as en_US-lessac-medium; with --list, a language or how names begin.",
        ),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List what can be installed: `--list en_GB`.")
    ] = False,
    mirror: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL",
            envvar="TTS_PIPELINE_VOICES_URL",
            help="The folder with voices.json; the public collection of Piper voices if absent.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            file_okay=False,
            help="A folder of voices, such as a show's voices/; your own data folder if absent.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Install a natural voice for the engine piper, by name.

    Whatever interrupts it, the same command goes on from there. Speaking needs no network.
    """
    from tts_pipeline.display.bars import loading  # noqa: PLC0415
    from tts_pipeline.display.tables import print_offers  # noqa: PLC0415
    from tts_pipeline.profile.voice import installed  # noqa: PLC0415
    from tts_pipeline.voice import install as voices  # noqa: PLC0415
    from tts_pipeline.voice.collection import PIPER, licence  # noqa: PLC0415
    from tts_pipeline.voice.mirror import Mirror  # noqa: PLC0415

    if not listed and name is None:
        raise ProfileError(
            "say which voice, such as en_US-lessac-medium; `tts-pipeline voices install --list en` "
            "lists what there is in English"
        )
    with Mirror(mirror or PIPER) as source:
        collection = voices.catalogue(source)
        if listed or name is None:
            print_offers(list(collection.offers(name or "")), as_json=as_json)
            return
        offer = collection.find(name)
        card = voices.card(source, offer)
        terms = licence(card) or "not said in its model card"
        if not as_json:
            typer.echo(f"{offer.name}: {offer.spoken}, {offer.size / 1e6:.0f} MB, licence: {terms}")
        with loading(offer.name, offer.model.size) as advance:
            path = voices.install(source, offer, card, to or installed(), advance)
    _tell(offer.name, path, terms, as_json=as_json)


def _tell(name: str, path: Path, terms: str, *, as_json: bool) -> None:
    from importlib.util import find_spec  # noqa: PLC0415

    from tts_pipeline.display.tables import print_json  # noqa: PLC0415

    ready = find_spec("piper") is not None
    if as_json:
        print_json({"name": name, "path": str(path), "licence": terms, "ready": ready})
        return
    typer.echo(f'{path}: installed; a show speaks with it by voice = "{name}"')
    if not ready:
        typer.echo("The engine piper is yet to be installed: pip install 'tts-pipeline[piper]'")
