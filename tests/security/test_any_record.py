"""Whatever a record holds, what is written from it is harmless: texts made of what hurts."""

import json
import re
import tempfile
from pathlib import Path

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from tests.feed.making import show, written
from tests.security import hostile
from tests.security.harmless import NOTES, see_harmless
from tests.site.making import keep, make, spoken
from tts_pipeline.episode import captions, transcript
from tts_pipeline.model import Link, Omission
from tts_pipeline.words import fold

PIECES = st.sampled_from(
    [
        *hostile.ACTIVE,
        *"<>\"'&/= ;:{}%#!-]",
        "script",
        "on",
        "href",
        "-->",
        "<!--",
        "]]>",
        "\n",
        "x",
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=6).map("".join)
ADDRESSES = st.sampled_from(hostile.TARGETS) | TEXTS.map(lambda text: f"https://example.org/{text}")


# Each example writes a site, so there is no time to look for the smallest one that fails.
@settings(max_examples=40, phases=(Phase.explicit, Phase.generate))
@given(TEXTS, TEXTS, TEXTS, TEXTS, ADDRESSES, ADDRESSES)
def test_what_is_written_from_a_record_is_harmless(
    title: str, author: str, chapter: str, text: str, address: str, link: str
) -> None:
    made, timing = spoken(
        "a", ("Slate", [[text]]), (chapter, [[text], [author, title]]), title=title,
        post_title=title, author=author, authors=(author,), site=author, tag=title, url=address,
    )  # fmt: skip
    first, second = made.chapters
    second = msgspec.structs.replace(second, link=link, image=link)
    segments = tuple(
        msgspec.structs.replace(segment, speaker=fold(author) if segment.chapter else None)
        for segment in made.segments
    )
    made = msgspec.structs.replace(
        made, chapters=(first, second), segments=segments, links=(Link(link, text),)
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        keep(out, made, timing, Omission("x", text, author))
        make(out, show(title=title, author=author, description=text))
        for path in out.rglob("*.html"):
            if path.name != "404.html":
                page = LexborHTMLParser(path.read_text(encoding="utf-8"))
                see_harmless(page, path.name)
                assert len(page.css("script")) <= 2
        json.loads((out / "example" / "search.json").read_bytes())
    root = etree.fromstring(written(show(title=title, description=text), made))
    for name in ("description", "{http://purl.org/rss/1.0/modules/content/}encoded"):
        for element in root.findall(f".//item/{name}"):
            see_harmless(LexborHTMLParser(element.text or ""), name, tags=NOTES)
    said = transcript.transcript(made, timing)
    page = LexborHTMLParser(b"".join(transcript.to_html(said, title=title, language="en")).decode())
    see_harmless(page, "transcript")
    assert not page.css("script, a, img")
    for parts, mark in ((captions.to_vtt(said), r"\."), (captions.to_srt(said), ",")):
        data = b"".join(parts).decode()
        times = [line for line in data.splitlines() if "-->" in line]
        assert all(re.fullmatch(rf"[\d:]+{mark}\d+ --> [\d:]+{mark}\d+", line) for line in times)
        assert not re.search(r"<(?!v )[\w/!]|<v [^>]*[<\n]", data)
    json.loads(b"".join(transcript.to_json(said)))
