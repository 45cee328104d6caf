"""Each rule of feeds finds its own fault, and nothing else, on a real server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tts_pipeline.check.feed import served
from tts_pipeline.check.feed.judge import Asked
from tts_pipeline.check.rules import RULES
from tts_pipeline.errors import SourceError
from tts_pipeline.post.sources.look import Look

from .world import World, chapters, picture, world

Fault = Callable[[World], object]


def swap(old: str, new: str) -> Fault:
    return lambda of: of.swap(old, new)


def put(path: str, body: bytes, kind: str) -> Fault:
    return lambda of: of.files.update({path: (body, kind)})


def drop(path: str) -> Fault:
    return lambda of: of.files.pop(path)


def told(path: str, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda of: of.changed.update({path: named})


def hide(path: str, name: str) -> Fault:
    return lambda of: of.hidden.update({path: {name}})


def cover(*, kind: str = "image/jpeg", **made: Any) -> Fault:
    return put("/cover.jpg", picture(**made), kind)


def cover_at(path: str, body: bytes, kind: str) -> Fault:
    def fault(of: World) -> None:
        of.swap("/cover.jpg", path)
        of.files[path] = body, kind

    return fault


def many(of: World) -> None:
    """Without files of their own: a thousand more than are asked for."""
    old = of.items[-1]
    of.items += [
        old.replace("letter-1", f"old-{n}")
        .replace("/1.mp3", f"/{n}.mp3")
        .replace("01 Apr", "01 Mar")
        for n in range(3, 1003)
    ]
    newest = of.items[0]
    of.items[:1] = [
        newest.replace("letter-2", f"new-{n}").replace("/2.mp3", f"/2.mp3?{n}") for n in range(10)
    ]


def named_m4a(of: World) -> None:
    of.swap("/2.mp3", "/2.m4a")
    of.files["/2.m4a"] = of.files["/2.mp3"]


def moved(of: World) -> None:
    """The feed answers from elsewhere."""
    of.files["/feed.xml"] = of.text().encode(), "application/rss+xml"
    of.files["/new.xml"] = of.files["/feed.xml"]
    of.site.pages["/feed.xml"] = lambda r: r.answer(status=302, Location="/new.xml")


def page(body: str) -> Fault:
    """The feed goes on at /older.xml."""

    def fault(of: World) -> None:
        of.swap(
            '<a:link rel="self"', '<a:link rel="next" href="{url}/older.xml"/><a:link rel="self"'
        )
        of.files["/older.xml"] = body.replace("{url}", of.url).encode(), "application/rss+xml"

    return fault


def ends(item: str) -> str:
    return f"<rss version='2.0'><channel>{item}</channel></rss>"


AGAIN = ends(
    "<item><title>Letter 1</title><guid>letter-1</guid><description>x</description>"
    "<pubDate>Tue, 02 Apr 2024 09:30:00 GMT</pubDate>"
    "<enclosure url='{url}/1.mp3' length='5120' type='audio/mpeg'/>"
    "<duration xmlns='http://www.itunes.com/dtds/podcast-1.0.dtd'>1</duration></item>"
)
LONG = "x" * 4001
ROWS: list[tuple[str, str, Fault]] = [
    ("feed.xml", "a bare ampersand", swap("Harbour Radio", "Harbour & Radio")),
    ("feed.xml", "cut in the middle", lambda of: setattr(of, "feed", of.feed[:600])),
    ("feed.xml", "entities", swap("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss")),
    ("feed.xml", "an unknown encoding", swap("'1.0'", "'1.0' encoding='klingon'")),
    ("feed.xml", "far too deep", swap("Words", "Words</description>" + "<x>" * 101 + "</x>" * 101 + "<description>")),
    ("feed.rss", "a web page", put("/feed.xml", b"<!DOCTYPE html><title>x</title>", "text/xml")),
    ("feed.rss", "Atom", put("/feed.xml", b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "text/xml")),
    ("feed.rss", "no channel", put("/feed.xml", b"<rss version='2.0'/>", "text/xml")),
    ("feed.empty", "no item", lambda of: of.items.clear()),
    ("feed.large", "over 5 MB", swap("<p:guid>", f"<!-- {'x' * 5_000_000} --><p:guid>")),
    ("feed.many", "a thousand", many),
    ("feed.type", "as a page", told("/feed.xml", Content_Type="text/html")),
    ("feed.validators", "neither", hide("/feed.xml", "ETag")),
    ("feed.unchanged", "always sent", lambda of: of.forgetful.add("/feed.xml")),
    ("feed.moved", "for a while", moved),
    ("feed.self", "missing", swap('<a:link rel="self" href="{url}/feed.xml"/>', "")),
    ("feed.self", "another", swap("/feed.xml", "/old.xml")),
    ("feed.guid", "missing", swap("<p:guid>{guid}</p:guid>", "")),
    ("feed.guid", "not one", swap("{guid}", "harbour")),
    ("pages.broken", "missing", lambda of: (page("")(of), of.files.pop("/older.xml"))),
    ("pages.broken", "in a circle", page(ends('<link xmlns="http://www.w3.org/2005/Atom" rel="prev-archive" href="/feed.xml"/>'))),
    ("pages.broken", "no feed", page("<feed/>")),
    ("pages.twice", "an episode again", page(AGAIN)),
    ("show.title", "missing", swap("<title>Harbour Radio</title>", "")),
    ("show.title", "empty", swap("Harbour Radio", " ")),
    ("show.description", "missing", swap("<description>Letters from a harbour.</description>", "")),
    ("show.description", "too long", swap("Letters from a harbour.", LONG)),
    ("show.language", "missing", swap("<language>pt-br</language>", "")),
    ("show.language", "a name", swap("pt-br", "Portuguese")),
    ("show.language", "with an underscore", swap("pt-br", "pt_BR")),
    ("show.category", "none", swap('<i:category text="Society &amp; Culture"><i:category text="Places &amp; Travel"/></i:category>', "")),
    ("show.category", "unknown", swap("Society &amp; Culture", "Society")),
    ("show.category", "in small letters", swap("Places &amp; Travel", "places &amp; travel")),
    ("show.category", "of another", swap("Places &amp; Travel", "Books")),
    ("show.explicit", "missing", swap("<i:explicit>false</i:explicit>", "")),
    ("show.explicit", "empty", swap("<i:explicit>false<", "<i:explicit><")),
    ("show.explicit", "of old", swap("<i:explicit>false<", "<i:explicit>clean<")),
    ("show.author", "missing", swap("<i:author>The Harbour</i:author>", "")),
    ("show.link", "missing", swap("<link>{url}/</link>", "")),
    ("show.link", "a script", swap("<link>{url}/<", "<link>javascript:alert(1)<")),
    ("show.type", "unknown", swap("<i:author>", "<i:type>weekly</i:type><i:author>")),
    ("show.value", "complete", swap("<i:author>", "<i:complete>true</i:complete><i:author>")),
    ("show.value", "locked", swap("<i:author>", "<p:locked>true</p:locked><i:author>")),
    ("show.value", "medium", swap("<i:author>", "<p:medium>radio</p:medium><i:author>")),
    ("show.value", "moved to nowhere", swap("<i:author>", "<i:new-feed-url>soon</i:new-feed-url><i:author>")),
    ("cover.missing", "no tag", swap('<i:image href="{url}/cover.jpg"/>', "")),
    ("cover.missing", "not there", drop("/cover.jpg")),
    ("cover.missing", "no address", swap("{url}/cover.jpg", "cover.jpg")),
    ("cover.kind", "a GIF", put("/cover.jpg", b"GIF89a" + bytes(100), "image/jpeg")),
    ("cover.kind", "damaged", put("/cover.jpg", picture()[:-3000], "image/jpeg")),
    ("cover.size", "small", cover(side=1399)),
    ("cover.size", "large", cover(side=3001)),
    ("cover.size", "not square", cover(side=1400, high=1500)),
    ("cover.colour", "grey", cover(mode="L")),
    ("cover.colour", "for print", cover(mode="CMYK")),
    ("cover.colour", "transparent", cover_at("/c.png", picture(mode="RGBA", kind="PNG"), "image/png")),
    ("cover.weight", "heavy", put("/cover.jpg", picture() + bytes(512_000), "image/jpeg")),
    ("cover.served", "as another", cover(kind="image/png")),
    ("cover.served", "PNG called jpg", put("/cover.jpg", picture(kind="PNG"), "image/png")),
    ("item.title", "missing", swap("<title>Letter 2</title>", "")),
    ("item.numbered", "in words", swap("Letter 2", "Episode 2: A letter")),
    ("item.numbered", "in signs", swap("Letter 2", "S1 E2 A letter")),
    ("item.description", "missing", lambda of: of.items.__setitem__(0, of.items[0].replace("description", "subject"))),
    ("item.description", "too long", swap("Words.", LONG)),
    ("item.description", "tables", swap("Words.", "&lt;table>x&lt;/table>")),
    ("item.date", "missing", swap("<pubDate>Tue, 02 Apr 2024 09:30:00 +0200</pubDate>", "")),
    ("item.date", "of another standard", swap("Tue, 02 Apr 2024 09:30:00 +0200", "2024-04-02T09:30:00Z")),
    ("item.date", "no such day", swap("Tue, 02 Apr", "Tue, 31 Apr")),
    ("item.future", "next year", swap("2024", "2027")),
    ("item.duration", "missing", swap("<i:duration>90</i:duration>", "")),
    ("item.duration", "by the clock", swap("<i:duration>90<", "<i:duration>1:30<")),
    ("item.duration", "in parts", swap("<i:duration>90<", "<i:duration>90.5<")),
    ("item.explicit", "no", swap("<i:explicit>false</i:explicit>\n   <p:t", "<i:explicit>no</i:explicit>\n   <p:t")),
    ("item.number", "none in a serial", swap("<i:author>", "<i:type>serial</i:type><i:author>")),
    ("item.number", "zero", swap("<i:duration>", "<i:episode>0</i:episode><i:duration>")),
    ("item.number", "in words", swap("<i:duration>", "<i:season>one</i:season><i:duration>")),
    ("item.chapters", "out of order", swap('start="00:01"', 'start="0"')),
    ("item.chapters", "after the end", swap('start="00:01"', 'start="00:02:00"')),
    ("item.chapters", "no time", swap('start="00:01"', 'start="soon"')),
    ("item.notes", "out of order", swap("(00:10)", "(01:10)")),
    ("item.notes", "not from the start", swap("(00:00)", "(00:01)")),
    ("item.notes", "after the end", swap("(01:00)", "(02:00)")),
    ("item.soundbite", "short", swap('duration="30"', 'duration="14"')),
    ("item.soundbite", "too late", swap('startTime="10"', 'startTime="80"')),
    ("guid.missing", "missing", swap('<guid isPermaLink="false">letter-2</guid>', "")),
    ("guid.twice", "twice", swap("letter-2", "letter-1")),
    ("enclosure.missing", "missing", swap('<enclosure url="{url}/2.mp3" length="5120" type="audio/mpeg"/>', "")),
    ("enclosure.url", "not ASCII", swap("{url}/2.mp3", "{url}/über.mp3")),
    ("enclosure.url", "with a space", swap("{url}/2.mp3", "{url}/a b.mp3")),
    ("enclosure.url", "of a disk", swap("{url}/2.mp3", "file:///etc/2.mp3")),
    ("enclosure.length", "missing", swap('length="5120"', "")),
    ("enclosure.length", "zero", swap('length="5120"', 'length="0"')),
    ("enclosure.type", "unknown", swap('type="audio/mpeg"', 'type="sound"')),
    ("enclosure.type", "not that of the name", named_m4a),
    ("enclosure.twice", "twice", swap("{url}/2.mp3", "{url}/1.mp3")),
    ("enclosure.gone", "not there", drop("/2.mp3")),
    ("enclosure.gone", "on a private host", swap("{url}/2.mp3", "http://10.1.2.3/2.mp3")),
    ("enclosure.bytes", "shorter", put("/2.mp3", bytes(5119), "audio/mpeg")),
    ("enclosure.served", "as text", told("/2.mp3", Content_Type="text/html")),
    ("enclosure.head", "not known", lambda of: of.refused.add("/2.mp3")),
    ("enclosure.range", "not known", lambda of: of.whole.add("/2.mp3")),
    ("enclosure.range", "another part", told("/2.mp3", Content_Range="bytes 2-3/5120")),
    ("transcript.type", "unknown", swap('type="text/vtt"', 'type="vtt"')),
    ("transcript.gone", "not there", drop("/2.vtt")),
    ("transcript.served", "as text", told("/2.vtt", Content_Type="text/plain")),
    ("transcript.shared", "not shared", hide("/2.vtt", "Access-Control-Allow-Origin")),
    ("chapterfile.gone", "not there", drop("/2.json")),
    ("chapterfile.gone", "too large", put("/2.json", b" " * 5_000_001, "application/json")),
    ("chapterfile.served", "as text", told("/2.json", Content_Type="text/plain")),
    ("chapterfile.shared", "not shared", hide("/2.json", "Access-Control-Allow-Origin")),
    ("chapterfile.contents", "not JSON", put("/2.json", b"<x/>", "application/json")),
    ("chapterfile.contents", "no chapters", put("/2.json", chapters(), "application/json")),
    ("chapterfile.contents", "no start", put("/2.json", chapters(None), "application/json")),  # type: ignore[arg-type]
    ("chapterfile.contents", "no version", put("/2.json", b'{"chapters":[{"startTime":0}]}', "application/json")),
    ("chapterfile.contents", "nested", put("/2.json", b"[" * 100_000, "application/json")),
    ("chapterfile.order", "out of order", put("/2.json", chapters(0, 60, 10), "application/json")),
    ("chapterfile.end", "after the end", put("/2.json", chapters(0, 600), "application/json")),
]  # fmt: skip


@pytest.fixture
def good() -> Iterator[World]:
    with world() as made:
        yield made


def test_a_feed_of_another_program_that_is_right(good: World) -> None:
    checked = good.check()
    assert checked.findings == ()
    assert (checked.right, checked.episodes, checked.unasked) == (True, 2, None)


@pytest.mark.parametrize(
    ("rule", "fault"), [pytest.param(r, f, id=f"{r}: {n}") for r, n, f in ROWS]
)
def test_a_planted_fault_is_found_and_nothing_else(good: World, rule: str, fault: Fault) -> None:
    fault(good)
    checked = good.check()
    assert {finding.rule for finding in checked.findings} == {rule}
    assert checked.right is all(finding.severity == "warning" for finding in checked.findings)
    for finding in checked.findings:
        assert len(finding.message) < 700
        # What is of one episode says which.
        if not rule.startswith(("feed.", "show.", "cover.", "pages.broken")):
            assert "Letter" in finding.where or "letter" in finding.where


def test_the_severity_is_that_of_the_rule() -> None:
    with world() as made:
        made.swap("Letters from a harbour.", LONG)
        made.swap("<p:guid>", '<i:category text="Sailing"/><p:guid>')
        checked = made.check()
    # The first category counts for Apple, and a long description is cut.
    assert {finding.severity for finding in checked.findings} == {"warning"}
    assert checked.right


# ---- addresses that are published ----------------------------------------------------------------


def test_a_published_feed_wants_https_and_the_guid_of_its_address() -> None:
    with world(host="podcast.example") as made:
        assert made.rules() == {"feed.https"}
    with world(host="podcast.example") as made:
        made.swap("{guid}", "917393e3-1b1e-5cef-ace4-edaa54e1f810")
        [guid] = [one for one in made.check().findings if one.rule == "feed.guid"]
        assert "leave it if the show has kept it from an earlier address" in guid.message


class Answers:
    """Stands for a server with a certificate: which addresses lead where."""

    def __init__(self, ends: dict[str, str]) -> None:
        self.ends = ends

    def look(self, method: str, url: str, **_: object) -> Look:
        if url not in self.ends:
            raise SourceError("nobody answers")
        return Look(self.ends[url], 200, {"etag": '"x"', "content-type": "text/xml"})


@pytest.mark.parametrize(
    ("plain", "rules"),
    [("https://a.example/f", set()), ("http://a.example/f", {"feed.https"}), (None, set())],
)
def test_http_leads_to_https(plain: str | None, rules: set[str]) -> None:
    url = "https://a.example/f"
    server = Answers({url: url} | ({"http://a.example/f": plain} if plain else {}))
    look = server.look("GET", url)
    found = served.findings(url, look, server)  # type: ignore[arg-type]
    assert {one.rule for one in found} - {"feed.unchanged"} == rules


# ---- how much is asked for -----------------------------------------------------------------------


def test_the_newest_ten_are_asked_for_whatever_their_order() -> None:
    with world(12) as made:
        made.items.reverse()
        made.files["/2.mp3"] = b"", "audio/mpeg"
        checked = made.check()
        assert checked.findings == ()
        assert checked.unasked == "files of 2 older episodes; --all asks for them"
        assert {path for _, path in made.calls if path.endswith(".mp3")} == {
            f"/{n}.mp3" for n in range(3, 13)
        }
        every = made.check(asked=Asked(None, None))
        assert {one.rule for one in every.findings} == {"enclosure.bytes"}
        assert every.unasked is None


def test_nothing_is_downloaded_but_what_must_be_read(good: World) -> None:
    good.check()
    assert sorted(set(good.calls)) == sorted(
        [("GET", f"/{n}.{kind}") for n in (1, 2) for kind in ("json", "mp3")]
        + [("HEAD", f"/{n}.{kind}") for n in (1, 2) for kind in ("mp3", "vtt")]
        + [("GET", "/cover.jpg"), ("GET", "/feed.xml")]
    )
    assert good.calls.count(("GET", "/1.mp3")) == 1  # for two bytes


def test_pages_are_walked_up_to_a_limit(good: World) -> None:
    link = '<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/p{n}.xml"/>'
    page(ends(link.replace("{n}", "0")))(good)
    for n in range(30):
        good.files[f"/p{n}.xml"] = ends(link.replace("{n}", str(n + 1))).encode(), "text/xml"
    checked = good.check()
    assert checked.findings == ()
    assert checked.unasked == "pages after 20; --all asks for them"


# ---- guids as they were --------------------------------------------------------------------------


def test_a_guid_that_changed_is_found_by_what_did_not(good: World) -> None:
    before = good.text().encode()
    assert good.rules(before=before) == set()
    for old, new in (
        ("letter-2", "other-2"),  # the sound is the same
        ("/2.mp3", "/2.mp3?again"),  # and now the link
        ("<link>{url}/2</link>", ""),  # and now title and date
    ):
        good.swap(old, new)
        good.files.pop("/feed.xml", None)
        [finding] = good.check(before=before).findings
        assert (finding.rule, finding.severity) == ("guid.changed", "error")
        assert "was 'letter-2'" in finding.message
    good.swap("Letter 2", "A letter")
    good.files.pop("/feed.xml")
    assert good.rules(before=before) == set()  # a new one, and an old one that is gone


def test_of_one_fault_in_many_episodes_ten_are_told_and_the_others_counted() -> None:
    with world(30) as made:
        made.items = [one.replace("<i:duration>90</i:duration>", "") for one in made.items]
        *told, last = made.check().findings
        assert len(told) == 10
        assert {one.rule for one in (*told, last)} == {"item.duration"}
        assert last.message == "and 20 more of the same"


def test_every_rule_of_feeds_has_its_fault() -> None:
    feeds = {rule for rule in RULES if rule.partition(".")[0] in GROUPS}
    elsewhere = {"feed.https", "guid.changed", "enclosure.old"}
    assert {rule for rule, _, _ in ROWS} == feeds - elsewhere


GROUPS = "feed pages show cover item guid enclosure transcript chapterfile".split()
