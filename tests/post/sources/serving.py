"""A web server on loopback whose pages are functions of the request, good and bad."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Handler = Callable[["Request"], None]


class Request:
    """One request, and the ways to answer it."""

    def __init__(self, under: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(under.path)
        self.method = under.command
        self.path = parts.path
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.headers = under.headers
        self.body = under.rfile.read(int(under.headers.get("content-length") or 0))
        self._under = under

    def answer(
        self,
        body: bytes | str = b"",
        type_: str = "text/html; charset=utf-8",
        status: int = 200,
        **headers: str,
    ) -> None:
        """An answer as it should be; an underscore in a header's name is a hyphen."""
        data = body.encode() if isinstance(body, str) else body
        self.start(status, Content_Type=type_, Content_Length=str(len(data)), **headers)
        if self.method != "HEAD":
            self._under.wfile.write(data)

    def start(self, status: int = 200, **headers: str) -> None:
        """Status and headers alone."""
        self._under.send_response(status)
        for name, value in headers.items():
            self._under.send_header(name.replace("_", "-"), value)
        self._under.end_headers()

    def date(self, date: str) -> None:
        """Say that it is then."""
        self._under.date_time_string = lambda timestamp=None: date  # type: ignore[method-assign]

    def undated(self) -> None:
        """Do not say when this is."""
        under = self._under
        under.send_response = under.send_response_only  # type: ignore[method-assign]

    def send(self, data: bytes) -> None:
        """A piece of a body."""
        self._under.wfile.write(data)
        self._under.wfile.flush()

    def cut(self) -> None:
        """The connection ends here."""
        self._under.close_connection = True
        self._under.connection.close()


class Site:
    """Paths and what stands at them, and which requests came."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.url = ""

    def put(self, path: str, body: bytes | str, type_: str = "text/html; charset=utf-8") -> None:
        """A page that knows its ETag."""
        tag = f'"{hash((body, type_))}"'

        def handle(request: Request) -> None:
            if request.headers.get("If-None-Match") == tag:
                request.start(304, ETag=tag)
            else:
                request.answer(body, type_, ETag=tag)

        self.pages[path] = handle

    def took(self) -> list[str]:
        """The paths that were asked for since the last time, robots.txt excepted."""
        asked = [path for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return asked


@contextlib.contextmanager
def serve() -> Iterator[Site]:
    """A site on a free port of loopback."""
    site = Site()

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each body waits 40 ms behind its headers

        def _any(self) -> None:
            request = Request(self)
            site.asked.append(self.path)
            site.agents.append(self.headers.get("User-Agent") or "")
            handler = site.pages.get(request.path)
            try:
                if handler is None:
                    request.answer("nothing here", status=404)
                else:
                    handler(request)
            except OSError:
                self.close_connection = True  # the client has gone, as it should

        do_GET = do_HEAD = do_POST = _any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
