"""Plain text: the first line is the title."""

from msgspec import structs

from tts_pipeline.errors import PostError
from tts_pipeline.model import Post


def with_metadata(post: Post) -> Post:
    """The first line that holds anything is the title, the rest is the text.

    Raises:
        PostError: there is nothing but a title.
    """
    title, _, body = post.body.strip().partition("\n")
    if not body.strip():
        raise PostError(f"{post.source} holds nothing after its first line, which is the title")
    return structs.replace(post, title=title, body=body)
