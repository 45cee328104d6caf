"""[sources.NAME]: what is wrong is named with file, line and key."""

from datetime import date
from pathlib import Path

import pytest

from tts_pipeline.errors import ProfileError
from tts_pipeline.model.source import FeedSource, ForumSource
from tts_pipeline.profile import show

SHOW = """[show]
title = "T"
description = "D"
base_url = "https://example.org"
"""


def write(folder: Path, more: str, shared: str | None = None) -> Path:
    path = folder / "feeds" / "show.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SHOW + more)
    if shared is not None:
        (path.parent / "sources.toml").write_text(shared)
    return path


def test_a_shows_own_sources_and_those_that_it_names(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'sources = ["forum"]\n[sources.notes]\ntype = "feed"\nurl = "https://a.org/feed"\n',
        '[sources.forum]\ntype = "forum"\nurl = "https://f.org"\nsince = 2024-01-31\ntag = "x"\n'
        '[sources.other]\ntype = "page"\nurls = ["https://a.org"]\n',
    )
    notes, forum = show.load_sources(path)
    assert (notes.name, forum.name) == ("notes", "forum")
    assert notes.source == FeedSource(url="https://a.org/feed")
    assert forum.source == ForumSource(url="https://f.org", since=date(2024, 1, 31), forum_tag="x")
    assert notes.root == str(tmp_path)
    assert show.load(path).title == "T"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('sources = ["x"]', "line 5: `show.sources` names sources, but"),
        ('[sources.a]\nurl = "https://a.org"', "`sources.a.type` is missing; write one of feed, forum"),
        ('[sources.a]\ntype = "fede"', "line 6: `sources.a.type` must be one of feed, forum, page, sitemap, folder, epub, not 'fede'; did you mean 'feed'?"),
        ('[sources.a]\ntype = "feed"\nurl = "a.org"', "line 7: `sources.a.url` must be an http or https address, not 'a.org'"),
        ('[sources.a]\ntype = "feed"\nurl = "https://a.org"\nful = "page"', "line 8: unknown key `ful` in [sources.a]; did you mean `full`?"),
        ('[sources.a]\ntype = "feed"\nurl = "https://a.org"\nfull = "all"', "line 8: `sources.a.full`"),
        ('[sources.a]\ntype = "feed"', "`url` is missing in [sources.a]"),
        ('[sources.a]\ntype = "forum"\nurl = "https://a.org"\ntag = "x"\nauthor = "y"', "`sources.a.author` stands beside `tag`"),
        ('[sources.a]\ntype = "forum"\nurl = "https://a.org"\nrecheck = -1', "`sources.a.recheck` must be a number of days"),
        ('[sources.a]\ntype = "page"\nurls = []', "`sources.a.urls` is empty"),
        ('[sources.a]\ntype = "page"\nurls = ["ftp://a.org"]', "`sources.a.urls` must be an http or https address"),
        ('[sources.a]\ntype = "sitemap"\nurl = "https://a.org"\ninclude = "("', "`sources.a.include` is no regular expression"),
        ('[sources.a]\ntype = "feed"\nurl = "https://a.org"\npause = -1', "`sources.a.pause` must be 0 to 3600"),
        ('[sources."../a"]\ntype = "epub"\npaths = ["x"]', "must be a name of small letters"),
        ("[sources]\na = 3", "`sources`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, more: str, told: str) -> None:
    path = write(tmp_path, more + "\n")
    for load in (show.load, show.load_sources):
        with pytest.raises(ProfileError) as caught:
            load(path)
        assert str(caught.value).startswith(str(path))
        assert told in str(caught.value)


def test_a_name_that_the_shared_file_lacks_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'sources = ["froum"]\n',
        '[sources.forum]\ntype = "forum"\nurl = "https://f.org"\n',
    )
    with pytest.raises(ProfileError, match="did you mean 'forum'"):
        show.load(path)


def test_what_is_wrong_in_the_shared_file_names_that_file(tmp_path: Path) -> None:
    path = write(tmp_path, 'sources = ["a"]\n', '[sources.a]\ntype = "feed"\n')
    with pytest.raises(ProfileError, match=r"sources\.toml, line 1: `url` is missing"):
        show.load(path)
