"""Which episode a post goes on with: what its file held before, and what it says of itself now."""

from tts_pipeline.duplicates.made import Made
from tts_pipeline.model import Former, Post
from tts_pipeline.post.twins import Entry, Kind, Link, same_post
from tts_pipeline.post.twins.likeness import likeness
from tts_pipeline.post.twins.relation import NEAR, relate

_OTHER = 0.1
"""Likeness below which two texts have nothing to do with each other."""


def goes_on(before: Entry, now: Entry) -> bool:
    """Whether a file holds the post that it held before, edited or not.

    What nothing but the file's name told from others is known by it, whatever it gains; and an
    address that has changed is the same post's, if that is the same by the rules for all posts.
    """
    if _is_by_name(before) or _is_by_name(now) or (now.url and not before.url):
        return True
    found = relate(before, now)
    same_key = bool(set(before.keys[:1]) & set(now.keys[:1]))
    return same_key or (found is not None and found.kind is Kind.SAME)


def is_made_of(made: Made, read: Post) -> bool:
    """Whether an episode that a file was made into is the one of what it holds now.

    Where the index is lost, its record is all that tells.
    """
    if not (made.url or made.post_id) or not (read.url or read.id):
        return True
    if made.url and read.url and same_post(made.url) == same_post(read.url):
        return True
    same_id = made.url is None and made.post_id == read.id
    return same_id or made.post_title == read.title


def is_replaced(before: Entry, now: Entry) -> bool:
    """Whether a file that only its name tells from others holds another text altogether."""
    both = _is_by_name(before) and _is_by_name(now)
    return both and likeness(before.print, now.print)[0] < _OTHER


def may_inherit(gone: Entry, other: Entry, link: Link) -> bool:
    """Whether a post may go on with the episode of one that is gone.

    Not if it merely calls the other's address its own: its words would replace the other's.
    """
    return link.score >= NEAR or bool(set(gone.keys[:1]) & set(other.keys[:1]))


def former(entry: Entry, made: Made | None) -> tuple[Former, ...]:
    """The posts of whose episode this one goes on with: feeds of their sites list it still."""
    if made is None or not entry.guid:
        return ()
    if made.source == entry.place or made.url is None:
        return made.former
    if entry.url and same_post(entry.url) == same_post(made.url):
        return made.former
    return (*made.former, Former(made.url, made.site, made.tag))


def _is_by_name(entry: Entry) -> bool:
    """Whether nothing but its file's name says which post it is."""
    return entry.url is None and not any(key.startswith("id ") for key in entry.keys)
