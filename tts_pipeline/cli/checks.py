"""`check`: whether what was made is right."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tts_pipeline.cli.common import CacheFolder, Json, complain, default_cache, log_to_stderr
from tts_pipeline.errors import PipelineError, ProfileError


def check(
    given: Annotated[
        list[Path],
        typer.Argument(
            metavar="MP3|FOLDER...", help="MP3s, folders of episodes, or the output folder."
        ),
    ],
    show: Annotated[
        Path | None,
        typer.Option("--show", help="The show that made them, for its own voices and music."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the words, which are spoken afresh.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that speak at once; all cores if absent.")
    ] = None,
    cache: CacheFolder = None,
    as_json: Json = False,
) -> None:
    """Check episodes: frames, length, loudness, peaks, silence, chapters, tags and words.

    An MP3 with its record beside it is held against the record, and what every segment says is
    spoken afresh and looked for in the sound. Any other MP3 is checked as far as that goes.

    Exit codes: 0 all is right, though there may be warnings; 1 something is wrong.
    """
    from tts_pipeline import pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.check import episode, things  # noqa: PLC0415
    from tts_pipeline.display import Checks  # noqa: PLC0415

    log_to_stderr()
    loaded = profiles.load_show(show) if show else None
    speaking = episode.Speaking(
        voice=lambda name: profiles.load_voice(name, loaded),
        music=pipeline.assets(loaded, cache or default_cache()).music if loaded else {},
        jobs=jobs or len(os.sched_getaffinity(0)),
    )
    paths: list[Path] = []
    failures: list[tuple[str, str]] = []
    for thing in given:
        try:
            paths += things.find(thing)
        except PipelineError as error:
            failures.append((str(thing), str(error)))
    with Checks(paths, as_json=as_json) as checks:
        for path in paths:
            try:
                checks.done(episode.check(path, None if quick else speaking, checks.tick))
            except ProfileError:
                raise
            except PipelineError as error:
                failures.append((str(path), str(error)))
    checks.summarize(failures)
    for _, told in failures:
        complain(told)
    if failures or checks.wrong:
        raise typer.Exit(1)
