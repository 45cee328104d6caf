"""A real HTTP server on loopback that speaks, and that can be told to misbehave."""

import json
import math
import struct
import threading
import time
from array import array
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RATE = 24000
_LETTER = RATE // 15


def tone(text: str, speed: float = 1.0) -> bytes:
    """A sound as long as its text; each letter has its own pitch."""
    samples = array("h")
    length = int(_LETTER / speed)
    for letter in text:
        step = (200 + ord(letter) * 37 % 1900) * 2 * math.pi / RATE
        samples.extend(int(6000 * math.sin(step * n)) for n in range(length))
    return samples.tobytes()


def wav(pcm: bytes, *, rate: int = RATE, size: int | None = 0xFFFFFFFF, channels: int = 1) -> bytes:
    """A WAV file; its length is unknown unless given."""
    size = len(pcm) if size is None else size
    head = struct.pack("<IHHIIHH", 16, 1, channels, rate, 2 * rate * channels, 2 * channels, 16)
    return (
        b"RIFF"
        + struct.pack("<I", size)
        + b"WAVEfmt "
        + head
        + b"data"
        + struct.pack("<I", size)
        + pcm
    )


class Request:
    """One request, and what the server may answer it with."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.asked: dict[str, Any] = json.loads(body)
        self.path = handler.path
        self.headers = handler.headers

    def answer(
        self,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "audio/wav",
        length: int | None = None,
        **headers: str,
    ) -> None:
        self.begin(
            status,
            kind,
            **headers,
            **{"Content-Length": str(len(body) if length is None else length)},
        )
        self._handler.wfile.write(body)

    def begin(self, status: int, kind: str, **headers: Any) -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def send(self, chunk: bytes) -> None:
        self._handler.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))

    def speak(self) -> None:
        """As Kokoro-FastAPI does: chunk by chunk, the length not known."""
        pcm = tone(self.asked["input"], self.asked["speed"])
        data = pcm if self.asked["response_format"] == "pcm" else wav(pcm)
        self.begin(200, "audio/wav", Transfer_Encoding="chunked")
        for at in range(0, len(data), 50_000):
            self.send(data[at : at + 50_000])
        self.send(b"")

    def error(self, status: int, message: str, **headers: Any) -> None:
        body = json.dumps({"error": {"message": message, "type": "x"}}).encode()
        self.answer(body, status=status, kind="application/json", **headers)


Answer = Callable[[Request], None]


class SpeechServer:
    """Speaks; `answers` come first, one a request."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.always: Answer = Request.speak
        self.requests: list[Request] = []
        self.times: list[float] = []
        self.at_once = self.most_at_once = 0
        lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = Request(self)
                with lock:
                    outer.requests.append(request)
                    outer.times.append(time.monotonic())
                    outer.at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer.at_once)
                    answer = outer.answers.pop(0) if outer.answers else outer.always
                try:
                    answer(request)
                except OSError:
                    self.close_connection = True
                finally:
                    with lock:
                        outer.at_once -= 1

            def log_message(self, *_: object) -> None: ...

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None: ...

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def inputs(self) -> list[str]:
        return [request.asked["input"] for request in self.requests]

    def reset(self) -> None:
        self.answers, self.always, self.requests, self.times = [], Request.speak, [], []
        self.most_at_once = self.at_once

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
