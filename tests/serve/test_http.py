"""What a client relies on: RFC 9110, and what directories and apps ask of a host."""

import os
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path

import feedparser
import httpx
import pytest

from tests.conftest import Workspace
from tests.feed.making import episode, show, store, written
from tests.serve.serving import serving
from tts_pipeline import qr
from tts_pipeline.cli import sites
from tts_pipeline.errors import ProfileError, ServeError

SOUND = bytes(range(256)) * 1024
NAME = "post-1-0a1b2c3d"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "build"
    store(out, episode())
    folder = out / "episodes" / "post-1"
    (folder / f"{NAME}.mp3").write_bytes(SOUND)
    (folder / f"{NAME}.vtt").write_text("WEBVTT\n")
    (folder / f"{NAME}.srt").write_text("1\n")
    (folder / f"{NAME}.html").write_text("<p>Words</p>")
    (folder / f"{NAME}.chapters.json").write_text(
        '{"version":"1.2.0","url":"https://example.org/podcast/episodes/post-1/"}'
    )
    (folder / "index.html").write_text("<h1>Page</h1>")
    (folder / ".1.tmp").write_text("half")
    (out / "feeds").mkdir()
    (out / "feeds" / "example.xml").write_bytes(written(show(), episode()))
    (out / "index.html").write_text(
        '<a href="https://example.org/podcast/feeds/example.xml">x</a>'
        '<a href="podcast://example.org/podcast/feeds/example.xml">x</a>'
        '<a href="https://example.org/about">x</a>'
    )
    (out / "404.html").write_text('<a href="https://example.org/podcast/">Not here</a>')
    (out / ".hidden").write_text("secret")
    for name in ("posts/blog/page.html", "library/index.json"):
        (out / name).parent.mkdir(parents=True)
        (out / name).write_text("secret")
    (out.parent / "outside.txt").write_text("secret")
    (out / "link.txt").symlink_to(out.parent / "outside.txt")
    (out / "linked").mkdir()
    (out / "linked" / "index.html").symlink_to(out.parent / "outside.txt")
    (out / "ours").symlink_to("library")
    (out / "half.txt").symlink_to(".hidden")
    return out


@pytest.fixture(scope="module")
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as address, httpx.Client(base_url=address) as client:
        yield client


def _raw(client: httpx.Client, path: str) -> bytes:
    """The answer to a path as it is; a client would tidy it."""
    url = client.base_url
    with socket.create_connection((url.host, url.port or 80)) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return wire.makefile("rb").read()


AUDIO = f"/episodes/post-1/{NAME}.mp3"


def test_a_whole_file_and_its_head(client: httpx.Client) -> None:
    got, head = client.get(AUDIO), client.head(AUDIO)
    assert got.content == SOUND
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "accept-ranges", "last-modified"):
        assert got.headers[name] == head.headers[name]
    assert got.headers["content-length"] == str(len(SOUND))
    assert got.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-299", 100, 300),
        ("bytes=262000-", 262000, 262144),
        ("bytes=-10", 262134, 262144),
        ("bytes=-999999999", 0, 262144),
        ("bytes=5-999999999", 5, 262144),
    ],
)
def test_one_range(client: httpx.Client, asked: str, start: int, end: int) -> None:
    got = client.get(AUDIO, headers={"Range": asked})
    assert got.status_code == 206
    assert got.content == SOUND[start:end]
    assert got.headers["content-range"] == f"bytes {start}-{end - 1}/{len(SOUND)}"


def test_many_ranges(client: httpx.Client) -> None:
    got = client.get(AUDIO, headers={"Range": "bytes=0-9,1000-1019,-5"})
    assert got.status_code == 206
    kind = got.headers["content-type"].encode()
    whole = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + got.content, policy=HTTP)
    parts = [part.get_payload(decode=True) for part in whole.iter_parts()]
    assert parts == [SOUND[:10], SOUND[1000:1020], SOUND[-5:]]


@pytest.mark.parametrize("asked", [f"bytes={len(SOUND)}-", "bytes=999999999-"])
def test_a_range_beyond_the_end(client: httpx.Client, asked: str) -> None:
    got = client.get(AUDIO, headers={"Range": asked})
    assert got.status_code == 416
    assert got.headers["content-range"] == f"bytes */{len(SOUND)}"


def test_ranges_in_other_units_do_not_count(client: httpx.Client) -> None:
    assert client.get(AUDIO, headers={"Range": "seconds=1-2"}).status_code == 200


def test_a_range_counts_only_while_the_file_is_the_same(client: httpx.Client) -> None:
    etag = client.head(AUDIO).headers["etag"]
    same = client.get(AUDIO, headers={"Range": "bytes=0-9", "If-Range": etag})
    other = client.get(AUDIO, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


@pytest.mark.parametrize("path", [AUDIO, "/feeds/example.xml", "/episodes/post-1/"])
def test_what_the_client_has_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    for asked in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        got = client.get(path, headers=asked)
        assert got.status_code == 304, asked
        assert got.content == b""
        assert got.headers["etag"] == first.headers["etag"]
    for asked in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "nonsense"},
        {"If-Modified-Since": "Mon, 01 Jan 99999999999999 00:00:00 GMT"},
        {"If-Modified-Since": "Mon, 01 Jan 2020 00:00:00 +99999999999999"},
    ):
        assert client.get(path, headers=asked).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (AUDIO, "audio/mpeg"),
        ("/feeds/example.xml", "application/rss+xml; charset=utf-8"),
        (f"/episodes/post-1/{NAME}.vtt", "text/vtt; charset=utf-8"),
        (f"/episodes/post-1/{NAME}.srt", "application/x-subrip; charset=utf-8"),
        (f"/episodes/post-1/{NAME}.chapters.json", "application/json+chapters"),
        ("/episodes/post-1/episode.json", "application/json"),
        ("/", "text/html; charset=utf-8"),
    ],
)
def test_types(client: httpx.Client, path: str, kind: str) -> None:
    assert client.get(path).headers["content-type"] == kind


def test_transcripts_chapters_and_feeds_may_be_read_by_players_elsewhere(
    client: httpx.Client,
) -> None:
    for end in ("vtt", "srt", "html", "chapters.json"):
        got = client.get(f"/episodes/post-1/{NAME}.{end}")
        assert got.headers["access-control-allow-origin"] == "*"
    assert client.get("/feeds/example.xml").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/").headers
    assert client.options("/feeds/example.xml").status_code == 204


def test_what_has_a_hash_in_its_name_is_kept_and_all_else_is_asked_for(
    client: httpx.Client,
) -> None:
    assert "immutable" in client.get(AUDIO).headers["cache-control"]
    assert client.get("/feeds/example.xml").headers["cache-control"] == "no-cache"


def test_a_folder_is_its_index_and_has_a_slash(client: httpx.Client) -> None:
    assert client.get("/episodes/post-1/").text == "<h1>Page</h1>"
    got = client.get("/episodes/post-1")
    assert (got.status_code, got.headers["location"]) == (308, "/episodes/post-1/")
    assert _raw(client, "//episodes//post-1").count(b"location: /episodes/post-1/") == 1
    assert client.get("/episodes/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt", "/%2e%2e/outside.txt", "/episodes/..%2f..%2f..%2foutside.txt",
        "/..%5coutside.txt", "/link.txt", "/.hidden", "/episodes/post-1/.1.tmp", "/%00",
        "/index.html/", "/" + "a" * 300, "//etc/passwd", "/nothing", "/posts/blog/page.html",
        "//posts//blog/page.html", "/%70osts/blog/page.html", "/library/index.json", "/library",
        "/linked/", "/ours/index.json", "/half.txt",
    ],
)  # fmt: skip
def test_nothing_hidden_nothing_outside_and_no_stranger_s_page_is_found(
    client: httpx.Client, path: str
) -> None:
    answer = _raw(client, path)
    assert answer.split()[1] in (b"404", b"400"), answer[:200]
    assert b"secret" not in answer
    assert b"root:" not in answer


def test_a_missing_page_is_a_page_for_people_and_a_sentence_for_programs(
    client: httpx.Client,
) -> None:
    page = client.get("/nothing", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Not here" in page.text
    assert str(client.base_url).rstrip("/") in page.text
    assert client.get("/nothing").text == "There is no such file here.\n"


def test_only_reading_is_allowed(client: httpx.Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert client.request(method, "/").status_code == 405


def test_feeds_name_this_server_and_the_files_stay_as_they_are(
    client: httpx.Client, out: Path
) -> None:
    before = (out / "feeds" / "example.xml").read_bytes()
    here = str(client.base_url).rstrip("/")
    parsed = feedparser.parse(client.get("/feeds/example.xml").content)
    [enclosure] = parsed.entries[0].enclosures
    assert enclosure.href.startswith(f"{here}/episodes/")
    assert client.get(enclosure.href).content == SOUND
    assert client.get(f"/episodes/post-1/{NAME}.chapters.json").json()["url"].startswith(here)
    host = here.removeprefix("http://")
    page = client.get("/").text
    assert f'"{here}/feeds/example.xml"' in page
    assert f'"podcast://{host}/feeds/example.xml"' in page
    assert "https://example.org/about" in page
    assert (out / "feeds" / "example.xml").read_bytes() == before


def test_behind_its_published_host_nothing_is_rewritten(client: httpx.Client, out: Path) -> None:
    got = client.get("/feeds/example.xml", headers={"Host": "example.org"})
    assert got.content == (out / "feeds" / "example.xml").read_bytes()


def test_no_host_of_a_request_gets_into_a_page_as_markup(client: httpx.Client) -> None:
    got = client.get("/", headers={"Host": 'x"><script>alert(1)</script>'})
    assert b"<script" not in got.content


def test_a_file_is_whole_while_it_is_replaced(client: httpx.Client, out: Path) -> None:
    """Half of one version and half of another would be neither."""
    path = out / "changing.bin"
    versions = [bytes([number]) * (200_000 + number * 70_001) for number in range(4)]
    ended = threading.Event()

    def replace() -> None:
        number = 0
        while not ended.is_set():
            beside = out / ".beside"
            beside.write_bytes(versions[number % 4])
            os.replace(beside, path)  # noqa: PTH105
            number += 1

    path.write_bytes(versions[0])
    thread = threading.Thread(target=replace)
    thread.start()
    try:
        seen = {client.get("/changing.bin").content for _ in range(60)}
    finally:
        ended.set()
        thread.join()
    assert seen <= set(versions)


def test_a_port_that_is_taken_is_a_sentence(workspace: Workspace) -> None:
    workspace.out.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = workspace.run("serve", "build", "--port", str(port), check=2).stderr
    assert f"cannot listen at 127.0.0.1, port {port}" in told
    assert "--port" in told


def test_what_cannot_be_served_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="there is no folder"):
        sites.serve(tmp_path / "none")
    with pytest.raises(ProfileError, match="give --watch"):
        sites.serve(tmp_path, posts=[tmp_path])


def test_in_the_network_it_tells_the_address_for_a_phone(out: Path) -> None:
    with serving(out, "--host", "0.0.0.0") as address:
        assert address.startswith("http://127.0.0.1:")
        assert httpx.get(address + "/").status_code == 200


def test_a_code_for_the_phone_leads_to_the_address() -> None:
    drawn = qr.terminal("http://192.168.1.20:8000/").splitlines()
    assert len({len(line) for line in drawn if line}) == 1
    assert len(drawn) > 10
