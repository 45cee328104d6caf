"""The same post, once: what is made, what is named, and that nothing is lost by it."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.duplicates import Settled, settle
from tts_pipeline.episode import record
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Show
from tts_pipeline.pipeline import Source, read_post
from tts_pipeline.post.twins import Kind
from tts_pipeline.profile import show as shows

from .conftest import Workspace
from .post.twins.test_relation import edited, prose

SHOW = """
[show]
title = "Test Show"
description = "Posts for tests."
base_url = "https://example.org/podcast"
[episode]
voice = "tone"
[sites]
"blog.example" = { name = "The Blog", tag = "TB" }
"forum.example" = { name = "The Forum", tag = "TF" }
"""
TIDES = prose(1)


def written(words: Sequence[str], title: str, url: str | None = None, **front: str) -> str:
    """A post whose paragraphs have 40 words."""
    paragraphs = [" ".join(words[at : at + 40]) + "." for at in range(0, len(words), 40)]
    told = {"title": title, "url": url, **front}
    lines = [f"{key}: {json.dumps(value)}" for key, value in told.items() if value]
    return "\n".join(["---", *lines, "---", "\n\n".join(paragraphs), ""])


class Library:
    """Posts of a show, decided about without speaking any."""

    def __init__(self, root: Path, more: str = "", name: str = "show") -> None:
        self.root = root
        self.out = root / "build"
        (root / "feeds").mkdir(exist_ok=True)
        (root / "posts").mkdir(exist_ok=True)
        self.show = self.load(more, name)

    def load(self, more: str = "", name: str = "show") -> Show:
        path = self.root / "feeds" / f"{name}.toml"
        path.write_text(SHOW + more)
        return shows.load(path)

    def post(self, name: str, text: str) -> Source:
        path = self.root / "posts" / name
        path.write_text(text)
        return Source(name, str(path))

    def settle(self, *sources: Source, alone: bool = False, whole: bool = False) -> Settled:
        return settle(sources, self.show, self.out, alone=alone, whole=whole)

    def publish(self, settled: Settled) -> None:
        """A fake, for speed: of an episode's record, what `settle` looks at. Real ones are below."""
        for source in settled.sources:
            identity = self.identity(source)
            folder = self.out / "episodes" / identity.slug
            folder.mkdir(parents=True, exist_ok=True)
            place = f"posts/{Path(source.path or '').name}"
            read = read_post(source, self.show)
            made = {
                "show": self.show.name, "source": place, "guid": identity.guid,
                "url": read.url, "post_id": read.id, "post_title": read.title,
            }  # fmt: skip
            (folder / "episode.json").write_text(json.dumps(made))

    def identity(self, source: Source) -> record.Identity:
        return source.identity or record.identify(read_post(source, self.show), self.show.name)

    def slug(self, source: Source) -> str:
        return self.identity(source).slug


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def made(settled: Settled) -> list[str]:
    return [source.label for source in settled.sources]


def copies(settled: Settled) -> dict[str, str | None]:
    return {outcome.source: outcome.copy_of for outcome in settled.copies}


BLOG, FORUM = "https://blog.example/tides", "https://forum.example/posts/tides"

SAME = {
    "a canonical address with tracking parameters": (
        written(TIDES, "On tides", BLOG, date="2026-05-01"),
        written(prose(3), "Mine", "http://www.blog.example/tides/?utm_source=feed&utm_medium=rss"),
    ),
    "a declared copy": (
        written(TIDES, "On tides", BLOG, date="2026-05-01"),
        written(prose(3), "Mine", FORUM, copies=BLOG),
    ),
    "equal words in another markup": (
        written(TIDES, "On tides", BLOG, date="2026-05-01"),
        written([f"**{word}**" for word in TIDES], "On tides", FORUM),
    ),
    **{
        f"{share:.0%} of its words edited, on two sites": (
            written(TIDES, "On tides", BLOG, date="2026-05-01"),
            written(edited(TIDES, share), "On tides", FORUM),
        )
        for share in (0.01, 0.03, 0.05)
    },
}
APART = {
    "AI and AI Safety": (
        written(TIDES, "AI", BLOG),
        written(prose(2), "AI Safety", FORUM),
    ),
    "two drafts without an address": (
        written(TIDES, "On tides"),
        written(edited(TIDES, 0.05), "On tides, again"),
    ),
    "two parts with one preamble": (
        written(TIDES + prose(4), "The harbour, part 1", BLOG),
        written(TIDES + prose(5), "The harbour, part 2", FORUM),
    ),
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("order", [1, -1])
def test_the_same_post_is_made_once(library: Library, name: str, order: int) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME[name])]
    settled = library.settle(*posts[::order])
    assert made(settled) == ["0.md"]
    assert copies(settled) == {"1.md": "0.md"}
    [copied] = settled.sources[0].copies
    assert copied.source.label == "1.md"


@pytest.mark.parametrize("name", APART)
def test_another_post_is_made(library: Library, name: str) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(APART[name])]
    settled = library.settle(*posts)
    assert made(settled) == ["0.md", "1.md"]
    assert not settled.copies
    assert {each.kind for each in settled.decisions} <= {Kind.APART}


def test_a_third_post_does_not_make_two_parts_one(library: Library) -> None:
    rules = prose(20, 200)
    posts = [
        library.post("may.md", written(rules + prose(41, 30), "Open Thread", BLOG + "/may")),
        library.post("june.md", written(rules + prose(42, 30), "Open Thread", BLOG + "/june")),
        library.post("copy.md", written(rules + prose(41, 30), "Open Thread", FORUM)),
    ]
    assert copies(library.settle(*posts)) == {"may.md": "copy.md"}


def test_excerpts_and_linkposts_are_made_and_labelled(library: Library) -> None:
    long = prose(60, 2000)
    posts = [
        library.post("whole.md", written(long, "A long post", BLOG)),
        library.post("part.md", written(long[320:600], "From it", FORUM)),
        library.post("link.md", written(prose(7), "[Linkpost] A long post", FORUM + "/2", copies=BLOG)),
        library.post("said.md", written([], "Worth a look", FORUM + "/3")
                     + f"This is a linkpost for [it]({BLOG}?utm_source=x).\n\n" + " ".join(prose(8))),
    ]  # fmt: skip
    settled = library.settle(*posts)
    assert {source.label: source.labelled for source in settled.sources} == {
        "whole.md": None, "part.md": "excerpt", "link.md": "linkpost", "said.md": "linkpost",
    }  # fmt: skip
    assert {each.post: (each.kind, each.of) for each in settled.decisions} == {
        "part.md": (Kind.EXCERPT, "whole.md"),
        "link.md": (Kind.LINKPOST, "whole.md"),
        "said.md": (Kind.LINKPOST, "whole.md"),
    }


def test_a_linkpost_that_holds_the_whole_post_is_its_copy(library: Library) -> None:
    posts = [
        library.post("link.md", written(["see", *TIDES], "Linkpost: On tides", FORUM, copies=BLOG,
                                        date="2026-01-01")),
        library.post("own.md", written(TIDES, "On tides", BLOG, date="2026-02-01")),
    ]  # fmt: skip
    assert copies(library.settle(*posts)) == {"link.md": "own.md"}


def test_nobody_is_silenced_by_a_claim(library: Library) -> None:
    """A post that calls another's address its own, of an earlier date and with other words."""
    posts = [
        library.post("claim.md", written(prose(9), "Buy", FORUM, copies=BLOG, date="2001-01-01")),
        library.post("own.md", written(TIDES, "On tides", BLOG, date="2026-02-01")),
    ]
    assert copies(library.settle(*posts)) == {"claim.md": "own.md"}


@pytest.mark.parametrize("share", [0.45, 0.65])
def test_an_excerpt_silences_no_words(library: Library, share: float) -> None:
    """Of an earlier date, on another site, under another title."""
    part = TIDES[: int(share * len(TIDES))]
    posts = [
        library.post("part.md", written(part, "From it", FORUM, date="2026-01-01")),
        library.post("whole.md", written(TIDES, "On tides", BLOG, date="2026-02-01")),
    ]
    settled = library.settle(*posts)
    assert {each.label: each.labelled for each in settled.sources} == {
        "part.md": "excerpt",
        "whole.md": None,
    }


RULES = prose(20, 400)


@pytest.mark.parametrize(
    "posts",
    [
        [(name, [*RULES, *prose(seed, 15)]) for seed, name in enumerate(("Rose", "Lily", "Oak"))],
        [("Open thread", [*RULES, "in", month]) for month in ("october", "november", "december")],
    ],
    ids=["a passage each", "a month each"],
)
def test_posts_from_one_template_are_made(
    library: Library, posts: list[tuple[str, list[str]]]
) -> None:
    given = [
        library.post(f"{n}.md", written(words, title, f"{BLOG}/{n}", date=f"2026-0{n + 1}-01"))
        for n, (title, words) in enumerate(posts)
    ]
    settled = library.settle(*given)
    assert made(settled) == ["0.md", "1.md", "2.md"]
    assert {each.kind for each in settled.decisions} == {Kind.APART}


@pytest.mark.parametrize("by", ["path", "address", "slug"])
def test_a_show_overrules(library: Library, by: str) -> None:
    def named(post: Source) -> str:
        address = FORUM + "?utm_source=x"
        return {"path": "posts/1.md", "address": address, "slug": library.slug(post)}[by]

    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    pair = f'[["posts/0.md", "{named(posts[1])}"]]\n'
    library.show = library.load(f"[duplicates]\ndifferent = {pair}")
    settled = library.settle(*posts)
    assert made(settled) == ["0.md", "1.md"]
    [decision] = settled.decisions
    assert (decision.kind, decision.overruled) == (Kind.APART, True)

    posts = [library.post(f"{n}.md", text) for n, text in enumerate(APART["AI and AI Safety"])]
    assert made(library.settle(*posts)) == ["0.md", "1.md"]
    library.show = library.load(f"[duplicates]\nsame = {pair}")
    settled = library.settle(*posts)
    assert copies(settled) == {"1.md": "0.md"}
    assert settled.decisions[0].overruled


def test_a_show_may_want_none_of_it(library: Library) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    library.show = library.load("[duplicates]\noff = true\n")
    assert made(library.settle(*posts)) == ["0.md", "1.md"]
    assert not library.out.exists()


def test_a_name_that_no_post_has_is_said(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    library.show = library.load('[duplicates]\nsame = [["posts/0.md", "posts/zero.md"]]\n')
    [sentence] = library.settle(library.post("0.md", written(TIDES, "On tides"))).unknown
    assert "'posts/zero.md'" in sentence
    assert sentence in caplog.text


@pytest.mark.parametrize(
    "same", ['["posts/0.md", "posts/1.md"]', '["posts/1.md", "posts/2.md", "posts/0.md"]']
)
def test_a_pair_is_not_both_the_same_and_different(
    library: Library, caplog: pytest.LogCaptureFixture, same: str
) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    posts.append(library.post("2.md", written(prose(8), "On ropes")))
    different = f'[["{FORUM}", "posts/0.md"]]'
    library.show = library.load(f"[duplicates]\nsame = [{same}]\ndifferent = {different}\n")
    settled = library.settle(*posts)
    [sentence] = settled.unknown
    assert f"{FORUM!r} and 'posts/0.md' both the same and different" in sentence
    assert sentence in caplog.text
    assert {("0.md", "1.md"), ("1.md", "0.md")}.isdisjoint(copies(settled).items())


@pytest.mark.parametrize("key", ["same", "different"])
def test_a_group_of_one_is_an_error(library: Library, key: str) -> None:
    with pytest.raises(ProfileError, match=f"line 12: `duplicates.{key}` must be a list"):
        library.load(f'[duplicates]\n{key} = [["posts/0.md"]]\n')


def test_who_has_an_episode_is_kept(library: Library) -> None:
    first, second = SAME["a declared copy"]
    late = library.post("late.md", second)
    library.publish(library.settle(late))
    early = library.post("early.md", first)
    settled = library.settle(early)
    # The episode is told of its copy, though its post is not in the run.
    assert [Path(each.path or "").name for each in settled.sources] == ["late.md"]
    assert [each.source.label for each in settled.sources[0].copies] == ["early.md"]
    # Its post may be gone: the episode still stands for one of other words.
    (library.root / "posts" / "late.md").unlink()
    settled = library.settle(early)
    assert not settled.sources
    assert list(copies(settled)) == ["early.md"]
    assert "that file is gone and its episode stays: remove " in (settled.copies[0].reason or "")


def test_of_two_files_with_one_address_the_published_one_stays(library: Library) -> None:
    first = library.post("z.md", written(TIDES, "On tides", BLOG, date="2026-05-02"))
    library.publish(library.settle(first))
    second = library.post("a.md", written(edited(TIDES, 0.1), "On tides", BLOG, date="2026-05-01"))
    assert copies(library.settle(second, first)) == {"a.md": "z.md"}


def test_a_file_that_the_show_has_no_more_freezes_no_episode(library: Library) -> None:
    """The folder of a source that was renamed stays, and its posts are not what is fetched."""
    library.publish(library.settle(library.post("notes.md", written(TIDES, "On tides", BLOG))))
    blog = library.post("blog.md", written(edited(TIDES, 0.3), "On tides, revised", BLOG))
    for _ in range(2):
        settled = library.settle(blog)
        assert made(settled) == ["blog.md"]
        library.publish(settled)
        assert len([*library.out.glob("episodes/*")]) == 1


def test_a_file_may_be_renamed(library: Library) -> None:
    early, late = SAME["a declared copy"]
    library.publish(library.settle(library.post("late.md", late)))
    (library.root / "posts" / "late.md").unlink()
    renamed, other = library.post("renamed.md", late), library.post("early.md", early)
    assert copies(library.settle(renamed, other)) == {"early.md": "renamed.md"}


def test_a_renamed_file_goes_on_with_its_episode(library: Library) -> None:
    """Of a post that has neither address nor id, so that its name is all that tells which it is."""
    library.publish(library.settle(library.post("draft.md", written(TIDES, "On tides"))))
    [episode] = library.out.glob("episodes/*")
    (library.root / "posts" / "draft.md").unlink()
    final = library.post("final.md", written(TIDES, "On tides"))
    for index in ("kept", "lost", "kept"):
        settled = library.settle(final)
        assert made(settled) == ["final.md"]
        assert library.slug(settled.sources[0]) == episode.name
        library.publish(settled)
        assert [*library.out.glob("episodes/*")] == [episode]
        # Other words are an edit of the same post, and a lost index learns from records.
        library.post("final.md", written(edited(TIDES, 0.3), "On tides, again"))
        if index == "lost":
            (library.out / "library" / "posts.sqlite").unlink()


HTTP = BLOG.replace("https", "http")
WHO = {
    "a draft that gains an address": ({}, {"url": BLOG}),
    "a draft that gains an id": ({}, {"id": "tides"}),
    "an id that gains an address": ({"id": "tides"}, {"url": BLOG}),
    "an address that gains a parameter": ({"url": HTTP}, {"url": BLOG + "?utm_source=rss"}),
    "an address that is lost": ({"url": BLOG}, {}),
    "an address that has moved": ({"url": BLOG}, {"url": "https://new.example/tides"}),
}


@pytest.mark.parametrize("index", ["kept", "lost", "lost at once"])
@pytest.mark.parametrize("change", WHO)
def test_a_post_goes_on_with_its_episode_whatever_it_says_of_itself(
    library: Library, change: str, index: str
) -> None:
    before, after = WHO[change]
    library.publish(library.settle(library.post("a.md", written(TIDES, "On tides", **before))))
    [episode] = library.out.glob("episodes/*")
    guid = json.loads((episode / "episode.json").read_text())["guid"]
    for share, lost in ((0.0, "lost at once"), (0.3, "lost"), (0.5, "")):
        if index == lost:
            (library.out / "library" / "posts.sqlite").unlink()
        post = library.post("a.md", written(edited(TIDES, share), "On tides", **after))
        settled = library.settle(post)
        assert library.identity(settled.sources[0]) == record.Identity(guid, episode.name)
        library.publish(settled)


def test_a_file_that_holds_a_post_of_another_address_has_another_episode(library: Library) -> None:
    library.publish(library.settle(library.post("a.md", written(TIDES, "On tides", BLOG))))
    for index in ("kept", "lost"):
        settled = library.settle(library.post("a.md", written(prose(7), "On ropes", FORUM)))
        assert library.slug(settled.sources[0]) not in {
            path.name for path in library.out.glob("episodes/*")
        }, index
        (library.out / "library" / "posts.sqlite").unlink()


def test_a_draft_that_is_moved_and_gains_an_address_goes_on_with_its_episode(
    library: Library,
) -> None:
    draft = library.post("draft.md", written(TIDES, "On tides"))
    library.publish(library.settle(draft))
    [episode] = library.out.glob("episodes/*")
    Path(draft.path or "").unlink()
    for share, title in ((0.0, "On tides"), (0.3, "On tides, revised")):
        final = library.post("final.md", written(edited(TIDES, share), title, BLOG))
        settled = library.settle(final)
        assert [library.slug(source) for source in settled.sources] == [episode.name]
        library.publish(settled)


def test_a_copy_goes_on_with_the_episode_of_a_post_that_is_gone(library: Library) -> None:
    first, second = SAME["5% of its words edited, on two sites"]
    own = library.post("own.md", first)
    library.publish(library.settle(own))
    [episode] = library.out.glob("episodes/*")
    Path(own.path or "").unlink()
    copy = library.post("copy.md", second)
    for _ in range(2):
        settled = library.settle(copy)
        assert [library.slug(source) for source in settled.sources] == [episode.name]
        library.publish(settled)
        copy = library.post("copy.md", second + "Edited.\n")
    # The file is back: one post, one episode.
    assert list(copies(library.settle(library.post("own.md", first), copy))) == ["own.md"]


def test_a_claim_and_a_post_that_is_said_to_be_another_inherit_nothing(library: Library) -> None:
    own = library.post("own.md", written(TIDES, "On tides", BLOG))
    library.publish(library.settle(own))
    Path(own.path or "").unlink()
    claim = library.post("claim.md", written(prose(9), "Buy", FORUM, copies=BLOG))
    [copy] = library.settle(claim).copies
    assert "that file is gone and its episode stays: remove " in (copy.reason or "")
    library.show = library.load('[duplicates]\ndifferent = [["posts/own.md", "posts/b.md"]]\n')
    other = library.post("b.md", written(TIDES, "On tides", FORUM))
    [source] = library.settle(other).sources
    assert source.identity is None


def test_episodes_follow_their_posts_when_files_change_names(library: Library) -> None:
    """Within one run, of posts that only their names tell from others."""
    texts = {"a.md": written(TIDES, "On tides"), "b.md": written(prose(7), "On ropes")}

    def run(**more: str) -> dict[str, str]:
        texts.update({f"{name}.md": text for name, text in more.items()})
        settled = library.settle(*(library.post(name, text) for name, text in texts.items()))
        library.publish(settled)
        return {source.label: library.slug(source) for source in settled.sources}

    first = run()
    swapped = run(a=texts["b.md"], b=texts["a.md"])
    assert swapped == {"a.md": first["b.md"], "b.md": first["a.md"]}
    moved = run(c=texts["a.md"], a=written(prose(11), "On knots"))
    assert moved["b.md"] == first["a.md"]
    assert moved["c.md"] == first["b.md"]
    assert moved["a.md"] not in first.values()
    assert run(a=written(prose(12), "On sails")) == moved
    (library.out / "library" / "posts.sqlite").unlink()
    assert run() == moved


def test_two_shows_keep_an_episode_each_of_one_address(library: Library) -> None:
    library.publish(library.settle(library.post("0.md", written(TIDES, "On tides", BLOG))))
    library.show = library.load(name="show2")
    post = library.post("1.md", written(TIDES, "On tides", BLOG))
    for _ in range(2):
        library.publish(library.settle(post))
        assert len([*library.out.glob("episodes/*")]) == 2
        (library.out / "library" / "posts.sqlite").unlink()


def test_a_lost_index_learns_of_posts_whose_files_are_gone(workspace: Workspace) -> None:
    """Renamed, or left to a copy at another site, and the index lost before the next run."""
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    workspace.post("draft.md", written(prose(7, 120), "On ropes"))
    workspace.post("own.md", written(TIDES, "On tides", BLOG))
    workspace.episode("posts")
    before = {each["guid"] for each in workspace.records()}
    workspace.post("final.md", (workspace.root / "posts" / "draft.md").read_bytes())
    workspace.post("copy.md", written(edited(TIDES, 0.03), "On tides", FORUM))
    for name in ("draft.md", "own.md"):
        (workspace.root / "posts" / name).unlink()
    (workspace.out / "library" / "posts.sqlite").unlink()
    workspace.episode("posts")
    after = {each["source"]: each["guid"] for each in workspace.records()}
    assert set(after) == {"posts/final.md", "posts/copy.md"}
    assert set(after.values()) == before


def test_a_name_that_was_given_away_is_another_post(library: Library) -> None:
    library.publish(library.settle(library.post("draft.md", written(TIDES, "On tides"))))
    (library.root / "posts" / "draft.md").rename(library.root / "posts" / "final.md")
    final = Source("final.md", str(library.root / "posts" / "final.md"))
    library.publish(library.settle(final))
    new = library.post("draft.md", written(prose(7), "On ropes"))
    for _ in range(2):
        settled = library.settle(new, final)
        assert made(settled) == ["draft.md", "final.md"]
        library.publish(settled)
        assert len({library.slug(source) for source in settled.sources}) == 2
        assert len([*library.out.glob("episodes/*")]) == 2
        (library.out / "library" / "posts.sqlite").unlink()


def test_what_is_neither_made_nor_in_the_run_keeps_nobody_from_it(library: Library) -> None:
    early, late = SAME["a declared copy"]
    library.settle(library.post("early.md", early))
    assert made(library.settle(library.post("late.md", late))) == ["late.md"]


def test_a_post_that_is_gone_stands_for_nobody(library: Library) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    library.settle(*posts)
    (library.root / "posts" / "0.md").unlink()
    assert made(library.settle(posts[1])) == ["1.md"]
    assert not library.settle(posts[1], whole=True).decisions


def test_a_single_post_is_made_whatever_it_is(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    library.publish(library.settle(*posts))
    assert not caplog.text
    assert made(library.settle(posts[1], alone=True)) == ["1.md"]
    assert "1.md is the same post as" in caplog.text
    library.publish(library.settle(posts[1], alone=True))
    [outcome] = library.settle(*posts).copies
    assert "its own episode, made before, stays in" in (outcome.reason or "")


def test_a_post_that_cannot_be_read_is_left_to_the_run(library: Library) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    library.settle(*posts)
    broken = library.post("1.md", "---\ndate: [\n---\nWords.\n")
    settled = library.settle(posts[0], broken)
    assert made(settled) == ["0.md", "1.md"]
    assert not settled.sources[0].copies


def test_shows_do_not_mix(library: Library) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    library.settle(posts[0])
    library.show = library.load(name="show2")
    assert made(library.settle(posts[1])) == ["1.md"]


def damage(path: Path, how: str) -> None:
    if how == "deleted":
        path.unlink()
    elif how == "flipped bits":
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif how == "older version":
        seal = path.with_suffix(".sha256")
        seal.write_bytes(b"0" + seal.read_bytes()[1:])
    elif how == "not an index":
        path.write_bytes(b"nonsense")


@pytest.mark.parametrize("how", ["deleted", "flipped bits", "older version", "not an index"])
def test_a_damaged_index_is_found_and_made_again(
    library: Library, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    posts = [library.post(f"{n}.md", text) for n, text in enumerate(SAME["a declared copy"])]
    settled = library.settle(*posts)
    library.publish(settled)
    path = library.out / "library" / "posts.sqlite"
    damage(path, how)
    with caplog.at_level(logging.WARNING):
        again = library.settle(posts[1])
    assert ("made anew" in caplog.text) == (how != "deleted")
    # The episodes that are there tell which posts were known.
    assert list(copies(again)) == ["1.md"]
    assert again.decisions[0].reason == settled.decisions[0].reason


TEXTS = [
    written(TIDES, "On tides", BLOG, date="2026-05-02"),
    written(edited(TIDES, 0.03), "On tides", FORUM, date="2026-05-01"),
    written(TIDES, "Tides", date="2026-05-03"),
    written(prose(2), "AI", BLOG + "/ai"),
    written(prose(2), "AI (crosspost)", FORUM + "/ai"),
    written(prose(3), "AI Safety", BLOG + "/safety"),
    written(TIDES[:160], "Part of it", FORUM + "/part"),
]


@settings(max_examples=25)
@given(st.permutations(range(len(TEXTS))), st.sets(st.integers(1, len(TEXTS) - 1)))
def test_neither_order_nor_runs_count(order: list[int], cuts: set[int]) -> None:
    """One run in any order decides alike; of many runs, each post is heard once."""
    with TemporaryDirectory() as folder:
        library = Library(Path(folder))
        posts = [library.post(f"{n}.md", text) for n, text in enumerate(TEXTS)]
        shuffled = [posts[n] for n in order]
        settled = library.settle(*shuffled)
        assert set(made(settled)) == {"1.md", "3.md", "5.md", "6.md"}
        assert copies(settled) == {"0.md": "1.md", "2.md": "1.md", "4.md": "3.md"}
        assert [(each.post, each.of) for each in settled.decisions] == [
            (each.post, each.of) for each in library.settle(*posts).decisions
        ]
    with TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for post in posts:
            library.post(post.label, TEXTS[posts.index(post)])
        ends = [*sorted(cuts), len(order)]
        for start, end in zip([0, *ends], ends, strict=False):
            run = [Source(f"{n}.md", f"{folder}/posts/{n}.md") for n in order[start:end]]
            library.publish(library.settle(*run))
        heard = {path.name for path in library.out.glob("episodes/*")}
        assert len(heard) == 4
        everything = library.settle(whole=True)
        assert not [each for each in everything.copies if "its own episode" in (each.reason or "")]


def test_two_runs_at_once_do_not_disturb_each_other(library: Library) -> None:
    for number in range(12):
        library.post(f"{number}.md", written(prose(number), f"Post {number}"))
    program = (
        "import sys; from pathlib import Path; from tts_pipeline.duplicates import settle;"
        "from tts_pipeline.pipeline import Source; from tts_pipeline.profile import show;"
        "root = Path(sys.argv[1]); posts = sorted(root.glob('posts/*'));"
        "found = settle([Source(p.name, str(p)) for p in posts],"
        " show.load(root / 'feeds/show.toml'), root / 'build');"
        "assert len(found.sources) == 12"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", program, str(library.root)], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [(b"", 0)] * 3


# ---- the whole program ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twice(make_workspace: Any) -> Workspace:
    """A post on a blog, and on a forum with a typo mended and a line added."""
    workspace: Workspace = make_workspace()
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    for tag in ("TB", "TF", "TX"):
        select = f'[select]\nshows = ["show"]\nsites = ["{tag}"]\n'
        (workspace.root / "feeds" / f"{tag}.toml").write_text(SHOW + select)
    workspace.post("tides.md", written(TIDES, "On tides", BLOG, date="2026-05-01"))
    other = [*TIDES[:50], "mended", *TIDES[51:], *"thanks to all readers of the blog".split()]
    workspace.post("forum/tides.html", "---\ntitle: On tides\nurl: " + FORUM + "\n---\n<p>"
                   + " ".join(other) + "</p>")  # fmt: skip
    workspace.episode("posts")
    return workspace


def test_the_copy_is_named_and_nothing_of_it_lost(twice: Workspace) -> None:
    told = twice.episode("posts")
    [copy] = told["copies"]
    assert (copy["source"], copy["copy_of"]) == ("posts/forum/tides.html", "posts/tides.md")
    assert copy["score"] > 0.9
    [record] = twice.records()
    assert record["copies"] == [FORUM]
    assert record["copy_sites"] == ["The Forum", "TF"]
    [listed] = json.loads((record["folder"] / "report.json").read_text())["copies"]
    assert listed["reason"] == copy["reason"]
    assert listed["only"] == ["mended", "thanks to all readers of the blog"]
    said = twice.run("episode", "posts", "--show", "feeds/show.toml").stdout
    assert "posts/forum/tides.html: not made, the same post as posts/tides.md: 9" in said
    assert "nothing to do: 1 episode unchanged, 1 copy in build" in said


def test_a_copy_of_a_later_run_is_told_to_the_episode(workspace: Workspace) -> None:
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    workspace.post("tides.md", written(TIDES, "On tides", BLOG, date="2026-05-01"))
    workspace.episode("posts/tides.md")
    [before] = workspace.records()
    workspace.post("forum/tides.md", written(edited(TIDES, 0.03), "On tides", FORUM))
    told = workspace.episode("posts/forum")
    assert [(each["source"], each["status"]) for each in told["episodes"]] == [
        ("posts/tides.md", "made")
    ]
    [after] = workspace.records()
    assert after["copies"] == [FORUM]
    assert (after["guid"], after["sha256"]) == (before["guid"], before["sha256"])
    # The order of runs leaves nothing behind: all at once gives the same record.
    assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"
    assert workspace.records() == [after]


def test_feeds_of_both_sites_list_an_episode_that_a_copy_goes_on_with(
    workspace: Workspace,
) -> None:
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    own = workspace.post("tides.md", written(TIDES, "On tides", BLOG, date="2026-05-01"))
    workspace.episode("posts")
    [before] = workspace.records()
    own.unlink()
    copy = workspace.post("forum/tides.md", written(edited(TIDES, 0.03), "On tides", FORUM))
    for _ in range(2):
        workspace.episode("posts")
        [after] = workspace.records()
        assert (after["guid"], after["url"]) == (before["guid"], FORUM)
        assert after["copies"] == [BLOG]
        assert after["copy_sites"] == ["The Blog", "TB"]
        assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"
        (workspace.out / "library" / "posts.sqlite").unlink()
        copy.write_text(copy.read_text() + "Edited.\n")


def test_posts_that_are_said_to_be_one_stand_in_the_feed_once(workspace: Workspace) -> None:
    show = workspace.root / "feeds" / "show.toml"
    show.write_text(SHOW)
    workspace.post("a.md", written(prose(7, 60), "On ropes", date="2026-05-01"))
    workspace.post("b.md", written(prose(8, 60), "On knots", date="2026-05-02"))
    workspace.run("sync", "feeds/show.toml")
    show.write_text(SHOW + '[duplicates]\nsame = [["posts/a.md", "posts/b.md"]]\n')
    told = workspace.run("sync", "feeds/show.toml").stdout
    assert "posts/b.md: not made, the same post as posts/a.md: the show says so" in told
    assert "and no feed lists both" in told
    assert "build/feeds/show.xml: 1 episode" in told
    assert workspace.run("sync", "feeds/show.toml").stdout == ""
    explained = workspace.run("feed", "feeds/show.toml", "--explain").stdout
    assert "it is of the same post as a-" in explained


def test_each_feed_of_a_copys_site_lists_the_one_episode(twice: Workspace) -> None:
    feeds = [f"feeds/{tag}.toml" for tag in ("TB", "TF", "TX")]
    twice.run("feed", *feeds)
    guids = {}
    for tag in ("TB", "TF", "TX"):
        tree = ElementTree.parse(twice.out / "feeds" / f"{tag}.xml")
        guids[tag] = [element.text for element in tree.iter("guid")]
    [record] = twice.records()
    assert guids == {"TB": [record["guid"]], "TF": [record["guid"]], "TX": []}


def test_the_command_shows_every_decision(twice: Workspace) -> None:
    before = twice.tree()
    fresh = twice.run("duplicates", "feeds/show.toml", "--out", "fresh")
    done = twice.run("duplicates", "feeds/show.toml")
    assert fresh.stdout == done.stdout
    assert "posts/forum/tides.html\tcopy of\tposts/tides.md\t0.9" in done.stdout
    [decision] = json.loads(twice.run("duplicates", "feeds/show.toml", "--json").stdout)[
        "decisions"
    ]
    assert decision["kind"] == "same"
    assert twice.tree() == before
    path = twice.root / "feeds" / "wrong.toml"
    path.write_text(SHOW + '[duplicates]\ndifferent = [["posts/tides.md", "nobody"]]\n')
    done = twice.run("duplicates", path, "posts", check=2)
    assert "names 'nobody' in `different`, which is no post that is known" in done.stderr
    done = twice.run("duplicates", "feeds/show.toml", "posts/nowhere.md", check=1)
    assert "posts/nowhere.md does not exist" in done.stderr


def test_an_updated_post_updates_its_episode(twice: Workspace) -> None:
    [before] = twice.records()
    spoken = set(twice.cache.rglob("*.speech"))
    path = twice.root / "posts" / "tides.md"
    path.write_text(path.read_text().replace(TIDES[0], "typo", 1) + "\nA paragraph is added.\n")
    told = twice.episode("posts")
    assert [each["status"] for each in told["episodes"]] == ["made"]
    assert len(told["copies"]) == 1
    [after] = twice.records()
    for key in ("guid", "slug", "date", "published", "copies"):
        assert after[key] == before[key]
    assert after["audio"] != before["audio"]
    # The paragraph with the typo, and the one that was added.
    assert len(set(twice.cache.rglob("*.speech")) - spoken) == 2
    # The post may be dated anew; the episode, which is published, is not.
    path.write_text(path.read_text().replace("2026-05-01", "2026-06-01"))
    twice.episode("posts")
    [dated] = twice.records()
    assert dated["date"].startswith("2026-06-01")
    assert dated["published"] == before["published"]


def test_a_renamed_post_keeps_its_guid_and_its_sound(workspace: Workspace) -> None:
    workspace.post("draft.md", written(TIDES, "On tides"))
    workspace.episode("posts")
    [first] = workspace.records()
    (workspace.root / "posts" / "draft.md").rename(workspace.root / "posts" / "final.md")
    workspace.episode("posts")
    [renamed] = workspace.records()
    assert renamed["source"] == "posts/final.md"
    kept = ("guid", "slug", "audio", "sha256", "published")
    assert [renamed[key] for key in kept] == [first[key] for key in kept]
    workspace.post("final.md", written(edited(TIDES, 0.3), "On tides"))
    workspace.episode("posts")
    [changed] = workspace.records()
    assert changed["guid"] == first["guid"]
    assert changed["sha256"] != first["sha256"]
