"""What several commands share: options, the clock, where the cache lies."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tts_pipeline import __version__
from tts_pipeline.errors import BusyError, PipelineError, ProfileError, ServeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tts_pipeline.batch import Outcome
    from tts_pipeline.pipeline import Source

Out = Annotated[
    Path, typer.Option("--out", help="Where episodes and feeds are written.", file_okay=False)
]
Shows = Annotated[
    list[Path], typer.Argument(metavar="SHOW...", help="Files of shows, such as feeds/*.toml.")
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
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="A Dask scheduler, such as tcp://10.0.0.1:8786, whose machines speak instead.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def find_sources(posts: "Sequence[str]") -> "tuple[list[Source], list[Outcome]]":
    """The posts to make, and what could not even be looked into."""
    from tts_pipeline.pipeline import Source  # noqa: PLC0415
    from tts_pipeline.sync.posts import below  # noqa: PLC0415

    sources: list[Source] = []
    failures: list[Outcome] = []
    for given in posts:
        if given == "-":
            sources.append(Source("-", None, sys.stdin.buffer.read()))
        else:
            found, failed = below([Path(given)])
            sources += found
            failures += failed
    return sources, failures


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fetched(posts: "Sequence[str]", show: Path, out: Path) -> "tuple[list[str], list[Outcome]]":
    """The posts, with the file of each that is an address, and what could not be fetched."""
    from tts_pipeline.batch import Outcome  # noqa: PLC0415
    from tts_pipeline.post.sources import single  # noqa: PLC0415
    from tts_pipeline.post.sources.answer import shown  # noqa: PLC0415
    from tts_pipeline.profile.show import load, load_sources  # noqa: PLC0415

    files: list[str] = []
    failures: list[Outcome] = []
    loaded, sources = load(show), load_sources(show)
    for given in posts:
        if not is_address(given):
            files.append(given)
            continue
        try:
            user = agent(loaded.link or loaded.base_url)
            files.append(str(single(given, sources, out, now=now(), agent=user)))
        except PipelineError as error:
            failures.append(Outcome(shown(given), "failed", error=str(error)))
    return files, failures


def is_address(given: str) -> bool:
    """Whether a post is named by its address on the web."""
    return given.lower().startswith(("http://", "https://"))


def agent(link: str | None) -> str:
    """The User-Agent: which program asks, and for whom."""
    name = f"tts-pipeline/{__version__}"
    return f"{name} (+{link})" if link and link.isascii() and link.isprintable() else name


def default_cache() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("tts-pipeline")


def now() -> datetime:
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


def log_to_stderr() -> None:
    """Warnings, such as a damaged cache entry that is made again, as sentences."""
    from tts_pipeline import logs, redact  # noqa: PLC0415

    debug = "TTS_PIPELINE_DEBUG" in os.environ
    logs.say(hidden=redact.secrets(os.environ), news=False, debug=debug)


def exit_code(error: PipelineError) -> int:
    """What an error makes of the command that it ends."""
    if isinstance(error, BusyError):
        return 75  # EX_TEMPFAIL of sysexits.h
    return 2 if isinstance(error, ProfileError | ServeError) else 1


def complain(error: object) -> None:
    typer.echo(f"tts-pipeline: {error}", err=True)
