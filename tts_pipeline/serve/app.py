"""Requests and answers: GET and HEAD, ranges, validators, folders, what is not there."""

import hashlib
import os
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan, Receive, Scope, Send

from tts_pipeline.serve import files, here


def app(root: Path, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """An ASGI application that serves `root`."""

    def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(
                status_code=204,
                headers={
                    "Access-Control-Allow-Origin": "*",
                    "Access-Control-Allow-Methods": "GET, HEAD",
                    "Access-Control-Allow-Headers": "Range",
                },
            )
        found = files.find(root, request.scope["path"])
        if found.redirect:
            return RedirectResponse(found.redirect, status_code=308)
        try:
            if found.path:
                return _file(request, root, found.path)
        except OSError:  # removed, or made unreadable, since it was found
            return _missing(request, root)
        return _missing(request, root)

    route = Route("/{path:path}", answer, methods=["GET", "HEAD", "OPTIONS"])
    return Starlette(routes=[route], lifespan=lifespan)


class _Opened(FileResponse):
    """A file that stays the one it was, whatever takes its name while it is sent."""

    def __init__(self, path: Path, headers: dict[str, str]) -> None:
        self._file = os.open(path, os.O_RDONLY)
        facts = os.fstat(self._file)
        super().__init__(
            f"/dev/fd/{self._file}",
            headers={"ETag": f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', **headers},
            media_type=files.media_type(path),
            stat_result=facts,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(_known_units_only(scope), receive, send)
        finally:
            self.close()

    def close(self) -> None:
        os.close(self._file)


def _file(request: Request, root: Path, path: Path) -> Response:
    if here.holds_addresses(path):
        return _checked(request, _text(request, root, path))
    opened = _Opened(path, files.headers(path))
    with ExitStack() as unsent:
        unsent.callback(opened.close)
        answer = _checked(request, opened)
        if answer is opened:
            unsent.pop_all()
        return answer


def _text(request: Request, root: Path, path: Path, status: int = 200) -> Response:
    """A feed or a page, with this server's address in it."""
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    url = request.url
    body = here.rewrite(text, here.bases(root), url.scheme, url.netloc).encode(
        errors="surrogateescape"
    )
    modified = formatdate(path.stat().st_mtime, usegmt=True)
    told = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Last-Modified": modified}
    return Response(
        body, status, headers=told | files.headers(path), media_type=files.media_type(path)
    )


def _missing(request: Request, root: Path) -> Response:
    page = root / "404.html"
    if page.is_file() and "text/html" in request.headers.get("accept", ""):
        return _text(request, root, page, 404)
    told = "There is no such file here.\n"
    if request.url.path == "/":
        told = "There are no pages here yet: `tts-pipeline site SHOW` makes them.\n"
    return Response(told, 404, media_type="text/plain; charset=utf-8")


def _checked(request: Request, answer: Response) -> Response:
    """304 where the client has the very same: RFC 9110, section 13."""
    own = answer.headers
    if not _has_it(request.headers, own):
        return answer
    kept = {
        name: own[name]
        for name in ("etag", "last-modified", "cache-control", "access-control-allow-origin")
        if name in own
    }
    return Response(status_code=304, headers=kept)


def _has_it(asked: Headers, own: Headers) -> bool:
    if tags := asked.get("if-none-match"):
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or own["etag"] in known
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return _aware(parsedate_to_datetime(own["last-modified"])) <= _aware(since)
    except (KeyError, ValueError, OverflowError):  # no date, or one that no calendar has
        return False


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _known_units_only(scope: Scope) -> Scope:
    """A range in other units than bytes does not count: RFC 9110, section 14.2."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name != b"range" or value.strip().lower().startswith(b"bytes=")
    ]
    return {**scope, "headers": kept}
