"""What a listener does, in a real browser, on pages that the real server serves."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, Response

from tests.conftest import Workspace
from tests.feed.making import show
from tests.serve.serving import serving
from tests.site.browsing import Visit, browsing
from tests.site.making import picture
from tts_pipeline import files
from tts_pipeline.site import showpages
from tts_pipeline.site.listing import Line
from tts_pipeline.site.theme import Theme

POST = """---
title: The Harbour
author: Field Notes
date: 2026-04-02
url: https://forum.example.org/posts/harbour
---
The lamps along the quay are lit one after the other. Nobody sees who does it.

Every evening it is the same.

## Boats

Most of the boats are small, and they are older than the people who row them. They lie upside down.

![quay.jpg](quay.jpg)

## The ferry

The ferry leaves at dawn. It carries letters and bread, and it comes back with fish and newspapers.
"""

TALK = """---
title: Two Keepers
author: Someone Else
date: 2026-03-02
url: https://forum.example.org/posts/keepers
image: pier.jpg
---
<article><p>It was raining.</p><h2>The night</h2>
<section class="dialogue-message"><section class="dialogue-message-header"><b>Ada</b></section>
<p>Did you see the lamps?</p></section>
<section class="dialogue-message"><section class="dialogue-message-header"><b>Ben</b></section>
<p>I did.</p></section></article>
"""

TIME = "document.querySelector('audio').currentTime"
PAUSED = "document.querySelector('audio').paused"


def library() -> list[Line]:
    """10,000 episodes, newest first."""
    start = datetime(1999, 1, 1, tzinfo=UTC)
    return [
        Line(
            slug=f"episode-{number}",
            title=f"Über den Fluß number {number}"
            if number == 4321
            else f"Essay {number} on rivers",
            author=f"Author {number % 300}",
            tag=None,
            published=start + timedelta(hours=number * 20),
            duration_ms=number * 1000,
            language="en",
        )
        for number in range(10_000, 0, -1)
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(browser: Browser, make_workspace: Callable[[], Workspace]) -> Iterator[str]:
    workspace = make_workspace()
    workspace.show(episode='cover = "title"\n[voices]\nspeakers = ["tone"]')
    workspace.post("harbour.md", POST)
    workspace.post("talk.html", TALK)
    Image.new("RGB", (1600, 1000), "navy").save(workspace.root / "posts" / "pier.jpg")
    workspace.episode("posts")
    workspace.run("site", "feeds/show.toml")
    workspace.run("feed", "feeds/show.toml")
    large = show(name="large", title="A Large Show")
    for name, data in showpages.render(large, "x.jpg", library(), Theme()):
        files.write(workspace.out / "large" / name, data, durable=False)
    files.write(workspace.out / "assets" / "x.jpg", picture(large))
    with serving(workspace.out) as address:
        yield address


def path_of(title: str, address: str, browser: Browser) -> str:
    visit = Visit(browser, address)
    visit.page.goto("/show/")
    path = visit.page.get_attribute(f".episodes a:has-text('{title}')", "href") or ""
    visit.close()
    return path.removeprefix("..")


@pytest.fixture(scope="module")
def episode(address: str, browser: Browser) -> str:
    return path_of("The Harbour", address, browser)


@pytest.fixture(scope="module")
def talk(address: str, browser: Browser) -> str:
    return path_of("Two Keepers", address, browser)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    visits: list[Visit] = []

    def go(path: str, **options: Any) -> Page:
        visits.append(Visit(browser, address, **options))
        visits[-1].page.goto(path)
        return visits[-1].page

    yield go
    for each in visits:
        each.close()


@pytest.fixture
def player(visit: Callable[..., Page], episode: str) -> Page:
    page = visit(episode)
    until(page, "document.querySelector('audio').readyState > 0")
    return page


def until(page: Page, holds: str) -> None:
    """Wait for as long as a slow machine may take; the page's own policy forbids to wait in it."""
    for _ in range(600):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came: {holds}")


def answers_of(page: Page) -> list[Response]:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  kept on it
    return answers


def time(page: Page) -> float:
    return float(page.evaluate(TIME))


def start_of(page: Page, sentence: str) -> float:
    """Where a sentence begins, as its page says."""
    return float(page.get_attribute(f"#text [data-t]:text('{sentence}')", "data-t") or "nan")


def test_it_plays_and_the_transcript_follows(player: Page) -> None:
    assert player.evaluate("document.querySelector('audio').duration") > 10
    player.keyboard.press("k")
    until(player, f"{TIME} > 0.3")
    player.wait_for_selector("#text [aria-current=true]", state="attached")
    seen = player.inner_text("#text [aria-current=true]")
    until(player, f"document.querySelector('#text [aria-current=true]').textContent !== {seen!r}")
    assert player.locator("#text [aria-current=true]").count() == 1
    player.keyboard.press("k")
    assert player.evaluate(PAUSED)


def test_a_chapter_seeks_and_shows_its_text(player: Page) -> None:
    link = player.locator(".chapters a", has_text="The ferry")
    link.click()
    until(player, f"!{PAUSED}")
    began = float(link.get_attribute("data-t") or "nan")
    assert began <= time(player) < began + 5
    assert link.get_attribute("aria-current") == "true"
    current = player.locator("#text [aria-current=true]")
    box, view = current.bounding_box(), player.viewport_size
    assert box
    assert view
    assert 0 < box["y"] < view["height"]


def test_a_click_on_a_word_plays_from_that_word(player: Page) -> None:
    sentence = "Most of the boats are small"
    box = player.evaluate(
        """start => {
          const span = [...document.querySelectorAll("#text [data-t]")]
            .find(each => each.textContent.startsWith(start));
          span.scrollIntoView({ block: "center" });
          const range = new Range(), at = span.textContent.indexOf("older");
          range.setStart(span.firstChild, at + 1);
          range.setEnd(span.firstChild, at + 3);
          const { x, y, width, height } = range.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        }""",
        sentence,
    )
    player.evaluate("document.querySelector('audio').play = async () => {}")  # stay where it is
    player.mouse.click(*box)
    span = player.locator("#text [data-t]", has_text=sentence)
    words = (span.inner_text()).split()
    packed = span.get_attribute("data-w") or ""
    steps = [int(packed[at : at + 2], 36) for at in range(0, len(packed), 2)]
    assert len(steps) == len(words)
    place = words.index("older")
    expected = float(span.get_attribute("data-t") or "nan") + sum(steps[: place + 1]) / 100
    assert time(player) == pytest.approx(expected, abs=0.02)
    assert player.evaluate("[...CSS.highlights.get('word')].map(String)") == ["older"]


def test_keys(player: Page) -> None:
    for key, expected in (
        ("l", 10), ("ArrowRight", 15), ("ArrowLeft", 10), ("j", 0), ("j", 0),
    ):  # fmt: skip
        player.keyboard.press(key)
        assert time(player) == pytest.approx(expected, abs=0.01)
    for key in ("n", "n"):
        player.keyboard.press(key)
    chapters = player.locator(".chapters a")
    assert time(player) == pytest.approx(float(chapters.nth(2).get_attribute("data-t") or "nan"))
    player.keyboard.press("p")
    assert time(player) == pytest.approx(float(chapters.nth(1).get_attribute("data-t") or "nan"))
    before = time(player)
    player.keyboard.press(".")
    assert time(player) > before
    player.keyboard.press(",")
    assert time(player) == pytest.approx(before)
    player.keyboard.press(">")
    assert player.evaluate("document.querySelector('audio').playbackRate") == 1.25
    assert player.input_value("select") == "1.25"
    player.keyboard.press("f")
    assert player.get_attribute("[data-do=follow]", "aria-pressed") == "false"
    player.keyboard.press(" ")
    until(player, f"!{PAUSED}")
    player.keyboard.press(" ")
    until(player, PAUSED)


def test_keys_keep_out_of_the_way(player: Page) -> None:
    player.keyboard.press("Control+l")
    player.focus("select")
    player.keyboard.press("l")
    player.focus("summary >> nth=0")
    player.keyboard.press(" ")
    assert player.evaluate("document.querySelector('details').open")
    assert player.evaluate(PAUSED)
    assert time(player) == 0
    player.locator(".keys summary").click()
    player.uncheck(".keys input")
    player.evaluate("document.activeElement.blur()")
    player.keyboard.press("l")
    assert time(player) == 0
    player.reload()
    player.wait_for_selector(".live")
    player.keyboard.press("l")
    assert time(player) == 0


@pytest.mark.parametrize(("hash_", "seconds"), [("#t=8", 8), ("#t=0:09.5", 9.5)])
def test_a_deep_link(visit: Callable[..., Page], episode: str, hash_: str, seconds: float) -> None:
    page = visit(episode + hash_)
    until(page, f"Math.abs({TIME} - {seconds}) < 0.05")
    page.wait_for_selector("#text [aria-current=true]", state="attached")
    page.evaluate("location.hash = '#t=3'")
    until(page, f"Math.abs({TIME} - 3) < 0.05")


def test_speed_place_and_link_are_kept(player: Page) -> None:
    player.select_option("select", "1.5")
    player.evaluate(f"{TIME} = 7")
    until(player, "Object.keys(localStorage).some(key => key.startsWith('at:'))")
    player.click("[data-do=share]")
    assert player.url.endswith("#t=7")
    player.goto(player.url.split("#")[0] + "?again")
    until(player, f"Math.abs({TIME} - 7) < 0.05")
    assert player.evaluate("document.querySelector('audio').playbackRate") == 1.5
    assert player.evaluate("scrollY") == 0


def test_without_script(visit: Callable[..., Page], episode: str, address: str) -> None:
    page = visit(episode, java_script_enabled=False)
    assert page.locator("audio[controls]").count() == 1
    assert "The ferry leaves at dawn." in page.inner_text("#text")
    chapter = page.get_attribute(".chapters a >> nth=1", "href") or ""
    assert re.search(r"\.mp3#t=\d", chapter)
    assert not page.locator(".tools").is_visible()
    assert not page.locator(".keys").is_visible()
    listed = visit("/large/", java_script_enabled=False)
    assert not listed.locator("form").is_visible()
    assert listed.locator(".episodes li").count() == 25
    listed.click("text=Older")
    assert listed.inner_text("h1") == "Episodes 9951 to 9975"
    listed.click("text=Oldest")
    assert listed.locator(".episodes li").last.inner_text().startswith("Essay 1 on rivers")


def test_search_over_ten_thousand(visit: Callable[..., Page]) -> None:
    page = visit("/large/")
    page.fill("#q", "glacier")
    page.wait_for_selector("text=Nothing found")
    for asked in ("UBER fluß", "uber fluss"):
        page.fill("#q", asked)
        page.wait_for_selector("text='1 found'")
    [link] = page.locator("#found a").all()
    assert (link.get_attribute("href") or "").endswith("/episodes/episode-4321/")
    page.fill("#q", "author 12 rivers")
    page.wait_for_selector("text=found, the newest 100 are shown")
    assert page.locator("#found li").count() == 100
    assert not page.locator("#all").is_visible()
    assert "q=author+12+rivers" in page.url
    page.reload()
    page.wait_for_selector("#found li")
    page.fill("#q", "")
    page.wait_for_selector("#all", state="visible")
    assert page.locator("#found").is_hidden()


def test_the_feed_s_address_is_copied(visit: Callable[..., Page], address: str) -> None:
    page = visit("/show/", permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-copy]")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}/feeds/show.xml"
    page.click("text=QR code")
    assert page.locator(".qr svg").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", "/show/", "/large/page-7.html", "EPISODE", "TALK", "/404.html"]
)
def test_axe_finds_nothing(
    visit: Callable[..., Page], episode: str, talk: str, path: str, scheme: str
) -> None:
    page = visit(path.replace("EPISODE", episode).replace("TALK", talk), color_scheme=scheme)
    if path in ("EPISODE", "TALK"):
        page.keyboard.press("l")
        page.wait_for_selector("#text [aria-current=true]", state="attached")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["impact"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.parametrize("path", ["/", "/show/", "/large/", "EPISODE", "TALK", "/404.html"])
def test_nothing_scrolls_sideways_on_the_smallest_phone(
    visit: Callable[..., Page], episode: str, talk: str, path: str
) -> None:
    path = path.replace("EPISODE", episode).replace("TALK", talk)
    page = visit(path, viewport={"width": 320, "height": 600})
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


LOADED = "[...document.images].filter(each => each.complete && each.naturalWidth).length"


def test_covers_are_shown_no_larger_than_they_need_be(
    visit: Callable[..., Page], talk: str
) -> None:
    page = visit(talk)
    until(page, f"{LOADED} === 2")
    cover = page.locator(".head img")
    assert cover.get_attribute("alt") == "Cover of Two Keepers"
    assert "/assets/" in cover.evaluate("each => each.currentSrc")
    dense = visit(talk, device_scale_factor=2)
    until(dense, f"{LOADED} === 2")
    assert talk in dense.locator(".head img").evaluate("each => each.currentSrc")
    listed = visit("/show/")
    until(listed, f"{LOADED} === 3")
    assert listed.evaluate("document.querySelector('.episodes img').naturalWidth") == 240
    shown = listed.get_attribute(f".episodes li:has([href$='{talk}']) img", "src")
    listed.fill("#q", "keepers")
    listed.wait_for_selector("text='1 found'")
    assert listed.get_attribute("#found img", "src") == shown


def test_who_speaks_is_shown_once_and_a_click_on_their_words_plays(
    visit: Callable[..., Page], talk: str
) -> None:
    page = visit(talk)
    page.wait_for_selector(".live")
    assert page.locator("#text .who").all_inner_texts() == ["Narrator", "Ada", "Ben", "Narrator"]
    page.evaluate("document.querySelector('audio').play = async () => {}")
    page.click("#text [data-t]:text('I did.')", position={"x": 2, "y": 8})
    assert time(page) == start_of(page, "I did.")


def test_pages_are_small(address: str, visit: Callable[..., Page], episode: str, talk: str) -> None:
    """30 kB besides sound and pictures, not even compressed."""
    for path in ("/show/", "/large/", episode, talk):
        page = visit("about:blank")
        answers = answers_of(page)
        page.goto(address + path, wait_until="networkidle")
        kinds = ("document", "stylesheet", "script")
        sizes = [len(each.body()) for each in answers if each.request.resource_type in kinds]
        assert len(sizes) == 3
        assert sum(sizes) <= 30_000, (path, sizes)


def test_the_page_opens_from_the_disk_too(
    browser: Browser, make_workspace: Any, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    for name, data in showpages.render(show(), "x.jpg", library()[:3], Theme()):
        files.write(out / "example" / name, data)
    for name, data in Theme().assets.values():
        files.write(out / "assets" / name, data)
    page = browser.new_page()
    page.goto(f"file://{out}/example/index.html")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"
    page.close()
