"""What surrounds a post is known by its wording and its place; the author's own words stay."""

import pytest

from tts_pipeline.document.reading import references
from tts_pipeline.document.reading.boilerplate import drop
from tts_pipeline.model import Block, BlockKind, Span, SpanKind

BODY = [Block(BlockKind.PARAGRAPH, (Span(f"The {n} paragraph of the text."),)) for n in range(14)]


def gone(text: str, *, at: int, link: bool = False) -> bool:
    """Whether a paragraph is left out that stands at this place of an ordinary post."""
    kind = SpanKind.LINK if link else SpanKind.TEXT
    block = Block(
        BlockKind.PARAGRAPH, (Span(text, kind, "https://example.org/x" if link else None),)
    )
    blocks = [*BODY[:at], block, *BODY[at:]]
    kept, omissions = drop(blocks)
    assert len(kept) + len(omissions) == len(blocks)
    return block not in kept


@pytest.mark.parametrize(
    "text",
    ["Published on May 2, 2023 3:45 PM GMT", "Posted: 3 June 2024", "Crossposted from my blog.",
     "Cross-posted to the other forum", "This is a linkpost for https://example.org/x",
     "This post was originally published on another site.", "7 min read", "Reading time: 4 minutes",
     "By Ada Example | March 3, 2024"],
)  # fmt: skip
def test_lines_before_a_post(text: str) -> None:
    assert gone(text, at=0)
    assert not gone(text, at=7)


@pytest.mark.parametrize(
    "text",
    ["Discuss", "Discuss this post on the forum", "Leave a comment", "12 comments", "Share this post",
     "Share on Facebook", "Tweet | Share | Reddit", "Next post: The tides", "← Older post",
     "Tags: sea, boats", "Filed under harbours", "© 2024 The Harbour Press", "All rights reserved.",
     "The post Tides appeared first on The Harbour."],
)  # fmt: skip
def test_lines_after_a_post(text: str) -> None:
    assert gone(text, at=14) is (not text.startswith("←"))
    assert not gone(text, at=7)


@pytest.mark.parametrize(
    "text",
    ["Originally published at The Harbour.", "Read more", "View on the forum", "Read comments"],
)
def test_lines_that_a_link_gives_away(text: str) -> None:
    assert gone(text, at=14, link=True)
    assert not gone(text, at=14)


@pytest.mark.parametrize(
    "text",
    ["Thanks for reading! Subscribe for free to receive new posts and support my work.",
     "Subscribe to my newsletter", "Subscribe now", "Advertisement"],
)  # fmt: skip
def test_boxes_anywhere(text: str) -> None:
    assert gone(text, at=7)


@pytest.mark.parametrize("at", [0, 2, 7, 12, 14])
@pytest.mark.parametrize(
    "text",
    ["Listen.", "Like this.", "Reply.", "No comment.", "Next we turn to the tides.", "Play.", "Save.",
     "First published in 1813, the novel was an instant success with everybody who read it.",
     "Originally posted as a joke, the letter was taken for the truth.", "See on the left.",
     "Tags are useful when there are many posts.", "Read on the train.", "Previous attempts failed.",
     "Discuss it with your neighbours, and then decide.", "Comments on the plan were few and kind.",
     "Share the bread.", "Subscribe to no doctrine.", "Published authors were not invited.",
     "Print this page was all that the note said, and nobody did.", "Copyright law is another matter."],
)  # fmt: skip
def test_the_author_s_own_words_stay(text: str, at: int) -> None:
    assert not gone(text, at=at)


def section(heading: str, *items: tuple[str, str]) -> list[Block]:
    """A section of items, each a link and what follows it."""
    return [
        Block(BlockKind.HEADING, (Span(heading),), level=2),
        *(
            Block(BlockKind.ITEM, (Span(link, SpanKind.LINK, "https://example.org/"), Span(text)))
            for link, text in items
        ),
    ]


def test_a_list_of_references_is_left_out_and_what_follows_it_stays() -> None:
    cited = section(
        "References", ("Field (2019)", ". On snow. Journal of Ice, pp. 1-9."), ("Stone", " 2020.")
    )
    after = Block(BlockKind.HEADING, (Span("Thanks"),), level=2)
    kept, omissions = references.drop([*BODY, *cited, after])
    assert kept == [*BODY, after]
    assert {omission.reason for omission in omissions} == {"a list of 2 references"}
    bare = section("Links", ("The harbour in winter", ""), ("Tide tables", " (PDF)"))
    assert references.drop([*BODY, *bare])[0] == BODY


def test_links_with_what_the_author_thinks_of_them_stay() -> None:
    told = section(
        "Links",
        (
            "A study",
            " from 2019 (2019) says that ferries are late; I have stood on that pier and agree.",
        ),
        ("Another", " says that they are early, which nobody at our harbour has ever seen."),
    )
    assert references.drop([*BODY, *told]) == ([*BODY, *told], [])
