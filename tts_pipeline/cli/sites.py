"""The site: its pages, and serving what was made."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import CacheFolder, Json, Out, Shows, log_to_stderr, now
from tts_pipeline.errors import ProfileError


def site(
    shows: Shows,
    out: Out = Path("build"),
    as_json: Json = False,
) -> None:
    """Write static pages for all shows: a player, transcripts, search, a sitemap.

    Name every show that the site has: the first page lists them in this order. They work without
    script and on any server; only what changed is written.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.display.bars import counting  # noqa: PLC0415
    from tts_pipeline.display.tables import print_site  # noqa: PLC0415
    from tts_pipeline.site.build import build  # noqa: PLC0415

    log_to_stderr()
    loaded = [profiles.load_show(show) for show in profiles.only_shows(shows)]
    with counting("pages", as_json=as_json) as done:
        result = build(loaded, out, now=now(), done=done)
    print_site(result, as_json=as_json)


def serve(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The output folder.", file_okay=False)
    ] = Path("build"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
    host: Annotated[
        str,
        typer.Option(help="Where to listen: this machine alone, or 0.0.0.0 for your network."),
    ] = "127.0.0.1",
    watch: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="SHOW",
            help="Make the show's episodes, pages and feed anew whenever its posts, its file or "
            "its voices change. May be given several times.",
        ),
    ] = None,
    posts: Annotated[
        list[Path] | None,
        typer.Option(metavar="POST", help="With --watch: the posts; the show's `posts` if absent."),
    ] = None,
    cache: CacheFolder = None,
) -> None:
    """Serve the output folder, to listen on this machine or on a phone in the same network.

    Feeds and pages are sent with this server's address in place of the published one, so that an
    app that subscribes here fetches from here. The files are not changed. Ctrl-C ends it.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.display.tables import print_served  # noqa: PLC0415
    from tts_pipeline.errors import ServeError  # noqa: PLC0415
    from tts_pipeline.serve import run  # noqa: PLC0415

    if posts and not watch:
        raise ProfileError("--posts says what --watch looks at; give --watch SHOW with it")
    if not watch and not folder.is_dir():
        raise ServeError(
            f"there is no folder {folder}; `tts-pipeline episode`, `site` and `feed` make it"
        )
    plan = None
    if watch:
        program = (sys.executable, "-m", "tts_pipeline")
        out = ("--out", str(folder), *(("--cache", str(cache)) if cache else ()))
        shows = [profiles.load_show(show) for show in watch]
        sources = [
            posts or [Path(path) for path in show.posts or (f"{show.root}/posts",)]
            for show in shows
        ]
        names = tuple(map(str, watch))
        plan = run.Watch(
            paths=tuple(
                str(path)
                for show, given, found in zip(shows, watch, sources, strict=True)
                for path in (*found, given.parent, Path(show.root) / "voices", show.theme)
                if path and Path(path).exists()
            ),
            commands=(
                *(
                    (*program, "episode", *map(str, found), "--show", str(given), *out)
                    for given, found in zip(watch, sources, strict=True)
                ),
                (*program, "site", *names, *out[:2]),
                (*program, "feed", *names, *out[:2]),
            ),
        )
    run.serve(folder, host=host, port=port, ready=print_served, watch=plan)
