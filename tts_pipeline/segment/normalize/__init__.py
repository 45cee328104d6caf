"""Written text becomes spoken text: "$5" is written, "five dollars" is said.

The rules of a language are tried in order on what no rule has touched yet, so that each written
span keeps its spoken one beside it. A language without rules passes through, cleaned.
"""

from tts_pipeline.segment.normalize.pieces import Piece, align, normalize, spoken

__all__ = ["Piece", "align", "normalize", "spoken"]
