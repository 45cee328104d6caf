"""A script holds every word of the document, in order, in pieces that an engine can take."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.document import markdown
from tts_pipeline.model import (
    Block,
    BlockKind,
    Break,
    Document,
    Group,
    GroupKind,
    Role,
    Script,
    Segment,
    Span,
    Timestamps,
)
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.script import Composer, Speaker


def compose(*blocks: Block, limit: int = 300, outro: str | None = "Bye.") -> Script:
    narrator = Speaker("v", "en", limit, Lexicon([("Zvi", "Zvee")]))
    return Composer(narrator).compose(
        Document(blocks),
        slate="Welcome. This is: It.",
        outro=outro,
        show="Show",
        title="It",
        url=None,
        timestamps=Timestamps.CHAPTER,
    )


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, (Span(text),))


def heading(text: str) -> Block:
    return Block(BlockKind.HEADING, (Span(text),), level=2)


def said(script: Script, role: Role = Role.TEXT) -> list[Segment]:
    return [segment for segment in script.segments if segment.role is role]


def test_slate_first_outro_last() -> None:
    script = compose(heading("A"), paragraph("One. Two."), heading("B"), paragraph("Three."))
    assert [segment.role for segment in script.segments] == [
        *(Role.SLATE,) * 2,
        *(Role.TEXT,) * 5,
        Role.OUTRO,
    ]
    assert [chapter.title for chapter in script.chapters] == ["Show", "A", "B"]
    assert [segment.chapter for segment in script.segments] == [0, 0, 1, 1, 1, 2, 2, 2]
    assert len({segment.passage for segment in said(script, Role.SLATE)}) == 1


def test_notes_in_notes_are_all_heard() -> None:
    count = 1500
    notes = (f"[^{number}]: Note {number}.[^{number + 1}]" for number in range(count))
    body = "Words.[^0]\n\n" + "\n\n".join([*notes, f"[^{count}]: The last."])
    document = markdown.read(body)
    narrator = Speaker("v", "en", 300, Lexicon([]))
    script = Composer(narrator).compose(
        document,
        slate="It.",
        outro=None,
        show="Show",
        title="It",
        url=None,
        timestamps=Timestamps.CHAPTER,
    )
    written = [segment.written for segment in said(script)]
    assert len(written) == len(set(written)) == count + 2
    assert written[:3] == ["Words.", "Note 0.", "Note 1."]


def test_a_note_that_is_cited_twice_is_heard_once() -> None:
    document = markdown.read("One.[^a] Two.[^a]\n\n[^a]: Noted.")
    narrator = Speaker("v", "en", 300, Lexicon([]))
    script = Composer(narrator).compose(
        document,
        slate="It.",
        outro=None,
        show="Show",
        title="It",
        url=None,
        timestamps=Timestamps.CHAPTER,
    )
    assert [segment.written for segment in said(script)] == ["One.", "Two.", "Noted."]


def test_headings_are_said_slower() -> None:
    script = compose(heading("Two parts. One heading"), paragraph("One."))
    assert [segment.pace for segment in said(script)] == [0.9, 0.9, 1.0]


def test_breaks_follow_the_boundaries() -> None:
    item = Block(BlockKind.ITEM, (Span("thing"),), level=1)
    script = compose(heading("A"), paragraph("One. Two."), item, item, paragraph("Three."))
    assert [segment.after for segment in said(script)] == [
        Break.HEADING, Break.SENTENCE, Break.PARAGRAPH, Break.ITEM, Break.PARAGRAPH, Break.CHAPTER,
    ]  # fmt: skip


def test_written_and_spoken_stand_side_by_side() -> None:
    [segment] = said(compose(paragraph("Zvi paid $5.")))
    assert segment.written == "Zvi paid $5."
    assert segment.spoken == "Zvee paid five dollars."
    script = compose(paragraph("Zvi paid $5."))
    assert [(c.written, c.spoken) for c in script.changes] == [
        ("Zvi", "Zvee"),
        ("$5", "five dollars"),
    ]


def test_what_cannot_be_said_is_left_out_with_a_reason() -> None:
    script = compose(paragraph("Words."), paragraph("* * *"), paragraph("More."))
    assert [omission.text for omission in script.omissions] == ["* * *"]
    assert len(said(script)) == 2


def test_spoken_text_obeys_the_limit_even_where_it_grows() -> None:
    script = compose(paragraph("It is 123456789 " * 60 + "."), limit=200)
    assert max(len(segment.spoken) for segment in said(script)) <= 200
    assert [s.after for s in said(script)][:-1] == [Break.CLAUSE] * (len(said(script)) - 1)


def test_a_long_block_is_several_passages() -> None:
    script = compose(paragraph("This sentence has some words in it. " * 200))
    sizes: dict[int, int] = {}
    for segment in said(script):
        sizes[segment.passage] = sizes.get(segment.passage, 0) + len(segment.spoken)
    assert len(sizes) > 3
    assert max(sizes.values()) <= 2000


TEXT = st.text(
    st.sampled_from(["a", "Z", "9", ".", " ", "!", ",", "$", "é", "中", "\u00a0", "—", "(", "*"]),
    max_size=400,
)


@settings(max_examples=60)
@given(st.lists(TEXT, min_size=1, max_size=5), st.integers(20, 200))
def test_no_character_is_lost(texts: list[str], limit: int) -> None:
    script = compose(paragraph("Start."), *map(paragraph, texts), limit=limit)
    written = [segment.written for segment in said(script)][1:]
    left_out = [omission.text for omission in script.omissions]
    kept = "".join("".join(written).split())
    dropped = "".join("".join(left_out).split())
    assert sorted(kept + dropped) == sorted("".join("".join(texts).split()))


def turn(speaker: str, text: str, number: int) -> Block:
    group = Group(GroupKind.MESSAGE, number, speaker)
    return Block(BlockKind.PARAGRAPH, (Span(text),), within=(group,))


def inside(kind: GroupKind, text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, (Span(text),), within=(Group(kind, 1),))


def test_quotes_and_parts_of_a_dialogue_have_voices_of_their_own() -> None:
    lexicon = Lexicon([])
    blocks = (
        paragraph("Told."),
        inside(GroupKind.QUOTE, "Quoted."),
        turn("Ada", "One.", 2),
        turn("Bo", "Two.", 3),
        turn("Ada", "Three.", 4),
        turn("Cy", "Four.", 5),
        inside(GroupKind.NOTE, "Noted."),
        inside(GroupKind.CODE, "Coded."),
        turn("Zoë", "Five.", 6),
    )
    composer = Composer(
        Speaker("told", "en", 300, lexicon),
        kinds={
            GroupKind.QUOTE: Speaker("quote", "en", 300, lexicon),
            GroupKind.NOTE: Speaker("notes", "en", 300, lexicon),
            GroupKind.CODE: Speaker("code", "en", 300, lexicon),
        },
        speakers=[Speaker(name, "en", 300, lexicon) for name in ("first", "second")],
        named={"zoë": Speaker("hers", "en", 300, lexicon)},
    )
    script = composer.compose(
        Document(blocks), slate="Hello.", outro=None, show="S", title="T", url=None,
        timestamps=Timestamps.CHAPTER,
    )  # fmt: skip
    voices = {segment.written: segment.voice for segment in script.segments}
    assert (voices["Hello."], voices["Told."], voices["Quoted."]) == ("told", "told", "quote")
    assert voices["One."] == voices["Three."]
    assert {voices["One."], voices["Two."]} == {"first", "second"}
    assert voices["Four."] in ("first", "second")
    assert (voices["Noted."], voices["Coded."], voices["Five."]) == ("notes", "code", "hers")
    passages = {segment.passage: segment.voice for segment in script.segments}
    assert all(passages[segment.passage] == segment.voice for segment in script.segments)
