"""A script made from memory is the script made anew."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.model import Block, BlockKind, Document, Script, Span, Timestamps
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.memory import Memory
from tts_pipeline.segment.normalize import Piece, normalize
from tts_pipeline.segment.script import Composer, Speaker

TEXTS = (
    "One. Two.", "It cost $5, Dr. Fenn said.", "One.", "…", "Three km, four; five: six. " * 9,
    "See [this]. Or (that) at 10:30.",
)  # fmt: skip
BLOCKS = st.lists(
    st.builds(
        lambda kind, text, said: Block(kind, (Span(text, spoken=said), Span(" End."))),
        st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.VERSE]),
        st.sampled_from(TEXTS),
        st.sampled_from([None, "", "said otherwise"]),
    ),
    min_size=1,
    max_size=8,
)


def compose(blocks: list[Block], memory: Memory | None = None) -> Script:
    speaker = Speaker("v", "en", 120, Lexicon([("Fenn", "Venn")]))
    return Composer(speaker, memory=memory).compose(
        Document(tuple(blocks)),
        slate="This is: It.",
        outro="Bye.",
        show="Show",
        title="It",
        url=None,
        timestamps=Timestamps.CHAPTER,
    )


@given(BLOCKS, BLOCKS)
def test_what_another_script_left_in_memory_changes_nothing(
    before: list[Block], after: list[Block]
) -> None:
    first = Memory("same")
    compose(before, first)
    assert compose(after, Memory("same", first.dump())) == compose(after)


def test_an_edit_costs_its_block_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(text: str, language: str, *rest: Any) -> tuple[Piece, ...]:
        asked.append(text)
        return normalize(text, language, *rest)

    monkeypatch.setattr("tts_pipeline.segment.script.normalize", counted)
    blocks = [Block(BlockKind.PARAGRAPH, (Span(text),)) for text in ("One.", "Two.", "Three.")]
    first = Memory("same")
    compose(blocks, first)
    asked.clear()
    blocks[1] = Block(BlockKind.PARAGRAPH, (Span("Four."),))
    second = Memory("same", first.dump())
    compose(blocks, second)
    assert asked == ["Four."]
    asked.clear()
    compose(blocks, Memory("same", second.dump()))
    assert asked == []
    compose(blocks, Memory("other", second.dump()))
    assert "Four." in asked


@pytest.mark.parametrize("kept", [b"", b"junk", b"\x93\x01\x02\x03", b"\x92\xa4same\xc0"])
def test_a_broken_memory_is_forgotten(kept: bytes) -> None:
    blocks = [Block(BlockKind.PARAGRAPH, (Span("One."),))]
    assert compose(blocks, Memory("same", kept)) == compose(blocks)
