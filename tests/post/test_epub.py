"""Books: each chapter is a post."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Workspace
from tts_pipeline import post
from tts_pipeline.errors import PostError
from tts_pipeline.post import epub

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
OPF = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The Tide  Book</dc:title><dc:creator>Ada Example</dc:creator><dc:creator>Bo Example</dc:creator>
<dc:date>2024-05-06</dc:date><dc:language>en-GB</dc:language><dc:identifier id="id">urn:x:1</dc:identifier>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/>
<item id="out" href="../../etc/passwd" media-type="application/xhtml+xml"/>
</manifest>
<spine{toc}><itemref idref="cover"/><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/>
<itemref idref="notes" linear="no"/><itemref idref="out"/><itemref idref="nowhere"/></spine>
</package>"""
PAGE = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
FILES = {
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": OPF.format(version="3.0", toc=""),
    "OPS/nav.xhtml": PAGE.format(
        '<nav><ol><li><a href="text/one%20a.xhtml#top">The First Tide</a></li></ol></nav>'
    ),
    "OPS/cover.xhtml": PAGE.format('<img src="cover.png" alt=""/>'),
    "OPS/text/one a.xhtml": PAGE.format(
        '<a id="top"/><h1>One</h1><p>The sea came in.<a epub:type="noteref" href="one a.xhtml#n1">1</a></p><p id="n1">At noon.</p>'
    ),
    "OPS/text/two.xhtml": PAGE.format("<h2>The  Second</h2><p>The sea went out.</p>"),
    "OPS/text/notes.xhtml": PAGE.format("<p>Aside.</p>"),
}
NCX = """<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Second by NCX</text></navLabel>
<content src="text/two.xhtml"/></navPoint></navMap></ncx>"""


def book(**changes: str | bytes | None) -> bytes:
    """A book; `changes` are by the last part of a name without its suffix."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        files: dict[str, str | bytes | None] = dict(FILES)
        for name in list(files):
            stem = Path(name).stem.replace(" ", "_")
            if stem in changes:
                files[name] = changes.pop(stem)
        for extra, content in changes.items():
            files[{"ncx": "OPS/toc.ncx", "encryption": "META-INF/encryption.xml"}[extra]] = content
        for name, held in files.items():
            if held is not None:
                archive.writestr(name, held)
    return data.getvalue()


def broken() -> bytes:
    """A book of whose chapter the packed bytes are damaged."""
    data = io.BytesIO(book(two=None))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OPS/text/two.xhtml", PAGE.format("<p>The sea went out.</p>" * 100))
    packed = bytearray(data.getvalue())
    start = packed.find(b"OPS/text/two.xhtml") + len(b"OPS/text/two.xhtml")
    packed[start : start + 20] = b"\xff" * 20
    return bytes(packed)


def test_chapters_of_a_book_in_reading_order() -> None:
    one, two, notes = epub.chapters(book(), source="b.epub")
    assert [one.name, two.name] == ["OPS/text/one a.xhtml", "OPS/text/two.xhtml"]
    assert [one.title, two.title] == ["The First Tide", "The Second"]
    # What is beside the reading order is not lost.
    assert (notes.name, notes.title) == ("OPS/text/notes.xhtml", "Chapter 3")
    assert (one.book, one.authors, one.language) == (
        "The Tide Book",
        ("Ada Example", "Bo Example"),
        "en-GB",
    )
    assert one.date is not None
    assert one.date.date().isoformat() == "2024-05-06"
    assert '<a id="top"></a>' in one.html
    assert 'href="#n1"' in one.html


def test_landmarks_and_lists_of_pages_give_no_titles() -> None:
    nav = """<nav epub:type="landmarks"><a href="text/two.xhtml">Start of Content</a></nav>
<nav epub:type="toc"><a href="text/one%20a.xhtml">The First Tide</a></nav>
<nav epub:type="page-list"><a href="text/two.xhtml#p23">23</a></nav>"""
    page = PAGE.format(nav).replace("<html", '<html xmlns:epub="http://www.idpf.org/2007/ops"')
    one, two, _ = epub.chapters(book(nav=page), source="b.epub")
    assert [one.title, two.title] == ["The First Tide", "The Second"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("<dc:date>1999</dc:date>", "1999-01-01"),
        ("<dc:date>1999-05</dc:date>", "1999-05-01"),
        ('<dc:date opf:event="modification">2024-01-01</dc:date><dc:date>1999-05-02</dc:date>', "1999-05-02"),
        ('<dc:date opf:event="creation">1998-01-01</dc:date><dc:date opf:event="publication">1999-05-02</dc:date>', "1999-05-02"),
        ("<dc:date>long ago</dc:date>", None),
    ],
)  # fmt: skip
def test_when_a_book_came_out(written: str, day: str | None) -> None:
    opf = OPF.format(version="2.0", toc="").replace("<dc:date>2024-05-06</dc:date>", written)
    opf = opf.replace("<metadata", '<metadata xmlns:opf="http://www.idpf.org/2007/opf"')
    chapter, *_ = epub.chapters(book(book=opf), source="b.epub")
    assert (chapter.date.date().isoformat() if chapter.date else None) == day


def test_an_older_book_names_its_chapters_in_another_table() -> None:
    opf = OPF.format(version="2.0", toc=' toc="ncx"').replace(' properties="nav"', "")
    titles = [chapter.title for chapter in epub.chapters(book(book=opf, ncx=NCX), source="b")]
    assert "Second by NCX" in titles


def test_each_chapter_is_an_episode(workspace: Workspace) -> None:
    workspace.post("tides.epub", book())
    made = workspace.episode("posts")["episodes"]
    assert len(made) == 3
    records = {record["post_title"]: record for record in workspace.records()}
    first = records["The First Tide"]
    assert first["site"] == "The Tide Book"
    assert first["source"] == "posts/tides.epub#OPS/text/one a.xhtml"
    said = " ".join(s["spoken"] for s in first["segments"] if s["role"] == "text")
    assert "The sea came in. Footnote: At noon. End of footnote." in said
    assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"


ENCRYPTED = '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><package>&b;</package>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not a zip", "not an EPUB"),
        (book()[:800], "not an EPUB"),
        (book(container=None), "META-INF/container.xml is missing"),
        (book(container="<a>"), "is not XML"),
        (book(book=None), "OPS/book.opf is missing"),
        (book(book=BOMB), "defines entities"),
        (broken(), "not an EPUB that can be opened: Error -3"),
        (book(one_a=None, two=None, notes=None), "no chapter with words"),
        (book(encryption=ENCRYPTED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")), "protected"),
        (book(two=b"<?xml version='1.0' encoding='utf-8'?><html><body>\xff</body></html>"), "is not utf-8"),
        (book(two=b" " * (epub.LARGEST + 1)), "larger than 20 MB"),
    ],
    ids=range(11),
)  # fmt: skip
def test_broken_and_protected_books_are_told_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(PostError, match=r"b\.epub") as caught:
        epub.chapters(data, source="b.epub")
    assert words in str(caught.value)


def test_a_small_archive_of_endless_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each document is within its own limit; together they would fill the memory."""
    monkeypatch.setattr(epub, "_LARGEST_WHOLE", 1_000_000)
    data = book(one_a="<p>word</p>" * 60_000, two="<p>word</p>" * 60_000)
    with pytest.raises(PostError, match=r"b\.epub holds more than 1 MB of text"):
        epub.chapters(data, source="b.epub")


def test_a_title_from_a_heading_reads_as_the_heading_does() -> None:
    text = "<html><body><h1>Salt &amp; <i>Tide</i></h1><p>Words.</p></body></html>"
    chapters = epub.chapters(book(nav=None, two=text), source="b")
    assert "Salt & Tide" in [chapter.title for chapter in chapters]


def test_scrambled_fonts_hide_no_text() -> None:
    fonts = ENCRYPTED.format("http://www.idpf.org/2008/embedding")
    assert len(epub.chapters(book(encryption=fonts), source="b")) == 3


def test_a_book_is_read_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "b.epub"
    path.write_bytes(book())
    name = post.parts(path)[1]
    assert "went out" in post.read(path, name="b", sites={}, part=name).body
    path.write_bytes(book(two=PAGE.format("<p>The sea has gone.</p>")))
    assert "has gone" in post.read(path, name="b", sites={}, part=name).body
    path.write_bytes(book(two=None))
    with pytest.raises(PostError, match=r"b\.epub has no chapter OPS/text/two\.xhtml"):
        post.read(path, name="b", sites={}, part=name)


def test_one_broken_book_leaves_the_other_posts_alone(workspace: Workspace) -> None:
    workspace.post("bad.epub", b"nothing")
    workspace.post("good.md", "# Good\n\nWords.\n")
    done = workspace.episode("posts", check=1)
    assert [episode["status"] for episode in done["episodes"]] == ["made"]
    assert "bad.epub is not an EPUB" in done["failures"][0]["error"]
    assert list(post.parts(workspace.root / "posts" / "good.md")) == [None]


@given(st.binary(max_size=200), st.integers(0, 3000))
@settings(max_examples=100)
def test_any_bytes_are_a_book_or_an_error(noise: bytes, at: int) -> None:
    data = book()
    for given_data in (noise, data[:at] + noise + data[at + len(noise) :]):
        try:
            assert epub.chapters(given_data, source="b.epub")
        except PostError:
            continue
