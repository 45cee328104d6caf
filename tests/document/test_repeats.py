"""What stands twice is left out once, with a reason; what is meant to come back stays."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.document.compose import read
from tts_pipeline.document.repeats import deduplicate
from tts_pipeline.document.repeats.likeness import Likeness, changes, compare
from tts_pipeline.document.repeats.piece import Piece
from tts_pipeline.model import (
    Block,
    BlockKind,
    Document,
    Group,
    GroupKind,
    Medium,
    Omission,
    Post,
    Span,
    SpanKind,
)
from tts_pipeline.words import words

FIXTURES = Path(__file__).parent / "repeats"
KEEP = sorted((FIXTURES / "keep").iterdir())
DROP = sorted((FIXTURES / "drop").glob("*.md"))


QUOTE = Group(GroupKind.QUOTE, 1)


def load(path: Path) -> Document:
    medium = Medium.MARKDOWN if path.suffix == ".md" else Medium.TEXT
    return read(
        Post(
            source=path.name, name=path.name, medium=medium, body=path.read_text("utf-8"), title="T"
        )
    )


def paragraph(text: str, *within: Group) -> Block:
    return Block(BlockKind.PARAGRAPH, (Span(text),), within=within)


def heading(text: str) -> Block:
    return Block(BlockKind.HEADING, (Span(text),), level=2)


def quote(text: str) -> Block:
    return paragraph(text, QUOTE)


def left_out(*blocks: Block) -> list[str]:
    """The texts that are left out of these blocks."""
    return [omission.text for omission in deduplicate(Document(blocks)).omissions]


def reasons(*blocks: Block) -> list[str]:
    return [omission.reason for omission in deduplicate(Document(blocks)).omissions]


# ---- posts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KEEP, ids=lambda path: path.name)
def test_legitimate_repeats_stay(path: Path) -> None:
    document = load(path)
    assert deduplicate(document) == document


def test_the_posts_that_stay_do_repeat_themselves() -> None:
    assert len(KEEP) >= 50
    for path in KEEP:
        text = path.read_text("utf-8")
        lines = Counter(Piece(paragraph(line), 0).key for line in text.splitlines())
        folded = Piece(paragraph(text), 0).words
        triples = Counter(zip(folded, folded[1:], folded[2:], strict=False))
        repeated = [line for line, times in lines.items() if line and times > 1]
        assert repeated or max(triples.values()) > 1, path.name


@pytest.mark.parametrize("path", DROP, ids=lambda path: path.name)
def test_true_duplicates_are_left_out(path: Path) -> None:
    expected: dict[str, str] = json.loads(path.with_suffix(".json").read_text("utf-8"))["left_out"]
    document = load(path)
    result = deduplicate(document)
    assert result.blocks == tuple(
        block for place, block in enumerate(document.blocks) if str(place) not in expected
    )
    omissions = result.omissions[len(document.omissions) :]
    assert [omission.kind for omission in omissions] == ["duplicate"] * len(expected)
    for omission, opening in zip(omissions, expected.values(), strict=True):
        assert omission.text.startswith(opening)


def test_there_are_posts_enough_with_true_duplicates() -> None:
    assert len(DROP) >= 25


# ---- runs ------------------------------------------------------------------------------------

FIRST = "The tide tables on the harbour wall are painted by hand every year, by a woman who has never been to sea in her life."
SECOND = "She copies them from a book that comes by post, and she leaves out the hours in which nobody would think of sailing anyway."
THIRD = "Twice in forty years a captain has complained of it, and both of them were told to learn to swim before they came back with their complaints to her, to the wall or to the sea."
ONE, TWO, THREE = paragraph(FIRST), paragraph(SECOND), paragraph(THIRD)
OTHER = paragraph("Now for something else, which has to do with neither tide nor harbour.")


def test_an_exact_run_names_where_it_stands() -> None:
    result = deduplicate(
        Document((ONE, TWO, OTHER, ONE, TWO), (Omission("page", "Menu", "a menu"),))
    )
    assert result.blocks == (ONE, TWO, OTHER)
    reason = (
        "2 paragraphs that stand word for word earlier, from “The tide tables on the harbour …” on"
    )
    assert result.omissions == (
        Omission("page", "Menu", "a menu"),
        Omission("duplicate", FIRST, reason),
        Omission("duplicate", SECOND, reason),
    )


def test_new_words_of_a_copy_are_named_in_its_reason() -> None:
    copy = paragraph(FIRST.replace("painted by hand", "painted carefully by hand"))
    named, plain, _ = reasons(ONE, TWO, THREE, OTHER, copy, TWO, THREE)
    assert named.endswith(
        "almost word for word earlier, from “The tide tables on the harbour …” on, this one but for: “carefully”"
    )
    assert "but for" not in plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("never been to sea", "been to sea"),
        ("every year", "every 2 years"),
        ("by a woman", "by a woman from Lindholm"),
        ("forty years", "fifty years"),
        ("and both of them", "and neither of them"),
        ("who has never", "who, as everybody in the town and in the villages around it knows, has never"),
    ],
)  # fmt: skip
def test_a_paragraph_that_says_something_else_stays(old: str, new: str) -> None:
    original = ONE, TWO, THREE, paragraph("Nobody has counted those who stayed at home, " + FIRST)
    copy = [paragraph(block.text.replace(old, new)) for block in original]
    changed = [block.text for block, before in zip(copy, original, strict=True) if block != before]
    gone = left_out(*original, OTHER, *copy)
    assert changed
    assert not set(changed) & set(gone)


TRADES = [
    "The carter comes on the first day of the month, before it is light, and leaves his tools under the stairs where the children cannot get at them, and then he goes into the kitchen for a bowl of soup and the news of the week.",
    "When he has eaten, the carter walks round the house with a piece of chalk in his hand and makes a mark wherever he means to begin, and nobody is allowed to wipe any of them away until the work is over.",
    "By the evening the carter has done about half of what he said he would do, and he promises to come back for the rest of it, which he has done in some years and in others not, as we all remember.",
]  # fmt: skip


def test_a_template_stays() -> None:
    carter = list(map(paragraph, TRADES))
    carver = [paragraph(text.replace("carter", "carver")) for text in TRADES]
    assert left_out(*carter, OTHER, *carver) == []
    assert len(left_out(*carter, OTHER, carver[0], *carter[1:])) == 3


def test_too_many_new_words_in_all_stay() -> None:
    quite = [
        paragraph(
            text.replace("who", "quite who")
            .replace("book", "big book")
            .replace("captain", "poor captain")
        )
        for text in (FIRST, SECOND, THIRD)
    ]
    assert left_out(ONE, TWO, THREE, OTHER, *quite) == []
    assert left_out(ONE, TWO, OTHER, quite[0], TWO) == []
    assert len(left_out(ONE, TWO, THREE, OTHER, *quite[:2], THREE)) == 3


def test_a_word_for_another_needs_exact_paragraphs_on_both_sides() -> None:
    edited = paragraph(SECOND.replace("sailing", "rowing"))
    after = THREE, *map(paragraph, TRADES)
    assert edited.text in left_out(ONE, TWO, *after, OTHER, ONE, edited, *after)
    assert edited.text not in left_out(ONE, TWO, *after, OTHER, edited, *after)


def test_a_heading_stays_with_what_it_heads() -> None:
    notes = heading("Notes")
    gone = left_out(
        heading("Tides"), ONE, TWO, notes, OTHER, heading("Tides"), ONE, TWO, notes, THREE
    )
    assert gone == ["Tides", FIRST, SECOND]


@pytest.mark.parametrize(
    "kind",
    [
        BlockKind.ITEM,
        BlockKind.VERSE,
        BlockKind.TABLE,
        BlockKind.CODE,
        BlockKind.CAPTION,
        BlockKind.TERM,
    ],
)
def test_other_kinds_are_never_in_a_run(kind: BlockKind) -> None:
    blocks = [Block(kind, block.spans) for block in (ONE, TWO, THREE)]
    inside = [
        Block(BlockKind.PARAGRAPH, block.spans, within=(QUOTE,)) for block in (ONE, TWO, THREE)
    ]
    assert left_out(*blocks, OTHER, *blocks) == []
    assert left_out(*inside, OTHER, *inside) == []


def test_what_a_colon_announces_stays() -> None:
    assert left_out(ONE, TWO, paragraph("I read it to them once more:"), ONE, TWO) == []
    assert left_out(ONE, TWO, paragraph("I read it to them once more."), ONE, TWO) == [
        FIRST,
        SECOND,
    ]


def test_small_print_of_two_sections_stays() -> None:
    head = [paragraph(f"Line {number} of the head of this post.") for number in "abcdefg"]
    assert left_out(*head, heading("Oars"), ONE, TWO, heading("Sails"), ONE, TWO) == []
    assert left_out(*head, heading("Oars"), ONE, TWO, OTHER, ONE, TWO) == [FIRST, SECOND]


# ---- how alike -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "likeness"),
    [
        (FIRST.replace(",", ";").replace("sea", "Sea"), Likeness.EXACT),
        (FIRST.replace("painted", "neatly painted"), Likeness.CLOSE),
        (FIRST.replace("harbour", "harbor"), Likeness.CLOSE),
        (FIRST.replace("painted", "carved"), Likeness.EDITED),
        (FIRST.replace("hand", "Anna"), None),
        (FIRST.replace("The tide", "Old tide"), None),
        (SECOND, None),
    ],
)
def test_likeness(later: str, likeness: Likeness | None) -> None:
    found = compare(Piece(ONE, 0), Piece(paragraph(later), 1))
    assert (found and found.likeness) == likeness


def test_opposites_that_look_alike_are_no_spelling() -> None:
    one, other = (paragraph(FIRST.replace("woman", word)) for word in ("employer", "employee"))
    found = compare(Piece(one, 0), Piece(other, 1))
    assert found is not None
    assert found.likeness is Likeness.EDITED


WORDS = st.lists(st.sampled_from("abc"), max_size=12)


@settings(max_examples=150)
@given(WORDS, WORDS)
def test_changes_turn_one_text_into_the_other(old: list[str], new: list[str]) -> None:
    found = changes(old, new, 24)
    assert found is not None
    made, at = [], 0
    for change in found:
        made += [*old[at : change.old], *new[change.new : change.new_end]]
        at = change.old_end
    assert made + old[at:] == new
    edits = sum(c.old_end - c.old + c.new_end - c.new for c in found)
    assert edits == len(old) + len(new) - 2 * longest_common(old, new)
    assert edits == 0 or changes(old, new, edits - 1) is None


def longest_common(one: list[str], two: list[str]) -> int:
    row = [0] * (len(two) + 1)
    for word in one:
        before = row[:]
        for at, other in enumerate(two, 1):
            row[at] = before[at - 1] + 1 if word == other else max(before[at], row[at - 1])
    return row[-1]


# ---- headings and captions -------------------------------------------------------------------


def test_a_first_line_that_is_the_heading_is_cut() -> None:
    block = Block(
        BlockKind.PARAGRAPH,
        (
            Span("Why it "),
            Span("matters", SpanKind.LINK, "https://example.org"),
            Span(":\nThe ford is deep."),
        ),
    )
    result = deduplicate(Document((heading("Why it matters"), block)))
    assert [b.text for b in result.blocks] == ["Why it matters", "The ford is deep."]
    assert [o.text for o in result.omissions] == ["Why it matters:"]


def image(alt: str) -> Span:
    return Span(alt, SpanKind.IMAGE, "https://example.org/boat.png")


def caption(text: str) -> Block:
    return Block(BlockKind.CAPTION, (Span(text),))


def test_an_image_that_its_caption_describes_is_left_out() -> None:
    alone = Block(BlockKind.PARAGRAPH, (image("The boat, at dawn"),))
    assert left_out(alone, caption("The boat at dawn.")) == ["The boat, at dawn"]
    assert left_out(caption("The boat at dawn. Drawn by the harbour master."), alone) == [
        "The boat, at dawn"
    ]
    assert left_out(alone, OTHER, caption("The boat at dawn.")) == []
    figure = (Group(GroupKind.FIGURE, 1),)
    shown = Block(BlockKind.PARAGRAPH, alone.spans, within=figure)
    below = Block(BlockKind.CAPTION, (Span("The boat at dawn."),), within=figure)
    assert left_out(shown, below) == ["The boat, at dawn"]
    quoted = Block(BlockKind.PARAGRAPH, alone.spans, within=(QUOTE,))
    assert left_out(quoted, caption("The boat at dawn.")) == []
    assert left_out(alone, caption("The boats at dawn.")) == []


def test_images_of_one_description_side_by_side_stay() -> None:
    shown = Block(BlockKind.CAPTION, (image("The boat at dawn"),))
    assert left_out(shown, shown) == []
    assert left_out(Block(BlockKind.PARAGRAPH, shown.spans), shown) == []


def test_an_image_in_a_paragraph_goes_alone() -> None:
    block = Block(
        BlockKind.PARAGRAPH, (Span("See "), image("The boat at dawn"), Span(" and this."))
    )
    result = deduplicate(Document((block, caption("The boat at dawn"))))
    assert result.blocks[0].text == "See  and this."
    joined = Block(BlockKind.PARAGRAPH, (Span("See"), image("The boat at dawn"), Span("!")))
    assert left_out(joined, caption("The boat at dawn")) == []


# ---- pull quotes -----------------------------------------------------------------------------

PULLED = "Nobody who has painted a tide table trusts a clock."
SOURCE = paragraph(
    "I asked her about the hours. Nobody who has painted a tide table trusts a clock. She said so "
    "without looking up from the wall, and went on with the thin brush, because the sun was about to "
    "come round the corner of the fish hall, and paint does not dry well in the sun."
)
PLAIN = paragraph(
    "Harbours further up the coast have printed tables, which come from the town by the same post "
    "and are nailed to the wall by anybody who happens to have a hammer."
)


@pytest.mark.parametrize("make", [quote, paragraph])
def test_a_pull_quote_is_left_out_before_and_behind_its_paragraph(make: type[Block]) -> None:
    pulled = make(PULLED)  # type: ignore[arg-type,call-arg]
    for blocks in ((PLAIN, pulled, SOURCE), (SOURCE, pulled, PLAIN), (SOURCE, PLAIN, pulled)):
        assert left_out(*blocks) == [PULLED]
        assert reasons(*blocks) == [
            "a pull quote from the paragraph “I asked her about the hours. …”"
        ]


REPLIES = [
    paragraph("I do, and I have painted six of them."),
    paragraph("Is that so? " + PLAIN.text),
    paragraph("That sentence has stayed with me, although I have forgotten the hours and the wall and the brush, and the name of the harbour too."),
    paragraph("— the painter of the tables, in the only talk that she ever gave about her work, in the fish hall, on the second of three long and rainy evenings"),
    quote("It was said on a Tuesday."),
    Block(BlockKind.ITEM, (Span("A hammer for the nails"),), level=1),
]  # fmt: skip


@pytest.mark.parametrize("after", REPLIES, ids=lambda block: block.text[:12])
def test_a_quote_that_is_answered_or_attributed_stays(after: Block) -> None:
    assert left_out(SOURCE, quote(PULLED), after) == []


def test_a_pull_quote_stays_where_others_are_quoted_too() -> None:
    foreign = quote("The sea keeps no hours and sends no letters.")
    assert left_out(SOURCE, quote(PULLED), PLAIN, foreign, PLAIN) == []
    assert left_out(foreign, PLAIN, quote(PULLED), SOURCE) == [PULLED]


def test_words_that_the_paragraph_only_quotes_are_no_pull_quote() -> None:
    for marks in ("“{}”", '"{}"', "‘{}’", "«{}»"):
        source = paragraph(SOURCE.text.replace(PULLED, marks.format(PULLED)))
        assert left_out(source, quote(PULLED), PLAIN) == []


def test_part_of_a_sentence_is_no_pull_quote() -> None:
    assert left_out(SOURCE, quote("who has painted a tide table trusts a clock"), PLAIN) == []


def test_a_pull_quote_is_not_looked_for_in_another_section_or_far_away() -> None:
    assert left_out(SOURCE, heading("Nails"), quote(PULLED), PLAIN) == []
    far = [paragraph(f"{PLAIN.text} Number {n} of them.") for n in "abcd"]
    assert left_out(SOURCE, *far, quote(PULLED), PLAIN) == []


def test_what_stands_a_third_time_is_no_pull_quote() -> None:
    third = paragraph(f"{PLAIN.text} {PULLED}")
    assert left_out(PLAIN, quote(PULLED), SOURCE, heading("Nails"), third) == []


def test_part_of_a_longer_quote_is_no_pull_quote() -> None:
    assert left_out(PLAIN, quote("The sea keeps no hours."), quote(PULLED), SOURCE) == []


@pytest.mark.parametrize(
    "said", ["Who that has painted a tide table trusts a clock?", f"Anna: {PULLED}"]
)
def test_questions_and_speech_are_no_pull_quotes(said: str) -> None:
    source = paragraph(SOURCE.text.replace(PULLED, said))
    assert left_out(PLAIN, quote(said), source) == []


def test_a_bare_pull_quote_needs_a_long_paragraph() -> None:
    short = paragraph(
        f"I asked her about the hours. {PULLED} She said so without looking up from the wall."
    )
    assert left_out(PLAIN, paragraph(PULLED), short) == []
    assert left_out(PLAIN, quote(PULLED), short) == [PULLED]


def test_a_short_first_paragraph_said_twice_is_an_echo() -> None:
    short = paragraph("It rained on the day that we left, and it rained on us.")
    assert left_out(short, short, PLAIN) == []
    assert left_out(ONE, ONE, PLAIN) == [FIRST]


# ---- properties ------------------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [
        FIRST, SECOND, THIRD, PULLED, SOURCE.text, PLAIN.text, "Why it matters", "Notes", "No.", "",
        FIRST.replace("woman", "widow"), SECOND.replace("anyway", "at all"), f"{FIRST} {SECOND}",
        FIRST.partition(" year")[0] + "…", "TL;DR: " + FIRST, "Once more:", "Why it matters\nIt is deep.", "★ ★",
    ]
)  # fmt: skip
BLOCKS = st.builds(
    Block,
    st.sampled_from([BlockKind.PARAGRAPH] * 6 + [BlockKind.HEADING, BlockKind.CAPTION, BlockKind.ITEM]),
    st.lists(st.builds(Span, SENTENCES, st.sampled_from([SpanKind.TEXT] * 5 + [SpanKind.IMAGE])), min_size=1, max_size=2).map(tuple),
    within=st.sampled_from([(), (), (), (QUOTE,)]),
)  # fmt: skip
DOCUMENTS = st.lists(BLOCKS, max_size=14).map(lambda blocks: Document(tuple(blocks)))
TWICE = st.lists(BLOCKS, min_size=1, max_size=6).map(lambda blocks: Document((*blocks, *blocks)))


@settings(max_examples=250)
@given(DOCUMENTS | TWICE)
def test_no_word_is_lost_and_none_is_made(document: Document) -> None:
    result = deduplicate(document)
    spoken = Counter(word for block in result.blocks for word in words(block.text))
    gone = Counter(word for omission in result.omissions for word in words(omission.text))
    assert spoken + gone == Counter(word for block in document.blocks for word in words(block.text))
    assert all(omission.reason and omission.kind == "duplicate" for omission in result.omissions)


@settings(max_examples=250)
@given(DOCUMENTS | TWICE)
def test_once_is_enough(document: Document) -> None:
    result = deduplicate(document)
    assert deduplicate(result) == result


@settings(max_examples=100)
@given(TWICE)
def test_every_word_left_out_is_heard_or_named(document: Document) -> None:
    result = deduplicate(document)
    heard = {Piece(paragraph(word), 0).key for block in result.blocks for word in words(block.text)}
    for omission in result.omissions:
        labels = {"tldr"} if omission.reason.startswith("a summary") else set()
        named = set(words(omission.reason.replace("“", " ").replace("”", " ")))
        for word in words(omission.text):
            assert Piece(paragraph(word), 0).key in heard | labels or word in named


# ---- time ------------------------------------------------------------------------------------


def near_copies(count: int) -> list[str]:
    base = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}word" for n in range(50)]
    return [" ".join([*base[: n % 50], f"new{n % 97}", *base[n % 50 + 1 :]]) for n in range(count)]


def onion(layers: int) -> list[str]:
    def layer(name: str, number: int) -> str:
        return f"{name} {number} " + " ".join(f"{name}{number}x{n}" for n in range(22))

    there = [layer(name, number) for number in range(layers) for name in ("up", "down")]
    return [*there, *there[::2], *there[:0:-2]]


@pytest.mark.parametrize(
    "texts",
    [
        ["The same short line."] * 100_000,
        ["The same line comes again and again, and each time it is as long as it was before."] * 20_000,
        near_copies(20_000),
        onion(2_000),
        ["word and " * 55_000, "word and " * 55_001, "word and " * 30_000 + "or " + "word and " * 25_000],
        ["A sentence. " * 80_000, "A sentence."],
        ["… ... ….” " * 100_000, "“‘\"'" * 250_000, "a: " * 300_000],
        ["Nobody trusts a clock that stands in the rain.", SOURCE.text] * 3_000,
    ],
    ids=["lines", "long lines", "near copies", "nested", "big", "sentences", "marks", "pulls"],
)  # fmt: skip
def test_time_grows_with_length(texts: list[str]) -> None:
    document = Document(tuple(map(paragraph, texts)))
    started = time.process_time()
    deduplicate(document)
    megabytes = sum(map(len, texts)) / 1e6
    assert time.process_time() - started < 5 + 5 * megabytes
