"""Emoji by name, a run of one emoji once."""

import re

from tts_pipeline.segment.normalize.rule import rule

# Broad: any run of pictographs, flags and their joiners; names come from the emoji package.
_RUN = (
    "[\u203c\u2049\u2139\u231a-\u23ff\u25fb-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f\u200d\ufe0f\u20e3\\ ]"
)
_PICTOGRAPH = "[\u203c\u2049\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"


def _names(match: re.Match[str]) -> str | None:
    import emoji  # noqa: PLC0415  a large table, seldom needed

    names: list[str] = []
    for token in emoji.analyze(match[0]):
        data = emoji.EMOJI_DATA.get(token.chars, {})
        name = str(data.get("en", "")).strip(":").replace("_", " ").replace("-", " ")
        if name and name not in names:
            names.append(name)
    return f" {', '.join(names)} " if names else None


RULES = (
    rule(
        "emoji", rf"(?:{_PICTOGRAPH})(?:{_RUN}{{0,200}}{_PICTOGRAPH}|[\u200d\ufe0f\u20e3])*", _names
    ),
)
