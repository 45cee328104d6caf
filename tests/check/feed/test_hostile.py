"""Feeds and servers that mean harm, or are broken: a sentence, within bounds, never a traceback."""

import gzip
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.check.checked import Checked
from tts_pipeline.check.feed import run, xml
from tts_pipeline.check.feed.asker import Folder
from tts_pipeline.check.feed.judge import Asked, Feed
from tts_pipeline.errors import PipelineError
from tts_pipeline.post.sources import guard
from tts_pipeline.post.sources.pace import Timeouts

from ...feed import making
from ...post.sources.serving import Request
from .world import FEED, ITEM, NOW, World, looker, world

LAUGHS = "<!DOCTYPE rss [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
GOOD = FEED.replace("{items}", ITEM * 2).encode()


def judged(data: bytes) -> Checked:
    feed = Feed(Folder(making.show(), Path("/nowhere")), Asked(None, None), NOW)
    feed.judge(data, "https://example.org/feed.xml", ("https://example.org/feed.xml",), ("x",))
    return feed.checked("feed")


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    assert not judged(data).right


@given(st.data())
@settings(max_examples=150)
def test_any_damage_to_a_feed_is_judged(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, min(len(GOOD), start + 200)))
    piece = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from(_PIECES)))
    checked = judged(GOOD[:start] + piece + GOOD[end:])
    for finding in checked.findings:
        assert finding.message.isprintable()
        assert finding.where.isprintable()


_PIECES = [
    b"<item>", b"</item>", b"<channel>", b"</channel>", b"<![CDATA[", b"]]>", b"<!--", b"&#x9b;31m",
    b"\xff\xfe", b"<item/>" * 3, b'<enclosure url="http://[" length="1"/>', b"99999999999999999999",
    b"<pubDate>Mon, 01 Jan 99999 00:00:00 GMT</pubDate>", b"\xe2\x80\xae", b'url="//"', b"-1", b"NaN",
    b"<rss>", b"\xd9\xa3", b'<x xmlns="http://www.itunes.com/dtds/podcast-1.0.dtd"/>',
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_entities_are_never_expanded(encoding: str) -> None:
    feed = f"<?xml version='1.0' encoding='{encoding}'?>{LAUGHS}<rss><channel>&a11;</channel></rss>"
    [finding] = judged(feed.encode(encoding)).findings
    assert finding.rule == "feed.xml"
    assert "entities" in finding.message


def test_a_file_of_this_machine_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    for outer in (
        f"<!DOCTYPE rss [<!ENTITY a SYSTEM 'file://{tmp_path}/secret'>]>",
        f"<!DOCTYPE rss SYSTEM 'file://{tmp_path}/secret'>",
    ):
        told = judged(f"{outer}<rss><channel><title>&a;</title></channel></rss>".encode())
        assert not told.right
        assert "the secret" not in str(told)


@pytest.mark.parametrize(
    "data",
    [
        b"<rss><channel>" + b"<x>" * 250_000,
        b"<rss><channel><item>" + b"<x/>" * 250_000 + b"</item></channel></rss>",
        b"<rss><channel>" + b"<x/>" * 250_000 + b"</channel></rss>",
        b"<rss>" + b"<channel/>" * 250_000 + b"</rss>",
    ],
    ids=["deep", "a wide item", "a wide channel", "many channels"],
)
def test_what_is_held_of_a_feed_is_bounded(data: bytes) -> None:
    rules = {finding.rule for finding in judged(data).findings}
    assert "feed.xml" in rules


def test_empty_items_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "_ITEMS", 2000)
    for count in (2000, 2001):
        checked = judged(b"<rss><channel>" + b"<item/>" * count + b"</channel></rss>")
        assert checked.episodes == 2000
        assert len(checked.findings) < 100
        assert ("feed.xml" in {one.rule for one in checked.findings}) is (count > 2000)


# ---- servers -------------------------------------------------------------------------------------


@pytest.fixture
def bad() -> Iterator[World]:
    with world() as made:
        yield made


def refused(of: World, handler: Callable[[Request], None], *, allow_private: bool = True) -> str:
    of.site.pages["/feed.xml"] = handler
    quick = Timeouts(connect=1, read=0.5, total=1)
    with (
        looker(of.url, timeouts=quick, allow_private=allow_private) as web,
        pytest.raises(PipelineError) as caught,
    ):
        run.of_address(f"{of.url}/feed.xml", web, now=NOW)
    return str(caught.value)


def endless(request: Request) -> None:
    request.start(200, Content_Type="text/xml")
    while True:
        request.send(b" ")
        time.sleep(0.05)


def test_a_feed_that_never_ends(bad: World) -> None:
    assert "does not answer in time" in refused(bad, endless)


def test_a_feed_that_is_silent(bad: World) -> None:
    assert "does not answer in time" in refused(bad, lambda _: time.sleep(1.5))


def test_a_feed_that_unpacks_to_more_than_is_read(bad: World) -> None:
    bomb = gzip.compress(bytes(60_000_000), 1)
    told = refused(bad, lambda r: r.answer(bomb, "text/xml", Content_Encoding="gzip"))
    assert "larger than 50 MB" in told


def test_a_feed_in_broken_gzip(bad: World) -> None:
    told = refused(bad, lambda r: r.answer(b"\x1f\x8bxx" * 9, "text/xml", Content_Encoding="gzip"))
    assert "broken gzip" in told


@pytest.mark.parametrize("status", [404, 500, 503, 204])
def test_a_feed_that_is_not_there(bad: World, status: int) -> None:
    assert f"answers {status}" in refused(bad, lambda r: r.answer(status=status))


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("/feed.xml", "more than 8 redirects"),
        ("http://169.254.169.254/latest", "private address"),
        ("file:///etc/passwd", "no http or https address"),
        ("http://[", "leads nowhere"),
    ],
)
def test_a_feed_that_leads_elsewhere(bad: World, to: str, told: str) -> None:
    bad.site.pages["/feed.xml"] = lambda r: r.answer(status=302, Location=to)
    with (
        looker(bad.url, resolver=lambda host, port: [host]) as web,
        pytest.raises(PipelineError, match=told),
    ):
        run.of_address(f"{bad.url}/feed.xml", web, now=NOW)


def test_a_private_address_is_refused_and_the_way_told(bad: World) -> None:
    told = refused(bad, lambda r: r.answer("never asked"), allow_private=False)
    assert "private address" in told
    assert "--allow-private" in told
    assert bad.site.asked == []


def test_a_sound_without_end_is_left_after_its_first_bytes(bad: World) -> None:
    sent = []

    def sound(request: Request) -> None:
        request.start(200, Content_Type="audio/mpeg", Content_Length="5120000000")
        while request.method == "GET":
            request.send(bytes(100_000))
            sent.append(100_000)

    bad.site.pages["/2.mp3"] = sound
    assert bad.rules() == {"enclosure.range", "enclosure.bytes"}
    assert sum(sent) < 100_000_000


def test_a_host_that_does_notanswer_is_asked_twice(bad: World) -> None:
    asked = []

    def silent(request: Request) -> None:
        asked.append(request.path)
        request.cut()

    bad.check()
    for path in list(bad.files):
        if path != "/feed.xml":
            bad.site.pages[path] = silent
    checked = bad.check()
    assert len(asked) == 2
    assert [one.rule for one in checked.findings] == ["cover.missing", "enclosure.gone"]
    assert checked.unasked == "more of 127.0.0.1, which does not answer"


def test_a_picture_of_a_billion_pixels_is_not_decoded(bad: World) -> None:
    size = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    bad.files["/cover.jpg"] = png, "image/png"
    assert bad.rules() == {"cover.size"}


def test_what_a_feed_says_cannot_steer_a_terminal(bad: World) -> None:
    bad.swap("letter-2", "a\u202eb\u009b2J")
    bad.swap("<i:duration>90</i:duration>", "")
    bad.swap("{url}/2.vtt", "{url}/\u009b2J.vtt")
    for finding in bad.check().findings:
        assert f"{finding.where}{finding.message}".isprintable()


@pytest.mark.parametrize(
    "url",
    [
        f"http://{'a' * 70}.example/x",
        "http://a..b/x",
        "http://x:99999999/x",
        "http://x:-1/x",
        "http://[::1/x",
        "http://[::1]/x",
        "http://[fe80::1%25eth0]/x",
        "http://0x7f.1/x",
        "http://2130706433/x",
        "http://127.0.0.1:22/x",
        "http://169.254.169.254/x",
        "http://xn--/x",
        "http://\u2100.example/x",
        "gopher://127.0.0.1/x",
        "//127.0.0.1/x",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_in_a_feed_that_must_not_or_cannot_be_asked(bad: World, url: str) -> None:
    bad.swap("{url}/2.vtt", url)
    bad.files["/feed.xml"] = bad.text().encode(), "text/xml"
    for path in bad.files:
        bad.site.pages[path] = bad.answer
    with looker(bad.url, resolver=guard.resolve) as web:
        findings = run.of_address(f"{bad.url}/feed.xml", web, now=NOW).findings
    assert [finding.rule for finding in findings] == ["transcript.gone"]
