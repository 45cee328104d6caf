"""Blocks -> script: what will be spoken, sentence by sentence, and what will not."""

from collections import deque
from collections.abc import Iterator, Sequence

from tts_pipeline.errors import DocumentError
from tts_pipeline.model import (
    Block,
    BlockKind,
    Break,
    Change,
    Document,
    Omission,
    Role,
    Script,
    ScriptChapter,
    Segment,
    Timestamps,
)
from tts_pipeline.segment import chapters, sentences
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.normalize import normalize, spoken

_PASSAGE = 2000
"""Characters after which a block's next sentence starts a new passage: it bounds memory, and
what an edit costs."""

_AFTER = {BlockKind.HEADING: Break.HEADING, BlockKind.ITEM: Break.ITEM, BlockKind.TABLE: Break.ITEM}


class Composer:
    """Writes a script; holds what is the same for every block."""

    def __init__(self, *, voice: str, language: str, limit: int, lexicon: Lexicon) -> None:
        """`limit`: characters that the voice's engine takes at once."""
        self._voice = voice
        self._language = language
        self._limit = limit
        self._lexicon = lexicon
        self._segments: list[Segment] = []
        self._omissions: list[Omission] = []
        self._changes: dict[Change, None] = {}
        self._passage = 0

    def compose(
        self,
        document: Document,
        *,
        slate: str,
        outro: str | None,
        show: str,
        title: str,
        url: str | None,
        timestamps: Timestamps,
    ) -> Script:
        """The whole episode: slate, chapters, outro.

        The slate is the first chapter, under the show's name; the outro ends the last.
        """
        sections, omissions = chapters.outline(
            document.blocks, title=title, url=url, timestamps=timestamps
        )
        self._omissions = [*document.omissions, *omissions]
        self._say(slate, chapter=0, after=Break.CHAPTER, role=Role.SLATE)
        for number, section in enumerate(sections, 1):
            for block, after in _with_breaks(section.blocks):
                self._say(block.text, chapter=number, after=after)
        if not any(segment.role is Role.TEXT for segment in self._segments):
            raise DocumentError(f"{title!r} holds no words to speak")
        if outro:
            self._say(outro, chapter=len(sections), after=Break.CHAPTER, role=Role.OUTRO)
        return Script(
            chapters=(
                ScriptChapter(show),
                *(ScriptChapter(section.title, section.link) for section in sections),
            ),
            segments=tuple(self._segments),
            omissions=tuple(self._omissions),
            changes=tuple(self._changes),
        )

    def _say(self, text: str, *, chapter: int, after: Break, role: Role = Role.TEXT) -> None:
        """Append the text's sentences; every character of it goes somewhere."""
        pieces = list(self._pieces(text))
        _see_all_there(text, [written for written, _, _ in pieces])
        said_pieces = [piece for piece in pieces if piece[1]]
        self._omissions += [
            Omission("unspeakable", written.strip(), "holds nothing that can be said")
            for written, said, _ in pieces
            if written.strip() and not said
        ]
        held = 0
        before = Break.SENTENCE
        for index, (written, said, boundary) in enumerate(said_pieces):
            length = held + len(said)
            if held and length > (_PASSAGE if before is Break.SENTENCE else 2 * _PASSAGE):
                self._passage += 1
                held = 0
            held += len(said)
            before = boundary
            self._segments.append(
                Segment(
                    written=written.strip(),
                    spoken=said,
                    chapter=chapter,
                    passage=self._passage,
                    voice=self._voice,
                    after=after if index == len(said_pieces) - 1 else boundary,
                    role=role,
                )
            )
        self._passage += bool(held)

    def _pieces(self, text: str) -> Iterator[tuple[str, str, Break]]:
        """(written, spoken or empty, what follows) of each sentence or clause.

        Spoken text is longer than written, so a clause may have to be cut again.
        """
        for sentence in sentences.split(text, self._language):
            clauses = deque(sentences.clauses(sentence, self._limit))
            while clauses:
                clause = clauses.popleft()
                said = self._speak(clause)
                if len(said) > self._limit and len(clause) > 1:
                    clauses.extendleft(reversed(sentences.clauses(clause, len(clause) // 2)))
                else:
                    yield clause, said, Break.CLAUSE if clauses else Break.SENTENCE

    def _speak(self, written: str) -> str:
        pieces = normalize(written, self._language, self._lexicon)
        said = " ".join(spoken(pieces).split())
        if not any(character.isalnum() for character in said):
            return ""
        for piece in pieces:
            if piece.written.split() != piece.spoken.split():
                self._changes[Change(piece.written.strip(), piece.spoken.strip())] = None
        return said


def _with_breaks(blocks: Sequence[Block]) -> Iterator[tuple[Block, Break]]:
    for block, following in zip(blocks, (*blocks[1:], None), strict=True):
        if following is None:
            yield block, Break.CHAPTER if block.kind is not BlockKind.HEADING else Break.HEADING
        elif block.kind in (BlockKind.ITEM, BlockKind.TABLE) and following.kind is not block.kind:
            yield block, Break.PARAGRAPH
        else:
            yield block, _AFTER.get(block.kind, Break.PARAGRAPH)


def _see_all_there(text: str, pieces: Sequence[str]) -> None:
    """No character that is not white space may be lost between a block and its segments."""
    if "".join(text.split()) != "".join("".join(pieces).split()):
        raise DocumentError(
            f"splitting {chapters.cut(text, 60)!r} into sentences lost words of it; this is a "
            "fault of the program, please report it with the post"
        )
