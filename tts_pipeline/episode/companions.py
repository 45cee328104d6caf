"""The files beside an episode's MP3 that apps fetch: transcripts and chapters.

They have its name, but for the suffix, and are made from the record and the timing alone.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from tts_pipeline.episode import captions, chapters, transcript
from tts_pipeline.model import Episode, Timing

SUFFIXES = (".vtt", ".srt", ".json", ".html", ".chapters.json")


def render(episode: Episode, timing: Timing, podcast: str) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Each file's suffix, and the file in parts.

    Args:
        episode: the record.
        timing: its words in time.
        podcast: the show's title.
    """
    said = transcript.transcript(episode, timing)
    yield ".vtt", captions.to_vtt(said)
    yield ".srt", captions.to_srt(said)
    yield ".json", transcript.to_json(said)
    yield ".html", transcript.to_html(said, title=episode.title, language=episode.language)
    yield ".chapters.json", [chapters.to_json(episode, podcast)]


def path(folder: Path, episode: Episode, suffix: str) -> Path:
    """Where one of them lies."""
    return folder / (PurePath(episode.audio).stem + suffix)
