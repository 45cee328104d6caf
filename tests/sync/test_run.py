"""One run, step by step: what is made, what is told, and what is left alone."""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.post.test_epub import book
from tests.speech.server import Request, SpeechServer
from tts_pipeline import redact
from tts_pipeline.batch.outcome import Outcome, failed
from tts_pipeline.errors import (
    OutputError,
    PostError,
    ProfileError,
    SpeechError,
    SpentError,
    UnavailableError,
)
from tts_pipeline.pipeline import Source
from tts_pipeline.profile.show import load as load_show
from tts_pipeline.sync import retries
from tts_pipeline.sync.posts import of_show
from tts_pipeline.sync.shows import load
from tts_pipeline.sync.summary import Summary

from .library import IMAGE, Library


def titles(feed: Path) -> set[str | None]:
    items = ElementTree.parse(feed).getroot().iter("item")  # noqa: S314  our own
    return {item.findtext("title") for item in items}


def statuses(summary: Summary) -> tuple[int, int, int, int]:
    """Made, unchanged, copies, failed."""
    return (
        len(summary.made),
        summary.unchanged,
        len(summary.copies),
        len(summary.failures),
    )


def test_all_is_done_once_and_found_done_after(library: Library) -> None:
    library.forum.add(title="Ebb")
    library.forum.add(title="Flow")
    library.workspace.post("own.md", "# Own\n\nWords of the house.\n")
    web = library.workspace.root / "web"
    library.show(more=library.source() + '\n[publish]\nto = "web"\n')
    first = library.sync()
    assert [each.title for each in first.fetched] == ["Ebb", "Flow"]
    assert statuses(first) == (3, 0, 0, 0)
    assert first.audio_s == sum(each.duration_ms for each in first.made) / 1000 > 3
    assert titles(web / "feeds" / "show.xml") == {"Ebb by Ann Lee", "Flow by Ann Lee", "Own"}
    assert (web / "index.html").exists()
    assert not (web / "library").exists()
    before, asked = library.workspace.tree(), len(library.forum.questions)
    again = library.sync()
    assert again.idle
    assert again.sentence == f"nothing to do: 3 episodes unchanged in {library.workspace.out}"
    assert library.workspace.tree() == before
    assert len(library.forum.questions) > asked
    assert not any(
        isinstance(told, tuple) and told[0] == "spoken" for told in library.recorder.told
    )


def test_an_edited_post_is_made_anew(library: Library) -> None:
    post = library.forum.add(title="Ebb")
    library.show(more=library.source())
    library.sync()
    post.update(htmlBody="<p>Other words.</p>", contents_latest="rev2")
    summary = library.sync()
    assert [each.status for each in summary.fetched] == ["changed"]
    assert [each.title for each in summary.made] == ["Ebb by Ann Lee"]


def test_an_edited_book_is_made_anew_and_a_chapter_may_go(library: Library) -> None:
    """In one process, as `--watch` has it; a post that a chapter stands for goes on without it."""
    words = " ".join(f"Word {number} of the second tide." for number in range(80))
    text = f"<html><body><h1>Second</h1><p>{words}</p></body></html>"
    files = {"nav": None, "two": text}
    library.workspace.post("tides.epub", book(**files))
    library.show()
    assert statuses(library.sync()) == (3, 0, 0, 0)
    library.workspace.post("own.md", f"# Second\n\n{words}\n")
    assert statuses(library.sync()) == (1, 2, 1, 0)
    files["one_a"] = "<html><body><h1>One</h1><p>The sea came in twice.</p></body></html>"
    library.workspace.post("tides.epub", book(**files))
    changed = library.sync()
    assert statuses(changed) == (1, 2, 1, 0)
    record = Path(changed.made[0].path or "", "episode.json").read_text()
    assert "The sea came in twice." in record
    library.workspace.post("tides.epub", book(**(files | {"two": None})))
    without = library.sync()
    # The copy goes on as that episode; a chapter without a title is called by its number.
    assert statuses(without) == (2, 1, 0, 0)
    assert [each.title for each in without.made] == [
        "Second",
        "Chapter 2 by Ada Example and Bo Example",
    ]
    assert "urn-x-1-ops-text-two" in (without.made[0].path or "")


def test_a_post_that_fails_is_named_until_it_works(library: Library) -> None:
    library.show(episode='cover = "title"')
    library.workspace.post("good.md", "# Good\n\nWords.\n")
    bad = library.workspace.post("bad.md", IMAGE.format(title="Bad", image="bad.png"))
    first = library.sync()
    assert statuses(first) == (1, 0, 0, 1)
    [failure] = first.failures
    assert (failure.what, failure.name, failure.show) == ("post", str(bad), "show")
    assert "bad.png" in failure.error
    assert titles(library.workspace.out / "feeds" / "show.xml") == {"Good"}

    def tries(seconds: int, *, retry: bool = False) -> list[int | None]:
        summary = library.sync(seconds=seconds, retry=retry)
        assert not summary.right or not summary.failures
        return [each.tries for each in summary.failures]

    assert tries(60) == [2]  # at the next run
    assert tries(120) == [2]  # left alone, and named
    assert tries(60 + 15 * 60) == [3]
    assert tries(60 + 30 * 60) == [3]
    assert tries(60 + 30 * 60, retry=True) == [4]
    bad.write_text(bad.read_text().replace("Words", "Other words"))
    assert tries(60 + 31 * 60) == [1]  # it has changed
    assert tries(60 + 32 * 60) == [2]
    library.workspace.post("bad.png", picture())
    assert tries(60 + 33 * 60) == [2]  # nobody saw that
    summary = library.sync(seconds=3 * 86400)
    assert statuses(summary) == (1, 1, 0, 0)
    assert retries.path(library.workspace.out).read_bytes() == b""


def picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (1400, 1400), "navy").save(file, "PNG")
    return file.getvalue()


def test_an_older_post_that_failed_is_named_all_the_same(library: Library) -> None:
    library.show(episode='cover = "title"')
    library.workspace.post("good.md", "# Good\n\nWords.\n")
    crosspost(library, "a", more="image: none.png\n")
    for since in (None, datetime(2026, 1, 1, tzinfo=UTC)):
        [failure] = library.sync(since=since).failures
        assert (failure.what, failure.tries) == ("post", 1)


def test_a_post_that_is_ignored_or_gone_is_named_no_more(library: Library) -> None:
    for name in ("one", "two", "three"):
        library.workspace.post(f"{name}.md", "")
    library.workspace.post(
        "good.md", "---\nurl: https://example.org/a/good?utm_source=x\n---\n\nWords."
    )
    library.show()
    assert statuses(library.sync()) == (1, 0, 0, 3)
    library.show(show='ignore = ["posts/on*.md", "http://www.example.org/a/good/"]')
    assert statuses(library.sync()) == (0, 0, 0, 2)
    (library.workspace.root / "posts" / "two.md").unlink()
    assert statuses(library.sync()) == (0, 0, 0, 1)
    remembered = retries.read(library.workspace.out)
    assert [key[1] for key in remembered] == ["../posts/three.md"]


@pytest.mark.parametrize(
    ("ignored", "written"),
    [
        ("a%20title", "a%20title"),
        ("a title", "a%20title"),
        ("cafés", "caf%C3%A9s"),
        ("caf%C3%A9s", "cafés"),
        ("潮", "%E6%BD%AE"),
    ],
)
def test_an_address_is_ignored_however_it_is_written(
    tmp_path: Path, ignored: str, written: str
) -> None:
    (tmp_path / "show.toml").write_text(
        '[show]\ntitle = "S"\ndescription = "D"\nbase_url = "https://s.example"\n'
        f'ignore = ["https://x.example/{ignored}"]\n[episode]\nvoice = "tone"\n'
    )
    url = f"https://x.example/{written}"
    (tmp_path / "a.md").write_text(f"---\nurl: {url}\n---\n\nWords.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text(f"---\nurl: {url}s\n---\n\nWords.\n", encoding="utf-8")
    found = of_show([tmp_path], load_show(tmp_path / "show.toml"), tmp_path / "out")
    assert [Path(source.label).name for source in found.sources] == ["b.md"]


def test_a_source_that_fails_does_not_stop_the_others(library: Library) -> None:
    library.forum.add(title="Ebb")
    gone = '[sources.gone]\ntype = "feed"\nurl = "{}/none"\nallow_private = true\npause = 0\n'
    library.show(more=gone.format(library.forum.site.url) + library.source())
    summary = library.sync()
    assert statuses(summary) == (1, 0, 0, 1)
    [failure] = summary.failures
    assert (failure.what, failure.name) == ("source", "gone")
    assert "404" in failure.error
    assert [each.what for each in library.sync().failures] == ["source"]


def test_many_shows_select_from_one_library(library: Library) -> None:
    library.forum.add(title="Ebb", baseScore=50.0)
    library.forum.add(title="Flow", baseScore=5.0)
    library.show("all", more=library.source())
    library.show("good", more='[select]\nshows = ["all"]\nscore = 20\n')
    library.show("poor", more='[select]\nshows = ["all"]\nscore = 99\n')
    summary = library.sync("good", "all", "poor")
    assert statuses(summary) == (2, 0, 0, 0)
    assert [each.episodes for each in summary.feeds] == [1, 2, 0]
    feeds = library.workspace.out / "feeds"
    assert titles(feeds / "good.xml") == {"Ebb by Ann Lee"}
    assert [each.source for each in summary.fetched] == ["forum", "forum"]
    assert {each["show"] for each in library.workspace.records()} == {"all"}
    assert library.sync("good", "all", "poor").idle


def test_copies_are_heard_once(library: Library) -> None:
    library.forum.add(title="Ebb", htmlBody="<p>" + "The water goes out again. " * 30 + "</p>")
    words = "The water goes out again. " * 30
    library.workspace.post("ebb.md", f"---\ntitle: Ebb\ndate: 2025-01-01\n---\n\n{words}\n")
    library.show(more=library.source())
    assert statuses(library.sync()) == (1, 0, 1, 0)
    assert told_of_copies(library) == 1
    again = library.sync()
    assert again.idle
    assert told_of_copies(library) == 0
    assert "1 episode unchanged, 1 copy" in again.sentence
    # Another one later is told, and the first not again.
    library.workspace.post("notes/ebb.md", f"---\ntitle: Ebb\n---\n\n{words}\n")
    assert statuses(library.sync()) == (1, 0, 2, 0)
    assert told_of_copies(library) == 1


def told_of_copies(library: Library) -> int:
    told = library.recorder.told
    return sum(isinstance(each, Outcome) and each.status == "copy" for each in told)


WATER = "The water goes out again. " * 30
CROSSPOSTED = "---\ntitle: Ebb\ndate: {date}\nurl: https://{host}/ebb\n{more}---\n\n{words}\n"


def crosspost(library: Library, name: str, *, more: str = "", words: str = WATER) -> Path:
    """Of the same words at another site, where a.md is the first."""
    host, date = f"{name}.example", "2025-01-01" if name == "a" else "2025-02-01"
    text = CROSSPOSTED.format(date=date, host=host, more=more, words=words)
    return library.workspace.post(f"{name}.md", text)


def test_an_ignored_post_is_not_made_for_its_copies(library: Library) -> None:
    library.show(episode='cover = "title"')
    crosspost(library, "a")
    assert statuses(library.sync()) == (1, 0, 0, 0)
    crosspost(library, "b")
    library.show(show='ignore = ["posts/a.md"]', episode='cover = "title"')
    crosspost(library, "a", more="image: none.png\n", words=WATER + "Edited.")
    before = library.workspace.records()
    assert statuses(library.sync()) == (0, 0, 1, 0)
    assert told_of_copies(library) == 1
    assert library.workspace.records() == before
    assert library.sync().idle
    assert told_of_copies(library) == 0


def test_a_post_that_fails_again_and_again_does_not_silence_its_copy(library: Library) -> None:
    library.show(episode='cover = "title"')
    crosspost(library, "a", more="image: none.png\n")
    crosspost(library, "b")
    # Without an episode there is no feed either.
    for expected in ((0, 0, 1, 2), (0, 0, 1, 2), (1, 0, 1, 0), (0, 1, 1, 0)):
        assert statuses(library.sync()) == expected
    [record] = library.workspace.records()
    assert record["source"] == "posts/b.md"


def test_two_copies_that_both_fail_wait_longer_each_time(library: Library) -> None:
    library.show(episode='cover = "title"')
    for name in ("a", "b"):
        crosspost(library, name, more="image: none.png\n")
    tries = [
        [each.tries for each in library.sync().failures if each.what == "post"] for _ in range(6)
    ]
    assert tries == [[1], [2], [1], [2], [2], [2]]


def test_a_dry_run_writes_nothing(library: Library) -> None:
    library.forum.add(title="Ebb")
    library.workspace.post("own.md", "# Own\n\nWords of the house.\n")
    library.workspace.post("bad.md", "")
    library.show(more=library.source())
    summary = library.sync(dry_run=True)
    assert not library.workspace.out.exists()
    assert statuses(summary) == (1, 0, 0, 1)
    assert [each.status for each in summary.fetched] == ["new"]
    assert [(each.status, each.title) for each in summary.made] == [("due", "Own")]
    real = library.sync()
    assert statuses(real) == (2, 0, 0, 1)
    before = library.workspace.tree()
    library.workspace.post("own.md", "# Own\n\nWords of the house. And more.\n")
    for _ in range(2):
        summary = library.sync(dry_run=True)
        assert statuses(summary) == (1, 1, 0, 1)
        # A try that nobody remembers is none.
        assert summary.failures[0].tries is None
    assert library.workspace.tree() == before


def test_a_dry_run_tells_what_will_be_sent(library: Library) -> None:
    voice = library.workspace.root / "voices" / "tone.toml"
    voice.write_text(voice.read_text() + 'price = "15.00 USD"\n')
    library.workspace.post("first.md", "# First\n\nSo that the voice is measured.\n")
    library.show()
    library.sync()
    for number in range(3):
        words = "Words that nobody has said before.\n\nHear, hear.\n\nHear, hear.\n"
        library.workspace.post(f"own{number}.md", f"# Dear {number}\n\n{number}. {words}")
    library.show(episode='outro = "Words that end each of them, and are spoken once."')
    foreseen, made = library.sync(dry_run=True), library.sync()
    assert foreseen.characters == made.characters
    assert foreseen.cost == made.cost
    assert made.cost == {"USD": round(made.characters["tone"] * 15 / 1e6, 6)}
    assert made.characters["tone"] > 40
    assert made.sentence.endswith("characters to tone (under 0.01 USD)")


def test_a_post_that_must_wait_for_money_is_not_put_off(library: Library) -> None:
    server = SpeechServer()
    try:
        voice = library.workspace.root / "voices" / "paid.toml"
        voice.write_text(
            '[voice]\nengine = "openai"\nprice = "20 EUR"\n[engine]\nmodel = "m"\nvoice = "v"\n'
            f'characters = 1500\nbase_url = "{server.url}"\n'
        )
        library.workspace.show(voice="paid")
        for name in ("a", "b"):
            words = "".join(f"Words {number} of {name}.\n\n" for number in range(25))
            library.workspace.post(f"{name}.md", f"# {name}\n\n{words}")
        first = library.sync()
        assert statuses(first) == (1, 0, 0, 1)
        [failure] = first.failures
        assert "run the same command again, or raise `characters`" in failure.error
        assert (failure.what, failure.tries, failure.next) == ("post", None, None)
        assert first.cost == {"EUR": round(first.characters["openai"] * 20 / 1e6, 6)}
        assert statuses(library.sync()) == (1, 1, 0, 0)
    finally:
        server.close()


def test_a_post_that_waits_for_its_voice_is_not_put_off(library: Library) -> None:
    server = SpeechServer()
    try:
        voice = library.workspace.root / "voices" / "served.toml"
        voice.write_text(
            '[voice]\nengine = "openai"\n[engine]\nmodel = "m"\nvoice = "v"\nseconds = 1\n'
            f'base_url = "{server.url}"\n'
        )
        library.workspace.show(voice="served")
        library.workspace.post("first.md", "# First\n\nSo that the voice is measured.\n")
        library.sync()
        library.workspace.post("own.md", "# Own\n\nWords.\n")
        server.always = partial(Request.error, status=401, message="closed")
        for _ in range(3):
            asked = len(server.requests)
            [failure] = library.sync().failures
            assert "the voice 'served' does not work at present" in failure.error
            assert (failure.tries, failure.next) == (None, None)
            assert len(server.requests) > asked
        server.reset()
        assert statuses(library.sync()) == (1, 1, 0, 0)
    finally:
        server.close()


@pytest.mark.parametrize(
    ("error", "later"),
    [
        (SpentError("no money left"), True),
        (UnavailableError("its server is down"), True),
        (OutputError("the disk is full"), True),
        (SpeechError("a sentence cannot be spoken"), False),
        (PostError("it is empty"), False),
    ],
)
def test_what_is_not_for_a_posts_sake_does_not_put_it_off(error: Exception, later: bool) -> None:
    assert failed(Source("a.md", "a.md"), error).later is later


def test_a_limit_is_kept_and_gone_on_from(library: Library) -> None:
    for number in range(3):
        library.forum.add(title=f"Post {number}")
    library.workspace.post("own.md", "# Own\n\nWords.\n")
    library.workspace.post("bad.md", "")
    library.show(more=library.source())

    def counts() -> tuple[int, int, int, int]:
        summary = library.sync(limit=2)
        return len(summary.fetched), len(summary.made), summary.unchanged, summary.left

    assert [counts() for _ in range(3)] == [(2, 2, 0, 2), (1, 2, 2, 0), (0, 0, 4, 0)]


def test_older_posts_are_left(library: Library) -> None:
    library.forum.add(title="Of 2020")
    for date in ("2019-03-04", "2021-03-04"):
        library.workspace.post(f"{date}.md", f"---\ntitle: T{date}\ndate: {date}\n---\n\nWords.")
    library.workspace.post("undated.md", "# Undated\n\nWords.\n")
    library.show(more=library.source())
    summary = library.sync(since=datetime(2021, 1, 1, tzinfo=UTC))
    assert summary.fetched == ()
    assert {each.title for each in summary.made} == {"T2021-03-04", "Undated"}
    assert len(library.sync().made) == 2


def test_posts_of_ones_own_stand_in_for_the_shows(library: Library, tmp_path: Path) -> None:
    library.workspace.post("own.md", "# Own\n\nWords.\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "other.md").write_text("# Other\n\nWords.\n")
    library.show()
    assert [each.title for each in library.sync(posts=[tmp_path / "other"]).made] == ["Other"]
    library.show(show='posts = ["other/other.md", "none"]')
    summary = library.sync()
    assert statuses(summary) == (0, 1, 0, 1)
    assert "none, where the show 'show' has its posts, is not there" in summary.failures[0].error


def test_a_post_that_is_named_twice_is_made_once(library: Library) -> None:
    library.workspace.post("sub/own.md", "# Own\n\nWords.\n")
    library.show(show='posts = ["posts", "posts/sub", "posts/sub/own.md"]')
    assert statuses(library.sync()) == (1, 0, 0, 0)


def test_shows_that_would_make_the_same_are_refused(library: Library) -> None:
    paths = [library.show(name, more=library.source()) for name in ("a", "b")]
    with pytest.raises(ProfileError, match=r'the source \'forum\'.*shows = \["a"\]'):
        load(paths)
    paths = [library.show(name) for name in ("a", "b")]
    with pytest.raises(ProfileError, match=r"both make episodes of the posts in .*posts"):
        load(paths)
    paths = [library.show("a"), library.show("b", show='posts = ["posts/sub"]')]
    for order in (1, -1):
        with pytest.raises(ProfileError, match=r"both make episodes of the posts in .*posts/sub"):
            load(paths[::order])
    paths = [library.show(name) for name in ("a", "b")]
    with pytest.raises(ProfileError, match="--posts is for one show"):
        load(paths, [Path("posts")])
    deaf = library.show("b", more=library.source() + '[select]\nshows = ["a"]\n')
    with pytest.raises(ProfileError, match="makes no episodes"):
        load([deaf])
    with pytest.raises(ProfileError, match="sources alone"):
        load([Path("feeds/sources.toml")])
    wrong = library.show("c", more='[publish]\nto = "gopher://example.org"\n')
    with pytest.raises(ProfileError, match="of no kind that is known"):
        load([wrong])


def test_a_feed_or_target_that_fails_is_told_and_the_others_go(library: Library) -> None:
    library.workspace.post("own.md", "# Own\n\nWords.\n")
    library.show(more='[publish]\nto = "web/file"\n')
    library.show("none", show="posts = []")
    (library.workspace.root / "web").write_text("in the way")
    summary = library.sync("none", "show")
    assert [each.what for each in summary.failures] == ["feed", "publish"]
    assert len(summary.made) == 1
    (library.workspace.root / "web").unlink()
    again = library.sync("show")
    assert again.right
    assert again.made == ()
    assert [each.to.endswith("web/file") for each in again.published] == [True]
    assert again.changed


def test_sounds_that_are_served_later_are_not_asked_for(library: Library) -> None:
    library.workspace.post("own.md", "# Own\n\nWords.\n")
    show = library.show(more='[publish]\nto = "web"\n')
    text = show.read_text().replace("https://example.org/podcast", library.forum.site.url)
    show.write_text(text)
    [failure] = library.sync().failures
    assert failure.what == "publish"
    assert "404" in failure.error
    show.write_text(text.replace('to = "web"', 'to = "web"\nverify = false'))
    library.forum.site.took()
    assert library.sync().right
    assert library.forum.site.took() == []


def test_no_secret_is_told_or_remembered(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_API_KEY", "hush-hush-hush")
    hidden = redact.secrets(os.environ)
    library.workspace.post("hush-hush-hush.md", "")
    library.show()
    summary = library.sync(clean=lambda text: redact.redacted(text, hidden))
    post = next(each for each in summary.failures if each.what == "post")
    assert "[secret].md" in post.error
    [remembered] = retries.read(library.workspace.out).values()
    assert remembered.error == post.error


def test_a_voice_that_is_lost_fails_its_show_alone(library: Library) -> None:
    voice = library.workspace.root / "voices" / "lost.toml"
    voice.write_text('[voice]\nengine = "command"\n[engine]\nargv = ["false"]\nrate = 22050\n')
    library.workspace.post("own.md", "# Own\n\nWords.\n")
    library.workspace.show(name="lost", voice="lost")
    (library.workspace.root / "other").mkdir()
    (library.workspace.root / "other" / "good.md").write_text("# Good\n\nWords.\n")
    library.show("good", show='posts = ["other"]')
    summary = library.sync("lost", "good")
    assert [(each.what, each.name) for each in summary.failures] == [
        ("show", "lost"),
        ("feed", "lost"),
    ]
    assert "the voice 'lost' cannot be measured" in summary.failures[0].error
    assert [each.title for each in summary.made] == ["Good"]
    assert summary.left == 1
