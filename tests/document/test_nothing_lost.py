"""Whatever a post holds: every word is spoken or left out with a reason, and nothing crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.document import compose
from tts_pipeline.document.compose import read
from tts_pipeline.errors import DocumentError
from tts_pipeline.model import Document, Medium, Post, Reading
from tts_pipeline.words import missing, words

WORDS = st.sampled_from(
    ["river", "Stone", "x²", "don't", "e.g.", "$5", "naïve", "東京", "a_b", "1.", "[1]", "(0:30)"]
)
TEXT = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
TAGS = st.sampled_from(
    "p div blockquote ul ol li h2 h3 pre code em a sup sub del table tr td th caption figure "
    "figcaption dl dt dd details summary aside section span q br hr article form button".split()
)
CLASSES = st.sampled_from(
    ["", "spoilers", "footnotes", "footnote-ref", "math-tex", "dialogue-message", "toc", "share",
     "dialogue-message-header", "footnote-item", "llm-content-block", "katex"]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", 'id="fn1"', 'href="#fn1"', 'href="#one"', 'id="one"', 'hidden=""', 'lang="fr"', 'name="x"',
     'data-footnote-id="a"', 'title="one two"', 'start="5"', 'alt="a view" src="v.png"']
)  # fmt: skip


@st.composite
def html(draw: st.DrawFn, depth: int = 4) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        if depth == 0 or draw(st.booleans()):
            parts.append(draw(TEXT))
            continue
        tag, named, attribute = draw(TAGS), draw(CLASSES), draw(ATTRIBUTES)
        close = draw(st.sampled_from([f"</{tag}>", f"</{tag}>", ""]))
        inside = draw(html(depth - 1))
        parts.append(f'<{tag} class="{named}" {attribute}>{inside}{close}')
    return draw(st.sampled_from(["", " ", "\n"])).join(parts)


MARKUP = st.sampled_from(
    ["# ", "> ", ">! ", "- ", "1. ", "    ", "\n", "\n\n", "```\n", "$", "$$", "\\(", "\\)", "[^1]",
     "[^1]: ", "**", "_", "~~", "~", "^", "|", "|---|", "+++ ", "::: ", "==", "<b>", "</b>", "![", "](",
     ")", "`", ": ", "---", "***", "&amp;", "<!--", "\\begin{align}", "{#a}", "\x00", "\u202e"]
)  # fmt: skip
MARKDOWN = st.lists(st.one_of(MARKUP, TEXT, st.text(max_size=4)), max_size=30).map("".join)
READINGS = st.builds(
    Reading,
    footnotes=st.sampled_from(["inline", "section", "drop"]),
    tables=st.sampled_from(["rows", "summary", "drop"]),
    table_cells=st.sampled_from([2, 60]),
    code=st.sampled_from(["announce", "speak", "drop"]),
    images=st.sampled_from(["speak", "drop"]),
    quotes=st.sampled_from(["announce", "plain"]),
    spoilers=st.sampled_from(["announce", "drop"]),
    struck=st.sampled_from(["speak", "drop"]),
    emoji=st.sampled_from(["name", "drop"]),
)


def composed(body: str, medium: Medium, reading: Reading) -> Document | None:
    """None where nothing is left to speak; a lost word is an error that passes through."""
    post = Post(source="post", name="post", medium=medium, body=body, title="Title")
    try:
        return compose(post, reading, language="en", title_is_spoken=True)
    except DocumentError as error:
        if "no words to speak" not in str(error):
            raise
        return None


@given(html(), READINGS)
@settings(max_examples=250)
def test_no_word_of_a_page_is_lost(body: str, reading: Reading) -> None:
    composed(body, Medium.HTML, reading)


@given(MARKDOWN, READINGS)
@settings(max_examples=250)
def test_no_word_of_markdown_is_lost(body: str, reading: Reading) -> None:
    composed(body, Medium.MARKDOWN, reading)


@given(st.text(max_size=300), READINGS)
@settings(max_examples=150)
def test_no_word_of_plain_text_is_lost(body: str, reading: Reading) -> None:
    document = composed(body, Medium.TEXT, reading)
    if document is not None:
        blocks = [*document.blocks, *(block for note in document.notes for block in note)]
        parts = [block.text for block in blocks] + [left.text for left in document.omissions]
        assert not missing(" ".join(words(body.replace("\x00", " "))), "\n".join(parts))


@pytest.mark.parametrize("body", ["$|r&Z\x1eZwZZ$", "a\x1eb", "<p>\\(x\x1e_1\\)</p>"])
def test_control_characters_take_no_word_along(body: str) -> None:
    assert composed(body, Medium.HTML, Reading()) is not None


def test_a_lost_word_would_be_noticed() -> None:
    assert missing("one two three", "three one") == "'two'"
    assert not missing("Fi\ufb01ty ½", "1⁄2 fififty")


HUGE = {
    "unclosed": "<p>word " * 120_000,
    "nested": ("<div>" * 400 + "word " + "</div>" * 400) * 220,
    "links": '<a href="#a">[1]</a> ' * 50_000,
    "notes": "".join(
        f'<p>w<sup><a href="#fn{n}">{n}</a></sup></p><p id="fn{n}">n</p>' for n in range(15_000)
    ),
    "cells": "<table>" + "<tr><td>a</td><td>b</td></tr>" * 35_000 + "</table>",
    "tables": "<table><tr><td>a</td><td>b</td></tr></table>" * 24_000,
    "breaks": "word<br>" * 120_000,
    "one line": "word " * 200_000,
    "attributes": f'<p class="{"x " * 500_000}">word</p>',
    "inline": "<b>a</b><i>b</i>" * 60_000,
    "dollars": "$a " * 340_000,
    "brackets": "\\( " * 340_000,
    "toc": '<div class="toc">' * 300 + "word" + "</div>" * 300,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_megabyte_of_html_is_read(name: str) -> None:
    assert composed(HUGE[name] + "<p>The end.</p>", Medium.HTML, Reading()) is not None


HUGE_MARKDOWN = {
    "paragraphs": "Some words here. " * 10 + "\n\n",
    "brackets": "[" * 100,
    "emphasis": "*a _b ",
    "quotes": "> " * 20 + "a\n\n",
    "dollars": "$x ",
    "marks": "[^1] ",
    "tildes": "~a ^b ==c ",
    "fences": "::: a\n:::\n",
    "cells": "| a | b |\n",
}


@pytest.mark.parametrize("name", HUGE_MARKDOWN)
def test_a_large_markdown_post_is_read(name: str) -> None:
    unit = HUGE_MARKDOWN[name]
    body = unit * (100_000 // len(unit)) + "\n\nThe end.\n"
    post = Post(source="post", name="post", medium=Medium.MARKDOWN, title="", body=body)
    assert read(post).blocks


def test_a_page_that_never_closes_what_it_opens_is_refused_in_a_sentence() -> None:
    with pytest.raises(DocumentError, match="never be closed"):
        read(Post(source="p", name="p", medium=Medium.HTML, title="", body="<div>" * 100_000 + "a"))


def test_markdown_nested_too_deeply_is_refused_rather_than_cut() -> None:
    body = "".join("  " * depth + f"- item {depth}\n" for depth in range(100))
    with pytest.raises(DocumentError, match="deep inside each other"):
        read(Post(source="p", name="p", medium=Medium.MARKDOWN, title="", body=body))
    quotes = "> " * 60 + "words\n"
    with pytest.raises(DocumentError, match="deep inside each other"):
        read(Post(source="p", name="p", medium=Medium.MARKDOWN, title="", body=quotes))
