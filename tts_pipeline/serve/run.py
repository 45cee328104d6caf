"""The server itself: where it listens, how it ends, and what is made anew while it runs."""

import asyncio
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from watchfiles import Change, DefaultFilter, awatch

from tts_pipeline.errors import ServeError
from tts_pipeline.model import Noun
from tts_pipeline.serve.app import app

_ENDING = 10
"""Seconds that a command has to end by itself."""


class Served(Noun):
    """Where the output directory is served."""

    here: str
    """For this machine."""
    network: str | None
    """For others; None: it listens to this machine alone."""


class Watch(Noun):
    """What to do when something changes."""

    paths: tuple[str, ...]
    """Files and folders whose changes count."""
    commands: tuple[tuple[str, ...], ...]
    """Run one after the other; the first that exits with more than 1 ends the row."""


def serve(
    root: Path, *, host: str, port: int, ready: Callable[[Served], None], watch: Watch | None = None
) -> None:
    """Serve `root` until Ctrl-C.

    Args:
        root: the output directory.
        host: the address to listen at, such as 127.0.0.1, or 0.0.0.0 for all.
        port: 0 for any that is free.
        ready: told once where it listens.
        watch: what is made anew, and when; once at the start too.

    Raises:
        ServeError: it cannot listen there.
    """
    listening = _listen(host, port)
    ready(_served(host, listening.getsockname()[1]))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_rebuild(watch, root)) if watch else None
        yield
        if watching:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    config = uvicorn.Config(
        app(root, lifespan), log_level="warning", access_log=False, timeout_graceful_shutdown=1,
        server_header=False,
    )  # fmt: skip
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


class _Sources(DefaultFilter):
    """Neither what editors leave lying about nor what is made here."""

    def __init__(self, made: Path) -> None:
        super().__init__(ignore_paths=[made.resolve()])

    def __call__(self, change: Change, path: str) -> bool:
        return not Path(path).name.startswith(".") and super().__call__(change, path)


async def _rebuild(watch: Watch, made: Path) -> None:
    # It yields at first because time is up: by then it watches, so that no change is missed.
    first = True
    async for changes in awatch(
        *watch.paths, watch_filter=_Sources(made), debounce=800, rust_timeout=500,
        yield_on_timeout=True,
    ):  # fmt: skip
        if changes or first:
            await _run(watch.commands)
        first = False


async def _run(commands: Sequence[Sequence[str]]) -> None:
    """The commands, in processes of their own, so that one can be stopped at any moment."""
    for command in commands:
        process = await asyncio.create_subprocess_exec(*command)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        if code > 1:
            return


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(process.wait(), _ENDING)
        except TimeoutError:
            process.kill()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise ServeError(
            f"cannot listen at {host}, port {port}: {getattr(error, 'strerror', None) or error}. "
            "Choose another port with --port, or 0 for any that is free; --host is an address of "
            "this machine."
        ) from error


def _served(host: str, port: int) -> Served:
    def url(address: str) -> str:
        return f"http://[{address}]:{port}/" if ":" in address else f"http://{address}:{port}/"

    try:
        given = ipaddress.ip_address(host)
    except ValueError:
        return Served(url(host), None if host == "localhost" else url(host))
    if given.is_loopback:
        return Served(url(host), None)
    if not given.is_unspecified:
        return Served(url(host), url(host))
    outside = _own_address()
    return Served(url("127.0.0.1"), url(outside) if outside else None)


def _own_address() -> str | None:
    """The address by which others reach this machine; nothing is sent to find it."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return None
