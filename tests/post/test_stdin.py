"""What standard input holds is guessed from how it begins and what it is full of."""

import pytest

from tts_pipeline import post
from tts_pipeline.model import Medium

from .reading import read

MARKDOWN, HTML, TEXT = Medium.MARKDOWN, Medium.HTML, Medium.TEXT
PAGE = """Tidal Readings TF - Low Water by Ida Fenn
Apr 2, 2024
5:03
Welcome to Tidal Readings. This is: Low Water, published by Ida Fenn on April 2, 2024 on The Forum.
- The text, which [links](https://example.org) and looks like **Markdown**.
"""


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("<!DOCTYPE html><title>A</title><p>b", HTML),
        ("\n  <!doctype HTML>\n<p>b", HTML),
        ("<html lang=en><p>b", HTML),
        ("<!-- saved -->\n<!-- twice -->\n<p>b", HTML),
        ('<?xml version="1.0" encoding="utf-8"?>\n<!-- x -->\n<html><p>b', HTML),
        ("<p>A fragment, as feeds carry it.</p>", HTML),
        ("<h2>A heading</h2><p>b", HTML),
        ('<a href="https://example.org">a</a> b', HTML),
        ("<ul><li>a</ul>", HTML),
        ("# Title\n\nText.", MARKDOWN),
        ("---\ntitle: A\n---\nText.", MARKDOWN),
        ("Text.\n\n## Later\n\nMore.", MARKDOWN),
        ("Title\n=====\n\nText.", MARKDOWN),
        ("A list:\n\n- one\n- two", MARKDOWN),
        ("A list:\n\n  * one\n  * two", MARKDOWN),
        ("Text with [a link](https://example.org) in it.\n", MARKDOWN),
        ("An ![image](a.png) in it.\n", MARKDOWN),
        ("Code:\n\n```\nx = 1\n```\n", MARKDOWN),
        ("Code:\n\n~~~ python\nx = 1\n~~~\n", MARKDOWN),
        ("She said:\n\n> So it goes.\n", MARKDOWN),
        ("It was **very** cold.\nText.", MARKDOWN),
        ("A claim.[^1]\n\n[^1]: Its source.", MARKDOWN),
        ("<https://example.org> is where # it began.\n\n# Title", MARKDOWN),
        ("A title\n\nText.", TEXT),
        ("<3 was all it said.\nText.", TEXT),
        ("<grin> was all it said.\nText.", TEXT),
        ("<https://example.org>\nis where it began.", TEXT),
        ("<!-- a comment --> and\ntext", TEXT),
        ("#hashtag at the start\nand text", TEXT),
        ("A title\n\n2 * 3 * 4 = 24, and 2 - 1 = 1 > 0", TEXT),
        ("A title\n\nAn array[0] (the first) and f[x](", TEXT),
        ("A title\n\n-- \nThe sender", TEXT),
        ("A title\n\na**b and c**d", TEXT),
        ("1. A title\n\n2. More text", TEXT),
        (PAGE, TEXT),
    ],
)
def test_the_medium_is_guessed(text: str, medium: Medium) -> None:
    assert read(text, None).medium is medium
    assert read(text, "").medium is medium


@pytest.mark.parametrize("suffix", [".txt", None])
def test_an_episodes_page_is_known_whatever_its_text_looks_like(suffix: str | None) -> None:
    found = read(PAGE, suffix)
    assert (found.title, found.author, found.tag) == ("Low Water", "Ida Fenn", "TF")


def test_a_suffix_is_believed() -> None:
    assert read("# Title\n\nText.", ".txt").medium is TEXT
    assert read("<p>Text.", ".MD").medium is MARKDOWN
    assert read("Only text", ".HTM").medium is HTML
    assert read("# Title", ".markdown").title == "Title"


def test_without_a_title_there_is_still_one() -> None:
    found = post.read_bytes(b"- one\n- two", source="-", name="-", suffix=None, sites={})
    assert found.title == "Untitled"
