"""Sources become posts: metadata, and a body that is not read yet."""

from tts_pipeline.post.reader import content, find, parts, read, read_bytes

__all__ = ["content", "find", "parts", "read", "read_bytes"]
