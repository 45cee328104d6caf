"""What Markdown of notebooks and site generators holds beside Markdown, as plain Markdown.

Obsidian: wikilinks, embeds, callouts, comments, block ids. Hugo: shortcodes. Jekyll and Eleventy:
Liquid tags, Kramdown's attributes. Only what matters for the words; code is never touched.
"""

import html
import re
from collections.abc import Callable

from tts_pipeline.model import Noun

_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^ {0,3}(?P=fence)[`~]*[ \t]*$|.*\Z)"
    r"|(?<!`)(?P<ticks>`{1,4})(?!`)[^`]{1,2000}?(?P=ticks)(?!`)",
    re.M | re.S,
)
_HTML_CODE = re.compile(
    r"<(?P<tag>pre|code|script|style)\b(?:(?!<(?P=tag)\b).)*?</(?P=tag)\s*>", re.S | re.I
)
_RAW = (
    r"\{%-?\s*(?P<raw>raw|verbatim)\s*-?%\}(?P<body>(?:(?!\{%-?\s*(?P=raw)).)*?)"
    r"\{%-?\s*end(?P=raw)\s*-?%\}"
)
"""What a template is told to leave as it is."""
_REMARK = (
    r"(?P<remark>\{%-?\s*comment\s*-?%\}(?:(?!\{%-?\s*comment).)*?\{%-?\s*endcomment\s*-?%\}"
    r"|\{\{[<%]\s*comment\s*[>%]\}\}(?:(?!\{\{[<%]\s*comment).)*?\{\{[<%]\s*/\s*comment\s*[>%]\}\}"
    r"|\{::comment\}(?:(?!\{::comment).)*?\{:/(?:comment)?\}"
    r"|\{#-?\s(?:(?!\{#|#\}).){0,2000}#\})"
)
"""Nothing of it is read; none stands in another, so that many unfinished ones cost little."""
_KEPT = re.compile(f"{_CODE.pattern}|{_RAW}|{_REMARK}", re.M | re.S)
_KEPT_OF_HTML = re.compile(f"{_HTML_CODE.pattern}|{_RAW}|{_REMARK}", re.S | re.I)
_KEPT_OF_VAULT = re.compile(rf"{_CODE.pattern}|(?P<remark>%%.*?%%)", re.M | re.S)
_EMBED = re.compile(r"!\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_LINK = re.compile(r"(?<!!)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\](?![(\[])")
"""Not `[[1]](address)`, which is a link of Markdown's own."""
_CALLOUT = re.compile(
    r"^(?P<quote>[ \t]*(?:>[ \t]?)+)\[!(?P<kind>[\w-]{1,40})(?:\|[^\]\n]{0,80})?\][+-]?"
    r"[ \t]*(?P<title>[^\n]*)$",
    re.M,
)
_BLOCK_ID = re.compile(r"(?:^|[ \t]+)\^[A-Za-z0-9-]{1,60}[ \t]*$", re.M)
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp)$", re.I)
_MEDIA = re.compile(r"\.(?:mp3|wav|m4a|ogg|flac|mp4|webm|mov|pdf|canvas|base)$", re.I)
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")

_FIGURE = re.compile(r"\{\{[<%]\s*(?:figure|img|image)\b([^{}]{0,2000}?)/?\s*[>%]\}\}")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+(\w+)[^%]*%\}\n?((?:(?!\{%-?\s*highlight).)*?)"
    r"\{%-?\s*endhighlight\s*-?%\}"
    r"|\{\{<\s*highlight\s+(\w+)[^>]*>\}\}\n?((?:(?!\{\{<\s*highlight).)*?)"
    r"\{\{<\s*/\s*highlight\s*>\}\}",
    re.S,
)
_SHORTCODE = re.compile(
    r"\{\{(?:<(?:(?!\{\{|>\}\}).){0,2000}>|%(?:(?!\{\{|%\}\}).){0,2000}%)\}\}", re.S
)
_TAG = re.compile(r"\{%(?:(?!\{%|%\}).){0,2000}%\}|\{\{[^\n]{0,500}?\}\}", re.S)
_KRAMDOWN = re.compile(
    r"^(?:[*+-]|1\.)[ \t][^\n]{0,300}\n\{:\s*toc\b[^{}\n]{0,300}\}[ \t]*$|\{:[^{}\n]{0,300}\}", re.M
)
"""The item before `{:toc}` stands for a table of contents."""


class Dialect(Noun, kw_only=True):
    """What a folder's files are written in beside Markdown."""

    is_vault: bool
    """Of Obsidian, where `%%` and `^` mean something, and two braces are of a formula."""
    is_hugo: bool
    """Of Hugo, which fills in its shortcodes alone."""


def plain(body: str, dialect: Dialect, note: Callable[[str], str | None]) -> str:
    """The body in plain Markdown.

    Args:
        body: without front matter.
        dialect: what it is written in.
        note: the body of another note by its name, for embeds.
    """
    if not dialect.is_vault:
        body = _HIGHLIGHT.sub(_fenced, body)
    kept = _KEPT_OF_VAULT if dialect.is_vault else _KEPT
    return _outside(kept, body, lambda text: _of_text(text, dialect, note))


def page(body: str, dialect: Dialect) -> str:
    """HTML as it is once a generator has filled it in."""
    if dialect.is_vault:
        return body
    filled = _shortened if dialect.is_hugo else _filled
    body = _HIGHLIGHT.sub(_preformatted, body)
    return _outside(_KEPT_OF_HTML, body, lambda text: filled(_FIGURE.sub(_pictured, text)))


def _outside(kept: re.Pattern[str], body: str, change: Callable[[str], str]) -> str:
    """With all changed but what is kept, and without remarks."""
    parts, place = [], 0
    for match in kept.finditer(body):
        told = match.groupdict()
        stays = "" if told.get("remark") else told.get("body")
        parts += [change(body[place : match.start()]), match[0] if stays is None else stays]
        place = match.end()
    return "".join((*parts, change(body[place:])))


def _of_text(text: str, dialect: Dialect, note: Callable[[str], str | None]) -> str:
    if dialect.is_vault:
        text = _BLOCK_ID.sub("", text)
    text = _CALLOUT.sub(_titled, text)
    text = _EMBED.sub(lambda match: _embedded(match, note), text)
    text = _FIGURE.sub(_figure, unlinked(text))
    if dialect.is_vault or dialect.is_hugo:
        return _shortened(text)
    return _KRAMDOWN.sub("", _filled(text))


def _shortened(text: str) -> str:
    return _SHORTCODE.sub(_tag, text)


def _filled(text: str) -> str:
    return _TAG.sub(_tag, _shortened(text))


def unlinked(text: str) -> str:
    """Words with links to notes shown as their text."""
    return _LINK.sub(lambda match: match[2] or _name(match[1]), text)


def _name(target: str) -> str:
    """A link without a text is shown by what it leads to."""
    path, _, place = target.rstrip("\\").partition("#")
    shown = path.rpartition("/")[2].removesuffix(".md").strip()
    place = place.rpartition("#")[2].removeprefix("^").strip()
    return " > ".join(part for part in (shown, place) if part)


def _embedded(match: re.Match[str], note: Callable[[str], str | None]) -> str:
    # In a table, a backslash stands before the bar.
    target, shown = match[1].rstrip("\\").strip(), (match[2] or "").strip()
    if _IMAGE.search(target):
        alt = "" if _SIZE.fullmatch(shown) else shown
        return f"![{alt}](<{target}>)"
    if _MEDIA.search(target):
        return ""
    body = note(target)
    return f"\n\n{body.strip()}\n\n" if body is not None else shown or _name(target)


def _titled(match: re.Match[str]) -> str:
    title = match["title"].strip() or match["kind"].replace("-", " ").capitalize()
    return f"{match['quote']}**{title}**\n{match['quote'].rstrip()}"


def _figure(match: re.Match[str]) -> str:
    told = dict(_ATTRIBUTE.findall(match[1]))
    caption = f"\n\n{told['caption']}" if told.get("caption") else ""
    return f"![{told.get('alt', '')}](<{told.get('src', '')}>){caption}"


def _fenced(match: re.Match[str]) -> str:
    language, code = match[1] or match[3], match[2] or match[4] or ""
    return f"```{language}\n{code.rstrip()}\n```"


def _preformatted(match: re.Match[str]) -> str:
    language, code = match[1] or match[3], match[2] or match[4] or ""
    return f'<pre><code class="language-{language}">{html.escape(code.rstrip())}</code></pre>'


def _pictured(match: re.Match[str]) -> str:
    told = {key: html.escape(value) for key, value in _ATTRIBUTE.findall(match[1])}
    caption = f"<figcaption>{told['caption']}</figcaption>" if told.get("caption") else ""
    picture = f'<img src="{told.get("src", "")}" alt="{told.get("alt", "")}">'
    return f"<figure>{picture}{caption}</figure>"


def _tag(match: re.Match[str]) -> str:
    """A tag of a template says nothing; inside a link it stands for an address."""
    return "#" if match.string[: match.start()].endswith("](") else ""


def section(body: str, heading: str) -> str | None:
    """What stands below a heading, up to the next of its level."""
    if heading.startswith("^"):
        wanted = re.compile(rf"^(.*[ \t])?\^{re.escape(heading[1:])}[ \t]*$", re.M)
        found = wanted.search(body)
        if found and not (found[1] or "").strip():
            # On a line of its own, it names the block before it.
            return re.split(r"\n[ \t]*\n", body[: found.start()].rstrip())[-1]
        return found[0] if found else None
    start = re.search(rf"^(#{{1,6}})[ \t]+{re.escape(heading)}[ \t]*$", body, re.M | re.I)
    if start is None:
        return None
    end = re.search(rf"^#{{1,{len(start[1])}}}[ \t]", body[start.end() :], re.M)
    return body[start.start() : start.end() + end.start() if end else len(body)]
