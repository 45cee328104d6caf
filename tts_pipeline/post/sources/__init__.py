"""Where posts come from: feeds, forums, pages, sitemaps, folders and books, to files of posts."""

from tts_pipeline.post.sources.fetch import Fetcher, single
from tts_pipeline.post.sources.found import Fetched

__all__ = ["Fetched", "Fetcher", "single"]
