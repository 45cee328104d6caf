"""Many posts through the pipeline: drafts, then speech for them, then their episodes."""

from tts_pipeline.batch.outcome import Outcome, Share, Watcher
from tts_pipeline.batch.preview import preview
from tts_pipeline.batch.run import Batch

__all__ = ["Batch", "Outcome", "Share", "Watcher", "preview"]
