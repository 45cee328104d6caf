"""Publishing: what was made goes to where it is served."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import Json, Out, Shows, agent, log_to_stderr, now


def publish(
    shows: Shows,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="A folder, s3://BUCKET/FOLDER, sftp://USER@HOST/FOLDER or davs://HOST/FOLDER; "
            "the show's own target if absent.",
        ),
    ] = None,
    out: Out = Path("build"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; send and delete nothing.")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Delete what this program published and no feed or page names any more.",
        ),
    ] = False,
    verify: Annotated[
        bool | None,
        typer.Option(
            "--verify/--no-verify",
            help="Ask for each episode at its public address, or for none; if neither is given, "
            "for those that are new.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Copy shows to where they are served: sounds first, feeds last, and only what has changed.

    Each file appears whole or not at all, and no feed names what is not there yet. A run that was
    stopped goes on where it was. Credentials come from where they usually are (AWS's environment
    or profile, ssh's agent and keys, WEBDAV_USERNAME and WEBDAV_PASSWORD or ~/.netrc), never from
    a show or an address.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.display.publish import PublishDisplay  # noqa: PLC0415
    from tts_pipeline.publish import publish as run  # noqa: PLC0415
    from tts_pipeline.publish import targets  # noqa: PLC0415

    log_to_stderr()
    loaded = [profiles.load_show(show) for show in profiles.only_shows(shows)]
    display = PublishDisplay(as_json=as_json)
    for target, group in targets(loaded, to):
        with display.sending(target.address) as progress:
            published = run(
                out,
                group,
                target,
                now=now(),
                agent=agent(group[0].link or group[0].base_url),
                prune=prune,
                dry_run=dry_run,
                verify=verify,
                progress=progress,
            )
        display.published(published)
    display.summarize()
    if display.failed:
        raise typer.Exit(1)
