"""The stages in running order: post -> document -> script -> speech -> episode.

This package alone knows all the stages. What a run over many posts needs besides, such as workers
and the order of things, is in `batch`.
"""

from tts_pipeline.pipeline.finishing import episode_folder, finish, published
from tts_pipeline.pipeline.planning import (
    Assets,
    Instead,
    Plan,
    assets,
    cover_name,
    in_voice,
    plan,
    recast,
    stamp,
)
from tts_pipeline.pipeline.script import memory, write_script
from tts_pipeline.pipeline.source import Copied, Picture, Source, is_same, read_post, words_of
from tts_pipeline.pipeline.tryout import Tried, preview_passage, try_text, unknown_words

__all__ = [
    "Assets", "Copied", "Instead", "Picture", "Plan", "Source", "Tried", "assets",
    "cover_name", "episode_folder", "finish", "in_voice", "is_same", "memory",
    "plan", "preview_passage", "published", "read_post", "recast", "stamp", "try_text",
    "unknown_words", "words_of", "write_script",
]  # fmt: skip
