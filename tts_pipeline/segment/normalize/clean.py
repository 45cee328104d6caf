"""What no engine may be given, in any language."""

import re
import unicodedata

# Control, format (zero width, direction, soft hyphen), surrogate, private and unassigned
# characters, variation selectors: none has a sound, and engines take some for commands. The two
# that the lexicon puts around phonemes stay.
_SILENT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\ue00f\ue012-\uf8ff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U0010ffff]+"
)
_SPACE = re.compile(r"\s+")
_ANGLES = re.compile(r"[<>]")
_BRACKETS = re.compile(r"\[{2,}|\]{2,}")
_STACK = re.compile(r"([\u0300-\u036f]{2})[\u0300-\u036f]+")


def clean(text: str) -> str:
    """`text` without what engines could take for a command; idempotent.

    Control and zero-width characters go, each run of white space is one space, `[[` is `[`
    (phoneme markup of several engines), and `<` and `>` are spaces (SSML).
    """
    if text.isascii() and text.isprintable():
        if not ("<" in text or ">" in text or "[[" in text or "]]" in text or "  " in text):
            return text
    else:
        text = _SILENT.sub("", text)
        if not text.isascii():
            text = _STACK.sub(r"\1", unicodedata.normalize("NFC", text))
    text = _ANGLES.sub(" ", text)
    text = _BRACKETS.sub(lambda match: match[0][0], text)
    return _SPACE.sub(" ", text)
