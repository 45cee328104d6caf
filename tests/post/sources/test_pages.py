"""Pages, sitemaps, charsets, and one page at once."""

import gzip
import random
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Medium, NamedSource, Post
from tts_pipeline.model.source import ForumSource, PageSource, SitemapSource
from tts_pipeline.post.sources import pages, single
from tts_pipeline.post.sources import sitemap as sitemap_
from tts_pipeline.post.sources.encoding import decoded, gunzipped, is_binary
from tts_pipeline.post.sources.found import Found

from .fetching import NOW, counted, fetch, posts, tree
from .forum_site import Forum
from .serving import Site

TEXT = "The ferry was late again, and nobody minded much. " * 12


def page(title: str, *, head: str = "", text: str = TEXT) -> str:
    return f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"


def test_pages_become_posts_with_what_they_say_of_themselves(site: Site, tmp_path: Path) -> None:
    head = '<meta name=author content="Ann Lee"><meta property="article:published_time" content="2024-04-02">'
    site.put("/one", page("One", head=head))
    site.put("/two.md", "# Two\n\nBy hand.", "text/markdown; charset=utf-8")
    site.put("/three.txt", "Three\n\nA & B.\n\nMore.", "text/plain")
    source = PageSource(urls=[site.url + path for path in ("/one", "/two.md", "/three.txt")])
    assert counted(fetch(source, tmp_path)) == {"new": 3}
    found = posts(tmp_path)
    assert (found["One"].author, found["One"].date) == ("Ann Lee", datetime(2024, 4, 2, tzinfo=UTC))
    assert found["One"].url == site.url + "/one"
    assert found["Two"].body.strip().endswith("By hand.")
    assert "<p>A &amp; B.</p>" in found["Three"].body
    site.took()
    assert counted(fetch(source, tmp_path)) == {"unchanged": 3}
    assert len(site.took()) == 3


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        ("{site}/real-one?x=1", "{site}/real-one?x=1"),
        ("/real-one#top", "{site}/real-one"),
        ("https://thief.example/one", "{site}/one"),
        ("{site}/", "{site}/one"),
        ("{site}", "{site}/one"),
        ("/", "{site}/one"),
        ("/?p=12", "{site}/?p=12"),
    ],
)
def test_a_page_may_name_its_address_on_its_own_site_alone(
    site: Site, tmp_path: Path, declared: str, kept: str
) -> None:
    site.put(
        "/one", page("One", head=f'<link rel=canonical href="{declared.format(site=site.url)}">')
    )
    fetch(PageSource(urls=[site.url + "/one"]), tmp_path)
    assert posts(tmp_path)["One"].url == kept.format(site=site.url)


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ('<base href="/deep/"><link rel=canonical href="real">', "/deep/real"),
        ('<meta property="og:url" content="one">', "/one"),
        ('<script type="application/ld+json">{"@type":"Article","mainEntityOfPage":"True"}</script>', "/one"),
    ],
)  # fmt: skip
def test_what_an_address_is_relative_to(site: Site, tmp_path: Path, head: str, kept: str) -> None:
    site.put("/one", page("One", head=head))
    fetch(PageSource(urls=[site.url + "/one"]), tmp_path)
    assert posts(tmp_path)["One"].url == site.url + kept


def test_the_first_page_may_name_itself(site: Site, tmp_path: Path) -> None:
    site.put("/index.html", page("One", head=f'<link rel=canonical href="{site.url}/">'))
    fetch(PageSource(urls=[site.url + "/index.html"]), tmp_path)
    assert posts(tmp_path)["One"].url == f"{site.url}/"


def test_what_is_no_page_is_said_and_the_others_are_kept(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"%PDF-1.4", "application/pdf")
    site.put("/b", b"\x89PNG\0\0", "image/png")
    site.put("/p", PNG, "text/html")
    site.put("/c", "   ")
    site.put("/d", page("Fine"))
    site.put("/robots.txt", "User-agent: *\nDisallow: /e\n", "text/plain")
    fetched = fetch(PageSource(urls=[site.url + f"/{name}" for name in "abcdefp"]), tmp_path)
    assert [one.status for one in fetched] == [
        *["failed"] * 3, "new", "failed", "skipped", "failed"
    ]  # fmt: skip
    told = [one.reason or "" for one in fetched]
    assert "no page but application/pdf" in told[0]
    assert "is empty" in told[2]
    assert "robots.txt" in told[4]
    assert "404" in told[5]
    assert "it holds no text" in told[6]


def test_a_page_that_vanished_stays(site: Site, tmp_path: Path) -> None:
    site.put("/one", page("One"))
    source = PageSource(urls=[site.url + "/one"])
    fetch(source, tmp_path)
    before = tree(tmp_path / "posts")
    del site.pages["/one"]
    [gone] = fetch(source, tmp_path)
    assert gone.status == "skipped"
    assert tree(tmp_path / "posts") == before


EMPTY = [
    "<html><title>One</title><body><script>app()</script><noscript>Use script.</noscript></body>",
    "<html><title>One</title><body><nav>Home</nav><div id=app></div><footer>2024</footer></body>",
    "<p><img src=a.png></p>",
    "<p><img src=a.png alt=''></p>",
    "<p>&nbsp;</p> * ",
]


@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_page_takes_no_posts_place(site: Site, tmp_path: Path, empty: str) -> None:
    site.put("/one", page("One"))
    source = PageSource(urls=[site.url + "/one"])
    fetch(source, tmp_path)
    before = tree(tmp_path / "posts")
    site.put("/one", empty)
    [left] = fetch(source, tmp_path)
    assert (left.status, left.reason) == ("skipped", "it has no text")
    assert tree(tmp_path / "posts") == before
    # The page as it was is news again.
    site.put("/one", page("One", text=TEXT + "More."))
    assert counted(fetch(source, tmp_path)) == {"changed": 1}


@pytest.mark.parametrize(
    "body",
    [
        "<img src=a.png alt='The harbour at dawn'>",
        "<form><p>All in a form.</p></form>",
        "Bare words",
        "<table><tr><td>1</table>",
    ],
)
def test_little_text_is_text(body: str) -> None:
    assert pages.has_text(Post("", "", Medium.HTML, body, ""))


def test_front_matter_from_the_web_breaks_nothing(site: Site, tmp_path: Path) -> None:
    site.put("/one", "---\ntitle: [\n---\n" + page("One"))
    [failed] = fetch(PageSource(urls=[site.url + "/one"]), tmp_path)
    assert "front matter cannot be read" in (failed.reason or "")


# ---- sitemaps --------------------------------------------------------------------------------


def sitemap(*places: tuple[str, str | None]) -> str:
    listed = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"
        for url, changed in places
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


def test_a_sitemap_through_an_index_packed_and_as_text(site: Site, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        site.put(f"/posts/{name}", page(name.upper()))
    site.put("/tags/x", page("Tag"))
    site.put(
        "/one.xml.gz",
        gzip.compress(
            sitemap((site.url + "/posts/a", None), (site.url + "/tags/x", None)).encode()
        ),
        "application/gzip",
    )
    site.put(
        "/two.txt",
        f"{site.url}/posts/b\n{site.url}/posts/c\nhttps://elsewhere.example/posts/z\n",
        "text/plain",
    )
    site.put(
        "/sitemap.xml",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{site.url}/one.xml.gz</loc></sitemap><sitemap><loc>{site.url}/two.txt</loc></sitemap></sitemapindex>',
        "application/xml",
    )
    fetched = fetch(SitemapSource(url=site.url + "/sitemap.xml", include="/posts/"), tmp_path)
    assert counted(fetched) == {"new": 3, "skipped": 1}
    assert set(posts(tmp_path)) == {"A", "B", "C"}


def test_a_page_that_its_sitemap_calls_unchanged_is_not_asked_for(
    site: Site, tmp_path: Path
) -> None:
    site.put("/a", page("A"))
    site.put("/b", page("B"))
    site.put("/sitemap.xml", sitemap((site.url + "/a", "2024-04-02"), (site.url + "/b", None)))
    source = SitemapSource(url=site.url + "/sitemap.xml")
    fetch(source, tmp_path)
    site.took()
    assert counted(fetch(source, tmp_path)) == {"unchanged": 2}
    assert site.took() == ["/sitemap.xml", "/b"]
    site.put("/sitemap.xml", sitemap((site.url + "/a", "2024-05-02"), (site.url + "/b", None)))
    fetch(source, tmp_path)
    assert "/a" in site.took()
    since = datetime(2024, 5, 30, tzinfo=UTC)
    assert counted(fetch(source, tmp_path, since=since)) == {"skipped": 1, "unchanged": 1}


def test_a_page_that_is_too_old_is_read_once(site: Site, tmp_path: Path) -> None:
    old = '<meta property="article:published_time" content="2015-01-01">'
    site.put("/a", page("A", head=old))
    site.put("/b", page("B", head=old))
    site.put("/sitemap.xml", sitemap((site.url + "/a", "2024-04-02"), (site.url + "/b", None)))
    source = SitemapSource(url=site.url + "/sitemap.xml", since=date(2024, 1, 1))
    told = [(one.status, one.reason) for one in fetch(source, tmp_path)]
    assert told == [("skipped", "it is older than 2024-01-01")] * 2
    site.took()
    assert [(one.status, one.reason) for one in fetch(source, tmp_path)] == told
    assert site.took() == ["/sitemap.xml", "/b"]
    assert counted(fetch(msgspec.structs.replace(source, since=None), tmp_path)) == {"new": 2}


def test_a_run_for_newer_posts_alone_forgets_nothing(site: Site, tmp_path: Path) -> None:
    site.put("/a", page("A"))
    site.put("/sitemap.xml", sitemap((site.url + "/a", "2024-04-02")))
    source = SitemapSource(url=site.url + "/sitemap.xml")
    fetch(source, tmp_path)
    for since in (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), None):
        site.took()
        assert "new" not in counted(fetch(source, tmp_path, since=since))
        assert site.took() == ["/sitemap.xml"]


def index(*urls: str) -> str:
    listed = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex>{listed}</sitemapindex>"


def test_a_sitemap_that_fails_leaves_the_others_of_its_index(site: Site, tmp_path: Path) -> None:
    site.put("/sitemap.xml", index(*(f"{site.url}/{name}.xml" for name in ("gone", "bad", "good"))))
    site.put("/bad.xml", page("No sitemap"))
    site.put("/good.xml", sitemap((site.url + "/a", None)))
    site.put("/a", page("A"))
    gone, bad, good = fetch(SitemapSource(url=site.url + "/sitemap.xml"), tmp_path)
    assert (gone.status, gone.url) == ("failed", site.url + "/gone.xml")
    assert "404" in (gone.reason or "")
    assert (bad.status, good.status) == ("failed", "new")


def test_an_index_of_too_many_sitemaps_ends(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap_, "_MOST", 30)
    site.put("/sitemap.xml", index(*(f"{site.url}/{n % 2}.xml?{n}" for n in range(50))))
    for n in (0, 1):
        site.put(f"/{n}.xml", index(*(f"{site.url}/none.xml?{n}" for n in range(20))))
    fetched = fetch(SitemapSource(url=site.url + "/sitemap.xml"), tmp_path)
    assert "lists too many sitemaps; 30 of a site are read" in (fetched[-1].reason or "")
    assert len(site.asked) == 30


@pytest.mark.parametrize(
    ("of_map", "of_page", "status"),
    [
        ("https://www.blog.example/s.xml", "https://blog.example/a", "failed"),
        ("https://blog.example/s.xml", "https://www.blog.example/a", "failed"),
        ("https://blog.example/s.xml", "https://shop.blog.example/a", "skipped"),
    ],
)
def test_www_is_the_same_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, of_map: str, of_page: str, status: str
) -> None:
    """Its pages are asked for, which no network answers here."""
    listed = [sitemap_.Listed(of_page, None, is_sitemap=False)]
    monkeypatch.setattr(sitemap_, "_pages", lambda *_: iter(listed))
    monkeypatch.setattr(pages, "visit", lambda url, *_: Found(key=url, title="A", failed="asked"))
    [one] = fetch(SitemapSource(url=of_map), tmp_path)
    assert one.status == status


def test_sitemaps_that_never_end_are_refused(site: Site, tmp_path: Path) -> None:
    site.put(
        "/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{site.url}/sitemap.xml</loc></sitemap></sitemapindex>",
    )
    site.put("/page.xml", page("Not a sitemap"))
    for path, why in (
        ("/sitemap.xml", "too many sitemaps"),
        ("/page.xml", "cannot be read as a sitemap"),
    ):
        [failed] = fetch(SitemapSource(url=site.url + path), tmp_path)
        assert why in (failed.reason or "")


def test_a_packed_bomb_is_not_unpacked(site: Site, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="larger"):
        gunzipped(gzip.compress(b"\0" * 3_000_000), 1_000_000)
    with pytest.raises(SourceError, match="ends in the middle"):
        gunzipped(gzip.compress(b"words" * 1000)[:-20], 1_000_000)


# ---- charsets --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("é".encode(), None, "é"),
        ("é".encode(), "iso-8859-1", "é"),
        ("é".encode("latin-1"), None, "é"),
        ("é".encode("latin-1"), "utf-8", "é"),
        ("“é”".encode("cp1252"), "iso-8859-1", "“é”"),
        ("ж".encode("koi8-r"), "koi8-r", "ж"),
        ("<meta charset=koi8-r>ж".encode("koi8-r"), None, "<meta charset=koi8-r>ж"),
        ('<?xml version="1.0" encoding="windows-1251"?><a>ж</a>'.encode("cp1251"), None, '<?xml version="1.0" encoding="windows-1251"?><a>ж</a>'),
        ("日本".encode("shift_jis"), "shift_jis", "日本"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本"),
        ("é".encode("utf-8-sig"), "latin-1", "é"),
        ("é".encode("utf-16"), None, "é"),
        ("abc".encode("utf-16-le"), None, "abc"),
        ("abc".encode("utf-16-be"), "utf-16-be", "abc"),
        (b"abc", "no-such-charset", "abc"),
        ("é".encode("latin-1"), "rot13", "é"),
        ("é".encode("latin-1"), "utf-7", "é"),
        (("é" * 50).encode() + b"\xff", None, "é" * 50 + "\ufffd"),
        ("<p>Просто текст.</p>".encode("utf-16-le"), "utf-16", "<p>Просто текст.</p>"),
        ("é: plain words\0 and more".encode(), "utf-8", "é: plain words and more"),
        (b"\0plain words", None, "plain words"),
        (b"", None, ""),
    ],
)  # fmt: skip
def test_charsets(data: bytes, declared: str | None, text: str) -> None:
    assert decoded(data, declared) == text


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0\\r\xa8f"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PNG, True),
        (b"%PDF-1.7\n1 0 obj << /Type /Catalog >>", True),
        (random.Random(1).randbytes(9000), True),
        (gzip.compress(bytes(range(256)) * 4, mtime=0), True),
        ("Words, é, ж.".encode("utf-16-le"), False),
        ("Words.".encode("utf-16"), False),
        (b"A page\0 with one such byte, and a form feed\f", False),
        ("日本".encode("iso2022_jp"), False),
        (b"", False),
    ],
    ids=["png", "pdf", "noise", "gzip", "utf-16", "mark", "one", "jis", "empty"],
)
def test_what_holds_no_text_is_known(data: bytes, expected: bool) -> None:
    assert is_binary(data, None) is expected


def test_words_of_running_text() -> None:
    assert (
        pages.text_words(
            "<nav>a b c</nav><p>one two</p><ul><li>three</li><li><p>four</p></li></ul>"
        )
        == 4
    )
    assert (
        pages.text_words("<div>one<br>two</div>") == 2
        or pages.text_words("<div>one <br>two</div>") == 2
    )
    assert pages.text_words("") == 0


# ---- one at once -----------------------------------------------------------------------------


def test_one_page_at_once(site: Site, tmp_path: Path) -> None:
    site.put("/one", page("One"))
    named = NamedSource("mine", PageSource(urls=[site.url + "/"], allow_private=True), "")
    path = single(site.url + "/one", [named], tmp_path, now=NOW)
    assert path.parent == tmp_path / "posts" / "_single"
    assert posts(tmp_path, "_single")["One"].url == site.url + "/one"
    assert single(site.url + "/one", [named], tmp_path, now=NOW) == path


def test_one_page_at_a_private_address_is_refused(site: Site, tmp_path: Path) -> None:
    site.put("/one", page("One"))
    with pytest.raises(SourceError, match="private address"):
        single(site.url + "/one", [], tmp_path, now=NOW)
    assert site.asked == []


def test_one_post_of_a_forum_comes_by_its_api(site: Site, tmp_path: Path) -> None:
    forum = Forum(site)
    post = forum.add(baseScore=42.0)
    named = NamedSource("forum", ForumSource(url=site.url, allow_private=True), "")
    single(post["pageUrl"], [named], tmp_path, now=NOW)
    assert posts(tmp_path, "_single")["About tide 0"].score == 42
