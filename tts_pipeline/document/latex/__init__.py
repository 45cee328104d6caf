"""LaTeX -> English speech, by our own reader of the macros that posts use.

    tokens -> parse (a small tree) -> speech

What stands inside what is said, not only drawn: "the fraction x plus 1 over y" is another thing
than "x plus 1 over y". What cannot be said is not said at all.
"""

from tts_pipeline.document.latex.speech import speak

__all__ = ["speak"]
