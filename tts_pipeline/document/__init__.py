"""Posts become documents: typed blocks, with nothing said twice and nothing lost."""

from tts_pipeline.document.compose import compose, read
from tts_pipeline.document.links import links

__all__ = ["compose", "links", "read"]
