"""Posts become documents: typed blocks, with nothing said twice and nothing lost."""

from tts_pipeline.document.compose import compose

__all__ = ["compose"]
