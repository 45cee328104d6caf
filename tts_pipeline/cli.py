"""The command line: arguments, progress and exit codes; nothing else.

Exit codes: 0 all done; 1 some posts failed, the others were made; 2 wrong usage or configuration;
130 stopped by Ctrl-C. What is heavy is imported by the command that needs it, so that --help
answers at once.
"""

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tts_pipeline import __version__
from tts_pipeline.errors import OutputError, PipelineError, ProfileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tts_pipeline.batch import Outcome
    from tts_pipeline.pipeline import Source

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
voices_app = typer.Typer(
    help="List the voices, or speak a preview to a file.", invoke_without_command=True
)
app.add_typer(voices_app, name="voices")
lexicon_app = typer.Typer(help="Check lexicons, or try how a text is said.", no_args_is_help=True)
app.add_typer(lexicon_app, name="lexicon")

_INTERRUPTED = 130

Out = Annotated[
    Path, typer.Option("--out", help="Where episodes and feeds are written.", file_okay=False)
]
ShowFile = Annotated[Path, typer.Option("--show", help="The show, such as feeds/example.toml.")]
CacheFolder = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        envvar="TTS_PIPELINE_CACHE",
        file_okay=False,
        help="Where speech is remembered; the user's cache folder if absent.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def main() -> None:
    """Run the program; an error is a sentence on standard error, never a traceback."""
    try:
        app()
    except PipelineError as error:
        _complain(error)
        sys.exit(2 if isinstance(error, ProfileError | OutputError) else 1)
    except SystemExit as stop:
        # Typer makes this of Ctrl-C, without a word.
        if stop.code == _INTERRUPTED:
            _complain("stopped; what was finished is kept, and the same command goes on from there")
        raise
    except Exception as error:
        if "TTS_PIPELINE_DEBUG" in os.environ:
            raise
        _complain(
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


@app.command()
def episode(
    posts: Annotated[
        list[str],
        typer.Argument(metavar="POST...", help="Files, folders, or - for standard input."),
    ],
    show: ShowFile,
    out: Out = Path("build"),
    voice: Annotated[
        str | None, typer.Option(help="A voice other than the show's; see `voices`.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that speak at once; all cores if absent.")
    ] = None,
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

    What has not changed since the last run is not made again.
    """
    from tts_pipeline import profiles  # noqa: PLC0415
    from tts_pipeline.batch import Batch  # noqa: PLC0415
    from tts_pipeline.display import Display  # noqa: PLC0415

    _log_to_stderr()
    loaded = profiles.load_show(show)
    if fast:
        loaded = profiles.faster(loaded)
    sources, failures = _sources(posts)
    with Display(sources, as_json=as_json) as display:
        for failure in failures:
            display.finished(-1, failure)
        Batch(
            loaded,
            profiles.load_cast(loaded, voice),
            out=out,
            cache=cache or _default_cache(),
            jobs=jobs or len(os.sched_getaffinity(0)),
            force=force,
            now=_now(),
            watcher=display,
        ).run(sources)
    display.summarize(out)
    if display.failed:
        raise typer.Exit(1)


@app.command()
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
    """Print what will be spoken and what will be left out, and why; makes no audio."""
    from tts_pipeline import pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.display import print_scripts, print_unknown  # noqa: PLC0415

    loaded = profiles.load_show(show) if show else profiles.plain_show()
    cast = profiles.load_cast(loaded, voice)
    sources, failures = _sources(posts)
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
        print_scripts(made, as_json=as_json)
    for told in errors:
        _complain(told)
    if errors:
        raise typer.Exit(1)


@app.command()
def feed(
    shows: Annotated[list[Path], typer.Argument(metavar="SHOW...", help="Files of shows.")],
    out: Out = Path("build"),
    as_json: Json = False,
) -> None:
    """Write the RSS feed of each show from the episodes in the output folder."""
    from tts_pipeline import pipeline, profiles  # noqa: PLC0415
    from tts_pipeline.display import print_feeds  # noqa: PLC0415

    _log_to_stderr()
    results, failures = [], []
    for show in shows:
        try:
            results.append(pipeline.write_feed(profiles.load_show(show), out))
        except ProfileError:
            raise
        except PipelineError as error:
            failures.append((str(show), str(error)))
            _complain(error)
    print_feeds(results, failures, as_json=as_json)
    if failures:
        raise typer.Exit(1)


@voices_app.callback()
def _voices(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from tts_pipeline import profiles  # noqa: PLC0415
        from tts_pipeline.display import print_voices  # noqa: PLC0415

        print_voices(profiles.list_voices(), as_json=as_json)


@voices_app.command()
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
    batch.preview(profiles.load_voice(name, None), text, path, cache or _default_cache())
    typer.echo(f"{path}: {name} speaks")


@lexicon_app.command()
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
            _complain(f"{file}, {problem}")
        failed = failed or bool(found)
        typer.echo(f"{file}: {len(entries)} entries")
    if failed:
        raise typer.Exit(1)


@lexicon_app.command(name="try")
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
    from tts_pipeline.display import print_tried  # noqa: PLC0415

    loaded = profiles.load_show(show) if show else profiles.plain_show()
    speaker = profiles.load_voice(voice or loaded.voice, loaded)
    tried, said = pipeline.try_text(text, speaker)
    print_tried(tried, said, as_json=as_json)
    if to is not None:
        batch.preview(speaker, text, to, cache or _default_cache())


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new show's folder.")],
) -> None:
    """Lay out a new show that works as it stands: feeds/, voices/, posts/ and a Makefile."""
    from tts_pipeline.starter import lay_out  # noqa: PLC0415

    for path in lay_out(folder):
        typer.echo(path)
    typer.echo(f"\nNow: cd {folder} && make")


def _sources(posts: "Sequence[str]") -> "tuple[list[Source], list[Outcome]]":
    """The posts to make, and what could not even be looked into."""
    from tts_pipeline import post  # noqa: PLC0415
    from tts_pipeline.batch import Outcome  # noqa: PLC0415
    from tts_pipeline.pipeline import Source  # noqa: PLC0415

    sources: list[Source] = []
    failures: list[Outcome] = []
    for given in posts:
        if given == "-":
            sources.append(Source("-", None, sys.stdin.buffer.read()))
            continue
        try:
            found = list(post.find([Path(given)]))
        except PipelineError as error:
            failures.append(Outcome(given, "failed", error=str(error)))
            continue
        for path in found:
            try:
                parts = post.parts(path)
            except PipelineError as error:
                failures.append(Outcome(str(path), "failed", error=str(error)))
                continue
            for part in parts:
                label = f"{path}, {part}" if part else str(path)
                sources.append(Source(label, str(path), part=part))
    return sources, failures


def _default_cache() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("tts-pipeline")


def _now() -> datetime:
    """The clock, or SOURCE_DATE_EPOCH, by which reproducible builds set it."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ProfileError(
            f"SOURCE_DATE_EPOCH must be a number of seconds, not {fixed!r}"
        ) from error


def _log_to_stderr() -> None:
    """Warnings, such as a damaged cache entry that is made again, as sentences."""
    logging.basicConfig(format="tts-pipeline: %(message)s")
    if "TTS_PIPELINE_DEBUG" in os.environ:
        logging.getLogger("tts_pipeline").setLevel(logging.DEBUG)


def _complain(error: object) -> None:
    typer.echo(f"tts-pipeline: {error}", err=True)
