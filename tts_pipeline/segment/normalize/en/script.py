"""Words in another script are named: an English voice would read them letter by letter."""

import re
import unicodedata

from tts_pipeline.segment.normalize.rule import rule

_SCRIPTS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CYRILLIC": "Cyrillic",
    "HEBREW": "Hebrew",
    "ARABIC": "Arabic",
    "DEVANAGARI": "Devanagari",
    "GREEK": "Greek",
    "THAI": "Thai",
    "BENGALI": "Bengali",
    "TAMIL": "Tamil",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
    "ETHIOPIC": "Ethiopic",
}
# Greek to Georgian and on, kana, Han, Hangul; not punctuation, signs and Latin with marks.
_LETTERS = (
    "\u0370-\u03ff\u0400-\u052f\u0531-\u1dff\u1f00-\u1fff\u2c80-\u2dff\u2e80-\u2fdf\u3005-\u3007"
    "\u3021-\u312f\u3131-\ua69f\ua6a0-\ua71f\ua800-\uabff\uac00-\ud7ff\uf900-\ufaff\ufb13-\ufdff"
    "\ufe70-\ufefe\uff66-\uffdc\U00010280-\U0001bfff\U0001e000-\U0001efff\U00020000-\U0003ffff"
)
_WORD = f"[{_LETTERS}][{_LETTERS}\u0300-\u036f0-9·・、。，]*"


def script(character: str) -> str:
    """The name that people use for the script of a letter."""
    first = unicodedata.name(character, "UNKNOWN").partition(" ")[0]
    return _SCRIPTS.get(first, "another")


def _greek(letter: str) -> str | None:
    """`alpha`: a Greek letter by itself is a symbol."""
    bare = unicodedata.normalize("NFD", letter)[:1]
    name = unicodedata.name(bare, "").split(" ")
    return name[-1].lower() if name[:1] == ["GREEK"] and "LETTER" in name else None


def _foreign(match: re.Match[str]) -> str | None:
    written = match[0].strip()
    if len(written) == 1 and (letter := _greek(written)):
        return {"lamda": "lambda"}.get(letter, letter)
    names = {script(character) for character in written if character.isalpha()}
    if not names:
        return None
    name = "Japanese" if "Japanese" in names else min(names)
    many = " " in written or (len(written) > 4 and name in {"Chinese", "Japanese", "Thai"})
    # A script that we cannot name is named so.
    place = f"{name} script" if name != "another" else "another script"
    return f"{'words' if many else 'a word'} in {place}"


RULES = (rule("foreign", rf"{_WORD}(?:\ {_WORD})*", _foreign),)
