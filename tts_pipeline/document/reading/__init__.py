"""Blocks made ready for the ear: what is announced, what is said in another way, what is left out.

Each treatment is a pure function from blocks to blocks and omissions, chosen by the show's
`[reading]`. What a treatment adds is an announcement: a span that is spoken and has no text.
"""

from tts_pipeline.document.reading.ear import for_ear

__all__ = ["for_ear"]
