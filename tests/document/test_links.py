from tts_pipeline import document
from tts_pipeline.document.links import LIMIT
from tts_pipeline.model import Link, Medium, Post, Reading


def links(body: str, medium: Medium = Medium.MARKDOWN, **post: str) -> tuple[Link, ...]:
    read = Post("x", "x", medium, body, "Title", **post)  # type: ignore[arg-type]
    composed = document.compose(read, Reading(), language="en-us", title_is_spoken=True)
    return document.links(composed, read.url)


def test_each_page_stands_once_with_its_words_in_reading_order() -> None:
    found = links(
        "See [the *old* `mill`](https://example.org/a) and [b](https://example.org/b).\n\n"
        "- [again](https://example.org/a)\n- <https://example.org/c?x=1&y=2>\n\n"
        "> [quoted](https://example.org/d#part)\n"
    )
    assert found == (
        Link("https://example.org/a", "the old mill"),
        Link("https://example.org/b", "b"),
        Link("https://example.org/c?x=1&y=2", "https://example.org/c?x=1&y=2"),
        Link("https://example.org/d#part", "quoted"),
    )


def test_relative_addresses_are_resolved_and_places_in_the_post_are_none() -> None:
    body = "[up](../x) [here](#part) [self](https://example.org/posts/1#y) and words"
    assert links(body, url="https://example.org/posts/1") == (Link("https://example.org/x", "up"),)
    assert links(body) == (Link("https://example.org/posts/1#y", "self"),)


def test_links_of_footnotes_come_last() -> None:
    found = links(
        "Words[^1] and [b](https://example.org/b).\n\n[^1]: A [n](https://example.org/n)."
    )
    assert [each.url for each in found] == ["https://example.org/b", "https://example.org/n"]


def test_what_is_not_a_web_address_is_no_link() -> None:
    body = (
        '<p><a href="javascript:alert(1)">a</a> <a href="mailto:x@example.org">b</a> '
        '<a href="http://[">c</a> <a href="https://">d</a> <a>e</a> '
        f'<a href="https://example.org/{"x" * 2000}">f</a> <a href=" https://example.org/g ">g</a></p>'
    )
    assert links(body, Medium.HTML) == (Link("https://example.org/g", "g"),)


def test_there_is_a_most() -> None:
    body = " ".join(f"[{n}](https://example.org/{n})" for n in range(LIMIT + 50))
    assert len(links(body)) == LIMIT
