"""The front matter of site generators and notebooks: in YAML, TOML or JSON, for their own ends."""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import yaml

from tts_pipeline.errors import PostError
from tts_pipeline.post.frontmatter import FrontMatter, metadata, split
from tts_pipeline.post.sources import dialect

_OPEN = re.compile(
    r"\A\s*(?:(?P<toml>\+\+\+)|---[ \t]*(?P<language>json|toml|ya?ml|js|javascript|coffee|cson))"
    r"[ \t]*\n",
    re.I,
)
_OBJECT = re.compile(r'\A\s*(?=\{\s*"(?:[^"\\\n]|\\.){0,200}"\s*:)')
"""Hugo's JSON has no line before or after it."""
_READ: dict[str, Callable[[str], Any]] = {"json": json.loads, "toml": tomllib.loads}
_OURS_TOO = ("title", "date", "pubdate", "publishdate", "published")
"""What is the same thing everywhere, so that what cannot be read is a mistake."""


def parted(text: str, source: str) -> tuple[FrontMatter, str]:
    """Front matter, in whichever language, and the body.

    Raises:
        PostError: it is broken, or a program.
    """
    try:
        if opened := _OPEN.match(text):
            return _between_lines(opened, text, source)
        if opened := _OBJECT.match(text):
            given, end = json.JSONDecoder().raw_decode(text, opened.end())
            return of(given, source), text[end:].removeprefix("\n")
    except (ValueError, RecursionError) as error:
        raise PostError(f"{source}: the front matter cannot be read: {error}") from error
    return split(text, source)


def _between_lines(opened: re.Match[str], text: str, source: str) -> tuple[FrontMatter, str]:
    mark = opened["toml"] or "---"
    language = "toml" if opened["toml"] else opened["language"].lower()
    if language in ("yaml", "yml"):
        return split(f"---\n{text[opened.end() :]}", source)
    if language not in _READ:
        raise PostError(
            f"{source}: the front matter is a program, which is not run; write it in YAML, TOML "
            "or JSON"
        )
    closed = re.compile(rf"^{re.escape(mark)}[ \t]*$\n?", re.M).search(text, opened.end())
    if closed is None:
        raise PostError(
            f"{source}: the front matter never ends; put a line `{mark}` after its last key"
        )
    given = _READ[language](text[opened.end() : closed.start()])
    return of(given, source), text[closed.end() :]


def of(given: Any, source: str) -> FrontMatter:
    """Front matter of values that were read.

    Raises:
        PostError: they have no keys.
    """
    if not isinstance(given, dict):
        raise PostError(f"{source}: the front matter must be keys and values")
    return FrontMatter(_yaml(given) if given else "", 1, source)


def unusable(front: FrontMatter) -> tuple[str, ...]:
    """The keys whose values mean something else where they come from: a score of 8/10."""
    if _reads(front):
        return ()
    foreign = front.without(*_OURS_TOO)
    keys = foreign.keys()
    return tuple(key for key in keys if not _reads(foreign.only(key)))


def _reads(front: FrontMatter) -> bool:
    try:
        metadata(front)
    except PostError:
        return False
    return True


def unlinked(front: FrontMatter, source: str) -> FrontMatter:
    """Of a notebook, whose values may be links to notes."""
    return of({key: _unlinked(value) for key, value in front.given().items()}, source)


def _unlinked(value: object) -> object:
    # Without quotes, [[Ann Lee]] is a list in a list for YAML.
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list):
        return [_unlinked(one) for one in value]
    return dialect.unlinked(value) if isinstance(value, str) else value


def text(front: FrontMatter, body: str) -> str:
    """A post's text with front matter in YAML."""
    return f"---\n{_yaml(front.given())}---\n{body}" if front.given() else body


def _yaml(given: dict[str, Any]) -> str:
    return yaml.safe_dump(
        json.loads(json.dumps(given, default=_written)), allow_unicode=True, width=1_000_000
    )


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
