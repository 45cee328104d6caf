"""A post -> what the index holds of it."""

from collections.abc import Callable

import msgspec

from tts_pipeline import document, pipeline
from tts_pipeline.duplicates.made import Made
from tts_pipeline.episode import record
from tts_pipeline.model import Post, Show
from tts_pipeline.pipeline import Source
from tts_pipeline.post.twins import Entry, same_post
from tts_pipeline.post.twins.likeness import fingerprint
from tts_pipeline.post.twins.linkpost import is_linkpost
from tts_pipeline.words import word_letters, words

_OPENING = 60
"""Words in which a post says that it is a linkpost."""


def entry(
    source: Source,
    show: Show,
    *,
    name: str,
    path: str,
    stamp: str,
    identify: Callable[[Post, Entry], record.Identity],
) -> Entry:
    """The post as far as its twins are found by it; `identify` says which episode is its.

    Raises:
        PostError: it cannot be read.
        DocumentError: its body cannot.
    """
    read = pipeline.read_post(source, show)
    said = pipeline.words_of(read)
    leads_on = not read.label and is_linkpost(read.title, " ".join(said[:_OPENING]))
    label = "linkpost" if leads_on else read.label
    elsewhere = tuple(map(same_post, read.copies))
    leads = label == "linkpost"
    own = record.identify(read, show.name)
    told = Entry(
        name=name,
        show=show.name,
        path=path,
        part=source.part,
        place=read.name,
        slug=own.slug,
        stamp=stamp,
        title=read.title,
        url=read.url,
        date=read.date,
        keys=(*_own(read.url, read.id), *(() if leads else elsewhere)),
        links=(elsewhere or _first_link(read)) if leads else (),
        label=label,
        print=fingerprint(map(word_letters, said)),
    )
    identity = identify(read, told)
    if identity == own:
        return told
    return msgspec.structs.replace(told, slug=identity.slug, guid=identity.guid)


def gone(made: Made, text: str, *, name: str, path: str, part: str | None, slug: str) -> Entry:
    """A post whose file is gone, as far as the record of its episode tells."""
    return Entry(
        name=name,
        show=made.show,
        path=path,
        part=part,
        place=made.source,
        slug=slug,
        guid=made.guid,
        stamp="",
        title=made.post_title,
        url=made.url,
        date=made.date,
        keys=_own(made.url, made.post_id),
        label=made.label,
        print=fingerprint(map(word_letters, words(text))),
    )


def _own(url: str | None, id_: str | None) -> tuple[str, ...]:
    """What identifies a post, as it does its episode."""
    if url:
        return (same_post(url),)
    return (f"id {id_}",) if id_ else ()


def _first_link(read: Post) -> tuple[str, ...]:
    found = document.links(document.read(read), read.url)
    return tuple(same_post(link.url) for link in found[:1])
