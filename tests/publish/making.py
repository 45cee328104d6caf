"""A library with feeds as the program writes them, and a reader of what was published."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import msgspec
from PIL import Image

from tests.feed.making import NOW, episode, show
from tts_pipeline.feed.build import build
from tts_pipeline.model import Podcast, Published, Show
from tts_pipeline.publish import publish
from tts_pipeline.publish.target import parse

BASE = "https://example.org/podcast"
Read = Callable[[str], bytes | None]
"""A file of the target by its name; None if there is none."""

_ATOM = "{http://www.w3.org/2005/Atom}link"
_PODCAST = "{https://podcastindex.org/namespace/1.0}"
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


class Library:
    """An output directory of one show."""

    def __init__(self, root: Path, *, size: int = 3000, **changes: Any) -> None:
        self.out = root / "build"
        self.target = root / "web"
        self.size = size
        cover = root / "cover.jpg"
        root.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (1400, 1400), (10, 80, 60)).save(cover, quality=30)
        self.show = show(cover=str(cover), podcast=Podcast(episodes_per_page=10), **changes)

    def episode(self, slug: str, version: int = 1, **changes: Any) -> None:
        """Lay one out as the pipeline does, in a version of its own."""
        digest = hashlib.sha256(f"{slug} {version}".encode()).digest()
        audio = (digest * (self.size // 32 + 1))[: self.size + version]
        stem = f"{slug}-{digest.hex()[:8]}"
        given = episode(
            slug,
            audio=f"{stem}.mp3",
            sha256=hashlib.sha256(audio).hexdigest(),
            bytes=len(audio),
            **changes,
        )
        folder = self.out / "episodes" / slug
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.mp3").write_bytes(audio)
        for suffix in (".vtt", ".chapters.json"):
            (folder / f"{stem}{suffix}").write_bytes(f"{slug} {version} {suffix}".encode() * 20)
        (folder / "index.html").write_bytes(f"page of {slug}, version {version}".encode() * 20)
        (folder / "report.json").write_bytes(b"not for the public")
        (folder / "episode.json").write_bytes(msgspec.json.encode(given))

    def episodes(self, number: int, version: int = 1) -> None:
        for place in range(number):
            day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=place)
            self.episode(f"post-{place}", version, published=day)

    def feed(self, now: datetime = NOW) -> None:
        """Pages, then the feed, by the program itself."""
        for name in ("index.html", "404.html", f"{self.show.name}/index.html"):
            page = self.out / name
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(f"page {name}")
        (self.out / "assets").mkdir(exist_ok=True)
        (self.out / "assets" / "site-0a1b2c3d.css").write_text("body {}")
        build(self.show, self.out, now)

    def publish(self, to: Path | str | None = None, **options: Any) -> Published:
        target = parse(str(to or self.target), Path(), options.pop("endpoint", None))
        given: dict[str, Any] = {"now": NOW, "agent": "test", "verify": False} | options
        return publish(self.out, [self.show], target, **given)

    def ledger(self) -> Path:
        [path] = self.out.glob("library/published-*.jsonl")
        return path


def folder(root: Path) -> Read:
    """Reads a folder."""

    def read(name: str) -> bytes | None:
        try:
            return (root / name).read_bytes()
        except FileNotFoundError:
            return None

    return read


def see_whole(read: Read, of: Show) -> int:
    """Walk the published feed as an app does: all that it names is there, whole; how many sounds.

    No feed at all is well too: then nobody has been told of anything.
    """
    sounds = 0
    waiting: list[str] = [f"feeds/{of.name}.xml"]
    if read(waiting[0]) is None:
        return 0
    for feed in waiting:
        data = read(feed)
        assert data is not None, f"{feed} is named and not there"
        root = ET.fromstring(data)  # noqa: S314  our own
        for link in root.iter(_ATOM):
            if link.get("rel") == "next":
                waiting.append(_name(link.get("href")))
        for element in (*root.iter(f"{_ITUNES}image"), *root.iter(f"{_PODCAST}chapters"),
                        *root.iter(f"{_PODCAST}transcript")):  # fmt: skip
            assert read(_name(element.get("href") or element.get("url"))), element.attrib
        for item in root.iter("item"):
            enclosure = item.find("enclosure")
            integrity = item.find(f".//{_PODCAST}integrity")
            assert enclosure is not None
            assert integrity is not None
            sound = read(_name(enclosure.get("url")))
            assert sound is not None, enclosure.attrib
            assert len(sound) == int(enclosure.get("length", 0))
            digest = b64encode(hashlib.sha256(sound).digest()).decode()
            assert integrity.get("value") == f"sha256-{digest}"
            sounds += 1
    return sounds


def _name(url: str | None) -> str:
    assert url is not None
    found = re.fullmatch(rf"{re.escape(BASE)}/(.+)", url)
    assert found, url
    return unquote(found[1])
