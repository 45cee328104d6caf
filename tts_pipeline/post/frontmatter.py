"""YAML front matter: lines of `key: value` between two lines `---`."""

import copy
import re
from datetime import datetime
from typing import Any

import yaml

from tts_pipeline.errors import PostError
from tts_pipeline.post import dates
from tts_pipeline.post.metadata import each, joined, language_tag, web_address
from tts_pipeline.words import fold, printable

_OPEN = re.compile(r"\A\s*^---[ \t]*\n(?![ \t]*$)", re.M)
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.M)
_KEY = re.compile(r"(?:#.*\n)*[\"']?[A-Za-z][\w -]{0,40}[\"']?[ \t]*:(?:\s|\Z)")

_LINE_SEPARATORS = re.compile("[\u2028\u2029]")
"""They end a line for YAML, yet for nobody who pasted one with a title."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:e[+-]?[0-9]{1,2})?", re.ASCII)

_LONGEST = 50_000
"""Characters of front matter: PyYAML reads some 100 kB a second."""


LABELS = ("excerpt", "linkpost")
"""What a post may be that does not stand for itself."""


class _Loader(yaml.BaseLoader):
    """Every value is text as it is written, but null: a title may be 1984, 12:30 or No."""


_NULL = "tag:yaml.org,2002:null"
_Loader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_constructor(_NULL, lambda *_: None)


class FrontMatter:
    """The front matter's values by key, however its key is spelled: pubDate, pub_date."""

    def __init__(self, written: str, line: int, source: str) -> None:
        """Read it; `line` is the number of its first line.

        Raises:
            PostError: it is not YAML, or no mapping.
        """
        self._source = source
        text = _LINE_SEPARATORS.sub(" ", printable(written))
        try:
            given = yaml.load(text, _Loader)  # noqa: S506 - a BaseLoader makes only text
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            at = line + text.count("\n", 0, mark.index) if mark else line
            problem = getattr(error, "problem", None) or "it is not YAML"
            raise PostError(
                f"{source}, line {at}: the front matter cannot be read ({problem}); a value with "
                "a colon, a bracket or a leading * needs quotes"
            ) from error
        except (ValueError, OverflowError, RecursionError) as error:
            raise PostError(
                f"{source}, line {line}: the front matter cannot be read ({error}); write lines "
                "of `key: value`"
            ) from error
        if not isinstance(given, dict | None):
            raise PostError(
                f"{source}, line {line}: the front matter must be lines of `key: value`; write "
                "`***` where the first line is meant as a rule"
            )
        self._given = {
            re.sub(r"[-_ ]", "", key).lower(): (key, value)
            for key, value in (given or {}).items()
            if isinstance(key, str) and value not in (None, "")
        }

    def _first(self, keys: tuple[str, ...]) -> tuple[str, object]:
        return next((self._given[key] for key in keys if key in self._given), ("", None))

    def _fault(self, key: str, fault: str) -> PostError:
        return PostError(f"{self._source}: `{key}` in the front matter {fault}")

    def _one(self, keys: tuple[str, ...]) -> tuple[str, str | None]:
        key, value = self._first(keys)
        if isinstance(value, str | None):
            return key, (value or "").strip() or None
        raise self._fault(key, "must be one value; put quotes around text that has brackets in it")

    def text(self, *keys: str) -> str | None:
        """One value."""
        return self._one(keys)[1]

    def listed(self, *keys: str) -> tuple[str, ...]:
        """A list's values, or those between commas."""
        _, value = self._first(keys)
        values = value.split(",") if isinstance(value, str) else value
        texts = values if isinstance(values, list) else []
        return tuple(text.strip() for text in texts if isinstance(text, str) and text.strip())

    def names(self, *keys: str) -> tuple[str, ...]:
        """Authors, be they one, a list, or objects with a `name`."""
        for key in keys:
            _, value = self._first((key,))
            people = value if isinstance(value, list) else [value]
            named = [
                person.get("name") if isinstance(person, dict) else person for person in people
            ]
            if authors := each(name for name in named if isinstance(name, str)):
                return authors
        return ()

    def number(self, *keys: str) -> float | None:
        """A number, such as 12 or -0.5."""
        key, value = self._one(keys)
        if value is None:
            return None
        if _NUMBER.fullmatch(value):
            return float(value)
        raise self._fault(key, f"must be a number, not `{fold(value)[:80]}`")

    def one_of(self, key: str, known: tuple[str, ...]) -> str | None:
        """One of the values that are known."""
        value = self.text(key)
        if value in (None, *known):
            return value
        raise self._fault(key, f"must be {' or '.join(known)}, not `{fold(value or '')[:80]}`")

    def addresses(self, key: str) -> tuple[str, ...]:
        """A list of http or https addresses."""
        found = self.listed(key)
        for written in found:
            if not web_address(written):
                raise self._fault(
                    key, f"holds what is no http or https address: `{fold(written)[:80]}`"
                )
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list's values, or the one that there is."""
        value = self._first((key,))[1]
        texts = value if isinstance(value, list) else [value]
        return tuple(text.strip() for text in texts if isinstance(text, str) and text.strip())

    def plain(self, key: str) -> str:
        """What is written at `key`, empty where it is no single value."""
        value = self._first((key,))[1]
        return value.strip() if isinstance(value, str) else ""

    def flag(self, key: str) -> bool | None:
        """True or false, where either is written."""
        return {"true": True, "yes": True, "false": False, "no": False}.get(self.plain(key).lower())

    def value(self, key: str) -> object:
        """What is written at `key`, of whatever kind."""
        return self._first((key,))[1]

    def keys(self) -> tuple[str, ...]:
        """Each key, as it is asked for."""
        return tuple(self._given)

    def given(self) -> dict[str, object]:
        """All that is written."""
        return dict(self._given.values())

    def without(self, *keys: str) -> "FrontMatter":
        """The same but for these keys."""
        return self.only(*(key for key in self._given if key not in keys))

    def only(self, *keys: str) -> "FrontMatter":
        """These keys alone."""
        return self._with({key: pair for key, pair in self._given.items() if key in keys})

    def over(self, other: "FrontMatter") -> "FrontMatter":
        """The same, and what the other says beside it."""
        return self._with({**other._given, **self._given})

    def _with(self, given: dict[str, tuple[str, object]]) -> "FrontMatter":
        front = copy.copy(self)
        front._given = given
        return front

    def date(self, *keys: str) -> datetime | None:
        """A date in one of `dates.FORMS`."""
        key, value = self._one(keys)
        if value is None:
            return None
        if found := dates.parse(value):
            return found
        raise self._fault(key, f"is not a date: `{fold(value)[:80]}`; write {dates.FORMS}")

    def address(self, *keys: str) -> str | None:
        """An http or https address."""
        key, value = self._one(keys)
        if value is None:
            return None
        if address := web_address(value):
            return address
        raise self._fault(
            key,
            f"is not an http or https address: `{fold(value)[:80]}`; write the post's full address "
            "or leave it out",
        )

    def language(self, *keys: str) -> str | None:
        """A language tag."""
        key, value = self._one(keys)
        if value is None:
            return None
        if tag := language_tag(value):
            return tag
        raise self._fault(
            key, f"must be a language tag such as en or en-us, not `{fold(value)[:80]}`"
        )


def split(text: str, source: str) -> tuple[FrontMatter, str]:
    """The front matter, empty where there is none, and the body.

    A `---` with an empty line below it, or with neither keys nor another `---`, is a rule, as in
    any Markdown.

    Raises:
        PostError: the front matter is broken.
    """
    opened = _OPEN.match(text)
    if opened is None:
        return FrontMatter("", 1, source), text
    closed = _CLOSE.search(text, opened.end())
    if closed is None and not _KEY.match(text, opened.end()):
        return FrontMatter("", 1, source), text
    if closed is None or closed.start() - opened.end() > _LONGEST:
        fault = "is longer than 50 kB" if closed else "never ends"
        raise PostError(
            f"{source}: the front matter {fault}; put a line `---` after its last key, or write "
            "`***` where the first line is meant as a rule"
        )
    line = text.count("\n", 0, opened.end()) + 1
    front = FrontMatter(text[opened.end() : closed.start()], line, source)
    return front, text[closed.end() :]


def _canonical(front: FrontMatter, url: str | None) -> tuple[str, ...]:
    """Where else the post stands, by addresses that do not stand for its own."""
    written = (web_address(front.plain(key)) for key in ("canonical", "canonicalurl"))
    return tuple(address for address in written if address and address != url)


def metadata(front: FrontMatter) -> dict[str, Any]:
    """What the front matter says of the post, by the names of `Post`; what it lacks is not there.

    Raises:
        PostError: a value is not of its kind.
    """
    authors = front.names("author", "authors")
    place = front.number("number")
    url = front.address("url", "canonical", "canonicalurl", "link")
    told = {
        "title": front.text("title"),
        "author": joined(authors),
        "authors": authors,
        "date": front.date("date", "published", "pubdate", "publishdate"),
        "url": url,
        "site": front.text("site"),
        "tag": front.text("tag"),
        "tags": front.listed("tags"),
        "id": front.text("id"),
        "language": front.language("lang", "language"),
        "score": front.number("score"),
        "series": front.plain("series") or next(iter(front.listed("series")), None),
        "number": int(place) if place is not None else None,
        "copies": each((*front.addresses("copies"), *_canonical(front, url))),
        "label": front.one_of("label", LABELS),
        "image": front.plain("image"),
        "soundbites": front.texts("soundbite"),
    }
    return {name: value for name, value in told.items() if value not in (None, (), "")}
