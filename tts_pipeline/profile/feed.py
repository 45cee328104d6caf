"""[podcast], [publish] and [select] of feeds/NAME.toml, checked."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import structs

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Podcast, Publish, Select

Check = Callable[[object, tuple[str, str], str], None]
"""(holds, the keys, how the sentence goes on when it does not)."""

_PAGE = 10
"""Episodes below which a page is not worth a request."""


def check_podcast(given: Podcast, check: Check) -> None:
    """See that feeds can say it.

    Raises:
        ProfileError: by `check`.
    """
    at = "podcast"
    check(
        given.guid is None or _is_uuid(given.guid),
        (at, "guid"),
        f"must be a UUID such as 917393e3-1b1e-5cef-ace4-edaa54e1f810, not {given.guid!r}",
    )
    for key, url in (
        ("hub", given.hub),
        ("license_url", given.license_url),
        *(("funding", each.url) for each in given.funding),
        *(("persons", url) for each in given.persons for url in (each.img, each.href)),
    ):
        check(
            url is None or is_web(url), (at, key), f"must be an http or https address, not {url!r}"
        )
    check(
        given.license is None or given.license.strip(),
        (at, "license"),
        'is empty; it is an SPDX name such as "cc-by-4.0"',
    )
    check(
        given.license_url is None or given.license,
        (at, "license_url"),
        "stands alone; `license` gives the licence's name",
    )
    for purpose, text in given.txt.items():
        check(len(purpose) <= 128, (at, "txt"), f"has a purpose of over 128 characters: {purpose}")
        check(0 < len(text) <= 4000, (at, "txt"), f"must say 1 to 4000 characters for {purpose!r}")
    for key, name in (
        *(("persons", each.name) for each in given.persons),
        *(("funding", each.text) for each in given.funding),
    ):
        check(0 < len(name) <= 128, (at, key), f"must have 1 to 128 characters, not {name!r}")
    check(
        given.episodes_per_page >= _PAGE,
        (at, "episodes_per_page"),
        f"must be {_PAGE} or more",
    )
    check(given.keep_days >= 0, (at, "keep_days"), "must be 0 or more days")


def check_publish(given: Publish, check: Check) -> None:
    """See that no password stands in a file that others read.

    Raises:
        ProfileError: by `check`.
    """
    at = "publish"
    for key, url in (("to", given.to), ("endpoint", given.endpoint)):
        check(
            url is None or not re.match(r"[^/]*://[^/]*:[^/]*@", url),
            (at, key),
            "holds a password; leave it out: WebDAV takes WEBDAV_USERNAME and WEBDAV_PASSWORD or "
            "~/.netrc, S3 what AWS's tools take, and SFTP a key of SSH",
        )
    check(given.to is None or given.to.strip(), (at, "to"), "is empty")
    check(
        given.endpoint is None or is_web(given.endpoint),
        (at, "endpoint"),
        f"must be an http or https address, not {given.endpoint!r}",
    )


def checked_select(given: Select, check: Check, beside: Callable[[str], Path]) -> Select:
    """The selection with the names of its file among the removed authors.

    Raises:
        ProfileError: by `check`, or since the file cannot be read.
    """
    at = "select"
    for key in ("shows", "sites", "tags", "authors", "languages", "series", "removed_authors"):
        for value in getattr(given, key):
            check(value.strip(), (at, key), "holds an empty text")
    check(
        given.since is None or given.until is None or given.since <= given.until,
        (at, "until"),
        f"is {given.until}, before `since`, which is {given.since}",
    )
    for key in ("min_minutes", "max_minutes"):
        minutes = getattr(given, key)
        check(minutes is None or minutes > 0, (at, key), "must be more than 0 minutes")
    check(
        given.min_minutes is None
        or given.max_minutes is None
        or given.min_minutes <= given.max_minutes,
        (at, "max_minutes"),
        "is less than `min_minutes`, so that nothing would stand in the feed",
    )
    check(given.newest is None or given.newest > 0, (at, "newest"), "must be 1 or more")
    if given.best is not None:
        check(given.best.n > 0, (at, "best"), "needs an `n` of 1 or more")
        check(given.best.after_hours >= 0, (at, "best"), "needs an `after_hours` of 0 or more")
    check(
        re.fullmatch(r"[\w.~-]*", given.guid_suffix, re.ASCII),
        (at, "guid_suffix"),
        f"may hold letters, digits, `_`, `-`, `.` and `~`, not {given.guid_suffix!r}",
    )
    if given.removed_authors_file is None:
        return given
    path = beside(given.removed_authors_file)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            f"{path} cannot be read: {error}. It lists authors who stand in no feed, a name a "
            "line, in UTF-8"
        ) from error
    names = tuple(name for line in lines if (name := line.strip()) and not name.startswith("#"))
    return structs.replace(given, removed_authors=(*given.removed_authors, *names))


def is_web(url: str) -> bool:
    """Whether it is an http or https address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
