"""Whatever the bytes: a post or a sentence, nothing lost, nothing that cannot be printed."""

import unicodedata
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tts_pipeline.model import Post
from tts_pipeline.words import words

from .reading import read_or_refused

SUFFIXES = st.sampled_from([".md", ".html", ".txt", None])
PIECES = st.sampled_from(
    [
        *"\n\n\n \t\r#-=>*[]()<>{}:&\"'`~^!",
        *(
            "---\n",
            "...\n",
            "\n\n",
            "\r\n",
            "```\n",
            "<!--",
            "-->",
            "</",
            "[^1]: ",
            "\x85",
            "\u2028",
        ),
        *(
            "title: ",
            "date: ",
            "url: ",
            "tags: ",
            "author: ",
            "lang: ",
            "&a ",
            "*a",
            "!!int ",
            "? ",
        ),
        *("<title>", "<h1>", "<meta name=", ' content="', "<script type='application/ld+json'>"),
        *(
            '{"@type":',
            '"Article",',
            '"headline":',
            '"\\ud800"',
            "</script>",
            "<base href=",
            "<time ",
        ),
        *(
            "Apr 2, 2024\n",
            "5:03\n",
            "This is: ",
            "Low Water",
            ", published by ",
            " on April 2, 2024",
        ),
        *(
            "https://example.org/",
            "javascript:",
            "http://[",
            "\0",
            "\ufeff",
            "\u202e",
            "2024-04-02",
        ),
        *("word ", "Wörter ", "字 ", "\U0001f600", "Ida Fenn", " by ", "charset=utf-16 "),
    ]
)
SOUP = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)
PAGES = st.tuples(
    st.sampled_from(
        ["Low Water by Ida Fenn\n", "Tidal TF - Low Water, by Night by Bo\n", "Other\n"]
    ),
    st.sampled_from(["Apr 2, 2024\n", "today\n"]),
    st.sampled_from(["5:03\n", "\n1:02:03\n", "\n"]),
    st.sampled_from(["Hello. This is: Low Water", "This is: Low Water, by Night", "Low Water"]),
    st.sampled_from([", published by Ida Fenn", ", by Bo", ""]),
    st.sampled_from([" on April 2, 2024", ", on May 1, 2020 on The Forum.", ""]),
    st.just("\n"),
    SOUP,
).map("".join)


def post_of(data: str | bytes, suffix: str | None) -> Post | None:
    """None where the input is refused, as a sentence that names it."""
    found = read_or_refused(data, suffix)
    if isinstance(found, Post):
        return found
    assert found.startswith("posts/some-post")
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in found)
    return None


def printable(post: Post) -> None:
    """Every field can be encoded and stands on one line, and a title there is."""
    texts = [post.author, post.url, post.id, post.site, post.tag, post.language, *post.tags]
    assert post.title
    for text in [post.title, *filter(None, texts)]:
        assert text.encode()
        assert text == " ".join(text.split())
        assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
    assert post.date is None or post.date.utcoffset() is not None


@settings(max_examples=200)
@given(st.binary(max_size=300), SUFFIXES)
def test_any_bytes_are_a_post_or_a_sentence(data: bytes, suffix: str | None) -> None:
    if found := post_of(data, suffix):
        printable(found)


@settings(max_examples=400)
@given(SOUP | PAGES, SUFFIXES)
def test_any_text_is_a_post_or_a_sentence(text: str, suffix: str | None) -> None:
    if found := post_of(text, suffix):
        printable(found)


@settings(max_examples=200)
@given(SOUP, st.sampled_from([".md", ".html", ".txt"]))
def test_front_matter_of_any_kind(text: str, suffix: str) -> None:
    if found := post_of(f"---\n{text}\n---\nText.\n", suffix):
        printable(found)


@settings(max_examples=300)
@given(SOUP | PAGES)
def test_plain_text_keeps_every_word(text: str) -> None:
    if found := post_of(text, ".txt"):
        kept = [found.body, *(omission.text for omission in found.omissions)]
        written = text.removeprefix("\ufeff")
        assert Counter(words(" ".join(kept))) == Counter(words(written))


@settings(max_examples=300)
@given(SOUP)
def test_a_body_of_markdown_keeps_every_word(text: str) -> None:
    front = "---\ntitle: A title\nid: x\n---\n"
    if found := post_of(front + text, ".md"):
        assert words(found.body) == words(text)
        assert found.title == "A title"


@settings(max_examples=200)
@given(SOUP)
def test_markdown_without_front_matter_is_all_body(text: str) -> None:
    if found := post_of(f"Words first.\n{text}", ".md"):
        assert words(found.body) == words(f"Words first.\n{text}")


@settings(max_examples=200)
@given(SOUP)
def test_a_page_is_handed_on_whole(text: str) -> None:
    if found := post_of(f"<p>{text}", ".html"):
        assert words(found.body) == words(f"<p>{text}")
        assert found.omissions == ()
