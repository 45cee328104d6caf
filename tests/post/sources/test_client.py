"""The client against servers that behave badly: real sockets, real time limits, short ones."""

import base64
import contextlib
import gzip
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tts_pipeline.errors import SourceError
from tts_pipeline.post.sources import guard
from tts_pipeline.post.sources.answer import GoneError, UnreachableError, shown
from tts_pipeline.post.sources.client import Client
from tts_pipeline.post.sources.encoding import TooLargeError
from tts_pipeline.post.sources.pace import Pace, Timeouts

from .serving import Request, Site


class Waits:
    """A pace that notes how long it would wait, and does not."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.pace = Pace(sleep=self.waited.append)


def client(site: Site, *, private: bool = True, **kw: Any) -> Client:
    kw.setdefault("pace", Waits().pace)
    kw.setdefault("pause", 0)
    return Client(named=(site.url,), allow_private=private, **kw)


def test_a_page_is_fetched_with_the_agent_and_its_charset(site: Site) -> None:
    site.put("/", "Grüße".encode("cp1252"), "text/html; charset=windows-1252")
    with client(site, agent="tts-pipeline/1 (+https://example.org)") as web:
        answer = web.get(site.url + "/")
    assert (answer.text, answer.type) == ("Grüße", "text/html")
    assert site.agents == ["tts-pipeline/1 (+https://example.org)"]


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.put("/", "text")
    with client(site) as web:
        first = web.get(site.url + "/")
        again = web.get(site.url + "/", remembered=first.remembered)
    assert not first.unchanged
    assert again.unchanged
    assert again.body == b""


def test_last_modified_is_sent_back(site: Site) -> None:
    seen = []

    def handle(request: Request) -> None:
        seen.append(request.headers.get("If-Modified-Since"))
        request.answer("x", Last_Modified="Tue, 02 Apr 2024 15:45:00 GMT")

    site.pages["/"] = handle
    with client(site) as web:
        first = web.get(site.url + "/")
        web.get(site.url + "/", remembered=first.remembered)
    assert seen == [None, "Tue, 02 Apr 2024 15:45:00 GMT"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site: Site, status: int) -> None:
    site.pages["/old"] = lambda request: request.answer(status=status, Location="/new")
    site.put("/new", "moved here")
    with client(site) as web:
        answer = web.get(site.url + "/old")
    assert (answer.text, answer.url) == ("moved here", site.url + "/new")


def test_redirects_end(site: Site) -> None:
    site.pages["/a"] = lambda request: request.answer(status=302, Location="/b")
    site.pages["/b"] = lambda request: request.answer(status=302, Location="/a")
    with client(site) as web, pytest.raises(SourceError, match="more than 8 redirects"):
        web.get(site.url + "/a")
    assert len(site.asked) == 9


def test_a_server_in_trouble_is_asked_again_ever_later(site: Site) -> None:
    answers = iter([503, 500, 200])
    site.pages["/"] = lambda request: request.answer("well again", status=next(answers))
    waits = Waits()
    with client(site, pace=waits.pace) as web:
        assert web.get(site.url + "/").text == "well again"
    assert waits.waited == [2, 4]


def test_a_server_that_stays_in_trouble_is_named(site: Site) -> None:
    site.pages["/"] = lambda request: request.answer(status=502)
    with client(site) as web, pytest.raises(UnreachableError) as caught:
        web.get(site.url + "/")
    assert str(caught.value) == (
        f"{site.url}/ cannot be fetched, in 4 attempts: it answers 502 Bad Gateway"
    )


def test_retry_after_is_heeded(site: Site) -> None:
    answers = iter([(429, {"Retry_After": "17"}), (200, {})])

    def handle(request: Request) -> None:
        status, headers = next(answers)
        request.answer(status=status, **headers)

    site.pages["/"] = handle
    waits = Waits()
    with client(site, pace=waits.pace) as web:
        web.get(site.url + "/")
    assert waits.waited == [17]


def test_retry_after_may_be_a_date_counted_from_the_answers_own(site: Site) -> None:
    answers = iter([503, 200])

    def handle(request: Request) -> None:
        request.date("Tue, 02 Apr 2024 15:45:00 GMT")
        request.answer(status=next(answers), Retry_After="Tue, 02 Apr 2024 15:45:30 GMT")

    site.pages["/"] = handle
    waits = Waits()
    with client(site, pace=waits.pace) as web:
        web.get(site.url + "/")
    assert waits.waited == [30]


def test_an_hour_is_not_waited(site: Site) -> None:
    site.pages["/"] = lambda request: request.answer(status=429, Retry_After="3600")
    with client(site) as web, pytest.raises(SourceError, match="asks to wait 3600 seconds"):
        web.get(site.url + "/")
    assert len(site.asked) == 1


def test_retry_after_may_be_a_date_in_an_answer_without_one(site: Site) -> None:
    answers = iter([503, 200])

    def handle(request: Request) -> None:
        request.undated()
        request.answer(status=next(answers), Retry_After="Tue, 02 Apr 2024 15:45:30 GMT")

    site.pages["/"] = handle
    waits: list[float] = []
    now = datetime(2024, 4, 2, 15, 45, tzinfo=UTC)
    with client(site, pace=Pace(sleep=waits.append, now=lambda: now)) as web:
        web.get(site.url + "/")
    assert waits == [30]


def test_a_host_that_asks_to_wait_for_long_is_left_alone_until_then(site: Site) -> None:
    """By every client of the run."""
    site.pages["/"] = lambda request: request.answer(status=429, Retry_After="3600")
    site.put("/b", "x")
    time = [0.0]
    pace = Pace(clock=lambda: time[0], sleep=lambda seconds: None)
    with client(site, pace=pace) as web, pytest.raises(UnreachableError, match="in one attempt"):
        web.get(site.url + "/")
    with client(site, pace=pace) as web:
        with pytest.raises(UnreachableError, match=r"/b was not asked for: .* has asked to wait"):
            web.get(site.url + "/b")
        assert site.asked == ["/"]
        time[0] = 3601
        assert web.get(site.url + "/b").text == "x"


def failures(web: Client, site: Site, paths: list[str]) -> list[str]:
    told = []
    for path in paths:
        try:
            web.get(site.url + path)
        except UnreachableError as error:
            told.append(str(error))
    return told


def test_a_host_that_is_down_is_not_asked_for_every_page(site: Site) -> None:
    paths = [f"/{n}" for n in range(10)]
    for path in paths:
        site.pages[path] = lambda request: request.answer(status=503)
    waits = Waits()
    with client(site, pace=waits.pace) as web:
        told = failures(web, site, paths)
    assert len(site.asked) == 4 + 4 + 1 + 1 + 1
    assert sum(waits.waited) == 2 * (2 + 4 + 8)
    assert "/9 was not asked for" in told[9]
    assert "has failed 5 times in a row" in told[9]


@pytest.mark.parametrize("status", [500, 503])
def test_pages_that_fail_are_not_their_host(site: Site, status: int) -> None:
    """Not where others come between, nor where the fault is a program's behind one page."""
    paths = [f"/{n}" for n in range(24)]
    for n, path in enumerate(paths):
        if n % 4 == 0 and status == 503:
            site.put(path, "x")
        else:
            site.pages[path] = lambda request: request.answer(status=status)
    site.put("/last", "x")
    with client(site) as web:
        assert not any("was not asked" in why for why in failures(web, site, paths))
        assert web.get(site.url + "/last").text == "x"


def test_what_is_not_there_is_told_from_trouble(site: Site) -> None:
    with client(site) as web, pytest.raises(GoneError, match="404 Not Found"):
        web.get(site.url + "/none")
    assert len(site.asked) == 1


def test_a_cut_connection_is_tried_again(site: Site) -> None:
    cuts = iter([True, True, False])

    def handle(request: Request) -> None:
        if next(cuts):
            request.start(200, Content_Length="1000")
            request.send(b"only this")
            request.cut()
        else:
            request.answer("whole")

    site.pages["/"] = handle
    with client(site) as web:
        assert web.get(site.url + "/").text == "whole"


def test_a_server_that_never_answers_is_left(site: Site) -> None:
    site.pages["/"] = lambda request: time.sleep(1)
    limits = Timeouts(connect=1, read=0.05, total=5)
    with client(site, timeouts=limits) as web, pytest.raises(SourceError, match="in time"):
        web.get(site.url + "/")


def test_a_server_that_drips_is_left(site: Site) -> None:
    """Each byte comes in time; the whole never would."""

    def drip(request: Request) -> None:
        request.start(200, Content_Length="1000000")
        for _ in range(200):
            request.send(b"x")
            time.sleep(0.02)

    site.pages["/"] = drip
    limits = Timeouts(connect=1, read=1, total=0.1)
    with client(site, timeouts=limits) as web, pytest.raises(SourceError, match="in time"):
        web.get(site.url + "/")


def test_an_endless_answer_is_cut(site: Site) -> None:
    def endless(request: Request) -> None:
        request.start(200, Connection="close")
        while True:
            request.send(b"x" * 65536)

    site.pages["/"] = endless
    with client(site) as web, pytest.raises(TooLargeError, match="1 MB are"):
        web.get(site.url + "/", most=1_000_000)


def _gzipped(size: int) -> bytes:
    return gzip.compress(b"\0" * size)


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", _gzipped(50_000_000)),
        ("gzip", _gzipped(900_000) * 2),
        ("deflate", zlib.compress(b"\0" * 50_000_000)),
        ("deflate", zlib.compress(b"\0" * 50_000_000, wbits=-15)),
    ],
    ids=["gzip", "members", "zlib", "bare"],
)
def test_a_bomb_is_not_unpacked(site: Site, coding: str, bomb: bytes) -> None:
    import tracemalloc

    site.pages["/"] = lambda request: request.answer(bomb, Content_Encoding=coding)
    with client(site) as web:
        tracemalloc.start()
        with pytest.raises(TooLargeError):
            web.get(site.url + "/", most=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda data: zlib.compress(data, wbits=-15)]
)
def test_a_packed_answer_is_unpacked(site: Site, pack: Callable[[bytes], bytes]) -> None:
    coding = "gzip" if pack is gzip.compress else "deflate"
    site.pages["/"] = lambda request: request.answer(pack(b"words " * 9), Content_Encoding=coding)
    with client(site) as web:
        assert web.get(site.url + "/").body == b"words " * 9


def test_a_coding_that_was_not_asked_for_is_refused(site: Site) -> None:
    site.pages["/"] = lambda request: request.answer(b"x", Content_Encoding="br")
    with client(site) as web, pytest.raises(SourceError, match="'br', which was not asked for"):
        web.get(site.url + "/")


def test_broken_gzip_is_said_to_be(site: Site) -> None:
    whole = gzip.compress(b"words " * 1000)
    site.pages["/"] = lambda request: request.answer(
        whole[:9] + b"\xff" * 30, Content_Encoding="gzip"
    )
    with client(site) as web, pytest.raises(SourceError, match="broken gzip"):
        web.get(site.url + "/")


# ---- private addresses -----------------------------------------------------------------------


def test_a_private_address_is_refused(site: Site) -> None:
    site.put("/", "secrets")
    with client(site, private=False) as web, pytest.raises(guard.RefusedError) as caught:
        web.get(site.url + "/")
    assert "allow_private" in str(caught.value)
    assert site.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://ida:SECRET@a.org:444/feed?sub=SECRET",
        "ftp://a.org/?sub=SECRET",
        "http://[?sub=SECRET",
    ],
)
def test_a_refused_address_is_told_without_its_query(target: str) -> None:
    with pytest.raises(guard.RefusedError) as caught:
        guard.see_allowed(target, frozenset())
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:0:4136:e378::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_addresses_that_are_public(address: str) -> None:
    assert guard.is_public(address)


def test_a_name_that_leads_to_a_private_address_is_refused(site: Site) -> None:
    site.put("/", "secrets")
    port = site.url.rpartition(":")[2]
    with (
        Client(named=("http://blog.example",), pause=0, resolver=lambda *_: ["127.0.0.1"]) as web,
        pytest.raises(guard.RefusedError, match=r"127\.0\.0\.1"),
    ):
        web.get(f"http://blog.example:{port}/")
    assert site.asked == []


def test_a_name_is_resolved_once_and_that_address_is_connected_to(site: Site) -> None:
    """A name server that answers otherwise the second time (DNS rebinding) gains nothing."""
    asked = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    site.put("/", "the page")
    port = site.url.rpartition(":")[2]
    named = f"http://blog.example:{port}"
    with Client(named=(named,), allow_private=True, pause=0, resolver=resolver) as web:
        assert web.get(named + "/").text == "the page"
    assert asked == ["blog.example"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "0x7f000001", "2130706433", "127.1", "localhost", "[::ffff:127.0.0.1]"]
)
def test_a_redirect_to_a_private_address_is_refused(site: Site, host: str) -> None:
    """The source's own host may be private here; the one that it leads to was never named."""
    port = site.url.rpartition(":")[2]
    site.put("/secret", "secrets")
    site.pages["/"] = lambda request: request.answer(
        status=302, Location=f"http://{host}:{port}/secret"
    )

    def resolver(name: str, at: int) -> list[str]:
        return ["127.0.0.1"] if name == "blog.example" else guard.resolve(name, at)

    named = f"http://blog.example:{port}"
    with (
        Client(named=(named,), allow_private=True, pause=0, resolver=resolver) as web,
        pytest.raises(SourceError),
    ):
        web.get(named + "/")
    assert site.took() == ["/"]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("file:///etc/passwd", "no http or https"),
        ("ftp://example.org/x", "no http or https"),
        ("gopher://example.org/x", "no http or https"),
        ("http://example.org:25/", "port 25"),
        ("http://[::1", "leads nowhere"),
    ],
)
def test_a_redirect_to_another_kind_of_place_is_refused(site: Site, target: str, why: str) -> None:
    site.pages["/"] = lambda request: request.answer(status=302, Location=target)
    with client(site) as web, pytest.raises(SourceError, match=why):
        web.get(site.url + "/")


def test_a_password_in_an_address_goes_to_that_site_alone(site: Site, other: Site) -> None:
    """Also for the links that lead on from there, which are written down without it."""
    seen: list[tuple[str, str | None]] = []

    def handle(request: Request) -> None:
        seen.append((request.path, request.headers.get("Authorization")))
        request.answer(status=302, Location=other.url + "/there") if request.path == "/out" else (
            request.answer("x")
        )

    for path in ("/feed", "/next", "/out"):
        site.pages[path] = handle
    other.pages["/there"] = handle
    named = site.url.replace("//", "//ann:p%40ss@")
    with Client(named=(named + "/feed", other.url), allow_private=True, pause=0) as web:
        assert web.get(named + "/feed").url == site.url + "/feed"
        web.get(site.url + "/next")
        web.get(site.url + "/out")
    told = "Basic " + base64.b64encode(b"ann:p@ss").decode()
    assert seen == [("/feed", told), ("/next", told), ("/out", told), ("/there", None)]


def test_secrets_are_not_printed() -> None:
    url = "https://ann:pass@example.org/feed?token=abc123&view=new&api_key=xyz"
    assert shown(url) == "https://example.org/feed?token=...&view=new&api_key=..."


# ---- manners ---------------------------------------------------------------------------------


def test_a_host_is_given_a_pause(site: Site) -> None:
    now, waits = [100.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    site.put("/", "x")
    with client(site, pause=1.5, pace=Pace(clock=lambda: now[0], sleep=sleep)) as web:
        web.get(site.url + "/")
        now[0] += 0.5
        web.get(site.url + "/")
    assert waits == [1.0]


def test_robots_txt_is_heeded_for_pages_and_asked_for_once(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    site.put("/private/a", "hidden")
    site.put("/open", "shown")
    with client(site) as web:
        assert web.get(site.url + "/open", page=True).text == "shown"
        with pytest.raises(SourceError, match=r"robots\.txt asks programs not to read it"):
            web.get(site.url + "/private/a", page=True)
        assert web.get(site.url + "/private/a").text == "hidden"
    assert site.asked == ["/robots.txt", "/open", "/private/a"]


@pytest.mark.parametrize(
    ("rules", "welcome"),
    [
        ("Disallow: /\nAllow: /posts/", {"/posts/1", "/posts/1?reply=2"}),
        ("Allow: /posts/\nDisallow: /", {"/posts/1", "/posts/1?reply=2"}),
        ("Disallow: /posts/1\nAllow: /posts/1", {"/posts/1", "/notes/1", "/posts/1?reply=2"}),
        ("Disallow: /*?reply=", {"/posts/1", "/notes/1"}),
        ("Disallow: /*/1$", {"/posts/1?reply=2"}),
        ("Disallow:", {"/posts/1", "/notes/1", "/posts/1?reply=2"}),
        (
            "Disallow: /\n\nUser-agent: tts-pipeline\nDisallow: /notes",
            {"/posts/1", "/posts/1?reply=2"},
        ),
    ],
)
def test_robots_txt_is_read_by_its_standard(site: Site, rules: str, welcome: set[str]) -> None:
    """RFC 9309: the longest rule counts, then Allow; `*` and `$` are marks."""
    site.put("/robots.txt", f"User-agent: *\n{rules}\n", "text/plain")
    seen = set()
    with client(site) as web:
        for path in ("/posts/1", "/notes/1", "/posts/1?reply=2"):
            site.put(path.partition("?")[0], "x")
            with contextlib.suppress(SourceError):
                web.get(site.url + path, page=True)
                seen.add(path)
    assert seen == welcome


def test_robots_txt_in_trouble_closes_a_site_and_a_missing_one_opens_it(
    site: Site, other: Site
) -> None:
    for each in (site, other):
        each.put("/a", "x")
    site.pages["/robots.txt"] = lambda request: request.answer(status=503)
    with client(site) as web:
        for path in ("/a", "/b"):
            with pytest.raises(SourceError, match=r"robots\.txt cannot be asked"):
                web.get(site.url + path, page=True)
    assert site.asked == ["/robots.txt"] * 4
    with client(other) as web:
        assert web.get(other.url + "/a", page=True).text == "x"


def test_robots_txt_may_ask_for_a_longer_pause(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7.5\n", "text/plain")
    site.put("/a", "x")
    waits = Waits()
    with client(site, pace=waits.pace) as web:
        web.get(site.url + "/a", page=True)
        web.get(site.url + "/a", page=True)
    assert waits.waited == pytest.approx([7.5, 7.5], abs=0.4)


def test_a_question_in_json_is_answered_in_json(site: Site) -> None:
    site.pages["/graphql"] = lambda request: request.answer(request.body, "application/json")
    site.put("/page", "<html>")
    with client(site) as web:
        assert web.ask(site.url + "/graphql", {"query": "é"}) == {"query": "é"}
        with pytest.raises(SourceError, match="does not answer in JSON"):
            web.ask(site.url + "/page", {})
