"""Whether sentences stand in quotation marks."""

import re

from tts_pipeline.document.repeats.piece import Piece

_OPENING = re.compile(r"[(\[\s—–-]*[“„«‘\"'](?=\w)")
_CLOSING_SINGLE = re.compile(r"’(?!\w)")


def is_quoted(piece: Piece, first: int, count: int) -> bool:
    """Whether `count` sentences of the piece, from `first` on, are a quotation in it.

    Sentences are counted as `Piece.sentences` counts them: those with a letter or digit. In
    doubt, as after a mark that is never closed, they are.
    """
    written = [sentence for sentence in piece.written_sentences if any(map(str.isalnum, sentence))]
    before, said = " ".join(written[:first]), " ".join(written[first : first + count])
    if _OPENING.match(said):
        return True
    last_single = max((mark.start() for mark in _CLOSING_SINGLE.finditer(before)), default=-1)
    return (
        before.count('"') % 2 == 1
        or before.rfind("“") > before.rfind("”")
        or before.rfind("«") > before.rfind("»")
        or before.rfind("‘") > last_single
    )
