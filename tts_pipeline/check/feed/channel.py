"""What a feed says of its show."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tts_pipeline.check.feed.xml import attribute, every, text
from tts_pipeline.check.rules import found
from tts_pipeline.feed.address import web
from tts_pipeline.model import Finding, Severity
from tts_pipeline.profile import categories
from tts_pipeline.segment.chapters import cut

LONGEST = 4000
"""Bytes of a description, by Apple."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-[a-z0-9]{5,8})*", re.I)
_MEDIA = frozenset(
    "podcast music video film audiobook newsletter blog publisher course mixed podcastL musicL "
    "videoL filmL audiobookL newsletterL blogL publisherL courseL".split()
)


def findings(channel: Element) -> Iterator[Finding]:
    """What directories require or recommend of a channel, and is not so."""
    if not text(channel, "title"):
        yield found(
            "show.title", "the show has no <title>, which every directory requires: add one"
        )
    yield from _description(channel)
    yield from _language(text(channel, "language"))
    yield from _categories(channel)
    yield from explicit(channel, "show.explicit", required=True)
    if not text(channel, "itunes:author"):
        yield found(
            "show.author",
            "there is no <itunes:author>, which Apple shows below the title: add one",
        )
    if not web(text(channel, "link") or None):
        yield found(
            "show.link",
            "there is no <link> with an http or https address, which RSS requires and Apple "
            "recommends: name the show's page",
        )
    yield from _values(channel)


def explicit(of: Element, rule: str, where: str = "", *, required: bool) -> Iterator[Finding]:
    """Whether itunes:explicit says what Apple reads."""
    tags = every(of, "itunes:explicit")
    if not tags and required:
        yield found(
            rule, "there is no <itunes:explicit>, which Apple requires: write true or false", where
        )
    elif tags and (said := text(of, "itunes:explicit")) not in ("true", "false"):
        yield found(
            rule,
            f"<itunes:explicit> is {cut(said, 40)!r}, and Apple takes exactly true or false: write "
            "one of them",
            where,
        )


def _description(channel: Element) -> Iterator[Finding]:
    description = text(channel, "description") or text(channel, "itunes:summary")
    if not description:
        yield found(
            "show.description",
            "the show has no <description>, which Apple and Spotify require: say what it is about",
        )
    elif (size := len(description.encode())) > LONGEST:
        yield found(
            "show.description",
            f"the show's description has {size:,} bytes, and Apple takes {LONGEST:,}: shorten it",
            severity=Severity.WARNING,
        )


def _language(said: str) -> Iterator[Finding]:
    if not said:
        yield found(
            "show.language",
            "there is no <language>, which Apple requires: write a code of ISO 639, such as en or "
            "pt-br",
        )
    elif not _LANGUAGE.fullmatch(said):
        yield found(
            "show.language",
            f"<language> is {cut(said, 40)!r}, which is no code of ISO 639: write one, such "
            "as en or pt-br",
        )


def _categories(channel: Element) -> Iterator[Finding]:
    """Names are case-sensitive, and the first category alone counts."""
    given = [
        (one.get("text", ""), [inner.get("text", "") for inner in every(one, "itunes:category")])
        for one in every(channel, "itunes:category")
    ]
    if not given:
        yield found(
            "show.category",
            "there is no <itunes:category>, which Apple requires: name one of Apple's categories",
        )
    for number, (name, inner) in enumerate(given):
        for path in [f"{name} > {each}" for each in inner] or [name]:
            try:
                categories.parse(path)
            except ValueError as error:
                yield found(
                    "show.category",
                    f"{error}. Names must be Apple's own, to the letter",
                    severity=None if number == 0 else Severity.WARNING,
                )


def _values(channel: Element) -> Iterator[Finding]:
    if (kind := text(channel, "itunes:type") or "episodic").lower() not in ("episodic", "serial"):
        yield found(
            "show.type",
            f"<itunes:type> is {cut(kind, 40)!r}, and Apple knows episodic and serial: write "
            "one of them",
        )
    known = {
        "itunes:complete": ("Yes",),
        "itunes:block": ("Yes",),
        "podcast:locked": ("yes", "no"),
        "podcast:medium": _MEDIA,
    }
    for name, values in known.items():
        said = text(channel, name)
        if said and said not in values:
            told = " or ".join(values) if len(values) < 3 else "one of podcasting2.org's list"
            yield found(
                "show.value",
                f"<{name}> is {cut(said, 40)!r}, which counts for nothing: write {told}, or leave "
                "it out",
            )
    moved = text(channel, "itunes:new-feed-url")
    if moved and not web(moved):
        yield found(
            "show.value",
            f"<itunes:new-feed-url> is {cut(moved, 100)!r}, which is no http or https address: "
            "apps cannot follow it",
        )


def serial(channel: Element) -> bool:
    """Whether Apple shows its episodes from the first on."""
    return text(channel, "itunes:type").lower() == "serial"


def image(of: Element) -> str:
    """The address of a show's or an episode's picture."""
    return attribute(of, "itunes:image", "href")
