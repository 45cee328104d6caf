"""What a voice says once, to be measured."""

from tts_pipeline.model import Utterance

_TEXTS = (
    "A voice is measured once, before it speaks for the first time.",
    "Is every sentence a statement? No! There are questions, numbers such as twenty three, and "
    "names such as Lisbon, Nairobi and Quito.",
    "The tide comes in twice a day, and nobody has ever stopped it.",
    "What matters is the level of the voice over half a minute of speech, since that is what a "
    "listener sets the volume by.",
    "There were two barrels of lamp oil, a song about the river, and a map with one road too many.",
    "We walked along the harbour until the lamps were lit, and then we turned back without a word.",
)

CALIBRATION = tuple(map(Utterance, _TEXTS))
"""Half a minute of prose, chosen among many so that voices of several engines and rates have on it
the loudness that they have over whole posts."""
