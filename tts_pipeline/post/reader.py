"""Files and bytes -> Post."""

import codecs
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

from tts_pipeline.errors import PostError
from tts_pipeline.model import Medium, Post, Site
from tts_pipeline.post import episodepage, markdown, plaintext, webpage

SUFFIXES = {
    ".md": Medium.MARKDOWN,
    ".markdown": Medium.MARKDOWN,
    ".html": Medium.HTML,
    ".htm": Medium.HTML,
    ".txt": Medium.TEXT,
}

LARGEST = 20_000_000
"""Bytes of a post: more than 300 hours of speech, so surely not one."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|[a-z][a-z0-9]*[\s/>])", re.I | re.S
)
_LOOKS_LIKE_MARKDOWN = re.compile(
    r"\A---\s*\n|^#{1,6}\s+\S|^\s*[-*+]\s+\S|^```|\[[^\]\n]+\]\([^)\n]+\)", re.M
)


def find(paths: Sequence[Path]) -> Iterator[Path]:
    """Each file as it is, and the posts below each folder in order, without what is hidden.

    Raises:
        PostError: a folder holds no post.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(_below(path))
        if not found:
            raise PostError(
                f"the folder {path} holds no post; posts are files that end in "
                f"{', '.join(SUFFIXES)}"
            )
        yield from found


def _below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise PostError(f"the folder {error.filename} cannot be read: {error.strerror}") from error

    for directory, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(directory, name)


def read(path: Path, *, name: str, sites: Mapping[str, Site]) -> Post:
    """The post in a file.

    Args:
        name: its place within the show.
        sites: host to name and tag.

    Raises:
        PostError: the file cannot be read as a post; says why and what to do.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise PostError(f"{path} does not exist") from error
    except OSError as error:
        raise PostError(f"{path} cannot be read: {error.strerror}") from error
    return read_bytes(data, source=str(path), name=name, suffix=path.suffix, sites=sites)


def read_bytes(
    data: bytes, *, source: str, name: str, suffix: str | None, sites: Mapping[str, Site]
) -> Post:
    """The post in `data`; without a suffix, what it is written in is guessed.

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
    text = _decode(data, source, html=medium is Medium.HTML)
    if not text.strip():
        raise PostError(f"{source} is empty")
    medium = medium or _guess(text)
    post = Post(source=source, name=name, medium=medium, body=text, title="")
    if medium is Medium.MARKDOWN:
        post = markdown.with_metadata(post)
    elif medium is Medium.HTML:
        post = webpage.with_metadata(post)
    else:
        post = episodepage.with_metadata(post) or plaintext.with_metadata(post)
    return _with_site(structs.replace(
        post,
        title=_line(post.title) or _prettified(name),
        author=_line(post.author or "") or None,
        site=_line(post.site or "") or None,
    ), sites)  # fmt: skip


def _guess(text: str) -> Medium:
    if _LOOKS_LIKE_HTML.match(text):
        return Medium.HTML
    return Medium.MARKDOWN if _LOOKS_LIKE_MARKDOWN.search(text) else Medium.TEXT


def _decode(data: bytes, source: str, *, html: bool) -> str:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None and b"\0" in data[:100_000]:
        raise PostError(f"{source} is not text but a binary file; give the post as text")
    if encoding is None and html and (declared := _CHARSET.search(data[:4096])):
        encoding = _known(declared[1].decode("ascii"))
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PostError(
            f"{source}, line {line}: byte 0x{data[error.start]:02x} is not "
            f"{error.encoding.upper()}; save the file as UTF-8, for example: "
            "iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _known(encoding: str) -> str | None:
    """What browsers take a declared encoding for; unknown ones do not count."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return None
    return "windows-1252" if name in ("iso8859-1", "ascii") else name


def _line(text: str) -> str:
    """On one line, without control characters."""
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(visible).split())


def _prettified(name: str) -> str:
    stem = re.sub(r"[-_]+", " ", Path(name).stem).strip()
    return stem[:1].upper() + stem[1:] or "Untitled"


def _with_site(post: Post, sites: Mapping[str, Site]) -> Post:
    """Name and tag by the show's sites: by host, else by name."""
    host = (urlsplit(post.url).hostname or "") if post.url else ""
    bare = {key.lower().removeprefix("www."): site for key, site in sites.items()}
    by_name = {site.name.casefold(): site for site in sites.values()}
    site = bare.get(host.removeprefix("www.")) or by_name.get((post.site or "").casefold())
    if site is None:
        return post
    return structs.replace(post, site=post.site or site.name, tag=post.tag or site.tag)
