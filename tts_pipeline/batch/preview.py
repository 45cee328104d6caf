"""A voice heard outside of any episode."""

from pathlib import Path

from tts_pipeline import files, pipeline
from tts_pipeline.casting import measured_gain, why
from tts_pipeline.episode import stitch
from tts_pipeline.errors import SpeechError
from tts_pipeline.model import Voice
from tts_pipeline.speech import passage
from tts_pipeline.speech.cache import Cache
from tts_pipeline.speech.task import Spoken, Synthesis
from tts_pipeline.speech.workers import Workers


def preview(voice: Voice, text: str, path: Path, cache: Path) -> None:
    """Speak `text` with `voice` to an MP3 at `path`.

    Raises:
        ProfileError: the voice does not work.
        SpeechError: the text cannot be spoken.
    """
    with Workers[str](1) as workers:
        gain_db, _ = measured_gain(voice, Cache(cache), workers)
        part = pipeline.preview_passage(voice, text, gain_db)
        [(_, answer)] = workers.run([("", passage.setup(voice), Synthesis(part))])
    if not isinstance(answer, Spoken):
        raise SpeechError(why(answer))
    files.write(path, stitch.alone(answer.speech, part.audio))
