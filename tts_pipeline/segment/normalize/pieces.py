"""Rules applied in order, with the alignment of written and spoken text kept."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

from tts_pipeline.model import Noun
from tts_pipeline.segment.lexicon import PHONEMES, Lexicon
from tts_pipeline.segment.normalize.clean import clean
from tts_pipeline.segment.normalize.rule import DISGUISES, MASK, WORD_MASK, Rule, plain

Change = tuple[int, int, str]
"""Start, end (exclusive), and what is said instead; without length, what is said besides."""


class Piece(Noun):
    """A span of written text and how it is said; equal where nothing had to change."""

    written: str
    spoken: str


def normalize(
    text: str, language: str, lexicon: Lexicon | None = None, given: Sequence[Change] = ()
) -> tuple[Piece, ...]:
    """How `text` is said: pieces in order, whose written parts joined are `text` exactly.

    What is `given`, in order and without overlap, stands. The lexicon comes next, then the rules
    of `language` (a BCP 47 tag, of which the primary part decides). Without rules for a language
    its text passes through, cleaned.
    """
    seen = _masked(plain(text), given, MASK)
    changes = [(start, end, said.translate(DISGUISES)) for start, end, said in given]
    if lexicon is not None:
        found = lexicon.find(seen)
        changes += found
        seen = _masked(seen, found, WORD_MASK)
    characters = set(seen)
    for rule in rules(language):
        if not rule.needs or not rule.needs.isdisjoint(characters):
            applied = list(_apply(rule, seen))
            if applied:
                changes = [*_outside(changes, applied, seen), *applied]
                seen = _masked(seen, applied, MASK)
                characters.add(MASK)
    return tuple(_pieces(text, sorted(changes)))


def spoken(pieces: Iterable[Piece]) -> str:
    """What the engine is given: the spoken parts joined, words kept apart, cleaned.

    `clean` runs once more, since two harmless neighbours can make markup together.
    """
    parts: list[str] = []
    last, changed, announced = "", False, False
    for piece in pieces:
        if not piece.spoken:
            continue
        now = piece.spoken != piece.written
        apart = announced or not piece.written
        if (now or changed) and (apart or last.isalnum()) and piece.spoken[0].isalnum():
            parts.append(" ")
        announced = not piece.written
        parts.append(piece.spoken)
        last, changed = piece.spoken[-1], now
    return clean("".join(parts)).strip().translate(_PHONEMES)


Alignment = tuple[tuple[int, int, int, int], ...]
"""Start and end (exclusive) in a written and in its spoken text, where they differ."""


def align(pieces: Sequence[Piece], said: str) -> Alignment:
    """Where the spans that are said otherwise lie in the written text, stripped, and in `said`.

    Letters tell, since `spoken` may move and remove what is between them.
    """
    if all(piece.written == piece.spoken for piece in pieces):
        return ()
    letters = [place for place, character in enumerate(said) if character.isalnum()]
    written = "".join(piece.written for piece in pieces)
    lead, length = len(written) - len(written.lstrip()), len(written.strip())
    found = []
    at, letter = -lead, 0
    for piece in pieces:
        start, at = at, at + len(piece.written)
        first, letter = letter, letter + sum(map(str.isalnum, piece.spoken))
        if letter > len(letters):
            return ()
        if piece.written.split() != piece.spoken.split():
            begin = letters[first] if first < len(letters) else len(said)
            end = letters[letter - 1] + 1 if letter > first else begin
            found.append((max(start, 0), min(at, length), begin, end))
    return tuple(found)


_PHONEMES = str.maketrans(dict(zip(PHONEMES, ("[[", "]]"), strict=True)))


@cache
def rules(language: str) -> Sequence[Rule]:
    """The rules of a language, in the order in which they are tried; none for most."""
    if language.replace("_", "-").partition("-")[0].lower() == "en":
        from tts_pipeline.segment.normalize.en import RULES  # noqa: PLC0415  many patterns

        return RULES
    return ()


def _apply(rule: Rule, seen: str) -> Iterable[Change]:
    for match in rule.pattern.finditer(seen):
        said = rule.speak(match)
        if said is not None and match.end() > match.start():
            yield match.start(), match.end(), said


def _outside(changes: list[Change], applied: list[Change], seen: str) -> list[Change]:
    """Without what lies inside a newly found whole, such as a word of the lexicon in an address."""
    wholes = [
        (start, end)
        for start, end, _ in applied
        if MASK in seen[start:end] or WORD_MASK in seen[start:end]
    ]
    if not wholes:
        return changes
    return [
        change
        for change in changes
        if not any(start <= change[0] and change[1] <= end for start, end in wholes)
    ]


def _masked(seen: str, changes: Iterable[Change], mask: str) -> str:
    """`seen` with each changed span blotted out, its length kept."""
    parts: list[str] = []
    at = 0
    for start, end, _ in changes:
        parts += (seen[at:start], mask * (end - start))
        at = end
    return "".join((*parts, seen[at:]))


def _pieces(text: str, changes: Iterable[Change]) -> Iterable[Piece]:
    at = 0
    for start, end, said in chain(changes, ((len(text), len(text), ""),)):
        if at < start:
            written = text[at:start]
            yield Piece(written=written, spoken=clean(written.translate(DISGUISES)))
        if start < end or said:
            yield Piece(written=text[start:end], spoken=clean(said))
        at = max(at, end)
