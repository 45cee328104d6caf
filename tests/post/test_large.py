"""A megabyte of anything is read, or refused, in a moment: nothing takes quadratic time.

No time is asserted: what is quadratic here takes minutes or hours, which nobody overlooks.
"""

import pytest

from tts_pipeline.document import markdown
from tts_pipeline.errors import PostError
from tts_pipeline.model import Post
from tts_pipeline.post import epub

from .reading import fault, read, read_or_refused
from .test_epub import OPF, PAGE, book

MEGABYTE = 1_000_000
FILLED = {
    "rules": "---\n",
    "keys": "---\nkey: value\n",
    "brackets": "[",
    "links": "[a](",
    "images": "![",
    "braces": "{",
    "anchors": "{#",
    "stars": "*a_ ",
    "strong": "**a",
    "ticks": "`",
    "quotes": "> ",
    "bullets": "- ",
    "hashes": "#",
    "headings": "# \t",
    "underlines": "a\n=",
    "equals": "=",
    "spaces": " ",
    "lines": "\n",
    "carriage returns": "\r",
    "spaced lines": " \n",
    "tabs": "\t",
    "note marks": "[^",
    "letters": "a",
    "comments": "<!---->",
    "open comments": "<!--",
    "meta": "<meta ",
    "whole meta": "<meta name=author content=Ida>",
    "elements": "<div>",
    "closed elements": "</div>",
    "paragraphs": "<p><b>",
    "anchors of HTML": "<a>",
    "readings": "<rt>",
    "groups": "<optgroup>",
    "ends in comments": "<div><!--</div>-->",
    "ends in declarations": "<div><!x </div>",
    "ends in attributes": "<div a='></div>'>",
    "ends in scripts": "<div><script></div></script>",
    "ends in drawings": "<div><svg><title></svg></div></title>",
    "strokes": "<svg><p><path/>",
    "ends across": f"{'<span>' * 500}<div>{'</span>' * 500}",
    "angles": "<",
    "processing": "<?xml ",
    "titles": "<title>",
    "scripts": "<script type='application/ld+json'>",
    "whole scripts": "<script type='application/ld+json'>[{}]</script>",
    "times": "<time datetime=2>",
    "breaks": "<h1><br>",
    "entities": "&amp;",
    "charsets": "<meta charset=",
    "slates": "This is: ",
    "names": ", published by ",
    "dates": " on April 2, 2024",
    "colons": "a: ",
}
MIDDLES = {
    "nested and closed": (".html", "<div>" * 90_000 + "text" + "</div>" * 90_000),
    "attributes": (".html", "<p " + " ".join(f"a{number}" for number in range(140_000)) + ">text"),
    "one long heading": (".md", "# " + "word " * 200_000 + "\n\ntext"),
    "heading of spaces": (".md", "# " + " \t" * 500_000 + "x\n\ntext"),
    "heading of braces": (".md", "# " + "{#" * 500_000 + "\n\ntext"),
    "JSON-LD of brackets": (
        ".html",
        "<script type='application/ld+json'>" + "[" * 900_000 + "</script>text",
    ),
    "front matter of brackets": (".md", "---\na: " + "[" * 40_000 + "\n---\ntext"),
    "front matter of keys": (".md", "---\n" + "key: value\n" * 4_000 + "---\ntext"),
    "front matter of aliases": (
        ".md",
        "---\na0: &a0 [x]\n"
        + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 40))
        + "tags: *a39\nauthor: *a39\n---\ntext",
    ),
    "front matter of merges": (
        ".md",
        "---\na0: &a0 {x: y}\n"
        + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 60))
        + "---\ntext",
    ),
    "page of long lines": (
        ".txt",
        f"{'a ' * 90}\nApr 2, 2024\n1:00\nThis is: {', by a on April 2, 2024' * 40_000}\nx",
    ),
    "page of many names": (
        ".txt",
        f"x\nApr 2, 2024\n1:00\nThis is: {', by a' * 300} on April 2, 2024\ntext",
    ),
    "page of many dates": (
        ".txt",
        f"x\nApr 2, 2024\n1:00\nThis is: {' on April 2, 2024' * 110}\ntext",
    ),
}


def fill(piece: str) -> str:
    return (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]


@pytest.mark.parametrize("piece", FILLED.values(), ids=FILLED.keys())
@pytest.mark.parametrize("suffix", [".html", None])
def test_a_megabyte_of_one_thing(piece: str, suffix: str | None) -> None:
    found = read_or_refused(fill(piece), suffix)
    assert found.title if isinstance(found, Post) else "some-post" in found


@pytest.mark.parametrize("piece", FILLED.values(), ids=FILLED.keys())
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_a_megabyte_of_one_thing_below_a_title(piece: str, suffix: str) -> None:
    assert read(f"Title\n=====\n\n{fill(piece)}\nThe end.", suffix).title == "Title"


@pytest.mark.parametrize(("suffix", "text"), MIDDLES.values(), ids=MIDDLES.keys())
def test_large_pieces_of_a_post(suffix: str, text: str) -> None:
    found = read_or_refused(text, suffix)
    assert found.title if isinstance(found, Post) else "the front matter cannot be" in found


DOCUMENTS = {
    "headings": "<body>" + "<h1>" * 60_000 + "words</body>",
    "heads": "<body>" + "<head>" * 60_000 + "words</body>",
    "bodies": "<body>" * 60_000 + "words",
    "half bodies": "<body " * 60_000 + "words",
    "half headings": "<body>" + "<h1 " * 60_000 + "words</body>",
}
NESTED = {
    "package": OPF.format(version="3.0", toc="").replace(
        "<dc:date>", "<dc:creator>x" * 60_000 + "</dc:creator>" * 60_000 + "<dc:date>"
    ),
    "links": PAGE.format("<a href='text/two.xhtml'>x" * 60_000 + "</a>" * 60_000),
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_large_documents_of_a_book(text: str) -> None:
    assert len(epub.chapters(book(two=text), source="b.epub")) == 3


def test_a_book_s_package_nests_no_deeper_than_one_is_written() -> None:
    with pytest.raises(PostError, match=r"OPS/book\.opf nests more than 100 elements"):
        epub.chapters(book(book=NESTED["package"]), source="b.epub")
    _, two, _ = epub.chapters(book(nav=NESTED["links"]), source="b.epub")
    assert two.title == "The Second"


@pytest.mark.parametrize("piece", ["- [ ] a\n", "\\(a", "\\[a\n\n"])
def test_markdown_is_read_once(piece: str) -> None:
    assert markdown.read(piece * 10_000).blocks


def test_more_than_20_megabytes_are_refused() -> None:
    assert "larger than 20 MB" in fault(b"a" * 20_000_001, ".txt")
    assert read(b"Title\n" + b"a" * 19_999_994, ".txt").title == "Title"


def test_front_matter_has_its_limit() -> None:
    said = fault("---\n" + "key: value\n" * 9_000 + "---\ntext")
    assert "longer than 50 kB" in said
