"""Markdown with YAML front matter."""

import re
from typing import Any
from urllib.parse import urlsplit

import yaml
from msgspec import structs

from tts_pipeline.errors import PostError
from tts_pipeline.model import Post
from tts_pipeline.post import dates

_FRONT = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M | re.S)
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<atx>.*?)(?:[ \t]+#+)?[ \t]*(?:\{#[^}\n]*\})?[ \t]*$"
    r"|^(?P<setext>\S.*)\n {0,3}=+[ \t]*$",
    re.M,
)


def with_metadata(post: Post) -> Post:
    """Take the front matter off; what it lacks, the first heading may give.

    Raises:
        PostError: the front matter is broken.
    """
    match = _FRONT.match(post.body)
    given = _front_matter(match["yaml"], post.source) if match else {}
    body = post.body[match.end() :] if match else post.body
    if not body.strip():
        raise PostError(f"{post.source} holds nothing after its front matter")
    heading = _HEADING.search(body)
    titled = (heading["atx"] or heading["setext"] or "") if heading else ""
    return structs.replace(
        post,
        body=body,
        title=_text(given, "title") or re.sub(r"[*_`]+|\[([^\]]*)\]\([^)]*\)", r"\1", titled),
        author=_authors(given),
        date=_date(given, post.source),
        url=_address(given, post.source),
        site=_text(given, "site"),
        tag=_text(given, "tag"),
        tags=_tags(given),
        id=_text(given, "id"),
        language=_text(given, "lang", "language"),
    )


def _front_matter(text: str, source: str) -> dict[str, Any]:
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise PostError(
            f"{source}{line}: the front matter cannot be read ({problem}); a value with a colon "
            "needs quotes"
        ) from error
    except (ValueError, RecursionError) as error:
        raise PostError(f"{source}: the front matter cannot be read: {error}") from error
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise PostError(f"{source}: the front matter must be lines of `key: value`")
    return {str(key).lower(): value for key, value in given.items()}


def _text(given: dict[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = given.get(key)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return None


def _authors(given: dict[str, Any]) -> str | None:
    for key in ("author", "authors"):
        value = given.get(key)
        names = value if isinstance(value, list) else [value]
        named = [
            str(name.get("name", "") if isinstance(name, dict) else name).strip()
            for name in names
            if name
        ]
        if any(named):
            return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return None


def _date(given: dict[str, Any], source: str) -> Any:
    for key in ("date", "published"):
        if (value := given.get(key)) not in (None, ""):
            found = dates.parse(value)
            if found is None:
                raise PostError(
                    f"{source}: `{key}: {value}` in the front matter is not a date; write "
                    f"{dates.FORMS}"
                )
            return found
    return None


def _address(given: dict[str, Any], source: str) -> str | None:
    written = _text(given, "url", "canonical_url", "link")
    if written is None or is_web(written):
        return written
    raise PostError(
        f"{source}: `{written}` in the front matter is not an http or https address; write the "
        "post's full address or leave it out"
    )


def _tags(given: dict[str, Any]) -> tuple[str, ...]:
    value = given.get("tags")
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list):
        return ()
    return tuple(str(tag).strip() for tag in listed if str(tag).strip())


def is_web(url: str) -> bool:
    """Whether this is an http or https address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
