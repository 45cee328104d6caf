"""What stands twice is spoken once.

Pages repeat themselves: an excerpt above the whole text, or the whole text again for another
layout; a sentence pulled out of its paragraph in large letters; a heading that is also the first
line; an image described by its own caption. The rules are made for precision, since a refrain
that is gone is a loss, and a paragraph heard twice only a nuisance.

*Runs* (`runs`). Consecutive paragraphs and headings that stand again later. The later ones go if
they are prose: two paragraphs or more (or one of 80 words under its heading), at least 40 words,
and 12 words for each paragraph; so captions, greetings, signatures and short lines that come
back stay. Under 100 words, what stands three times is a refrain and stays. Under 200, so do a copy
that a colon announces, and one in a section with another heading, unless the run begins the
post: products and functions share their small print.

Copies need not be exact. A few words may have come or gone or be spelled another way, if the run
has 80 words and no more than one in forty is new; the reason then names each new word. A
paragraph with another word in place of one goes only between paragraphs that are surer, and
with at most a quarter of the run's words. A paragraph stays if a number, a name, a negation or
such a word is among the differences, and all that are not exact stay if the same word gives way
to the same word twice: they are a template, and say something else. Inside a long run one block
may be missing, added or rewritten; what is added or rewritten stays.

*Openings* (`openings`). A box above the text that says what the first paragraph, or its first
sentences, say word for word: the box goes. So does a paragraph cut off in mid-sentence in
front of the whole of it.

*Headings and captions* (`labels`). A heading said again by the next heading, by the next paragraph
or by its first line; an image's description that its caption says. The second heading, the line
and the description go.

*Pull quotes* (`pulls`). A block of its own that says one or two whole sentences of a paragraph at
most three blocks away in the same section. It stays if it is asked, introduced or attributed; if
a reply may follow; if the paragraph itself only quotes the words; or if the sentences stand a
third time anywhere.

Verse, lists, tables, code, longer quotes and every kind of block that is not named here are never
left out: there, repetition is meant. Each rule is a pure function from blocks to removals with
their reasons, in time that grows with the length of the post: likely places come from an index
of neighbours and of word triples, and no two blocks are compared by more than a few edits.
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec import structs

from tts_pipeline.document.repeats.labels import captions, headings
from tts_pipeline.document.repeats.openings import cut_off, summaries
from tts_pipeline.document.repeats.piece import Piece, Removal
from tts_pipeline.document.repeats.pulls import pull_quotes
from tts_pipeline.document.repeats.runs import runs
from tts_pipeline.model import Document, Omission

__all__ = ["deduplicate"]

_RULES: tuple[Callable[[Sequence[Piece]], Iterable[Removal]], ...] = (
    runs,
    cut_off,
    summaries,
    headings,
    captions,
    pull_quotes,
)

_ROUNDS = 4
"""One removal can bring the halves of another repeat together; nobody nests them deeper."""


def deduplicate(document: Document) -> Document:
    """Leave out what stands twice; each thing left out is an omission of kind `duplicate`.

    Omissions come in the order of the blocks. The result holds nothing that this function would
    leave out.
    """
    pieces = [Piece(block, place) for place, block in enumerate(document.blocks)]
    removed: list[tuple[int, Omission]] = []
    for _ in range(_ROUNDS):
        before = len(removed)
        for rule in _RULES:
            pieces = _without(pieces, rule(pieces), removed)
        if len(removed) == before:
            break
    if not removed:
        return document
    removed.sort(key=lambda entry: entry[0])
    return structs.replace(
        document,
        blocks=tuple(piece.block for piece in pieces),
        omissions=(*document.omissions, *(omission for _, omission in removed)),
    )


def _without(
    pieces: list[Piece], removals: Iterable[Removal], removed: list[tuple[int, Omission]]
) -> list[Piece]:
    rests: dict[int, Piece | None] = {}
    for removal in removals:
        piece = pieces[removal.at]
        rests[removal.at] = Piece(removal.rest, piece.place) if removal.rest else None
        removed.append((piece.place, Omission("duplicate", removal.text, removal.reason)))
    if not rests:
        return pieces
    kept = (rests.get(at, piece) for at, piece in enumerate(pieces))
    return [piece for piece in kept if piece is not None]
