"""A podcast as another program would publish it, on a real server, and ways to spoil it."""

import contextlib
import functools
import hashlib
import io
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from tts_pipeline.check.checked import Checked
from tts_pipeline.check.feed import run
from tts_pipeline.check.feed.guids import Before
from tts_pipeline.check.feed.judge import Asked
from tts_pipeline.post.sources.look import Looker
from tts_pipeline.post.sources.pace import Timeouts

from ...post.sources.serving import Request, Site, serve

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
AUDIO = bytes(range(256)) * 20

FEED = """<?xml version='1.0'?>
<rss version="2.0" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:a="http://www.w3.org/2005/Atom" xmlns:p="https://podcastindex.org/namespace/1.0"
  xmlns:psc="http://podlove.org/simple-chapters">
 <channel>
  <a:link rel="self" href="{url}/feed.xml"/>
  <title>Harbour Radio</title>
  <link>{url}/</link>
  <description>Letters from a harbour.</description>
  <language>pt-br</language>
  <i:author>The Harbour</i:author>
  <i:image href="{url}/cover.jpg"/>
  <i:category text="Society &amp; Culture"><i:category text="Places &amp; Travel"/></i:category>
  <i:explicit>false</i:explicit>
  <p:guid>{guid}</p:guid>
{items}
 </channel>
</rss>
"""
ITEM = """  <item>
   <title>Letter {n}</title>
   <guid isPermaLink="false">letter-{n}</guid>
   <pubDate>Tue, {day:02} Apr 2024 09:30:00 +0200</pubDate>
   <link>{url}/{n}</link>
   <description>&lt;p>Words.&lt;/p>&lt;p>(00:00) One&lt;/p>&lt;p>(00:10) Two&lt;/p>&lt;p>(01:00) Three&lt;/p></description>
   <enclosure url="{url}/{n}.mp3" length="5120" type="audio/mpeg"/>
   <i:duration>90</i:duration>
   <i:explicit>false</i:explicit>
   <p:transcript url="{url}/{n}.vtt" type="text/vtt"/>
   <p:chapters url="{url}/{n}.json" type="application/json+chapters"/>
   <p:soundbite startTime="10" duration="30"/>
   <psc:chapters><psc:chapter start="00:00:00" title="One"/><psc:chapter start="00:01" title="Two"/></psc:chapters>
  </item>"""


def chapters(*starts: float) -> bytes:
    listed = [{"startTime": start, "title": "a chapter"} for start in starts]
    return json.dumps({"version": "1.2.0", "chapters": listed}).encode()


@functools.cache
def picture(side: int = 1400, high: int = 0, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new(mode, (side, high or side), 30).save(data, kind)
    return data.getvalue()


@dataclass
class World:
    """What is published; a test changes it, then checks."""

    site: Site
    url: str
    feed: str = FEED
    items: list[str] = field(default_factory=list)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    hidden: dict[str, set[str]] = field(default_factory=dict)
    """Headers that a path is answered without."""
    changed: dict[str, dict[str, str]] = field(default_factory=dict)
    """Headers that a path is answered with instead."""
    refused: set[str] = field(default_factory=set)
    """Paths that do not know HEAD."""
    whole: set[str] = field(default_factory=set)
    """Paths that know no ranges."""
    forgetful: set[str] = field(default_factory=set)
    """Paths that never answer 304."""
    calls: list[tuple[str, str]] = field(default_factory=list)

    def add(self, number: int) -> None:
        """An episode; its day is its number."""
        self.items.insert(0, ITEM.replace("{n}", str(number)).replace("{day:02}", f"{number:02}"))
        self.files[f"/{number}.mp3"] = AUDIO, "audio/mpeg"
        self.files[f"/{number}.vtt"] = b"WEBVTT\n", "text/vtt; charset=utf-8"
        self.files[f"/{number}.json"] = chapters(0, 10, 60.5), "application/json+chapters"

    def swap(self, old: str, new: str) -> None:
        """Write something else; in the newest episode if the channel has it not."""
        if old in self.feed:
            self.feed = self.feed.replace(old, new, 1)
        else:
            assert old in self.items[0], old
            self.items[0] = self.items[0].replace(old, new, 1)

    def text(self) -> str:
        guid = uuid.uuid5(NAMESPACE, f"{self.url}/feed.xml".partition("://")[2])
        written = self.feed.replace("{items}", "\n".join(self.items))
        return written.replace("{url}", self.url).replace("{guid}", str(guid))

    def check(self, *, before: bytes | None = None, asked: Asked | None = None) -> Checked:
        self.files.setdefault("/feed.xml", (self.text().encode(), "application/rss+xml"))
        for path in self.files:
            self.site.pages.setdefault(path, self.answer)
        with looker(self.url) as web:
            return run.of_address(
                f"{self.url}/feed.xml",
                web,
                now=NOW,
                asked=asked,
                before=Before(before) if before else None,
            )

    def rules(self, **kw: Any) -> set[str]:
        return {finding.rule for finding in self.check(**kw).findings}

    def answer(self, request: Request) -> None:
        path = request.path
        self.calls.append((request.method, path))
        body, kind = self.files[path]
        if request.method == "HEAD" and path in self.refused:
            request.answer(status=405)
            return
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        headers = {"ETag": tag, "Access-Control-Allow-Origin": "*", "Content-Type": kind}
        headers |= self.changed.get(path, {})
        for name in self.hidden.get(path, ()):
            del headers[name]
        if request.headers.get("If-None-Match") == tag and path not in self.forgetful:
            request.start(304, ETag=tag)
            return
        span = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range") or "")
        status = 200
        if span and path not in self.whole:
            start, end = int(span[1]), int(span[2])
            headers = {"Content-Range": f"bytes {start}-{end}/{len(body)}"} | headers
            body, status = body[start : end + 1], 206
        if "Content-Length" not in headers:
            headers["Content-Length"] = str(len(body))
        request.start(status, **headers)
        if request.method == "GET":
            request.send(body)


def looker(url: str, **kw: Any) -> Looker:
    """With short patience; every name is of this machine."""
    kw.setdefault("allow_private", True)
    kw.setdefault("timeouts", Timeouts(connect=2, read=2, total=3))
    kw.setdefault("resolver", lambda host, port: ["127.0.0.1"])
    return Looker(named=(url,), pause=0, hint="add --allow-private", **kw)


@contextlib.contextmanager
def world(count: int = 2, host: str = "127.0.0.1") -> Iterator[World]:
    with serve() as site:
        made = World(site, site.url.replace("127.0.0.1", host))
        made.files["/cover.jpg"] = picture(), "image/jpeg"
        for number in range(1, count + 1):
            made.add(number)
        yield made
