"""What cannot be read is a sentence: which file, where in it, why, what to do."""

import codecs
import os
from pathlib import Path

import pytest

from tts_pipeline import post
from tts_pipeline.errors import PostError

from .reading import SITES, fault, read, read_file


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PostError, match=r"none\.md does not exist$"):
        read_file(tmp_path / "none.md")


def test_a_folder_given_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(PostError, match=r"folder\.md cannot be read: Is a directory"):
        read_file(tmp_path / "folder.md")


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(PostError, match=r"x\.md cannot be read: Not a directory"):
        read_file(tmp_path / "file" / "x.md")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(PostError, match=r"pipe\.md cannot be read: it is a pipe or a device"):
        read_file(tmp_path / "pipe.md")


def test_a_pipe_that_was_given_is_read() -> None:
    out, into = os.pipe()
    os.write(into, b"A title\n\nText.\n")
    os.close(into)
    try:
        assert read_file(Path(f"/dev/fd/{out}")).title == "A title"
    finally:
        os.close(out)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "locked.md"
    path.write_text("text")
    path.chmod(0)
    with pytest.raises(PostError, match=r"locked\.md cannot be read: Permission denied"):
        read_file(path)


def test_a_file_that_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PostError, match=r"locked\.md cannot be read: Permission denied"):
        read_file(tmp_path / "locked.md")


def test_a_name_that_is_not_utf_8_is_shown_in_ascii(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("A title\n\nText.\n")
    read = post.read(path, name=path.name, sites=SITES)
    assert read.source.endswith(r"/caf\xe9.txt")
    assert read.name == r"caf\xe9.txt"
    with pytest.raises(PostError, match=r"n\\xe9\.txt does not exist"):
        read_file(tmp_path / os.fsdecode(b"n\xe9.txt"))


@pytest.mark.parametrize(
    ("suffix", "data", "words"),
    [
        (".md", b"", "is empty"),
        (".md", codecs.BOM_UTF8, "is empty"),
        (".txt", b" \r\n\t\xe2\x80\x83\n", "is empty"),
        (None, b"", "is empty"),
        (".md", b"---\ntitle: Alone\n---\n \n", "holds nothing after its front matter"),
        (".txt", b"\nOnly a title\n\n", "holds nothing after its first line, which is the title"),
        (".md", b"\x7fELF\0\0\0\1\2\3" * 50, "binary file; give the post as text"),
        (".html", b"\x89PNG\r\n\x1a\n\0\0", "binary file"),
        (None, b"ID3\4\0\0\0", "binary file"),
        (".txt", "Two bytes a letter".encode("utf-16-le"), "saved as UTF-8"),
        (".docx", b"PK", "posts end in .md, .markdown, .html, .htm, .txt"),
        (".py", b"print()", "not a kind of post that is known"),
    ],
)
def test_what_is_no_text(suffix: str | None, data: bytes, words: str) -> None:
    assert words in fault(data, suffix)


@pytest.mark.parametrize(
    ("suffix", "data", "words"),
    [
        (".txt", b"Title\n\ncaf\xe9 au lait", ("line 3", "0xe9", "UTF-8", "iconv")),
        (".md", codecs.BOM_UTF8 + b"Title\n\xff", ("line 2", "0xff", "is not UTF-8")),
        (".html", b"<meta charset=cp1252>\n<p>\x81", ("line 2", "0x81", "is not CP1252")),
        (".html", b"<meta charset=utf-8>\n\n<p>\xe9<", ("line 3", "0xe9", "is not UTF-8")),
        (".txt", codecs.BOM_UTF16_LE + b"a", ("line 1", "0x61", "is not UTF-16")),
        (None, b"fine\nfine\n\xc3(", ("line 3", "0xc3", "is not UTF-8")),
    ],
)
def test_a_wrong_encoding_names_line_and_byte(
    suffix: str | None, data: bytes, words: tuple[str, ...]
) -> None:
    said = fault(data, suffix)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", None])
def test_marked_encodings_are_read(encoding: str, suffix: str | None) -> None:
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    text = {".html": "<h1>Åse</h1><p>Text.</p>", ".txt": "Åse\r\n\r\nText."}
    data = marks.get(encoding, b"") + text.get(suffix or "", "# Åse\r\rText.").encode(encoding)
    found = read(data, suffix)
    assert found.title == "Åse"
    assert "\r" not in found.body
    assert "\ufeff" not in found.body


@pytest.mark.parametrize(
    ("declared", "encoding", "word"),
    [
        ("iso-8859-1", "cp1252", "“dash – café”"),
        ("US-ASCII", "cp1252", "café"),
        ("windows-1251", "cp1251", "река"),
        ("iso-8859-9", "cp1254", "ırmak"),
        ("Shift_JIS", "cp932", "川①"),
        ("euc-kr", "cp949", "강똠"),
        ("gb2312", "gb18030", "河镕"),
        ("big5", "big5hkscs", "河"),
        ("koi8-r", "koi8-r", "река"),
        ("utf-8", "utf-8", "река"),
        ("utf-16", "utf-8", "река"),
        ("utf-7", "utf-8", "+2AA- река"),
        ("unicode_escape", "utf-8", r"\ud800 река"),
        ("rot13", "utf-8", "река"),
        ("hex", "utf-8", "река"),
        ("idna", "utf-8", "река"),
        ("undefined", "utf-8", "река"),
        ("none-such", "utf-8", "река"),
    ],
)
@pytest.mark.parametrize("suffix", [".html", None])
def test_a_pages_charset_is_taken_as_browsers_take_it(
    declared: str, encoding: str, word: str, suffix: str | None
) -> None:
    page = f'<html><meta http-equiv="x" content="text/html; charset={declared}"><h1>{word}</h1>'
    assert read(page.encode(encoding), suffix).title == word


def test_a_charset_counts_in_html_alone() -> None:
    assert "line 1" in fault('<meta charset="latin-1"> café'.encode("latin-1"), ".md")


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("title: a: b", ("line 2", "a value with a colon")),
        ("title: x\n\n\nurl: [a", ("line 6", "quotes")),
        ("title: *bold* words", ("line 2", "quotes")),
        ("title: x\n\tid: y", ("line 3", "cannot be read")),
        ("- a\n- b", ("line 2", "lines of `key: value`", "***")),
        ("just words", ("line 2", "lines of `key: value`", "***")),
        ('title: "\\UFFFFFFFF"', ("line 2", "cannot be read")),
        ('title: "\\U00110000"', ("line 2", "cannot be read")),
        ("a: &a [*a]", ("cannot be read",)),
        ("? [a]\n: b", ("line 2", "cannot be read")),
        ("a: " + "[" * 800, ("line 2", "cannot be read")),
        ("date: yesterday", ("`date`", "`yesterday`", "2024-04-02", "April 2, 2024")),
        ("Published: 2024-02-30", ("`Published`", "`2024-02-30`")),
        ("date: 2024-04-02T25:00:00Z", ("`date`",)),
        ("date: 2024-04-02T15:45:00+99:00", ("`date`",)),
        ("date: 0001-01-01", ("`date`",)),
        ("date: Smarch 13, 2024", ("`date`",)),
        ("date: " + "9" * 5000, ("`date`",)),
        ("date: [2024-04-02]", ("`date`", "must be one value")),
        ("title: [Draft] ", ("`title`", "must be one value", "quotes")),
        ("title: {a: b}", ("`title`", "must be one value")),
        ("url: javascript:alert(1)", ("`url`", "`javascript:alert(1)`", "http or https")),
        ("canonical_url: /posts/1", ("`canonical_url`", "full address")),
        ("link: example.org", ("`link`", "full address")),
        ("url: 'http://'", ("`url`",)),
        ("url: 'http://[::1'", ("`url`",)),
        ("url: https://example.org/a b", ("`url`",)),
        ('url: "https://example.org/a\\nb"', ("`url`",)),
        ('url: "https://example.org/\\ud800"', ("`url`",)),
        ("lang: in English", ("`lang`", "en-us", "`in English`")),
        ("title: " + "long " * 20_000, ("longer than 50 kB", "`---`")),
    ],
)
def test_broken_front_matter_says_where_and_what(front: str, words: tuple[str, ...]) -> None:
    said = fault(f"---\n{front}\n---\nText.\n")
    assert all(word in said for word in words), said
    assert len(said) < 400


def test_the_line_of_a_fault_counts_from_the_files_first() -> None:
    assert "line 5" in fault("\n\n---\nid: x\ntitle: a: b\n---\nText.\n")


def test_front_matter_that_never_ends() -> None:
    said = fault("---\ntitle: Open\n\nText and more text.\n")
    assert "the front matter never ends; put a line `---` after its last key" in said


@pytest.mark.parametrize("tag", ["!!timestamp x", "!!int ''", "!!python/name:os.system", "!x y"])
def test_tags_of_yaml_make_nothing(tag: str) -> None:
    assert read(f"---\nid: {tag}\n---\n# Title\n").title == "Title"


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".txt", "Ti\0t\x1ble\x85 \u202eof\u2028all\ufeff\n\nText.\n"),
        (".md", "# Ti\0t\x1ble\x85 \u202eof\u2028all\ufeff\n\nText.\n"),
        (".md", "---\ntitle: Ti\x01t\x1ble\x85 \u202eof\u2028all\ufeff\n---\nText.\n"),
        (".md", '---\ntitle: "Ti\\0t\\ud800le \\u202eof\\nall"\n---\nText.\n'),
        (".html", "<title>Ti&#1;t&#27;le\x85 \u202eof\u2028all\ufeff</title><p>Text."),
        (
            ".html",
            '<script type="application/ld+json">{"@type": "Article", '
            '"headline": "Ti\\u0000t\\ud800le of\\r\\nall"}</script>',
        ),
    ],
)
def test_titles_are_one_visible_line(suffix: str, text: str) -> None:
    # A NUL early in the file would make it a binary one.
    data = text.encode() if b"\0" not in text.encode() else codecs.BOM_UTF8 + text.encode()
    assert read(data, suffix).title == "Ti t le of all"
