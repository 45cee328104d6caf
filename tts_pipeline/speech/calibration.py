"""What a voice says once, to be measured."""

from tts_pipeline.model import Utterance

_TEXTS = (
    "A voice is measured once, before it speaks for the first time.",
    "These sentences stand for the prose of an ordinary post: some of them are short.",
    "Others run on for longer, with a clause or two in the middle, as people who write essays "
    "like to do, and they end only when the thought does.",
    "Is every sentence a statement? No! There are questions, numbers such as twenty three, and "
    "names such as Lisbon, Nairobi and Quito.",
    "What matters is the level of the voice over half a minute of speech, since that is what a "
    "listener sets the volume by.",
)

CALIBRATION = tuple(map(Utterance, _TEXTS))
"""Prose of many kinds, for the gain that brings the voice to the programme's loudness."""
