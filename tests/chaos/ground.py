"""A show with posts, what an undisturbed run makes of it, and what must hold of it at any moment."""

import hashlib
import posixpath
import random
import re
import shutil
import wave
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from tests.conftest import TONE

BASE = "https://example.org/podcast/"

SHOW = """
[show]
title = "Test Show"
author = "Field Notes"
description = "Posts for tests."
language = "en-us"
categories = ["Science"]
base_url = "https://example.org/podcast"
[episode]
voice = "tone"
slate = "{{show}}: {{title}}."
music = "music.wav"
[podcast]
episodes_per_page = {page}
keep_days = {keep}
[sources.blog]
type = "folder"
path = "blog"
"""

WORDS = (
    "the harbour lamp ferry tide letters bread morning nobody quay shingle boats rope salt wind "
    "gull net stone early late quiet slow bright cold keeps carries waits turns comes leaves"
).split()


def post(number: int, seed: int = 0, *, author: str = "Field Notes", dated: bool = True) -> str:
    """A short post of its own words, with two chapters; `author` is in its tags alone."""
    rng = random.Random(f"{seed} {number}")

    def sentences(count: int) -> str:
        return " ".join(
            " ".join(rng.choices(WORDS, k=rng.randint(3, 6))).capitalize() + "."
            for _ in range(count)
        )

    date = f"date: 2026-04-{number % 28 + 1:02}\n" if dated else ""
    return (
        f"---\ntitle: Note {number}\nauthor: {author}\n{date}"
        f"url: https://blog.example.org/notes/{number}\n---\n"
        f"{sentences(2)}\n\n## {WORDS[number % len(WORDS)].capitalize()}\n\n{sentences(1)}\n"
    )


class Ground:
    """A folder with a show, its posts, and the output and cache of runs over them."""

    def __init__(self, root: Path, posts: int, *, page: int = 10, keep: int = 14) -> None:
        self.root = root
        self.out = root / "build"
        self.cache = root / "cache"
        self.show = root / "feeds" / "show.toml"
        self.clock = 1777777777
        for folder in ("feeds", "voices", "blog"):
            (root / folder).mkdir(parents=True)
        (root / "voices" / "tone.toml").write_text(TONE)
        with wave.open(str(root / "feeds" / "music.wav"), "wb") as music:
            music.setparams((1, 2, 22050, 0, "NONE", ""))
            music.writeframes(random.Random(1).randbytes(22050))
        self.set(page=page, keep=keep)
        for number in range(posts):
            self.write(number)

    def set(self, *, page: int = 10, keep: int = 14) -> None:
        """The show's file."""
        self.show.write_text(SHOW.format(page=page, keep=keep))

    def write(self, number: int, seed: int = 0, **how: Any) -> None:
        (self.root / "blog" / f"note-{number}.md").write_text(post(number, seed, **how))

    @property
    def commands(self) -> list[list[str]]:
        """What brings posts to their pages and feeds."""
        out, cache = ("--out", str(self.out)), ("--cache", str(self.cache))
        return [["sync", str(self.show), *out, *cache, "--jobs", "2"]]

    @property
    def steps(self) -> list[list[str]]:
        """The same, command by command."""
        show, out = str(self.show), ("--out", str(self.out))
        posts = str(self.out / "posts")
        return [
            ["fetch", show, *out],
            ["episode", posts, "--show", show, *out, "--cache", str(self.cache), "--jobs", "2"],
            ["site", show, *out],
            ["feed", show, *out],
        ]

    @property
    def environment(self) -> dict[str, str]:
        return {"SOURCE_DATE_EPOCH": str(self.clock), "NO_COLOR": "1"}

    @property
    def folders(self) -> tuple[Path, ...]:
        """All that runs write into."""
        return self.out, self.cache

    def tree(self) -> dict[str, bytes]:
        """Every file that listeners may meet."""
        return tree(self.out)

    def clear(self) -> None:
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def save(self, to: Path) -> None:
        """Keep a copy of what runs have made; times of files too."""
        shutil.rmtree(to, ignore_errors=True)
        for folder in self.folders:
            if folder.exists():
                shutil.copytree(folder, to / folder.name)

    def restore(self, saved: Path) -> None:
        self.clear()
        for folder in self.folders:
            if (saved / folder.name).exists():
                shutil.copytree(saved / folder.name, folder)


class Publishing(Ground):
    """Listeners meet what was published of the output, to a folder."""

    @property
    def web(self) -> Path:
        """The target."""
        return self.root / "web"

    @property
    def folders(self) -> tuple[Path, ...]:
        return self.out, self.web

    def tree(self) -> dict[str, bytes]:
        return tree(self.web)

    @property
    def commands(self) -> list[list[str]]:
        return [
            [
                "publish",
                str(self.show),
                "--to",
                str(self.web),
                "--no-verify",
                "--out",
                str(self.out),
            ]
        ]


def tree(folder: Path) -> dict[str, bytes]:
    """Path below `folder` to content; a file that goes while we look is not there."""
    found = {}
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
        except FileNotFoundError:
            continue
    return found


_STAMPED = ("library/",)
"""What may differ between two runs: it notes when files were written, and saves time alone."""


def lasting(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What must be the same bytes whatever happened on the way."""
    return {
        name: data
        for name, data in files.items()
        if not name.startswith(_STAMPED) and not is_temporary(name)
    }


def is_temporary(name: str) -> bool:
    """Whether a file has no name yet: nobody lists or serves it."""
    return Path(name).name.startswith(".")


def differences(files: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> list[str]:
    """What is not as it would be had nothing happened."""
    have, want = lasting(files), lasting(wanted)
    return [
        *(f"{name} is missing" for name in sorted(want.keys() - have.keys())),
        *(f"{name} is there and should not" for name in sorted(have.keys() - want.keys())),
        *(
            f"{name} differs"
            for name in sorted(have.keys() & want.keys())
            if have[name] != want[name]
        ),
    ]


def temporary(*folders: Path) -> list[str]:
    """Files that were begun and never named."""
    return [str(path) for folder in folders for path in folder.rglob(".*")]


def wrong(
    files: Mapping[str, bytes],
    known: Sequence[Mapping[str, bytes]],
    *,
    only: str | None = None,
    mixed: bool = False,
) -> list[str]:
    """What a listener or reader could trip over at this moment.

    Every file is one that an undisturbed run makes, whole; feeds and pages name only what is there.

    Args:
        files: the output.
        known: what undisturbed runs leave; a file of each may stand beside one of another.
        only: look for what this file names alone.
        mixed: feeds and lists may tell of some posts as they were, and of others as they are.
    """
    problems = []
    for name, data in lasting(files).items():
        if mixed and re.fullmatch(_LISTS, name):
            if not any(each.get(name) == data for each in known):
                problems += _lengths(name, data, files)
        elif not any(each.get(name) == data for each in known):
            problems.append(f"{name} is not what any undisturbed run writes ({len(data)} bytes)")
    for name, data in files.items() if only is None else [(only, files[only])]:
        for named in named_by(name, data):
            if named not in files and not (_is_way_up(name, named) and named not in known[0]):
                problems.append(f"{name} names {named}, which is not there")
    return problems


_LISTS = r"feeds/[\w-]+\.xml|show/.*|index\.html|sitemap\.xml"


def _lengths(name: str, data: bytes, files: Mapping[str, bytes]) -> list[str]:
    """Enclosures whose length a feed tells wrongly."""
    if not name.endswith(".xml") or name == "sitemap.xml":
        return []
    told = [
        (_ours(each.get("url", "")) or "", int(each.get("length", "0")))
        for each in etree.fromstring(data).iter("enclosure")
    ]
    return [
        f"{name} says that {named} has {length} bytes"
        for named, length in told
        if len(files.get(named, b"")) != length
    ]


def _is_way_up(name: str, named: str) -> bool:
    """A link to a page or feed above, which at the very first run is written after it.

    An older page of a feed leads to the feed, as RFC 5005 wants; nobody knows it before that is there.
    """
    return name != "feeds/show.xml" and re.fullmatch(_WAY_UP, named) is not None


_WAY_UP = r"index\.html|show/(index|page-\d+)\.html|feeds/show\.xml"


def named_by(name: str, data: bytes) -> Iterable[str]:
    """The files of ours that a feed, page or record names, by their place in the output."""
    if name.startswith("feeds/") and name.endswith(".xml"):
        return _in_feed(data)
    if (name.endswith(".html") and not name.startswith(("episodes/", "posts/"))) or name.endswith(
        "/index.html"
    ):
        return _in_page(name, data)
    if name.endswith("sitemap.xml"):
        found = re.findall(rb"<loc>([^<]*)</loc>", data)
        return filter(None, (_ours(each.decode()) for each in found))
    return ()


def _in_feed(data: bytes) -> set[str]:
    parsed = etree.fromstring(data)  # a half-written one is not well-formed
    addresses: set[str] = set()
    for element in parsed.iter():
        if not isinstance(element.tag, str):
            continue
        for key in ("url", "href", "src"):
            if value := element.get(key):
                addresses.add(value)
        if element.text and element.text.startswith(BASE):
            addresses.add(element.text.strip())
    return {place for each in addresses if (place := _ours(each))}


def _in_page(name: str, data: bytes) -> set[str]:
    text = data.decode()
    assert text.rstrip().endswith(("</html>", "-->")), f"{name} is cut off"
    found = re.findall(r'(?:href|src)="([^"#]+)', text)
    places = set()
    for each in map(unescape, found):
        if "//" in each or each.startswith(("data:", "mailto:", "podcast:")):
            place = _ours(each)
        elif re.fullmatch(r"[\w./%-]+", each) and ("." in each or each.endswith("/")):
            place = posixpath.normpath(str(PurePosixPath(name).parent / unquote(each)))
            place = place if not each.endswith("/") else f"{place}/index.html"
        else:
            place = None
        if place:
            places.add(place.removeprefix("./"))
    return places


def _ours(address: str) -> str | None:
    if not address.startswith(BASE):
        return None
    path = unquote(urlsplit(address).path.removeprefix("/podcast/"))
    return path + "index.html" if not path or path.endswith("/") else path


def digest(files: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(lasting(files).items())).encode()).hexdigest()[:12]
