"""Things that forums put into posts and that scripts draw."""

import json
from html import unescape

from tts_pipeline.document.folding import fold, visible
from tts_pipeline.model import Block, BlockKind, Span


def poll(classes: list[str], attributes: dict[str, str | None]) -> list[Block] | None:
    """A poll's question and the ends of its scale, or its answers; None if it is no poll."""
    if "ck-poll" not in classes:
        return None
    try:
        given = json.loads(attributes.get("data-props") or "")
    except ValueError:
        try:
            given = json.loads(unescape(attributes.get("data-props") or ""))
        except ValueError:
            return None
    if not isinstance(given, dict) or not (question := _line(given.get("question"))):
        return None
    blocks = [Block(BlockKind.PARAGRAPH, (Span(question),))]
    ends = [_line(given.get(key)) for key in ("disagreeWording", "agreeWording")]
    options = given.get("options")
    answers = [_line(option) for option in options] if isinstance(options, list) else []
    for answer in filter(None, [*ends, *answers]):
        blocks.append(Block(BlockKind.ITEM, (Span(answer),), level=1))
    return blocks


def _line(value: object) -> str:
    return fold(visible(value)).strip() if isinstance(value, str) else ""
