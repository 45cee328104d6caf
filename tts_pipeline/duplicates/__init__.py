"""Which posts of a run are made, and which are heard in the episode of another.

Everything that makes episodes comes by `settle`. The index under OUT/library remembers each post
that was seen, so only new and changed posts are read, and a copy is found whether or not its twin
is in the same run. A post that has an episode keeps it, whatever is found later; else the earliest
of a group stands for the others, so that neither the order of files nor that of runs counts.
"""

from tts_pipeline.duplicates.settle import Settled, settle

__all__ = ["Settled", "settle"]
