"""The public part of the output directory, copied to where it is served.

    contents -> plan -> stores -> public

A feed goes last, once all that it names is there; each file appears whole or not at all; the ledger
remembers what is where, so that only what changed goes.
"""

from tts_pipeline.publish.run import publish
from tts_pipeline.publish.target import Target, targets

__all__ = ["Target", "publish", "targets"]
