"""The questions that ForumMagnum's GraphQL answers, and what it says of a post."""

from typing import Any, TypeVar

import msgspec

from tts_pipeline.errors import SourceError
from tts_pipeline.model import Noun
from tts_pipeline.post.sources.answer import shown
from tts_pipeline.post.sources.client import Client

T = TypeVar("T")

_FACTS = """
  _id slug title postedAt pageUrl url linkUrl baseScore contents_latest canonicalSource
  draft deletedDraft rejected isEvent shortform
  author user { displayName } coauthors { displayName }
  tags { name } canonicalSequence { title }
  fmCrosspost { isCrosspost hostedHere foreignPostId }
"""

LIST = f"""query Posts($selector: PostSelector, $limit: Int, $offset: Int) {{
  posts(selector: $selector, limit: $limit, offset: $offset) {{ results {{ {_FACTS} }} }}
}}"""
BODIES = """query Bodies($selector: PostSelector, $limit: Int) {
  posts(selector: $selector, limit: $limit) { results { _id htmlBody } }
}"""
ONE = f"""query Post($selector: SelectorInput) {{
  post(selector: $selector, allowNull: true) {{ result {{ {_FACTS} htmlBody }} }}
}}"""
TAG = """query Tag($selector: TagSelector) {
  tags(selector: $selector, limit: 1) { results { _id name } }
}"""
USER = """query User($slug: String!) { GetUserBySlug(slug: $slug) { _id displayName } }"""
SEQUENCE = """query Sequence($of: SelectorInput) {
  sequence(selector: $of, allowNull: true) { result { title } }
}"""
CHAPTERS = f"""query Chapters($selector: ChapterSelector) {{
  chapters(selector: $selector, limit: 500) {{ results {{ number posts {{ {_FACTS} }} }} }}
}}"""


class Named(msgspec.Struct):
    displayName: str | None = None  # noqa: N815 - the site's name for it
    name: str | None = None
    title: str | None = None


class Crosspost(msgspec.Struct, rename="camel"):
    is_crosspost: bool | None = None
    hosted_here: bool | None = None
    foreign_post_id: str | None = None


class ForumPost(msgspec.Struct, rename="camel"):
    """A post as the site tells of it; what is not asked for is not there."""

    id: str = msgspec.field(name="_id")
    title: str
    posted_at: str
    page_url: str | None = None
    url: str | None = None
    link_url: str | None = None
    base_score: float | None = None
    contents_latest: str | None = msgspec.field(default=None, name="contents_latest")
    canonical_source: str | None = None
    draft: bool | None = None
    deleted_draft: bool | None = None
    rejected: bool | None = None
    is_event: bool | None = None
    shortform: bool | None = None
    author: str | None = None
    user: Named | None = None
    coauthors: list[Named | None] | None = None
    tags: list[Named | None] | None = None
    canonical_sequence: Named | None = None
    fm_crosspost: Crosspost | None = None
    html_body: str | None = None


class Unread(Noun):
    """A post of which the site tells in another form than known."""

    id: str
    title: str
    posted_at: str
    why: str


class Body(Noun):
    """A post's text."""

    id: str = msgspec.field(name="_id")
    html: str | None = msgspec.field(name="htmlBody")


def ask(client: Client, site: str, question: str, **variables: Any) -> dict[str, Any]:
    """What the site answers.

    Raises:
        SourceError: it cannot be asked, or does not understand the question.
    """
    endpoint = f"{site}/graphql"
    answer = client.ask(endpoint, {"query": question, "variables": variables})
    errors = answer.get("errors") if isinstance(answer, dict) else None
    data = answer.get("data") if isinstance(answer, dict) else None
    # A site may fail at one field of one post, say so, and still tell all the rest.
    if not isinstance(data, dict) or (errors and all(part is None for part in data.values())):
        first = errors[0] if isinstance(errors, list) and errors else None
        said = first.get("message") if isinstance(first, dict) else None
        raise SourceError(
            f"{shown(endpoint)} does not answer the question"
            + (f": {str(said)[:300]}" if said else "; is it a site of the ForumMagnum software?")
        )
    return data


def read(of: Any, type_: type[T], site: str) -> T:
    """An answer in its form.

    Raises:
        SourceError: it has another.
    """
    try:
        return msgspec.convert(of, type_)
    except msgspec.ValidationError as error:
        raise SourceError(f"{shown(site)} answers in another form than known: {error}") from error


def post(of: Any, site: str) -> ForumPost | Unread:
    """A post in its form; one in another is that post's failure alone."""
    try:
        return read(of, ForumPost, site)
    except SourceError as error:
        told = of if isinstance(of, dict) else {}
        id_, title, posted_at = (
            value if isinstance(value := told.get(key), str) else ""
            for key in ("_id", "title", "postedAt")
        )
        return Unread(id_, title or id_ or "a post without an id", posted_at, str(error))


def body(of: Any) -> Body | None:
    """A post's text, where the answer holds it."""
    try:
        return msgspec.convert(of, Body)
    except msgspec.ValidationError:
        return None


def results(data: dict[str, Any], key: str) -> list[Any]:
    """The list in an answer."""
    found = data.get(key)
    listed = found.get("results") if isinstance(found, dict) else None
    return listed if isinstance(listed, list) else []


def result(data: dict[str, Any], key: str) -> Any:
    """The one thing in an answer; None where the site has none."""
    found = data.get(key)
    return found.get("result") if isinstance(found, dict) else None
