"""Blocks -> script: what will be spoken, sentence by sentence, and what will not."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from tts_pipeline.errors import DocumentError
from tts_pipeline.model import (
    Block,
    BlockKind,
    Break,
    Change,
    Document,
    GroupKind,
    Omission,
    Role,
    Script,
    ScriptChapter,
    Segment,
    Span,
    Timestamps,
)
from tts_pipeline.segment import chapters, parts
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.line import Line
from tts_pipeline.segment.memory import Cut, Memory
from tts_pipeline.segment.normalize import align, normalize, spoken

_PASSAGE = 2000
"""Characters after which a block's next sentence starts a new passage: it bounds memory, and
what an edit costs."""

_DEEPEST = 20
"""Notes cited in notes; each is said inside the one before it."""

_HEADING_PACE = 0.9
"""A heading is said a little slower, so that it is heard as one."""

_AFTER = {
    BlockKind.HEADING: Break.HEADING,
    BlockKind.ITEM: Break.ITEM,
    BlockKind.TABLE: Break.ITEM,
    BlockKind.TERM: Break.ITEM,
    BlockKind.SPEAKER: Break.SENTENCE,
}
_RUNS = (BlockKind.ITEM, BlockKind.TABLE)
"""Kinds whose last block ends a whole that is more than its parts."""


class Speaker(NamedTuple):
    """What the script must know of a voice."""

    voice: str
    """Its name."""
    language: str
    limit: int
    """Characters that its engine takes at once."""
    lexicon: Lexicon


class Composer:
    """Writes a script; holds what is the same for every block."""

    def __init__(
        self,
        narrator: Speaker,
        *,
        kinds: Mapping[GroupKind, Speaker] | None = None,
        speakers: Sequence[Speaker] = (),
        named: Mapping[str, Speaker] | None = None,
        memory: Memory | None = None,
    ) -> None:
        """Who speaks.

        Args:
            narrator: reads all that no other reads.
            kinds: read groups of a kind, such as quotes.
            speakers: share the parts of dialogues.
            named: take the parts of those named, in lower case.
            memory: the cuts of an earlier script.
        """
        self._memory = memory or Memory("")
        self._narrator = narrator
        self._kinds = kinds or {}
        self._speakers = tuple(speakers)
        self._named = named or {}
        self._parts: dict[str, Speaker] = {}
        self._segments: list[Segment] = []
        self._omissions: list[Omission] = []
        self._changes: dict[Change, None] = {}
        self._passage = 0
        self._notes: dict[str, tuple[Block, ...]] = {}
        self._inside_notes = 0

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

        The slate is the first chapter, under the show's name; the outro ends the last. A
        footnote follows the sentence that first cites it.
        """
        sections, omissions = chapters.outline(
            document.blocks, title=title, url=url, timestamps=timestamps
        )
        self._omissions = [*document.omissions, *omissions]
        self._notes = {_note_name(note): note for note in document.notes}
        self._parts = self._cast(document)
        self._say(_line(slate), chapter=0, after=Break.CHAPTER, role=Role.SLATE)
        for number, section in enumerate(sections, 1):
            for block, after in _with_breaks(section.blocks):
                self._say(block, chapter=number, after=after)
        if not any(segment.role is Role.TEXT for segment in self._segments):
            raise DocumentError(f"{title!r} holds no words to speak")
        # A note whose mark stands where nothing is spoken is heard at the end all the same.
        for name in list(self._notes):
            self._say_note(name, len(sections))
        if outro:
            self._say(_line(outro), chapter=len(sections), after=Break.CHAPTER, role=Role.OUTRO)
        return Script(
            chapters=(
                ScriptChapter(show),
                *(ScriptChapter(part.title, part.link, part.image) for part in sections),
            ),
            segments=tuple(self._segments),
            omissions=tuple(self._omissions),
            changes=tuple(self._changes),
        )

    def _say(self, block: Block, *, chapter: int, after: Break, role: Role = Role.TEXT) -> None:
        """Append the block's sentences; every character of it goes somewhere."""
        line, speaker, turn = Line.of(block), self._speaker(block), _turn(block)
        notes = deque(line.notes)
        first, held, end = len(self._segments), 0, -1
        boundary = Break.SENTENCE
        language = block.language or speaker.language
        for cut in self._cuts(block, line, language, speaker):
            said, following = cut.said, cut.after
            written = line.text[cut.start : cut.end].strip()
            _see_nothing_between(line.text, end, cut.start)
            end = cut.end
            self._changes.update(dict.fromkeys(cut.changes))
            if said:
                longest = _PASSAGE if boundary is Break.SENTENCE else 2 * _PASSAGE
                if held and held + len(said) > longest:
                    self._passage += 1
                    held = 0
                held += len(said)
                boundary = following
                self._segments.append(
                    Segment(
                        written=written,
                        spoken=said,
                        chapter=chapter,
                        passage=self._passage,
                        voice=speaker.voice,
                        after=boundary,
                        role=role,
                        pace=_HEADING_PACE if block.kind is BlockKind.HEADING else 1.0,
                        aligned=cut.aligned,
                        speaker=turn,
                    )
                )
            elif written:
                reason = "holds nothing that can be said"
                self._omissions.append(Omission("unspeakable", written, reason))
            while notes and notes[0][0] <= end and following is not Break.CLAUSE:
                self._passage += bool(held)
                held = 0
                self._say_note(notes.popleft()[1], chapter)
        _see_nothing_between(line.text, end, len(line.text))
        self._passage += bool(held)
        if len(self._segments) > first:
            self._segments[-1] = structs.replace(self._segments[-1], after=after)

    def _say_note(self, name: str, chapter: int) -> None:
        """A note, once; what is cited again has been heard.

        One that is cited too deep inside others is left for the end.
        """
        if self._inside_notes >= _DEEPEST or name not in self._notes:
            return
        self._inside_notes += 1
        for block, after in _with_breaks(self._notes.pop(name)):
            self._say(block, chapter=chapter, after=min(after, Break.PARAGRAPH, key=_ORDER.index))
        self._inside_notes -= 1

    def _speaker(self, block: Block) -> Speaker:
        """A turn of a dialogue has its speaker's voice; a quote, a note or code its kind's."""
        for group in reversed(block.within):
            if group.kind is GroupKind.MESSAGE:
                found = self._parts.get(group.label.casefold())
            else:
                found = self._kinds.get(group.kind)
            if found is not None:
                return found
        return self._narrator

    def _cast(self, document: Document) -> dict[str, Speaker]:
        """Everybody who speaks in the document, by name in lower case."""
        names = {
            group.label
            for block in (*document.blocks, *(block for note in document.notes for block in note))
            for group in block.within
            if group.kind is GroupKind.MESSAGE and group.label
        }
        by_voice = {one.voice: one for one in (*self._speakers, *self._named.values())}
        assigned = parts.assign(
            names,
            [speaker.voice for speaker in self._speakers],
            {name: speaker.voice for name, speaker in self._named.items()},
        )
        return {name: by_voice[voice] for name, voice in assigned.items()}

    def _cuts(self, block: Block, line: Line, language: str, speaker: Speaker) -> tuple[Cut, ...]:
        """The block's cuts, remembered or made."""
        key = self._memory.key(block, language, speaker.voice)
        cuts = self._memory.get(key)
        if cuts is None:
            cuts = tuple(self._cut(line, language, speaker))
            self._memory.put(key, cuts)
        return cuts

    def _cut(self, line: Line, language: str, speaker: Speaker) -> Iterator[Cut]:
        """Each sentence or clause.

        Spoken text is longer than written, so a clause may have to be cut again.
        """
        before = -1
        for sentence in line.sentences(language) if line.text.strip() else [(0, len(line.text))]:
            clauses = deque(line.clauses(sentence, speaker.limit) or [sentence])
            while clauses:
                clause = clauses.popleft()
                start, end = clause
                given = line.given(clause, before)
                pieces = normalize(line.text[start:end], language, speaker.lexicon, given)
                said = " ".join(spoken(pieces).split())
                if len(said) > speaker.limit and end - start > 1:
                    clauses.extendleft(reversed(line.clauses(clause, (end - start) // 2)))
                    continue
                before = end
                after = Break.CLAUSE if clauses else Break.SENTENCE
                if not any(character.isalnum() for character in said):
                    yield Cut(start, end, "", (), (), after)
                    continue
                changes = tuple(
                    Change(piece.written.strip(), spoken([piece]))
                    for piece in pieces
                    if piece.written and piece.written.split() != piece.spoken.split()
                )
                yield Cut(start, end, said, align(pieces, said), changes, after)


_ORDER = list(Break)


def _turn(block: Block) -> str | None:
    """Who says the block, in a dialogue."""
    messages = (group for group in reversed(block.within) if group.kind is GroupKind.MESSAGE)
    return next((group.label for group in messages if group.label), None)


def _line(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, (Span(text),))


def _note_name(note: Sequence[Block]) -> str:
    return next(group.label for group in note[0].within if group.kind is GroupKind.NOTE)


def _with_breaks(blocks: Sequence[Block]) -> Iterator[tuple[Block, Break]]:
    """Each block that is not a rule, and the boundary after it."""
    for block, following in zip(blocks, (*blocks[1:], None), strict=True):
        if block.kind is BlockKind.RULE:
            continue
        if following is None:
            yield block, Break.CHAPTER if block.kind is not BlockKind.HEADING else Break.HEADING
        elif following.kind is BlockKind.RULE:
            yield block, Break.RULE
        elif block.kind in _RUNS and following.kind is not block.kind:
            yield block, Break.PARAGRAPH
        else:
            yield block, _AFTER.get(block.kind, Break.PARAGRAPH)


def _see_nothing_between(text: str, start: int, end: int) -> None:
    """No character that is not white space may be lost between a block and its segments."""
    if (lost := text[max(start, 0) : end]).strip():
        raise DocumentError(
            f"cutting {chapters.cut(text, 60)!r} into sentences lost {lost.strip()[:60]!r}; this "
            "is a fault of the program, please report it with the post"
        )
