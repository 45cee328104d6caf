import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.conftest import Workspace
from tests.feed.making import episode, rewrite, show, store
from tests.site.making import keep, make, pages, spoken
from tts_pipeline.errors import FeedError, ProfileError, SiteError
from tts_pipeline.model import Omission, Select
from tts_pipeline.profile import show as profile

NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e"


def at(day: int) -> datetime:
    return datetime(2024, 4, day, tzinfo=UTC)


def read(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def texts(page: LexborHTMLParser, query: str) -> list[str]:
    return [node.text(strip=True) for node in page.css(query)]


def one(page: LexborHTMLParser, query: str) -> LexborNode:
    node = page.css_first(query)
    assert node is not None, query
    return node


def links_of(out: Path, page: Path) -> list[Path]:
    """Where a page's own links and files lie."""
    found = []
    for node in read(page).css("[href], [src]"):
        target = node.attributes.get("href") or node.attributes.get("src") or ""
        if not re.match(r"[a-z-]+:|#", target):
            path = (page.parent / target.split("#")[0]).resolve()
            found.append(path / "index.html" if target.endswith("/") else path)
    return found


def test_a_site_of_one_show(tmp_path: Path) -> None:
    store(tmp_path, episode("a", published=at(1)), episode("b", published=at(3), post_title="New"))
    result = make(tmp_path, show())
    assert (result.shows, result.episodes) == (1, 2)
    page = read(tmp_path / "example" / "index.html")
    assert texts(page, ".episodes a") == ["New", "A Title"]
    assert texts(page, "h1") == ["Example Show"]
    assert one(page, "#feed").attributes["value"] == "https://example.org/podcast/feeds/example.xml"
    assert texts(read(tmp_path / "index.html"), "h2") == ["Example Show"]
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "example.xml").touch()
    for path in tmp_path.rglob("*.html"):
        if path.name != "404.html":
            for target in links_of(tmp_path, path):
                assert target.is_file(), (path, target)


def test_an_episode_s_page_says_all_that_its_files_say(tmp_path: Path) -> None:
    made, timing = spoken(
        "a", ("Slate", [["Welcome."]]), ("Boats", [["Boats"], ["Old & small."]]), language="en-gb"
    )
    folder = keep(tmp_path, made, timing, Omission("image", "harbour.jpg", "a file's name"))
    stem = made.audio.removesuffix(".mp3")
    (folder / f"{stem}.vtt").write_text("WEBVTT\n")
    make(tmp_path, show())
    page = read(folder / "index.html")
    assert texts(page, "h1") == ["A Title"]
    assert texts(page, ".chapters a") == ["0:00Slate", "0:00Boats"]
    assert texts(page, "#text p") == ["Welcome.", "Old & small."]
    assert one(page, "#text").attributes["lang"] == "en-gb"
    assert one(page, "audio").attributes["src"] == made.audio
    assert "harbour.jpg" in one(page, "details").text()
    assert f"{stem}.vtt" in [node.attributes["href"] for node in page.css(".files a")]
    assert one(page, "link[rel=alternate]").attributes["href"] == "../../feeds/example.xml"
    said = json.loads(one(page, "script[type='application/ld+json']").text())
    assert said["@type"] == "PodcastEpisode"
    assert said["associatedMedia"]["contentUrl"].endswith(f"/episodes/a/{made.audio}")
    assert said["duration"] == "PT2S"
    assert said["isBasedOn"] == "https://example.org/a"
    for name in ("og:title", "og:audio", "og:image", "og:url"):
        assert one(page, f"meta[property='{name}']").attributes["content"]


def test_nothing_from_a_post_is_markup_and_no_link_runs_anything(tmp_path: Path) -> None:
    made, timing = spoken(
        "a", (NASTY, [[NASTY]]), post_title=NASTY, title=NASTY, author=NASTY, site=NASTY,
        url="javascript:alert(1)", tag=NASTY, language="en",
    )  # fmt: skip
    bad = msgspec.structs.replace(made.chapters[0], link="javascript:alert(1)")
    made = msgspec.structs.replace(made, chapters=(bad,))
    keep(tmp_path, made, timing, Omission("x", NASTY, NASTY))
    make(tmp_path, show(title=NASTY, description=NASTY, author=NASTY, copyright=NASTY))
    plain, plain_timing = spoken("b", ("One", [["One"]]))
    other = tmp_path / "other"
    keep(other, plain, plain_timing, Omission("x", "One", "one"))
    make(other, show(copyright="x", author="Else"))
    for path, like in (
        ("episodes/a/index.html", "episodes/b/index.html"),
        ("example/index.html", "example/index.html"),
        ("index.html", "index.html"),
    ):
        page, harmless = read(tmp_path / path), read(other / like)
        for query in ("script", "img", "[onerror]"):
            assert len(page.css(query)) == len(harmless.css(query)), (path, query)
        for node in page.css("a, link"):
            assert not (node.attributes.get("href") or "").startswith("javascript:")
    said = one(read(tmp_path / "episodes/a/index.html"), "script[type='application/ld+json']")
    assert json.loads(said.text())["name"] == NASTY


def pictured(out: Path, slug: str, mark: str = "12345678") -> str:
    """Lay an episode out that has a cover of its own; the cover's name."""
    name = f"{slug}-{mark}.jpg"
    folder = keep(out, *spoken(slug, ("One", [["One two."]]), cover=name))
    Image.new("RGB", (1400, 1400), "navy").save(folder / name)
    return name


def test_an_episode_s_own_cover_is_shown_on_its_page_and_in_lists(tmp_path: Path) -> None:
    store(tmp_path, episode("b", published=at(1)))
    name = pictured(tmp_path, "a")
    make(tmp_path, show())
    page = read(tmp_path / "episodes" / "a" / "index.html")
    cover = one(page, ".head img").attributes
    assert cover["src"] == name
    assert cover["srcset"] == f"../../assets/{name} 240w, {name} 1400w"
    assert (cover["width"], cover["height"], cover["alt"]) == ("1400", "1400", "Cover of A Title")
    own = f"https://example.org/podcast/episodes/a/{name}"
    assert one(page, "meta[property='og:image']").attributes["content"] == own
    with Image.open(tmp_path / "assets" / name) as small:
        assert small.size == (240, 240)
    rows = read(tmp_path / "example" / "index.html").css(".episodes img")
    shown = [(row.attributes["src"] or "").split("/")[-1].split("-")[0] for row in rows]
    assert shown == ["a", "example"], "beside covers of episodes, the show's stands for the others"
    assert {row.attributes["loading"] for row in rows} == {"lazy"}
    assert not read(tmp_path / "episodes" / "b" / "index.html").css(".head img")


def test_a_cover_that_is_not_there_is_not_shown_and_one_that_comes_is(tmp_path: Path) -> None:
    name = pictured(tmp_path, "a")
    path = tmp_path / "episodes" / "a" / name
    data = path.read_bytes()
    path.unlink()
    make(tmp_path, show())
    assert name not in (path.parent / "index.html").read_text()
    path.write_bytes(data)
    make(tmp_path, show())
    assert name in (path.parent / "index.html").read_text()
    assert make(tmp_path, show()).written == 0


def test_a_damaged_cover_is_a_sentence(tmp_path: Path) -> None:
    name = pictured(tmp_path, "a")
    path = tmp_path / "episodes" / "a" / name
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(SiteError, match=f"{name} cannot be shown"):
        make(tmp_path, show())


def assets(out: Path) -> set[str]:
    return {path.name for path in (out / "assets").iterdir()}


def see_nothing_is_missing(out: Path) -> None:
    """Each asset that a page names is there."""
    for path in out.rglob("*.html"):
        for name in re.findall(r"assets/([^\s\"']+)", path.read_text()):
            assert (out / "assets" / name).is_file(), (path, name)


def test_assets_that_no_page_names_go_once_the_pages_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = tmp_path / "mine"
    (theme / "assets").mkdir(parents=True)
    (theme / "assets" / "site.css").write_text("/* old */")
    out = tmp_path / "out"
    name = pictured(out, "a")
    pictured(out, "b", "99999999")
    ours = show(theme=str(theme))
    make(out, ours)
    (out / "assets" / "mine.png").touch()
    before = assets(out)
    (theme / "assets" / "site.css").write_text("/* new */")
    (out / "episodes" / "b" / "episode.json").unlink()
    renamed = msgspec.structs.replace(ours, title="A new cover")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make(out, renamed)
    see_nothing_is_missing(out)
    assert before <= assets(out)
    result = make(out, renamed)
    gone = before - assets(out)
    assert {each.split("-")[0] for each in gone} == {"site", "example", "b"}
    assert result.removed == len(gone)
    assert {name, "mine.png"} <= assets(out)
    see_nothing_is_missing(out)
    assert make(out, renamed).removed == 0


def test_assets_of_a_show_that_is_not_written_this_time_stay(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b", show="other"))
    make(tmp_path, show(), show(name="other"))
    before = assets(tmp_path)
    assert make(tmp_path, show()).removed == 0
    assert assets(tmp_path) == before
    see_nothing_is_missing(tmp_path)


def test_text_from_right_to_left_says_so(tmp_path: Path) -> None:
    made, timing = spoken("a", ("ים", [["שלום עולם"]]), language="he")
    keep(tmp_path, made, timing)
    make(tmp_path, show(language="ar"))
    page = read(tmp_path / "episodes" / "a" / "index.html")
    assert one(page, "#text").attributes["dir"] == "rtl"
    assert one(page, "h1").attributes["lang"] == "he"


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"))
    first = make(tmp_path, show())
    before = pages(tmp_path)
    second = make(tmp_path, show())
    assert second.written == 0
    assert second.unchanged == first.written
    assert pages(tmp_path) == before


def test_the_same_records_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    trees = []
    for name, order in (("one", "abc"), ("two", "cab")):
        store(tmp_path / name, *map(episode, order))
        make(tmp_path / name, show())
        trees.append({file: data for file, (data, _) in pages(tmp_path / name).items()})
    assert trees[0] == trees[1]


def test_a_changed_episode_changes_its_page_and_the_lists_that_name_it(tmp_path: Path) -> None:
    days = {f"e{number:03}": at(1).replace(year=1900 + number) for number in range(120)}
    store(tmp_path, *(episode(slug, published=day) for slug, day in days.items()))
    make(tmp_path, show())
    before = pages(tmp_path)
    rewrite(tmp_path, "e010", post_title="Renamed")
    make(tmp_path, show())
    changed = {name for name, what in pages(tmp_path).items() if before.get(name) != what}
    assert changed == {
        "episodes/e010/episode.json", "episodes/e010/index.html", "example/page-1.html",
        "example/search.json",
    }  # fmt: skip
    assert "Renamed" in (tmp_path / "example" / "page-1.html").read_text()


def test_a_transcript_that_comes_later_is_named(tmp_path: Path) -> None:
    folder = keep(tmp_path, *spoken("a", ("One", [["One two."]])))
    make(tmp_path, show())
    (folder / "a-0a1b2c3d.srt").write_text("1\n")
    make(tmp_path, show())
    assert "a-0a1b2c3d.srt" in (folder / "index.html").read_text()


def test_a_broken_page_is_made_again(tmp_path: Path) -> None:
    store(tmp_path, episode("a"))
    make(tmp_path, show())
    page = tmp_path / "episodes" / "a" / "index.html"
    whole = page.read_bytes()
    page.write_bytes(whole[: len(whole) // 2])
    make(tmp_path, show())
    assert page.read_bytes() == whole


def test_pages_that_are_no_more_go(tmp_path: Path) -> None:
    slugs = [f"e{number:03}" for number in range(60)]
    store(tmp_path, *map(episode, slugs))
    make(tmp_path, show())
    assert (tmp_path / "example" / "page-1.html").is_file()
    for slug in slugs[:30]:
        (tmp_path / "episodes" / slug / "episode.json").unlink()
    make(tmp_path, show())
    assert not list((tmp_path / "example").glob("page-*"))


def test_the_page_of_an_episode_that_is_gone_goes_too(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"), episode("c", show="other"))
    other = show(name="other")
    make(tmp_path, show(), other)
    (tmp_path / "episodes" / "a" / "episode.json").unlink()
    make(tmp_path, show())
    pages = {path.parent.name for path in tmp_path.glob("episodes/*/index.html")}
    assert pages == {"b", "c"}


def test_the_page_of_an_author_who_opted_out_goes(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b", author="Who opted out"))
    make(tmp_path, show())
    make(tmp_path, show(select=Select(removed_authors=("Who opted out",))))
    assert [path.parent.name for path in tmp_path.glob("episodes/*/index.html")] == ["a"]
    for path in ("sitemap.xml", "example/search.json", "example/index.html"):
        assert "Who opted out" not in (tmp_path / path).read_text()
        assert "episodes/b" not in (tmp_path / path).read_text()


def test_several_shows_and_an_episode_of_each(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b", show="other"))
    result = make(tmp_path, show(), show(name="other", title="The Other"))
    assert (result.shows, result.episodes) == (2, 2)
    assert texts(read(tmp_path / "index.html"), "h2") == ["Example Show", "The Other"]
    assert "The Other" in (tmp_path / "episodes" / "b" / "index.html").read_text()
    assert "The Other" not in (tmp_path / "episodes" / "a" / "index.html").read_text()
    addresses = re.findall(r"<loc>(.*?)</loc>", (tmp_path / "sitemap.xml").read_text())
    assert addresses == [
        f"https://example.org/podcast/{path}"
        for path in ("", "example/", "other/", "episodes/a/", "episodes/b/")
    ]


def test_a_show_without_episodes_still_has_its_page(tmp_path: Path) -> None:
    make(tmp_path, show())
    assert texts(read(tmp_path / "example" / "index.html"), ".episodes a") == []


def test_a_record_that_cannot_be_read_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    store(tmp_path, episode("a"), episode("b"))
    make(tmp_path, show())
    before = pages(tmp_path)
    path = tmp_path / "episodes" / "b" / "episode.json"
    whole = path.read_bytes()
    path.write_bytes(b"{")
    with pytest.raises(FeedError, match="episodes/b"):
        make(tmp_path, show(copyright="changed"))
    path.write_bytes(whole)
    after = pages(tmp_path)
    assert {name: what[0] for name, what in after.items()} == {
        name: what[0] for name, what in before.items()
    }


def test_a_name_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"rename feeds/episodes\.toml"):
        make(tmp_path, show(name="episodes"))


def test_a_theme_stands_in_for_our_templates_and_files(tmp_path: Path) -> None:
    theme = tmp_path / "mine"
    (theme / "assets").mkdir(parents=True)
    (theme / "episode.html").write_text(
        '{% extends "ours/episode.html" %}{% block foot %}<p>{{ asset("own.css") }}</p>{% endblock %}'
    )
    (theme / "assets" / "own.css").write_text("p { color: red }")
    (theme / "assets" / "site.css").write_text("/* mine */")
    out = tmp_path / "out"
    store(out, episode("a"))
    make(out, show(theme=str(theme)))
    page = read(out / "episodes" / "a" / "index.html")
    [own] = [path.name for path in out.glob("assets/own-*.css")]
    assert texts(page, "footer p")[0] == own
    [style] = out.glob("assets/site-*.css")
    assert style.read_text() == "/* mine */"
    (theme / "assets" / "site.css").write_text("/* changed */")
    make(out, show(theme=str(theme)))
    linked = one(read(out / "episodes" / "a" / "index.html"), "link[rel=stylesheet]")
    assert (out / "episodes/a" / (linked.attributes["href"] or "")).read_text() == "/* changed */"


def test_the_documented_theme_reaches_every_page(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "site.md").read_text(encoding="utf-8")
    (tmp_path / "mine" / "assets").mkdir(parents=True)
    (tmp_path / "mine" / "assets" / "my.css").write_text(":root { --accent: red }")
    for name, template in re.findall(r"```html\n{# mytheme/(\S+) #}\n(.*?)```", guide, re.DOTALL):
        (tmp_path / "mine" / name).write_text(template)
    out = tmp_path / "out"
    store(out, episode("a"))
    make(out, show(theme=str(tmp_path / "mine")))
    for page in ("index.html", "404.html", "example/index.html", "episodes/a/index.html"):
        assert "assets/my-" in (out / page).read_text(), page
    assert "Write to us." in (out / "episodes" / "a" / "index.html").read_text()


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{% if %}", "episode.html, line 1"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ asset('none.css') }}", "there is no asset none.css"),
        ("{% extends 'none.html' %}", "none.html"),
    ],
)
def test_a_wrong_template_is_a_sentence(tmp_path: Path, template: str, told: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "episode.html").write_text(template)
    store(tmp_path, episode("a"))
    with pytest.raises(SiteError, match=re.escape(told)):
        make(tmp_path, show(theme=str(tmp_path / "mine")))


def test_the_command_and_the_table_of_a_show(workspace: Workspace) -> None:
    workspace.post("one.md", "# One\n\nFirst words.\n")
    workspace.episode("posts")
    (workspace.root / "mine").mkdir()
    path = workspace.show()
    text = path.read_text()
    path.write_text(
        text + '[site]\ntheme = "mine"\n[site.links]\n"My app" = "https://a.example/x"\n'
    )
    told = workspace.run("site", "feeds/show.toml").stdout
    assert told.startswith("build/index.html: 1 show, 1 episode; ")
    shown = json.loads(workspace.run("site", "feeds/show.toml", "--json").stdout)
    assert shown["written"] == 0
    assert 'href="https://a.example/x"' in (workspace.out / "show" / "index.html").read_text()
    for wrong, sentence in (
        ('theme = "none"', "a folder neither beside the show nor in"),
        ('links = { x = "javascript:alert(1)" }', "must name http or https addresses"),
        ('thema = "mine"', "did you mean `theme`?"),
    ):
        path.write_text(f"{text}[site]\n{wrong}\n")
        with pytest.raises(ProfileError, match=sentence):
            profile.load(path)
