"""A real HTTP server on loopback that offers voices, and misbehaves when told to."""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

CARD = """# Model card for small (medium)

* Language: en_US (English, United States)

## Dataset

* URL: https://example.org/small
* License: CC0\x1b[31m
"""


class Faults:
    """What goes wrong, by the end of a file's path; each list is worked off, one a request."""

    def __init__(self) -> None:
        self.planned: dict[str, list[Any]] = {}

    def plan(self, ending: str, *faults: Any) -> None:
        """Each is a status with headers, a number of bytes after which the connection is cut or,
        if negative, held; or "zeros", "longer", "ignore range" or "another part"."""
        self.planned[ending] = list(faults)

    def next(self, path: str) -> Any:
        for ending, faults in self.planned.items():
            if path.endswith(ending) and faults:
                return faults.pop(0)
        return None


class Loopback:
    """The files, the faults, and what was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.catalogue: dict[str, Any] = {}
        self.faults = Faults()
        self.asked: list[tuple[str, str | None]] = []
        """Path and range of each request."""
        self.url = ""
        self.released = Event()
        """Ends what is held."""

    def offer(self, name: str, model: bytes, description: bytes, **entry: Any) -> None:
        """As the public collection would."""
        code, voice, quality = name.split("-")
        folder = f"{code[:2]}/{code}/{voice}/{quality}"
        files = {
            f"{folder}/{name}.onnx": model,
            f"{folder}/{name}.onnx.json": description,
            f"{folder}/MODEL_CARD": CARD.encode(),
        }
        self.files |= files
        self.catalogue[name] = {
            "key": name,
            "name": voice,
            "language": {
                "code": code,
                "family": code[:2],
                "region": code[3:],
                "name_native": "English",
                "name_english": "English",
                "country_english": "United States",
            },
            "quality": quality,
            "num_speakers": 1,
            "speaker_id_map": {},
            "files": {path: listed(data) for path, data in files.items()},
            "aliases": [],
            **entry,
        }

    def asked_of(self, ending: str) -> list[str | None]:
        return [part for path, part in self.asked if path.endswith(ending)]


def listed(data: bytes) -> dict[str, Any]:
    return {
        "size_bytes": len(data),
        "md5_digest": hashlib.md5(data, usedforsecurity=False).hexdigest(),
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may hang up on a server that misbehaves."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving() -> Iterator[Loopback]:
    """Serve on a free port until the block ends."""
    mirror = Loopback()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            return

        def do_GET(self) -> None:
            path = self.path.removeprefix("/collection/")
            wanted = self.headers.get("Range")
            mirror.asked.append((path, wanted))
            fault = mirror.faults.next(path)
            data = (
                json.dumps(mirror.catalogue).encode()
                if path == "voices.json"
                else mirror.files.get(path)
            )
            if isinstance(fault, tuple) and fault[0] == "status":
                self._empty(fault[1], **fault[2])
            elif data is None:
                self._empty(404)
            else:
                self._send(data, wanted, fault)

        def _empty(self, status: int, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def _send(self, data: bytes, wanted: str | None, fault: Any) -> None:
            found = re.fullmatch(r"bytes=(\d+)-", wanted or "")
            first = 0 if fault == "ignore range" or not found else int(found[1])
            body = data[first:] if fault != "longer" else data + b"more"
            self.send_response(206 if first else 200)
            if first:
                told = first + 7 if fault == "another part" else first
                self.send_header("Content-Range", f"bytes {told}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if isinstance(fault, int):
                self.wfile.write(body[: abs(fault)])
                self.wfile.flush()
                if fault < 0:
                    mirror.released.wait(30)
                self.close_connection = True
                return
            self.wfile.write(bytes(len(body)) if fault == "zeros" else body)

    server = _Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    mirror.url = f"http://127.0.0.1:{server.server_port}/collection"
    try:
        yield mirror
    finally:
        mirror.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
