"""Files and bytes -> Post."""

import codecs
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

from tts_pipeline import files
from tts_pipeline.errors import PostError
from tts_pipeline.model import Medium, Post, Site
from tts_pipeline.post import episodepage, epub, markdown, plaintext, webpage
from tts_pipeline.post.metadata import joined
from tts_pipeline.words import fold

SUFFIXES = {
    ".md": Medium.MARKDOWN,
    ".markdown": Medium.MARKDOWN,
    ".html": Medium.HTML,
    ".htm": Medium.HTML,
    ".txt": Medium.TEXT,
}

BOOK = ".epub"

_READERS: dict[Medium, Callable[[Post], Post]] = {
    Medium.MARKDOWN: markdown.with_metadata,
    Medium.HTML: webpage.with_metadata,
    Medium.TEXT: plaintext.with_metadata,
}

LARGEST = 20_000_000
"""Bytes of a post: more than 300 hours of speech, so surely not one."""

LARGEST_BOOK = 500_000_000
"""Bytes of a book, pictures and all."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I)
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_DECLARED = frozenset(
    "cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 "
    "iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic gb18030 big5hkscs "
    "euc_jp iso2022_jp".split()
)
"""The encodings of the WHATWG Encoding Standard by Python's names, but UTF-8."""

_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|(?:html|head|body|title|"
    r"meta|link|script|style|article|main|section|header|nav|div|p|h[1-6]|ul|ol|table|blockquote|"
    r"figure|img|pre|span|a|b|i|em|strong)[\s/>])",
    re.I | re.S,
)
_LOOKS_LIKE_MARKDOWN = re.compile(
    r"\A\s*---[ \t]*\n"
    r"|^ {0,3}(?:#{1,6}[ \t]+\S|[-*+][ \t]+\S|>[ \t]?\S|```|~~~)"
    r"|^\S.*\n=+[ \t]*$"
    r"|\[[^\[\]\n]{1,300}\]\([^\s)]"
    r"|(?<![\w*])\*\*[^\s*][^*\n]{0,200}\*\*"
    r"|^\[\^[^\]\s]{1,50}\]:",
    re.M,
)


def find(paths: Sequence[Path], *, empty: bool = False) -> Iterator[Path]:
    """Each file as it is, and the posts below each folder in order, without what is hidden.

    Raises:
        PostError: a folder cannot be read, or holds no post, and is not allowed to be `empty`.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(_below(path))
        if not found and not empty:
            raise PostError(
                f"the folder {_shown(str(path))} holds no post; posts are files that end in "
                f"{', '.join((*SUFFIXES, BOOK))}"
            )
        yield from found


def parts(path: Path) -> tuple[str | None, ...]:
    """The posts that a file holds: one, or the chapters of a book by their names in it.

    Raises:
        PostError: the book cannot be read.
    """
    if path.suffix.lower() != BOOK:
        return (None,)
    return tuple(chapter.name for chapter in _book(path))


def _book(path: Path) -> tuple[epub.Chapter, ...]:
    facts = _facts(path)
    return _read_book(path, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=1)
def _read_book(path: Path, _size: int, _mtime_ns: int) -> tuple[epub.Chapter, ...]:
    """Kept while its file is the same, since its chapters are read one after the other."""
    return epub.chapters(_bytes(path, LARGEST_BOOK), source=_shown(str(path)))


def _facts(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error


def _below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise PostError(
            f"the folder {_shown(error.filename)} cannot be read: {error.strerror}"
        ) from error

    for directory, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in (*SUFFIXES, BOOK):
                yield Path(directory, name)


def read(path: Path, *, name: str, sites: Mapping[str, Site], part: str | None = None) -> Post:
    """The post in a file.

    Args:
        path: the file.
        name: its place within the show.
        sites: host to name and tag.
        part: which of the file's `parts`.

    Raises:
        PostError: the file cannot be read as a post; says why and what to do.
    """
    source = _shown(str(path))
    if part is not None:
        chapter = next((chapter for chapter in _book(path) if chapter.name == part), None)
        if chapter is None:
            raise PostError(
                f"{source} has no chapter {part}: the book has changed meanwhile; run the same "
                "command again"
            )
        return _with_site(_of_chapter(chapter, source, name), sites)
    data = _bytes(path, LARGEST)
    return read_bytes(data, source=source, name=name, suffix=path.suffix, sites=sites)


def content(path: Path) -> bytes:
    """What changes when a post's file does: its bytes, or of a book its size and time.

    Raises:
        PostError: the file cannot be read.
    """
    if path.suffix.lower() != BOOK:
        return _bytes(path, LARGEST)
    facts = _facts(path)
    return f"{facts.st_size} {facts.st_mtime_ns}".encode()


def _bytes(path: Path, most: int) -> bytes:
    try:
        with files.plain(path) as file:
            return file.read(most + 1)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> PostError:
    if isinstance(error, FileNotFoundError):
        return PostError(f"{_shown(str(path))} does not exist")
    return PostError(f"{_shown(str(path))} cannot be read: {error.strerror}")


def _of_chapter(chapter: epub.Chapter, source: str, name: str) -> Post:
    return Post(
        source=f"{source}, {chapter.name}",
        name=f"{name}#{chapter.name}",
        medium=Medium.HTML,
        body=chapter.html,
        title=chapter.title,
        author=joined(chapter.authors),
        authors=chapter.authors,
        date=chapter.date,
        id=f"{chapter.identifier}#{chapter.name}" if chapter.identifier else None,
        site=chapter.book or None,
        language=chapter.language,
    )


def read_bytes(
    data: bytes,
    *,
    source: str,
    name: str,
    suffix: str | None,
    sites: Mapping[str, Site],
    url: str | None = None,
) -> Post:
    """The post in `data`; without a suffix, what it is written in is guessed.

    Where it was found at `url`, what it says of its address may be relative to that.

    Raises:
        PostError: see `read`.
    """
    if len(data) > LARGEST:
        raise PostError(
            f"{source} is larger than {LARGEST // 1_000_000} MB, which is more than 300 hours of "
            "speech; split it into posts"
        )
    medium = SUFFIXES.get((suffix or "").lower())
    if suffix and medium is None:
        raise PostError(
            f"{source} is not a kind of post that is known; posts end in {', '.join(SUFFIXES)}"
        )
    text = _decode(data, source, medium)
    if not text.strip():
        raise PostError(f"{source} is empty")
    post = Post(source, _shown(name), Medium.TEXT, text, title="", url=url)
    post = _with_metadata(post, medium)
    return _with_site(structs.replace(
        post,
        title=fold(post.title) or _prettified(post.name),
        author=_folded(post.author),
        authors=_each_folded(post.authors),
        id=_folded(post.id),
        site=_folded(post.site),
        tag=_folded(post.tag),
        tags=_each_folded(post.tags),
        series=_folded(post.series),
    ), sites)  # fmt: skip


def _with_metadata(post: Post, medium: Medium | None) -> Post:
    """The post read as what it is written in; None is guessed."""
    known = medium
    if known is None and _LOOKS_LIKE_HTML.match(post.body):
        known = Medium.HTML
    if known in (Medium.TEXT, None) and (page := episodepage.with_metadata(post)):
        return page
    if known is None:
        is_markdown = _LOOKS_LIKE_MARKDOWN.search(post.body)
        known = Medium.MARKDOWN if is_markdown else Medium.TEXT
    return _READERS[known](structs.replace(post, medium=known))


def _decode(data: bytes, source: str, medium: Medium | None) -> str:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None and b"\0" in data[:100_000]:
        raise PostError(
            f"{source} is not text but a binary file; give the post as text, saved as UTF-8"
        )
    html = medium is Medium.HTML or (
        medium is None and _LOOKS_LIKE_HTML.match(data[:4096].decode("latin-1"))
    )
    # A page with front matter was saved by a program or a person, in UTF-8, whatever it declares.
    saved = data.startswith(b"---")
    if encoding is None and html and not saved and (declared := _CHARSET.search(data[:4096])):
        encoding = charset(declared[1].decode("ascii"))
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        name = (encoding or "utf-8").removesuffix("-sig").upper()
        raise PostError(
            f"{source}, line {line}: byte 0x{error.object[error.start]:02x} is not {name}; save "
            "the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def charset(encoding: str) -> str | None:
    """What browsers take a declared encoding for; one that they do not know does not count."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return None
    meant = _MEANT.get(name, name)
    return meant if meant in _DECLARED else None


def _shown(path: str) -> str:
    r"""A path's name as text: a byte that is not UTF-8 is written as \xff."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _folded(text: str | None) -> str | None:
    return fold(text or "") or None


def _each_folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for written in texts if (text := fold(written)))


def _prettified(name: str) -> str:
    stem = re.sub(r"[-_]+", " ", Path(name).stem).strip()
    return stem[:1].upper() + stem[1:] or "Untitled"


def _with_site(post: Post, sites: Mapping[str, Site]) -> Post:
    """Name and tag by the show's sites: by host, else by name."""
    host = (urlsplit(post.url).hostname or "") if post.url else ""
    bare = {key.lower().removeprefix("www."): site for key, site in sites.items()}
    by_name = {site.name.casefold(): site for site in sites.values()}
    by_host = bare.get(host.removeprefix("www."))
    site = by_host or (by_name.get(post.site.casefold()) if post.site else None)
    if site is None:
        return post
    return structs.replace(post, site=post.site or site.name, tag=post.tag or site.tag)
