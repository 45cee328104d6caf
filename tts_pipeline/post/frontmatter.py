"""YAML front matter: lines of `key: value` between two lines `---`."""

import re
from datetime import datetime

import yaml

from tts_pipeline.errors import PostError
from tts_pipeline.post import dates
from tts_pipeline.post.metadata import joined, language_tag, web_address
from tts_pipeline.words import fold, printable

_OPEN = re.compile(r"\A\s*^---[ \t]*\n(?![ \t]*$)", re.M)
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.M)
_KEY = re.compile(r"(?:#.*\n)*[\"']?[A-Za-z][\w -]{0,40}[\"']?[ \t]*:(?:\s|\Z)")

_LINE_SEPARATORS = re.compile("[\u2028\u2029]")
"""They end a line for YAML, yet for nobody who pasted one with a title."""

_LONGEST = 50_000
"""Characters of front matter: PyYAML reads some 100 kB a second."""


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

    def plain(self, *keys: str) -> str | None:
        """One value; what is built otherwise is for another program and does not count."""
        _, value = self._first(keys)
        return (value.strip() or None) if isinstance(value, str) else None

    def listed(self, *keys: str) -> tuple[str, ...]:
        """A list's values, or those between commas."""
        _, value = self._first(keys)
        values = value.split(",") if isinstance(value, str) else value
        texts = values if isinstance(values, list) else []
        return tuple(text.strip() for text in texts if isinstance(text, str) and text.strip())

    def names(self, *keys: str) -> str | None:
        """Authors, be they one, a list, or objects with a `name`."""
        for key in keys:
            _, value = self._first((key,))
            people = value if isinstance(value, list) else [value]
            named = [
                person.get("name") if isinstance(person, dict) else person for person in people
            ]
            if author := joined(name for name in named if isinstance(name, str)):
                return author
        return None

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
