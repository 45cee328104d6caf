"""What Markdown of notebooks and site generators holds beside Markdown, as plain Markdown.

Obsidian: wikilinks, embeds, callouts, comments, block ids. Hugo: shortcodes. Jekyll and Eleventy:
Liquid tags, Kramdown's attributes. Only what matters for the words; code is never touched.
"""

import re
from collections.abc import Callable

_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^ {0,3}(?P=fence)[`~]*[ \t]*$|.*\Z)"
    r"|(?<!`)(?P<ticks>`{1,4})(?!`)[^`]{1,2000}?(?P=ticks)(?!`)",
    re.M | re.S,
)
_EMBED = re.compile(r"!\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_LINK = re.compile(r"(?<!!)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_CALLOUT = re.compile(
    r"^(?P<quote>[ \t]*(?:>[ \t]?)+)\[!(?P<kind>[\w-]{1,40})(?:\|[^\]\n]{0,80})?\][+-]?"
    r"[ \t]*(?P<title>[^\n]*)$",
    re.M,
)
_COMMENT = re.compile(r"%%.*?%%", re.S)
_BLOCK_ID = re.compile(r"[ \t]+\^[A-Za-z0-9-]{1,60}[ \t]*$", re.M)
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp)$", re.I)
_MEDIA = re.compile(r"\.(?:mp3|wav|m4a|ogg|flac|mp4|webm|mov|pdf|canvas|base)$", re.I)
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")

_FIGURE = re.compile(r"\{\{[<%]\s*(?:figure|img|image)\b([^{}]{0,2000}?)/?\s*[>%]\}\}")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+(\w+)[^%]*%\}\n?(.*?)\{%-?\s*endhighlight\s*-?%\}"
    r"|\{\{<\s*highlight\s+(\w+)[^>]*>\}\}\n?(.*?)\{\{<\s*/\s*highlight\s*>\}\}",
    re.S,
)
_RAW = re.compile(r"\{%-?\s*(?:end)?(?:raw|verbatim)\s*-?%\}")
_LIQUID_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.S)
_TAG = re.compile(r"\{%[^\n]{0,500}?%\}|\{\{[<%]?[^\n]{0,500}?[>%]?\}\}")
_KRAMDOWN = re.compile(r"^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*$|\{:[^{}\n]{0,300}\}", re.M)


def plain(body: str, *, vault: bool, note: Callable[[str], str | None]) -> str:
    """The body in plain Markdown.

    Args:
        body: without front matter.
        vault: whether it is of Obsidian, where `%%` and `^` mean something.
        note: the body of another note by its name, for embeds.
    """
    body = _HIGHLIGHT.sub(_fenced, body)
    return _outside_code(body, lambda text: _of_text(text, vault=vault, note=note))


def _outside_code(body: str, change: Callable[[str], str]) -> str:
    parts, place = [], 0
    for match in _CODE.finditer(body):
        parts += [change(body[place : match.start()]), match[0]]
        place = match.end()
    return "".join((*parts, change(body[place:])))


def _of_text(text: str, *, vault: bool, note: Callable[[str], str | None]) -> str:
    if vault:
        text = _BLOCK_ID.sub("", _COMMENT.sub("", text))
    text = _CALLOUT.sub(_titled, text)
    text = _EMBED.sub(lambda match: _embedded(match, note), text)
    text = unlinked(text)
    text = _FIGURE.sub(_figure, text)
    text = _LIQUID_COMMENT.sub("", _RAW.sub("", text))
    return _KRAMDOWN.sub("", _TAG.sub(_tag, text))


def unlinked(text: str) -> str:
    """Words with links to notes shown as their text."""
    return _LINK.sub(lambda match: match[2] or _name(match[1]), text)


def _name(target: str) -> str:
    """A link without a text is shown by what it leads to."""
    path, _, place = target.partition("#")
    shown = path.rpartition("/")[2].removesuffix(".md").strip()
    place = place.rpartition("#")[2].removeprefix("^").strip()
    return " > ".join(part for part in (shown, place) if part)


def _embedded(match: re.Match[str], note: Callable[[str], str | None]) -> str:
    target, shown = match[1].strip(), (match[2] or "").strip()
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


def _tag(match: re.Match[str]) -> str:
    """A tag of a template says nothing; inside a link it stands for an address."""
    return "#" if match.string[: match.start()].endswith("](") else ""


def section(body: str, heading: str) -> str | None:
    """What stands below a heading, up to the next of its level."""
    if heading.startswith("^"):
        wanted = re.compile(rf"^.*\s\^{re.escape(heading[1:])}[ \t]*$", re.M)
        found = wanted.search(body)
        return found[0] if found else None
    start = re.search(rf"^(#{{1,6}})[ \t]+{re.escape(heading)}[ \t]*$", body, re.M | re.I)
    if start is None:
        return None
    end = re.search(rf"^#{{1,{len(start[1])}}}[ \t]", body[start.end() :], re.M)
    return body[start.start() : start.end() + end.start() if end else len(body)]
