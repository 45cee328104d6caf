"""`duplicates`: which posts are the same post, and why."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import Json, Out, complain, find_sources, log_to_stderr


def duplicates(
    show: Annotated[
        Path, typer.Argument(metavar="SHOW", help="The show, such as feeds/example.toml.")
    ],
    posts: Annotated[
        list[str] | None,
        typer.Argument(metavar="POST...", help="Files and folders to look at besides."),
    ] = None,
    out: Out = Path("build"),
    as_json: Json = False,
) -> None:
    """Show which posts are copies, excerpts or linkposts of which others, and why; makes nothing.

    It looks at the posts that earlier runs have seen, at the show's own, at what `fetch` has
    brought from its sources, and at the files and folders that you name. The table `duplicates` in
    the show's file overrules what is found.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.display.bars import counting  # noqa: PLC0415
    from tts_pipeline.display.duplicates import print_decisions  # noqa: PLC0415
    from tts_pipeline.duplicates import settle  # noqa: PLC0415
    from tts_pipeline.profile.show import load_sources  # noqa: PLC0415
    from tts_pipeline.sync.posts import below  # noqa: PLC0415
    from tts_pipeline.sync.shows import own_posts  # noqa: PLC0415

    log_to_stderr()
    loaded = profiles.load_show(show)
    fetched = [out / "posts" / source.name for source in load_sources(show)]
    folders = [path for path in (*fetched, *own_posts(loaded)) if path.exists()]
    own, failures = below(folders, empty=True)
    named, missed = find_sources(posts or ())
    sources, failures = [*own, *named], [*failures, *missed]
    with counting("comparing posts", as_json=as_json) as done:
        settled = settle(sources, loaded, out, whole=True, done=done)
    print_decisions(settled.decisions, as_json=as_json)
    failed = [*(failure.error for failure in failures), *settled.unread]
    for told in failed:
        complain(told)
    if settled.unknown:
        raise typer.Exit(2)
    if failed:
        raise typer.Exit(1)
