"""What site generators do with a file: whether they publish it, and where."""

import re
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from urllib.parse import quote, urljoin

from tts_pipeline.model import Noun
from tts_pipeline.post import dates
from tts_pipeline.post.frontmatter import FrontMatter
from tts_pipeline.post.metadata import web_address

INHERITED = (
    "draft", "published", "permalink", "eleventyexcludefromcollections", "build", "headless",
    "publishdate", "expirydate",
)  # fmt: skip
"""What a file takes from the folders around it, where it says nothing itself."""
_PUBLISHED = ("publishdate", "pubdate", "published", "date")
"""The first that is a date decides when a post comes out."""
_TEMPLATE = re.compile(r"[:{}\s]")
_CONFIGURED = re.compile(r"^[ \t]*(?:-[ \t]*)?permalink[ \t]*:[ \t]*[\"']?([^\s\"'#]+)", re.M)
_LANGUAGE = re.compile(r"(.+)\.[a-z]{2}(?:-[a-zA-Z]{2,4})?")
"""Of `ebb.fr.md`, the stem."""


class Place(Noun, kw_only=True):
    """Where a file stands, and what its name says."""

    path: PurePosixPath
    """From the site's folder."""
    stem: str
    """Without a date before it."""
    day: datetime | None
    """The date before it."""

    @property
    def name(self) -> str:
        """The stem without a language."""
        match = _LANGUAGE.fullmatch(self.stem)
        return match[1] if match else self.stem

    @property
    def is_index(self) -> bool:
        """Whether it speaks for its folder, which is a bundle."""
        return self.name in ("index", "README")


def left_out(front: FrontMatter, place: Place, now: datetime, *, drafts: bool) -> str | None:
    """Why the generator does not publish the file; None if it does."""
    if place.name == "_index":
        return "it is a section's page, not a post"
    if front.flag("eleventyexcludefromcollections"):
        return "it is left out of the site's collections"
    if front.flag("permalink") is False or front.flag("headless") or not _is_rendered(front):
        return "the site makes no page of it"
    if front.flag("publish") is False:
        return "it is not to be published"
    is_draft = (
        front.flag("draft") or front.flag("published") is False or "_drafts" in place.path.parts
    )
    if is_draft and not drafts:
        return "it is a draft"
    published = _date(front, *_PUBLISHED) or place.day
    if published and published > now:
        return f"it comes out on {published.date()}"
    expired = _date(front, "expirydate", "unpublishdate")
    return f"it expired on {expired.date()}" if expired and expired <= now else None


def _is_rendered(front: FrontMatter) -> bool:
    build = front.value("build")
    render = str(build.get("render", "")) if isinstance(build, dict) else ""
    return render.lower() not in ("never", "false", "link")


def _date(front: FrontMatter, *keys: str) -> datetime | None:
    return next(filter(None, (dates.parse(front.plain(key)) for key in keys)), None)


def cascaded(front: FrontMatter, path: PurePosixPath) -> dict[str, object]:
    """What a section of Hugo says for a file below it; the first rule that fits counts."""
    given = front.value("cascade")
    told: dict[str, object] = {}
    for rule in given if isinstance(given, list) else [given]:
        if isinstance(rule, dict) and _is_meant(rule, path):
            told = {**rule, **told}
    return told


def _is_meant(rule: dict[str, object], path: PurePosixPath) -> bool:
    given = rule.get("_target", rule.get("target"))
    targets = [one for one in (given if isinstance(given, list) else [given]) if one]
    return not targets or any(
        fnmatchcase(f"/{path.with_suffix('')}", str(one.get("path", "*")).strip("{}"))
        and fnmatchcase("page", str(one.get("kind", "*")).strip("{}"))
        for one in targets
        if isinstance(one, dict)
    )


def address(front: FrontMatter, place: Place, base: str, config: str) -> str | None:
    """Where the generator puts the post by its own rules; None where they are not known.

    Args:
        front: with what the folders around it say.
        place: the file.
        base: the site's address.
        config: Jekyll's `_config.yml`.
    """
    base = base.rstrip("/") + "/"
    given = front.plain("url") or front.plain("permalink")
    if given:
        if address := web_address(given):
            return address
        if _TEMPLATE.search(given):
            return None
        path = given.lstrip("/").removesuffix("index.html")
        return web_address(urljoin(base, quote(path, safe="/%-._~")))
    if place.name != place.stem:
        # A translation: which folder it goes to, its site's settings decide.
        return None
    found = (
        _of_jekyll(front, place, config) if "_posts" in place.path.parts else _plain(front, place)
    )
    return web_address(urljoin(base, quote(found))) if found is not None else None


def _plain(front: FrontMatter, place: Place) -> str:
    folders = place.path.parent.parts
    if place.name == "index" and not folders:
        return ""
    named = front.plain("slug") or place.stem
    if place.is_index and folders:
        *folders_, named = (*folders[:-1], front.plain("slug") or folders[-1])
        folders = tuple(folders_)
    return "/".join((*folders, named)) + "/"


def _of_jekyll(front: FrontMatter, place: Place, config: str) -> str | None:
    styles = set(_CONFIGURED.findall(config)) or {"date"}
    published = _date(front, "date") or place.day
    if not styles <= {"date", "pretty"} or len(styles) > 1 or published is None:
        return None
    above = place.path.parts[: place.path.parts.index("_posts")]
    written = front.value("categories") or front.value("category") or []
    listed = written.split() if isinstance(written, str) else written
    categories = [
        str(one).lower() for one in (*above, *(listed if isinstance(listed, list) else ()))
    ]
    named = front.plain("slug") or place.stem
    day = f"{published:%Y/%m/%d}/{named}" + (".html" if styles == {"date"} else "/")
    return "/".join((*dict.fromkeys(categories), day))
