"""Posts that try everything, through the whole program: what comes out holds nothing active.

Outputs are read by parsers of their own, and the pages by a browser, with and without the policy
that pages carry.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import mutagen
import pytest
import webvtt
from lxml import etree
from playwright.sync_api import Dialog, Page
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import Workspace
from tests.security import hostile
from tests.security.harmless import NOTES, WEB, see_harmless
from tests.security.watching import Watch
from tests.serve.serving import serving
from tests.site.browsing import browsing

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Made(NamedTuple):
    """What one run left behind."""

    workspace: Workspace
    watch: Watch
    printed: dict[str, str]
    given: frozenset[str]
    """Files that were there before."""


@pytest.fixture(scope="module")
def made(make_workspace: Callable[[], Workspace], tmp_path_factory: pytest.TempPathFactory) -> Made:
    workspace = make_workspace()
    for number in range(len(hostile.ACTIVE)):
        workspace.post(f"post{number}.md", hostile.markdown(number))
    workspace.post("page.html", hostile.page())
    workspace.post("book.epub", hostile.book())
    # Their texts are much alike, and each is to be heard.
    workspace.show(episode='cover = "title"\n[duplicates]\noff = true')
    given = frozenset(map(str, workspace.root.rglob("*")))
    watch = Watch(tmp_path_factory.mktemp("watch"))
    printed = {}
    for command in (
        ("script", "posts", "--show", "feeds/show.toml"),
        ("episode", "posts", "--show", "feeds/show.toml", "--jobs", "2"),
        ("site", "feeds/show.toml"),
        ("feed", "feeds/show.toml"),
        ("feed", "feeds/show.toml", "--explain"),
    ):
        done = workspace.run(*command, **watch.environment)
        printed[" ".join(command)] = done.stdout + done.stderr
    return Made(workspace, watch, printed, given)


def pages(made: Made) -> list[Path]:
    found = made.workspace.out.rglob("*.html")
    return sorted(path for path in found if path.name != "404.html")


def episodes(made: Made) -> list[dict[str, object]]:
    paths = sorted(made.workspace.out.glob("episodes/*/episode.json"))
    return [json.loads(path.read_bytes()) for path in paths]


def test_every_post_was_made_with_its_payload(made: Made) -> None:
    """Else what follows would prove nothing."""
    titles = {str(episode["post_title"]) for episode in episodes(made)}
    for number in range(len(hostile.ACTIVE)):
        assert any(title.startswith(f"Post {number} ") for title in titles), number
    assert len(titles) == len(hostile.ACTIVE) + 1 + 5
    written = "".join(path.read_text() for path in pages(made))
    for sign in ("alert(1)&lt;/script", "onerror=alert(2)", "{{ 7*7 }}", "${7*7}"):
        assert sign in written, sign
    assert "{% include" in written


def test_pages_and_transcripts_hold_nothing_active(made: Made) -> None:
    found = pages(made)
    assert len(found) > 2 * len(hostile.ACTIVE)
    for path in found:
        page = LexborHTMLParser(path.read_text(encoding="utf-8"))
        see_harmless(page, path)
        scripts = [n for n in page.css("script") if n.attributes.get("type") is None]
        assert len(scripts) <= 1, path
        assert len(page.css("svg")) == (path.name == "index.html" and bool(page.css(".qr"))), path
        assert len(page.css("style")) <= (path.parent / "index.html").exists(), path
        for data in page.css("script[type='application/ld+json']"):
            assert json.loads(data.text())


def test_a_feed_holds_nothing_active(made: Made) -> None:
    data = (made.workspace.out / "feeds" / "show.xml").read_bytes()
    assert b"<!DOCTYPE" not in data
    assert b"<!ENTITY" not in data
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    assert len(root.findall(".//item")) == len(episodes(made))
    for element in root.iter():
        for name, value in element.attrib.items():
            if re.search("url|href|src|img", name, re.I):
                assert WEB.fullmatch(value), (element.tag, name, value)
                assert "hunter2" not in value
        name = etree.QName(element).localname
        if name in ("description", "encoded") and element.getparent().tag == "item":
            see_harmless(LexborHTMLParser(element.text), element.tag, tags=NOTES)
        elif name in ("link", "url", "comments", "docs"):
            assert WEB.fullmatch(element.text or element.get("href")), (name, element.text)


def test_captions_are_text_alone(made: Made) -> None:
    found = sorted(made.workspace.out.rglob("*.vtt"))
    assert found
    for path in found:
        text = path.read_text(encoding="utf-8")
        for line in text.splitlines():
            assert ("-->" not in line) or re.fullmatch(r"[\d:.]+ --> [\d:.]+", line), (path, line)
            assert re.fullmatch(r"(?:<v [^<>\n]+>)?[^<>]*|[\d:.]+ --> [\d:.]+", line), (path, line)
        assert "Eve" not in {cue.voice for cue in webvtt.read(str(path)).captions}
        srt = path.with_suffix(".srt").read_text(encoding="utf-8")
        assert not re.search(r"<[\w/!]", srt), path
        times = re.findall(r"^.*-->.*$", srt, re.M)
        assert all(re.fullmatch(r"[\d:,]+ --> [\d:,]+", line) for line in times), path


def test_every_address_that_an_app_may_follow_is_of_the_web(made: Made) -> None:
    def see(value: object, where: Path) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("url", "img", "link", "image", "cover") and isinstance(inner, str):
                    assert key == "cover" or re.match(r"https?://\w", inner), (where, key, inner)
                    assert inner.isprintable(), (where, key, inner)
                see(inner, where)
        elif isinstance(value, list):
            for inner in value:
                see(inner, where)

    for path in made.workspace.out.rglob("*.json"):
        see(json.loads(path.read_bytes()), path)
    for path in made.workspace.out.rglob("*.mp3"):
        for frame in mutagen.File(path).tags.values():
            for part in (frame, *getattr(frame, "sub_frames", {}).values()):
                if url := getattr(part, "url", None):
                    assert WEB.fullmatch(url), (path, url)


def test_no_control_character_reaches_a_terminal_or_an_engine(made: Made) -> None:
    for command, text in made.printed.items():
        assert not CONTROL.search(text), (command, CONTROL.search(text))
    assert "Post 28" in made.printed["episode posts --show feeds/show.toml --jobs 2"]
    for path in made.workspace.out.glob("episodes/*/episode.json"):
        for segment in json.loads(path.read_bytes())["segments"]:
            assert not re.search(r"[\x00-\x1f<>\u202e]|\[\[|\]\]", segment["spoken"]), segment


def test_nothing_is_written_outside_and_nothing_is_asked_or_run(made: Made) -> None:
    """By Python's own account of the program and of each process that it started."""
    workspace, watch = made.workspace, made.watch
    written = watch.told("write")
    assert any(path.endswith("episode.json") for path in written), "the watch sees nothing"
    allowed = (str(workspace.out), str(workspace.cache), "/dev/null")
    assert {path for path in written if not path.startswith(allowed)} == set()
    assert watch.told("connect") | watch.told("resolve") == set()
    assert watch.ran() == set()
    now = set(map(str, workspace.root.rglob("*")))
    assert {path for path in now - made.given if not path.startswith(allowed)} == set()
    assert not list(workspace.root.rglob("*outside*.*")) or all(
        path.is_relative_to(workspace.out) for path in workspace.root.rglob("*outside*.*")
    )
    for path in workspace.out.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", path.name), path


@pytest.fixture(scope="module")
def address(made: Made) -> Iterator[str]:
    with serving(made.workspace.out) as found:
        yield found


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_a_browser_runs_and_fetches_nothing(made: Made, address: str, *, policy: bool) -> None:
    """Without the policy too: it is the second wall, not the first."""
    out = made.workspace.out
    asked: list[str] = []
    told: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        told.append(dialog.message)
        dialog.dismiss()

    def visit(page: Page, path: Path) -> None:
        page.goto(f"{address}/{path.relative_to(out).as_posix()}", wait_until="load")

    with browsing() as browser:
        context = browser.new_context(bypass_csp=not policy)
        page = context.new_page()
        page.on("dialog", dismiss)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(f"{message.location}: {message.text}"))
        page.on("pageerror", lambda error: told.append(str(error)))
        # The parser has seen all of them; a browser sees a part, with every template in it.
        for path in pages(made)[:: 8 if policy else 2]:
            visit(page, path)
        visit(page, out / "show" / "index.html")
        page.get_by_role("searchbox").fill("script")
        page.wait_for_selector("#found li")
        page.get_by_role("searchbox").fill("<img src=x onerror=alert(40)>")
        page.goto(f"{address}/show/?q=" + "%3Cimg%20src=x%20onerror=alert(41)%3E")
        page.goto(f"{address}/show/?q=script#<img src=x onerror=alert(42)>")
        page.wait_for_selector("#found li")
        context.close()
    assert [each for each in told if "/favicon.ico" not in each] == []
    assert [url for url in asked if not url.startswith(address + "/")] == []
