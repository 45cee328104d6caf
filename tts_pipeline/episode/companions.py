"""The files beside an episode's MP3 that apps fetch: transcripts and chapters.

They have its name, but for the suffix, and are made from the record and the timing alone.
"""

from pathlib import Path, PurePath

from tts_pipeline.episode import captions, chapters, transcript
from tts_pipeline.model import Episode, Timing

SUFFIXES = (".vtt", ".srt", ".json", ".html", ".chapters.json")


def render(episode: Episode, timing: Timing, podcast: str) -> dict[str, bytes]:
    """Each file by its suffix.

    Args:
        episode: the record.
        timing: its words in time.
        podcast: the show's title.
    """
    said = transcript.paragraphs(episode, timing)
    made = (
        captions.to_vtt(said, duration=episode.duration_ms),
        captions.to_srt(said, duration=episode.duration_ms),
        transcript.to_json(said),
        transcript.to_html(said, title=episode.title, language=episode.language),
        chapters.to_json(episode, podcast),
    )
    return dict(zip(SUFFIXES, made, strict=True))


def path(folder: Path, episode: Episode, suffix: str) -> Path:
    """Where one of them lies."""
    return folder / (PurePath(episode.audio).stem + suffix)


def there(folder: Path, episode: Episode) -> bool:
    """Whether all of them are; one without content is what a power cut left of it."""
    try:
        return all(path(folder, episode, suffix).stat().st_size for suffix in SUFFIXES)
    except OSError:
        return False
