"""HTML -> blocks: the tree is walked once, in reading order; no word is lost."""

from tts_pipeline.document.html.page import read

__all__ = ["read"]
