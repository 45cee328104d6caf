"""Varied English of any length, the same on every machine."""

import random

_NAMES = (
    "the ferry", "a neighbour", "the old mill", "our committee", "every letter", "the harbour",
    "one of the gardeners", "the library", "a young surveyor", "the second lighthouse",
    "Mrs. Alder", "the night train", "their only map", "a flock of starlings",
)  # fmt: skip
_VERBS = (
    "carries", "remembers", "forgets", "repairs", "follows", "measures", "describes", "crosses",
    "avoids", "borrows", "counts", "explains", "paints", "returns",
)  # fmt: skip
_THINGS = (
    "the bridge", "a box of nails", "37 letters", "the winter road", "two barrels", "the weather",
    "an unfinished ledger", "$5.50", "the tide tables", "a question nobody asked",
    "3.5 km of rope", "the name of the river", "bread and lamp oil", "a song from 1987",
)  # fmt: skip
_WHERE = (
    "before dawn", "in the third week of November", "without a word", "beyond the locks",
    "as the committee had agreed", "near the customs house", "for a second time",
    "by candlelight", "although it rained", "until the bell rang", "in spite of the fog",
    "at 9:30 pm",
)  # fmt: skip
_JOINTS = (", and ", ", but ", "; ", ", because ", ", while ", " (or so they say), and ")


def post(words: int, seed: int = 1, *, title: str = "A long walk") -> str:
    """A Markdown post of about so many words, with a heading every thousand or so."""
    chance = random.Random(seed)
    parts = [f"---\ntitle: {title}\nurl: https://example.org/{seed}\n---\n"]
    written = chapter = 0
    while written < words:
        if written >= chapter * 1000:
            chapter += 1
            parts.append(f"## Part {chapter}: {chance.choice(_NAMES)}")
        paragraph = " ".join(_sentence(chance) for _ in range(chance.randint(3, 7)))
        written += len(paragraph.split())
        parts.append(paragraph)
    return "\n\n".join(parts) + "\n"


def _clause(chance: random.Random) -> str:
    return " ".join(map(chance.choice, (_NAMES, _VERBS, _THINGS, _WHERE)))


def _sentence(chance: random.Random) -> str:
    clauses = _clause(chance)
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        clauses += chance.choice(_JOINTS) + _clause(chance)
    return clauses[:1].upper() + clauses[1:] + "."
