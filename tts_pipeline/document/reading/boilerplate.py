"""Lines that sites and authors put around a post: known by their wording and their place."""

import re
from collections.abc import Sequence

from tts_pipeline.document.folding import fold
from tts_pipeline.model import Block, BlockKind, Omission, Span, SpanKind
from tts_pipeline.words import count

_EDGE = 5
"""Blocks from the start or the end within which a line counts as standing there."""
_WORDS = 45
"""A longer paragraph is the author's own."""

_DATE = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?[A-Z][a-z]{2,8}\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}"
)
_ELSEWHERE = (
    (r"(?:This (?:post|essay|article|piece) (?:is|was) )?(?:cross|re)-?posted(?: \w+)? "
     r"(?:from|on|at|to|in|with)\b.*", "where else it is"),
    (r"This (?:post|essay|article|piece) (?:was |has |is )?(?:also |originally |first )+"
     r"(?:posted|published|appeared|appears)(?: \w+)? (?:on|at|in|as|by)\b.*", "where else it is"),
    (r"(?:This is a )?(?:link|cross)-?post (?:for|from|of|to)\b.*", "where else it is"),
)  # fmt: skip
_START = (
    (rf"(?:Published|Posted|Updated|Last updated|Last modified)(?: on)?:? (?:on )?(?:{_DATE}|"
     r"\d{4}-\d\d-\d\d)[\w\s,:.+-]{0,30}", "when it was published"),
    (r"\d{1,3}[- ]min(?:ute)?s?[- ]read", "how long it takes to read"),
    (r"(?:(?:Estimated )?reading time|Time to read):? .{1,30}", "how long it takes to read"),
    (r"(?:Share|Print|Bookmark|Listen to|Email|Tweet) this(?: post| article| page)|Audio version",
     "a button"),
    (r"by [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}[,|·•-]? *(?:\|[^|]{0,40})?" + rf"\s*{_DATE}",
     "the byline"),
    *_ELSEWHERE,
)  # fmt: skip
_END = (
    (r"Discuss(?: this(?: post)?(?: (?:on|at|in) .{1,40})?)?", "a link to the discussion"),
    (r"(?:\d+ |Leave a |Post a )comments?|Comments(?: \(?\d+\)?)?", "a link to the discussion"),
    (r"(?:Share|Tweet|Pin|Email|Print|Bookmark|Restack)(?: this(?: post| article)?)?"
     r"(?: (?:on|to|via|with) .{1,40})?(?:\s*[|·•,]?\s*(?:Share|Tweet|Pin|Like|Email|Print|X|"
     r"Facebook|Twitter|Reddit|LinkedIn|WhatsApp|Mastodon|Bluesky|Hacker News|Copy link))*",
     "a button"),
    (r"(?:Previous|Next|Older|Newer)(?: (?:post|article|entry))?\s*[:→»>←«]\s*.{1,80}|"
     r"(?:Previous|Next|Older|Newer) (?:post|article|entry)", "a link to another post"),
    (r"(?:Filed under|Tagged with|Posted in):? .{1,120}|(?:Tags|Tagged|Categor(?:y|ies)): .{1,120}",
     "its tags"),
    (r"(?:©|\(c\)|Copyright) ?\d{4}.{0,100}|All rights reserved", "a copyright notice"),
    (r"The post .{1,150} (?:first )?appeared first on .{1,80}", "where it was published"),
    *_ELSEWHERE,
)  # fmt: skip
_LINKED = (
    (r"(?:originally |first |also |previously )(?:posted|published|appeared)(?: \w+)? "
     r"(?:on|at|to|in|by)\b.{0,120}", "where else it is"),
    (r"(?:Read|See|Continue reading|View) (?:more|the (?:full|original|whole) (?:post|article)|"
     r"on .{1,40})\W*", "a link to the post"),
    (r"(?:Read|View|Show|All|No) comments?(?: \(?\d+\)?)?", "a link to the discussion"),
)  # fmt: skip
"""At either end, and only where a link says so too: alone, these may be the author's words."""
_ANYWHERE = (
    (r"(?=.*\bsubscri(?:be|bers?|bing|ption)\b)"
     r"(?=.*\b(?:new posts|my work|newsletter|(?:my|this|the) blog|e-?mail|for free|paid|inbox|"
     r"mailing list|public)\b)(?:Thanks|Thank you|Subscribe|If you|Sign up|Get|Join|Enjoyed|"
     r"To receive|This post is|Want|Become|Consider).*", "a subscription box"),
    (r"(?:Sign up|Subscribe)(?: (?:now|here|today))?", "a subscription box"),
    (r"(?:Sign up|Subscribe) (?:for|to) .{0,60}\b(?:newsletter|updates|list|channel|feed|podcast|"
     r"blog|posts|e-?mails?)\b.{0,30}", "a subscription box"),
    (r"(?:Click here to )?(?:Tweet|Share) this", "a button"),
    (r"Advertisement|Sponsored|Table of contents", "a part of the page"),
)  # fmt: skip


def _compiled(table: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"(?:{pattern})[.:!\s]*", re.IGNORECASE), why) for pattern, why in table
    )


_AT_START, _AT_END, _LINKS, _EVERYWHERE = map(_compiled, (_START, _END, _LINKED, _ANYWHERE))
_CONTENTS = re.compile(
    r"(?:table of )?contents|in this (?:post|article)|on this page|outline", re.I
)


def drop(blocks: Sequence[Block]) -> tuple[list[Block], list[Omission]]:
    """Without what is recognised; each line of it is an omission of the kind `boilerplate`."""
    contents = _contents(blocks)
    kept: list[Block] = []
    omissions: list[Omission] = []
    for place, block in enumerate(blocks):
        if place in contents:
            omissions.append(Omission("table of contents", block.text, "a table of contents"))
        elif reason := _reason(block, place, len(blocks)):
            omissions.append(Omission("boilerplate", block.text, reason))
        else:
            kept.append(block)
    return kept, omissions


def _reason(block: Block, place: int, total: int) -> str | None:
    text = fold(block.text).strip()
    if (
        block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING)
        or block.within
        or not text
        or count(text) > _WORDS
    ):
        return None
    first, last = place < _EDGE, place >= total - _EDGE
    linked = any(span.kind is SpanKind.LINK for span in block.spans)
    tables = (
        *(_AT_START if first else ()),
        *(_AT_END if last else ()),
        *(_LINKS if linked and (first or last) else ()),
        *(_EVERYWHERE if block.kind is not BlockKind.HEADING or last else ()),
    )
    return next((why for pattern, why in tables if pattern.fullmatch(text)), None)


def _contents(blocks: Sequence[Block]) -> set[int]:
    """The places of lists that do nothing but lead to headings of this page."""
    found: set[int] = set()
    run: list[int] = []
    for place, block in enumerate([*blocks, None]):
        if block is not None and block.kind is BlockKind.ITEM and _leads_down(block):
            run.append(place)
            continue
        if len(run) >= 3:
            found.update(run)
            before = run[0] - 1
            if before >= 0 and _CONTENTS.fullmatch(blocks[before].text.strip().rstrip(":")):
                found.add(before)
        run = []
    return found


def _leads_down(block: Block) -> bool:
    written = [span for span in block.spans if span.text.strip(" .0123456789")]
    return bool(written) and all(_is_inner_link(span) for span in written)


def _is_inner_link(span: Span) -> bool:
    target = span.target or ""
    return span.kind is SpanKind.LINK and "#" in target and not target.endswith("#")
