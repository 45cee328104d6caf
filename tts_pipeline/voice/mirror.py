"""Files of a collection over HTTP: retried, resumed, and never longer than they should be."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import httpx

from tts_pipeline import __version__, retryafter
from tts_pipeline.errors import OutputError, ProfileError, VoiceError
from tts_pipeline.voice.collection import Remote

T = TypeVar("T")

_WAITS = (1, 2, 4)
"""Seconds before each further try."""
_PATIENCE = 60
"""Seconds at most that a server may ask to wait."""
_BLOCK = 1 << 16


class _PassingError(Exception):
    """May work if it is tried again, after so many seconds."""

    def __init__(self, reason: str, wait: float = 0) -> None:
        super().__init__(reason)
        self.wait = wait


class Mirror:
    """A collection at an address."""

    def __init__(
        self, url: str, *, sleep: Callable[[float], None] = time.sleep, timeout: float = 30
    ) -> None:
        """Reach nothing yet.

        Args:
            url: of the folder that holds `voices.json`.
            sleep: how to wait before a further try.
            timeout: seconds that a server may be silent.

        Raises:
            ProfileError: the address is not one.
        """
        self.url = url.rstrip("/")
        try:
            scheme, host = httpx.URL(self.url).scheme, httpx.URL(self.url).host
        except httpx.InvalidURL:
            scheme = host = ""
        if scheme not in ("http", "https") or not host:
            raise ProfileError(
                f"{url!r} is not the address of a collection of voices; it begins with https:// or "
                "http://, and voices.json is in that folder"
            )
        self._secure = scheme == "https"
        self._sleep = sleep
        # Bytes as they are stored: a part can be resumed, and what comes can be counted.
        self._client = httpx.Client(
            timeout=timeout,
            follow_redirects=True,
            # The environment's proxy is not asked for this machine.
            trust_env=host not in ("localhost", "127.0.0.1", "::1"),
            headers={"User-Agent": f"tts-pipeline/{__version__}", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> "Mirror":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def address(self, path: str) -> str:
        """Of a file."""
        return f"{self.url}/{path}"

    def read(self, path: str, limit: int) -> bytes:
        """A small file of at most so many bytes.

        Raises:
            VoiceError: it cannot be had.
        """
        url = self.address(path)

        def attempt() -> bytes:
            data = bytearray()
            with self._answer(url) as response:
                for block in response.iter_raw(_BLOCK):
                    data += block
                    if len(data) > limit:
                        raise VoiceError(f"{url} is longer than {limit:,} bytes; it is not used")
            return bytes(data)

        return self._persist(url, attempt)

    def small(self, file: Remote) -> bytes:
        """A small file whose checksum is known.

        Raises:
            VoiceError: it cannot be had, or is another.
        """
        data = self.read(file.quoted, file.size)
        if hashlib.md5(data, usedforsecurity=False).hexdigest() != file.md5:
            raise _wrong_checksum(self.address(file.quoted))
        return data

    def bring(self, file: Remote, target: Path, advance: Callable[[int], None]) -> None:
        """Put a large file at `target`, whole or not at all.

        What an earlier try left of it, in `part_of`, is not fetched again.

        Args:
            file: whose size and checksum must be right.
            target: replaced.
            advance: told how many bytes were gained; fewer than none if some did not count.

        Raises:
            VoiceError: it cannot be had, or is another.
            OutputError: it cannot be written.
        """
        url, part = self.address(file.quoted), part_of(target, file)
        with _writing(target):
            if (held := _size(part)) > file.size:
                part.unlink()
                held = 0
        advance(held)

        def attempt() -> None:
            with _writing(target):
                first = _size(part)
                if first < file.size:
                    self._append(url, file, part, advance)
                if md5(part) == file.md5:
                    part.replace(target)
                    return
                part.unlink()
            advance(-file.size)
            if first == 0:
                raise _wrong_checksum(url)
            raise _PassingError("what was there of it did not fit the rest")

        self._persist(url, attempt, lambda: _size(part))

    def _append(self, url: str, file: Remote, part: Path, advance: Callable[[int], None]) -> None:
        held = _size(part)
        headers = {"Range": f"bytes={held}-"} if held else {}
        with self._answer(url, headers) as response:
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
            if resumed and not response.headers.get("Content-Range", "").startswith(
                f"bytes {held}-"
            ):
                raise VoiceError(f"{url} answers with another part than the one that was asked for")
            if not resumed:
                advance(-held)
                held = 0
            with part.open("ab" if resumed else "wb") as out:
                for block in response.iter_raw(_BLOCK):
                    held += len(block)
                    if held > file.size:
                        raise VoiceError(
                            f"{url} is longer than the {file.size:,} bytes that voices.json says"
                        )
                    out.write(block)
                    advance(len(block))
                out.flush()
                os.fsync(out.fileno())
        if held < file.size:
            raise _PassingError(f"it ended after {held:,} of {file.size:,} bytes")

    @contextmanager
    def _answer(self, url: str, headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
        with self._client.stream("GET", url, headers=headers or {}) as response:
            code = response.status_code
            if self._secure and response.url.scheme != "https":
                raise VoiceError(f"{url} leads to an address without encryption; it is not used")
            if code == httpx.codes.TOO_MANY_REQUESTS or code >= 500:
                told = response.headers
                asked = retryafter.seconds(told.get("retry-after"), told.get("date"))
                raise _PassingError(f"the server answers {code}", min(asked or 0, _PATIENCE))
            if code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
                raise VoiceError(f"{url} cannot be fetched: the server answers {code}")
            yield response

    def _persist(
        self, url: str, attempt: Callable[[], T], reached: Callable[[], int] = lambda: 0
    ) -> T:
        """Try it until it works, or until several tries in a row have got no further."""
        best, waits = reached(), iter(_WAITS)
        while True:
            try:
                return attempt()
            except (_PassingError, httpx.TransportError) as error:
                if reached() >= best + _BLOCK:
                    best, waits = reached(), iter(_WAITS)
                if (wait := next(waits, None)) is None:
                    raise VoiceError(
                        f"{url} cannot be fetched: {error or type(error).__name__}. It was tried "
                        f"{len(_WAITS) + 1} times; the same command goes on from where it stopped."
                    ) from error
                self._sleep(max(wait, error.wait if isinstance(error, _PassingError) else 0))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise VoiceError(f"{url} cannot be fetched: {error}") from error


def md5(path: Path) -> str:
    """The checksum by which collections name a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def part_of(target: Path, file: Remote) -> Path:
    """Where what has come of a file waits; its name says of which, so that no other goes on."""
    return target.with_name(f".{target.name}.{file.md5[:8]}.part")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _wrong_checksum(url: str) -> VoiceError:
    return VoiceError(
        f"{url} arrived whole, yet its checksum is not the one that voices.json says; nothing of "
        "it was kept"
    )


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}. Free some space or choose "
            "another folder with --to, then run the same command again."
        ) from error
