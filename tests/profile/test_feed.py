"""[podcast] and [select]: everything can be set, and each mistake names its line."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.profile.test_show import LEAST
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Best, Funding, Person, Podcast, Select, UpdateFrequency
from tts_pipeline.profile import show


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    return tmp_path / "feeds" / "a.toml"


def test_the_least_show_selects_its_own_episodes(path: Path) -> None:
    path.write_text(LEAST)
    loaded = show.load(path)
    assert loaded.podcast == Podcast()
    assert loaded.select == Select()
    assert loaded.podcast.locked
    assert loaded.podcast.ai_content
    assert loaded.podcast.episodes_per_page == 300
    assert loaded.podcast.keep_days == 30
    assert (loaded.type, loaded.new_feed_url, loaded.block, loaded.complete) == (
        "episodic", None, False, False,
    )  # fmt: skip


def test_everything_can_be_set(path: Path) -> None:
    (path.parent / "removed.txt").write_text("\ufeffAnn Lee\n\n# a note\n  Bo  \n", "utf-8")
    path.write_text(
        LEAST
        + """type = "serial"
new_feed_url = "https://example.org/new.xml"
block = true
complete = true
[podcast]
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
locked = false
medium = "audiobook"
ai_content = false
txt = { verify = "abc" }
license = "cc-by-4.0"
license_url = "https://example.org/licence"
persons = [{ name = "Ann", role = "narrator", img = "https://example.org/a.jpg" }]
funding = [{ url = "https://example.org/give", text = "Give" }]
update_frequency = { text = "Daily", rrule = "FREQ=DAILY", dtstart = 2024-01-01T08:00:00Z }
hub = "https://hub.example.org/"
episodes_per_page = 100
keep_days = 7
[select]
shows = ["library"]
sites = ["LW"]
tags = ["rivers"]
authors = ["Cy"]
since = 2024-01-01
until = 2024-12-31
score = 50
min_minutes = 5
max_minutes = 60.5
languages = ["en"]
series = ["A Walk"]
newest = 100
best = { of = "week", n = 3, after_hours = 48 }
removed_authors = ["Di"]
removed_authors_file = "removed.txt"
title = "{title} by {author}"
guid_suffix = "_day"
"""
    )
    loaded = show.load(path)
    assert loaded.podcast == Podcast(
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        locked=False,
        medium="audiobook",
        ai_content=False,
        txt={"verify": "abc"},
        license="cc-by-4.0",
        license_url="https://example.org/licence",
        persons=(Person(name="Ann", role="narrator", img="https://example.org/a.jpg"),),
        funding=(Funding(url="https://example.org/give", text="Give"),),
        update_frequency=UpdateFrequency(
            text="Daily", rrule="FREQ=DAILY", dtstart=datetime(2024, 1, 1, 8, tzinfo=UTC)
        ),
        hub="https://hub.example.org/",
        episodes_per_page=100,
        keep_days=7,
    )
    assert loaded.select == Select(
        shows=("library",),
        sites=("LW",),
        tags=("rivers",),
        authors=("Cy",),
        since=date(2024, 1, 1),
        until=date(2024, 12, 31),
        score=50,
        min_minutes=5,
        max_minutes=60.5,
        languages=("en",),
        series=("A Walk",),
        newest=100,
        best=Best(of="week", n=3, after_hours=48),
        removed_authors=("Di", "Ann Lee", "Bo"),
        removed_authors_file="removed.txt",
        title="{title} by {author}",
        guid_suffix="_day",
    )
    assert (loaded.type, loaded.new_feed_url) == ("serial", "https://example.org/new.xml")
    assert (loaded.block, loaded.complete) == (True, True)


@pytest.mark.parametrize(
    ("table", "line", "told"),
    [
        ("podcast", 'guid = "x"', "must be a UUID"),
        ("podcast", 'guid = "{917393e3-1b1e-5cef-ace4-edaa54e1f810}"', "must be a UUID"),
        ("podcast", 'medium = "radio"', "must be one of "),
        ("podcast", 'hub = "hub.example.org"', "must be an http or https address"),
        ("podcast", 'license = ""', "is empty"),
        ("podcast", 'license_url = "https://example.org/l"', "stands alone"),
        ("podcast", 'persons = [{ name = "" }]', "must have 1 to 128 characters"),
        (
            "podcast",
            'persons = [{ name = "A", img = "a.jpg" }]',
            "must be an http or https address",
        ),
        ("podcast", 'persons = [{ nam = "A" }]', "did you mean `name`?"),
        ("podcast", 'funding = [{ url = "give", text = "x" }]', "must be an http or https address"),
        ("podcast", 'funding = [{ url = "https://example.org" }]', "`text` is missing"),
        ("podcast", 'txt = { verify = "" }', "must say 1 to 4000 characters"),
        ("podcast", "episodes_per_page = 9", "must be 10 or more"),
        ("podcast", "keep_days = -1", "must be 0 or more days"),
        ("podcast", "keepdays = 3", "did you mean `keep_days`?"),
        ("select", 'best = { of = "month" }', "must be one of "),
        ("select", 'best = { of = "day", n = 0 }', "needs an `n` of 1 or more"),
        ("select", 'best = { of = "day", after_hours = -1 }', "needs an `after_hours`"),
        ("select", "newest = 0", "must be 1 or more"),
        ("select", "since = 2024-01-02\nuntil = 2024-01-01", "before `since`"),
        ("select", 'since = "soon"', "invalid"),
        ("select", "min_minutes = 0", "more than 0 minutes"),
        ("select", "min_minutes = 9\nmax_minutes = 8", "less than `min_minutes`"),
        ("select", 'title = "{tag}"', "must name {title}"),
        ("select", 'title = "{title} {link}"', "names {link}, which no post has"),
        ("select", 'guid_suffix = "a b"', "may hold letters"),
        ("select", 'authors = [" "]', "holds an empty text"),
        ("select", 'removed_authors_file = "none.txt"', "names none.txt, a file neither"),
        ("select", 'site = ["x"]', "did you mean `sites`?"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(
    path: Path, table: str, line: str, told: str
) -> None:
    path.write_text(f"{LEAST}[{table}]\n{line}\n")
    with pytest.raises(ProfileError) as caught:
        show.load(path)
    number = len(LEAST.splitlines()) + 1 + len(line.splitlines())
    assert f"{path}, line {number}: " in str(caught.value)
    assert told in str(caught.value)


def test_the_examples_of_the_documentation_are_shows(path: Path) -> None:
    (path.parent / "removed-authors.txt").write_text("Ann\n")
    text = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        path.write_text(example)
        assert show.load(path).select.shows == ("everything",)


def test_a_new_address_must_be_one(path: Path) -> None:
    path.write_text(LEAST + 'new_feed_url = "elsewhere"\n')
    with pytest.raises(ProfileError, match=r"show\.new_feed_url` must be an http or https address"):
        show.load(path)


def test_a_list_of_removed_authors_that_is_not_text_is_a_sentence(path: Path) -> None:
    (path.parent / "removed.txt").write_bytes(b"\xff\xfe\x00")
    path.write_text(LEAST + '[select]\nremoved_authors_file = "removed.txt"\n')
    with pytest.raises(ProfileError, match="lists authors who stand in no feed"):
        show.load(path)
