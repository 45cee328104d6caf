"""A lexicon: how certain words are said, whatever the rules would say."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import methodcaller
from pathlib import Path

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Noun

Entry = tuple[str, str]
"""A word or `re:PATTERN`, and what is said instead."""

_WORD = re.compile(r"\w+")
_PATTERN = "re:"
# A repeated group that itself repeats without bound, "(a+)+", can take exponential time.
_NESTED = re.compile(r"(?<!\\)[+*}](?:[^()\\]|\\.)*(?<!\\)\)(?:[+*]|\{\d+,\d*\})")
PHONEMES = ("\ue010", "\ue011")
"""Stand around phonemes until all else is cleaned. Only a lexicon can write them."""
_MARKUP = re.compile(r"\[\[([^\[\]]+)\]\]")
_APOSTROPHES = str.maketrans("\u2019\u2018", "''")


class Lexicon:
    """Entries ready to be found in a text.

    A word matches whole words alone: in any case when it is written in lower case, else exactly.
    Of two words that begin at one place the longer wins; of two equal ones the later. Patterns
    (`re:`) come after the words, in their order, on what is left.

    Raises:
        ProfileError: a pattern is not a regular expression, or could take forever.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index the entries by their first run of letters, digits and underscores."""
        self._words: dict[str, dict[str, tuple[int, str, bool, str]]] = {}
        self._rules: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = []
        signs: dict[str, str] = {}
        for word, said in entries:
            if word.startswith(_PATTERN):
                pattern = _compiled(word[len(_PATTERN) :], said)
                self._rules.append((pattern, methodcaller("expand", said)))
                continue
            written = word.translate(_APOSTROPHES)
            first = _WORD.search(written)
            if first is None:
                signs[written] = said
                continue
            exact = written != written.lower()
            # The offset of the first run, the text, whether its case counts, and its speech.
            entry = (first.start(), written, exact, said)
            self._words.setdefault(first[0].lower(), {})[written] = entry
        self._candidates = {
            key: sorted(entries.values(), key=lambda entry: -len(entry[1]))
            for key, entries in self._words.items()
        }
        if signs:
            longest = sorted(signs, key=len, reverse=True)
            sign = re.compile("|".join(map(re.escape, longest)))
            self._rules.insert(0, (sign, lambda match: signs[match[0]]))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end (exclusive) and speech of each hit, in order, without overlap."""
        found: list[tuple[int, int, str]] = []
        free = 0
        for token in _WORD.finditer(text) if self._candidates else ():
            candidates = self._candidates.get(token[0].lower())
            if candidates is None or token.start() < free:
                continue
            for offset, word, exact, said in candidates:
                start = token.start() - offset
                end = start + len(word)
                if start >= free and _is_at(text, start, end, word, exact=exact):
                    found.append((start, end, said))
                    free = end
                    break
        for pattern, say in self._rules:
            hits = ((m.start(), m.end(), say(m)) for m in pattern.finditer(text) if m[0])
            found = _merged(found, hits)
        return found


class Line(Noun):
    """An entry with its place in its file."""

    number: int
    word: str
    said: str


def load(path: Path) -> tuple[Entry, ...]:
    """The entries of a file, see `lines`."""
    return tuple((line.word, line.said) for line in lines(path))


def problems(entries: Sequence[Line]) -> Iterator[str]:
    """What is allowed and yet surely not meant."""
    seen: dict[str, int] = {}
    for line in entries:
        if line.word in seen:
            yield f"line {line.number}: {line.word!r} stands in line {seen[line.word]} already"
        seen[line.word] = line.number
        if line.word == line.said:
            yield f"line {line.number}: {line.word!r} is said as it is written"


def lines(path: Path) -> tuple[Line, ...]:
    """Read a TSV file: word, TAB, what is said, and perhaps TAB and a note; `#` begins a comment.

    What is said may hold phonemes of the engine's between `[[` and `]]`.

    Raises:
        ProfileError: naming file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"the lexicon {path} cannot be read: {error}") from error
    found: list[Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, *rest = (field.strip() for field in line.split("\t"))
        if not word or not rest or not rest[0]:
            raise ProfileError(
                f"{path}, line {number}: a lexicon line is a word, a tab and what is said instead; "
                f"this one is {line[:60]!r}"
            )
        if word.startswith(_PATTERN):
            try:
                _compiled(word[len(_PATTERN) :], rest[0])
            except ProfileError as error:
                raise ProfileError(f"{path}, line {number}: {error}") from error
        found.append(Line(number, word, _MARKUP.sub(_marked, rest[0])))
    return tuple(found)


def _marked(match: re.Match[str]) -> str:
    return match[1].join(PHONEMES)


def in_phonemes(entry: Entry) -> bool:
    """Whether an entry is said in an engine's phonemes."""
    return PHONEMES[0] in entry[1]


def _compiled(pattern: str, said: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
        compiled.sub(said, "")  # reads the replacement, whose \\1 must exist
    except (re.error, IndexError) as error:
        raise ProfileError(
            f"the pattern {pattern!r} with {said!r} is no regular expression: {error}"
        ) from error
    if _NESTED.search(pattern):
        raise ProfileError(
            f"the pattern {pattern!r} repeats a group that repeats inside, which can take forever; "
            "write it without a repeat around a repeat"
        )
    return compiled


def _is_at(text: str, start: int, end: int, word: str, *, exact: bool) -> bool:
    """Whether `word` stands at `start`, with no letter or digit glued to its own ones."""
    here = text[start:end]
    if (here if exact else here.lower()) != word:
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (
        (word[0].isalnum() and (before.isalnum() or before == "_"))
        or (word[-1].isalnum() and (after.isalnum() or after == "_"))
    )


def _merged(
    found: list[tuple[int, int, str]], more: Iterable[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Both in order, where `more` gives way to what was found before."""
    merged: list[tuple[int, int, str]] = []
    at = 0
    for hit in more:
        while at < len(found) and found[at][1] <= hit[0]:
            merged.append(found[at])
            at += 1
        if at == len(found) or found[at][0] >= hit[1]:
            merged.append(hit)
    return merged + found[at:]
