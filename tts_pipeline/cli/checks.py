"""`check`: whether what was made is right."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tts_pipeline.cli.common import (
    CacheFolder,
    Json,
    Out,
    agent,
    complain,
    cores,
    default_cache,
    is_address,
    log_to_stderr,
    now,
)
from tts_pipeline.errors import CheckError, PipelineError, ProfileError

if TYPE_CHECKING:
    from tts_pipeline.check.checked import Checked
    from tts_pipeline.check.episode import Speaking
    from tts_pipeline.check.feed.guids import Before
    from tts_pipeline.model import Show
    from tts_pipeline.post.sources.look import Looker

    Job = tuple[str, Callable[[Callable[[float], None]], Checked]]
    """What is checked, and how; the function is told where to report its progress."""


def check(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="MP3|FOLDER|SHOW|URL...",
            help="MP3s, folders of episodes, the output folder; a show, such as "
            "feeds/example.toml; the address of a feed.",
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
    out: Out = Path("build"),
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Of a feed's address: the files of all episodes, not of the newest 10."
        ),
    ] = False,
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="FILE|URL",
            help="A feed as it was: no episode may have another guid since.",
        ),
    ] = None,
    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private", help="The feed's host may be of this machine or its network."
        ),
    ] = False,
    cache: CacheFolder = None,
    as_json: Json = False,
) -> None:
    """Check episodes and feeds: the sound and its words; what directories and apps require.

    An MP3 with its record beside it is held against the record, and what every segment says is
    spoken afresh and looked for in the sound. Any other MP3 is checked as far as that goes.

    A show's feed in the output folder is held against the rules of Apple, Spotify and
    Podcasting 2.0, with its pages and every file that it names. The address of a feed, whoever made
    it, is asked as apps do, and what it names too: lengths, types, byte ranges, redirects.

    Exit codes: 0 all is right, though there may be warnings; 1 something is wrong.
    """
    from tts_pipeline import pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.check import episode, things  # noqa: PLC0415
    from tts_pipeline.display.checks import Checks  # noqa: PLC0415

    log_to_stderr()
    loaded = profiles.load_show(show) if show else None
    speaking = episode.Speaking(
        voice=lambda name: profiles.load_voice(name, loaded),
        music=pipeline.assets(loaded, cache or default_cache()).music if loaded else {},
        jobs=jobs or cores(),
    )
    earlier = _earlier(before, allow_private=allow_private) if before else None
    tasks: list[Job] = []
    failures: list[tuple[str, str]] = []
    tables = [thing for thing in given if thing.endswith(".toml") and not is_address(thing)]
    shows = profiles.only_shows([Path(table) for table in tables]) if tables else []
    for thing in given:
        if thing in tables and Path(thing) not in shows:
            continue
        try:
            if is_address(thing):
                looker = _looker(thing, allow_private=allow_private)
                tasks.append(_address(thing, looker, earlier, everything=everything))
            elif thing in tables:
                path = Path(thing)
                tasks.append(_show(profiles.load_show(path), path, out, earlier))
            else:
                tasks += [
                    _sound(path, None if quick else speaking) for path in things.find(Path(thing))
                ]
        except ProfileError:
            raise
        except PipelineError as error:
            failures.append((thing, str(error)))
    with Checks(tasks, as_json=as_json) as checks:
        for name, task in tasks:
            try:
                checks.done(task(checks.tick))
            except ProfileError:
                raise
            except PipelineError as error:
                failures.append((name, str(error)))
    checks.summarize(failures)
    for _, told in failures:
        complain(told)
    if failures or checks.wrong:
        raise typer.Exit(1)


def _sound(path: Path, speaking: "Speaking | None") -> "Job":
    from tts_pipeline.check import episode  # noqa: PLC0415

    return str(path), lambda tick: episode.check(path, speaking, tick)


def _show(show: "Show", path: Path, out: Path, before: "Before | None") -> "Job":
    from tts_pipeline.check.feed import run  # noqa: PLC0415

    def task(tick: Callable[[float], None]) -> "Checked":
        return run.of_show(show, path, out, now=now(), before=before, tick=tick)

    return str(path), task


def _address(url: str, looker: "Looker", before: "Before | None", *, everything: bool) -> "Job":
    from tts_pipeline.check.feed import run  # noqa: PLC0415
    from tts_pipeline.check.feed.judge import Asked  # noqa: PLC0415

    asked = Asked(episodes=None, pages=None) if everything else Asked()

    def task(tick: Callable[[float], None]) -> "Checked":
        with looker:
            return run.of_address(url, looker, now=now(), asked=asked, before=before, tick=tick)

    return url, task


def _looker(url: str, *, allow_private: bool) -> "Looker":
    """Asks a host of the open internet five times a second at most."""
    from tts_pipeline.post.sources.look import Looker  # noqa: PLC0415

    return Looker(
        agent=agent(None),
        named=(url,),
        allow_private=allow_private,
        pause=0 if allow_private else 0.2,
        hint="add --allow-private",
    )


def _earlier(before: str, *, allow_private: bool) -> "Before":
    """The feed as it was.

    Raises:
        PipelineError: it cannot be had.
    """
    from tts_pipeline.check.feed import run  # noqa: PLC0415
    from tts_pipeline.check.feed.guids import Before  # noqa: PLC0415

    try:
        if is_address(before):
            with _looker(before, allow_private=allow_private) as looker:
                return Before(run.fetch(before, looker).body)
        return Before(Path(before).read_bytes())
    except OSError as error:
        raise CheckError(f"--before {before} cannot be read: {error.strerror or error}") from error
    except CheckError as error:
        raise CheckError(f"--before {before} cannot be read as a feed: {error}") from error
