"""Posts: their episodes, and what is said in them."""

from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import (
    CacheFolder,
    ClusterAddress,
    Json,
    Out,
    ShowFile,
    complain,
    cores,
    default_cache,
    fetched,
    find_sources,
    is_address,
    log_to_stderr,
    now,
)
from tts_pipeline.errors import PipelineError, ProfileError


def episode(
    posts: Annotated[
        list[str],
        typer.Argument(
            metavar="POST...", help="Files, folders, addresses, or - for standard input."
        ),
    ],
    show: ShowFile,
    out: Out = Path("build"),
    voice: Annotated[
        str | None, typer.Option(help="A voice other than the show's; see `voices`.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that speak at once; all cores if absent.")
    ] = None,
    cluster: ClusterAddress = None,
    cache: CacheFolder = None,
    force: Annotated[
        bool, typer.Option("--force", help="Speak everything anew, whatever is remembered.")
    ] = False,
    fast: Annotated[
        bool, typer.Option("--fast", help="Encode faster, a little worse: LAME's quality 7.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make each post's episode: MP3 with chapters, record and report.

    What has not changed since the last run is not made again. Of posts that are the same, one is
    made, and the others are named; see `duplicates`. A single file or address
    is made even if it is a copy.
    """
    from tts_pipeline import duplicates, profiles  # noqa: PLC0415
    from tts_pipeline.batch import Batch, Outcome  # noqa: PLC0415
    from tts_pipeline.display.bars import counting  # noqa: PLC0415
    from tts_pipeline.display.episodes import Display  # noqa: PLC0415

    log_to_stderr()
    loaded = profiles.load_show(show)
    if fast:
        loaded = profiles.faster(loaded)
    cast = profiles.load_cast(loaded, voice)
    missed: list[Outcome] = []
    alone = len(posts) == 1 and not Path(posts[0]).is_dir()
    if any(map(is_address, posts)):
        posts, missed = fetched(posts, show, out)
    sources, failures = find_sources(posts)
    failures += missed
    with counting("comparing posts", as_json=as_json) as done:
        settled = duplicates.settle(
            sources, loaded, out, alone=alone and len(sources) == 1, done=done
        )
    with Display(settled.sources, as_json=as_json) as display:
        for outcome in (*failures, *settled.copies):
            display.finished(-1, outcome)
        Batch(
            loaded,
            cast,
            out=out,
            cache=cache or default_cache(),
            jobs=jobs or cores(),
            cluster=cluster,
            force=force,
            now=now(),
            watcher=display,
        ).run(settled.sources)
    display.summarize(out)
    if display.failed:
        raise typer.Exit(1)


def script(
    posts: Annotated[
        list[str],
        typer.Argument(metavar="POST...", help="Files, folders, or - for standard input."),
    ],
    show: Annotated[
        Path | None, typer.Option("--show", help="The show; without one, a plain reading.")
    ] = None,
    voice: Annotated[str | None, typer.Option(help="A voice other than the show's.")] = None,
    unknown: Annotated[
        bool,
        typer.Option("--unknown", help="Print the words that a voice may say wrongly, counted."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Print what will be spoken and what will be left out, and why; makes no audio.

    It reads files; of an address, `episode` makes the episode. With --json, one file is an object,
    and a folder or several are a list.
    """
    from tts_pipeline import pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.display.tables import print_scripts, print_unknown  # noqa: PLC0415

    loaded = profiles.load_show(show) if show else profiles.plain_show()
    cast = profiles.load_cast(loaded, voice)
    if any(map(is_address, posts)):
        raise ProfileError("`script` reads files; make an address with `episode`")
    sources, failures = find_sources(posts)
    errors = [failure.error or "" for failure in failures]
    made = []
    for source in sources:
        try:
            read = pipeline.read_post(source, loaded)
            made.append((read, pipeline.write_script(read, loaded, cast)))
        except PipelineError as error:
            errors.append(str(error))
    if unknown:
        scripts = [written for _, written in made]
        print_unknown(pipeline.unknown_words(scripts, cast.narrator), as_json=as_json)
    elif made:
        alone = len(posts) == 1 and not Path(posts[0]).is_dir() and len(sources) == 1
        print_scripts(made, alone=alone, as_json=as_json)
    for told in errors:
        complain(told)
    if errors:
        raise typer.Exit(1)
