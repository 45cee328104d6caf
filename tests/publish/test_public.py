"""What is asked of the public address, and what hubs are told; on real servers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from tests.publish.making import Library
from tests.serve.serving import serving
from tts_pipeline.model import Published


def _public(library: Library, base: str, **podcast: Any) -> None:
    """Give the show its public address, and write its feed anew."""
    changed = msgspec.structs.replace(library.show.podcast, **podcast)
    library.show = msgspec.structs.replace(library.show, base_url=base, podcast=changed)
    library.feed()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library")
    made.episodes(3)
    made.target.mkdir()
    return made


@contextmanager
def _listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _rules(published: Published) -> list[str]:
    return [finding.rule for finding in published.findings]


def test_each_new_sound_is_asked_for_once_and_all_when_that_is_asked(library: Library) -> None:
    with serving(library.target) as address:
        _public(library, address)
        first = library.publish(verify=None)
        assert (first.findings, first.verified) == ((), 3)
        assert library.publish(verify=None).verified == 0
        assert library.publish(verify=True).verified == 3
        library.episode("post-1", 2)
        library.feed()
        assert library.publish(verify=None).verified == 1


def test_a_server_without_ranges_is_an_error(library: Library) -> None:
    class NoRanges(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(library.target))

        def log_message(self, *_: Any) -> None: ...

    with _listening(NoRanges) as address:
        _public(library, address)
        published = library.publish(verify=None)
    assert _rules(published) == ["publish.range"] * 3
    assert not published.right
    assert "byte ranges" in published.findings[0].message


def test_what_is_not_at_its_address_is_an_error_and_asked_for_again(library: Library) -> None:
    with serving(library.target) as address:
        _public(library, f"{address}/elsewhere")
        for _ in range(2):
            published = library.publish(verify=None)
            assert _rules(published) == ["publish.absent"] * 3
            assert "404" in published.findings[0].message


def test_another_length_is_an_error(library: Library) -> None:
    with serving(library.target) as address:
        _public(library, address)
        library.publish()
        [sound] = library.target.glob("episodes/post-0/*.mp3")
        sound.write_bytes(b"cut off")
        published = library.publish(verify=None)
    assert _rules(published) == ["publish.length"]
    assert "7 bytes" in published.findings[0].message


def test_an_address_that_cannot_be_reached_is_one_warning(library: Library) -> None:
    with _listening(BaseHTTPRequestHandler) as address:
        pass  # nobody listens there any more
    _public(library, address)
    published = library.publish(verify=None)
    assert _rules(published) == ["publish.unreachable"]
    assert published.right
    assert library.publish(verify=False).findings == ()


def test_the_hub_is_told_when_the_feed_has_changed_until_it_has_heard(library: Library) -> None:
    heard: list[dict[str, list[str]]] = []
    answers = [503, 204, 204]

    class Hub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(parse_qs(body.decode()))
            self.send_response(answers[len(heard) - 1])
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    feed = "https://example.org/podcast/feeds/example.xml"
    with _listening(Hub) as hub:
        _public(library, "https://example.org/podcast", hub=hub)
        deaf = library.publish()
        assert _rules(deaf) == ["publish.hub"]
        assert (deaf.right, deaf.announced) == (True, ())
        assert library.publish().announced == (feed,)
        assert library.publish().announced == ()
        library.episode("post-0", 2)
        library.feed()
        assert library.publish().announced == (feed,)
    assert heard == [{"hub.mode": ["publish"], "hub.topic": [feed], "hub.url": [feed]}] * 3
