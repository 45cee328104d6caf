"""An episode's words in the feed: the short description and the show notes, both HTML.

No word here is ours, so a show in any language reads right: the slate and the text speak for
themselves, chapters stand as `(MM:SS) Title`, and the link to the original is the post's title.
"""

import itertools
from collections.abc import Iterator
from html import escape

import nh3

from tts_pipeline.feed import address
from tts_pipeline.feed.text import cut, line
from tts_pipeline.model import ChapterRecord, Episode, Role

DESCRIPTION_BYTES = 4000
"""Apple's limit for a channel's and an item's description."""

_SLATE = 600
_OPENING = 600
_NOTES_OPENING = 2000
_TITLE = 100
_LINK = 900
"""A longer address leaves too little room for words; the item's own link still has it."""
_LINKS, _LINKS_BYTES = 50, 6000
"""How many of the post's links are listed, and in how many bytes."""
_LEAST = 40
"""Bytes below which an opening is not worth cutting one for."""


def description(episode: Episode) -> str:
    """Slate, opening, link and chapters in paragraphs and links, at most 4000 bytes of UTF-8.

    Only `p` and `a` are used, as Apple allows. When room is short the opening yields first, then
    the last chapters. Chapters are listed when there are three or more, from 00:00 on, in the
    form that Spotify reads.
    """
    slate = _paragraph(cut(_slate(episode), _SLATE))
    link = _link(episode)
    if len(link.encode()) > _LINK:
        link = ""
    # One more, since the last line loses its end.
    room = DESCRIPTION_BYTES + 1 - len((slate + link).encode())
    chapters = _chapter_lines(episode, room)
    room -= len(chapters.encode())
    opening = _opening(episode, room) if room >= _LEAST else ""
    return (slate + opening + link + chapters).rstrip("\n")


def show_notes(episode: Episode) -> str:
    """Slate, opening paragraphs, chapters, what the post links to, the original; sanitized."""
    parts = [_paragraph(cut(_slate(episode), _NOTES_OPENING))]
    room = _NOTES_OPENING
    for paragraph in _paragraphs(episode):
        if room < _LEAST:
            break
        words = cut(paragraph, room)
        parts.append(_paragraph(words))
        room -= len(words.encode())
    if timed := _timed(episode):
        items = "\n".join(
            f"<li>({time}) {_anchor(title, chapter.link)}</li>" for time, title, chapter in timed
        )
        parts.append(f"<ul>\n{items}\n</ul>\n")
    parts.append(_links(episode))
    parts.append(_link(episode))
    return nh3.clean(
        "".join(parts).rstrip("\n"),
        tags={"p", "ul", "li", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )


def _slate(episode: Episode) -> str:
    return line(" ".join(s.written for s in episode.segments if s.role is Role.SLATE))


def _paragraphs(episode: Episode) -> Iterator[str]:
    """The text's paragraphs, in order: segments of one passage stand together."""
    spoken = (s for s in episode.segments if s.role is Role.TEXT)
    for _, segments in itertools.groupby(spoken, key=lambda s: s.passage):
        if paragraph := line(" ".join(s.written for s in segments)):
            yield paragraph


def opening(episode: Episode, least: int) -> str:
    """The first words of the text on one line, `least` or more characters if it has them.

    The chapters' headings are left out, and what is no sentence, such as an item of a list, is
    ended, so that nothing runs into what follows.
    """
    titles = {line(chapter.title) for chapter in episode.chapters}
    words = ""
    for paragraph in _paragraphs(episode):
        if paragraph not in titles:
            words += paragraph + (". " if paragraph[-1].isalnum() else " ")
        if len(words) > least:
            break
    return words.rstrip()


def _opening(episode: Episode, room: int) -> str:
    """The first words of the text as one paragraph, in at most `room` bytes with its markup."""
    words = opening(episode, _OPENING)
    limit = min(_OPENING, room)
    while limit > 0:
        html = _paragraph(cut(words, limit))
        size = len(html.encode())
        if size <= room:
            return html
        limit = min(limit - 1, limit * room // size)
    return ""


def _timed(episode: Episode) -> list[tuple[str, str, ChapterRecord]]:
    """(time, title, chapter) of each chapter; none unless there are three, from zero, in order."""
    chapters = episode.chapters
    starts = [chapter.start_ms // 1000 for chapter in chapters]
    if len(chapters) < 3 or starts[0] != 0 or any(a >= b for a, b in itertools.pairwise(starts)):
        return []
    hours = starts[-1] >= 3600
    return [
        (_clock(start, hours=hours), cut(line(chapter.title), _TITLE), chapter)
        for start, chapter in zip(starts, chapters, strict=True)
    ]


def _clock(seconds: int, *, hours: bool) -> str:
    """`MM:SS`, or `HH:MM:SS` on all lines of an episode with a chapter past the hour."""
    minutes, seconds = divmod(seconds, 60)
    return (
        f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
        if hours
        else f"{minutes:02}:{seconds:02}"
    )


def _chapter_lines(episode: Episode, room: int) -> str:
    """The chapters, a paragraph each; where room is short the first of them and an ellipsis."""
    lines = [_paragraph(f"({time}) {title}") for time, title, _ in _timed(episode)]
    if sum(len(each.encode()) for each in lines) <= room:
        return "".join(lines)
    rest = _paragraph("…")
    ends = itertools.accumulate(len(each.encode()) for each in lines)
    kept = sum(end <= room - len(rest.encode()) for end in ends)
    return "".join((*lines[:kept], rest)) if kept >= 3 else ""


def _link(episode: Episode) -> str:
    url = address.web(episode.url)
    title = cut(line(episode.post_title), _TITLE)
    return f"<p>{_anchor(title or url, url)}</p>\n" if url else ""


def _links(episode: Episode) -> str:
    """A list of what the post links to; the first ones, where there are very many."""
    items = []
    room = _LINKS_BYTES
    for link in episode.links[:_LINKS]:
        url = address.web(link.url)
        if url is None:
            continue
        item = f"<li>{_anchor(cut(line(link.text), _TITLE) or url, url)}</li>\n"
        room -= len(item.encode())
        if room < 0:
            break
        items.append(item)
    return f"<ul>\n{''.join(items)}</ul>\n" if items else ""


def page(title: str, url: str) -> str:
    """A link to the episode's own page, to stand after the notes."""
    return f"\n<p>{_anchor(line(title), url)}</p>"


def _anchor(text: str, url: str | None) -> str:
    safe = address.web(url)
    return f'<a href="{escape(safe)}">{_text(text)}</a>' if safe else _text(text)


def _paragraph(text: str) -> str:
    return f"<p>{_text(text)}</p>\n" if text else ""


def _text(text: str) -> str:
    return escape(text, quote=False)
