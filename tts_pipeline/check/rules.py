"""The rules by which an episode is judged; docs/checks.md says what each means."""

from tts_pipeline.model import Finding, Severity
from tts_pipeline.units import clock

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES = {
    "frames.none": _ERROR,
    "frames.junk": _ERROR,
    "frames.mixed": _ERROR,
    "frames.cut": _ERROR,
    "frames.after": _WARNING,
    "header.missing": _ERROR,
    "header.frames": _ERROR,
    "header.bytes": _ERROR,
    "header.contents": _ERROR,
    "header.samples": _ERROR,
    "header.crc": _WARNING,
    "sound.decoded": _ERROR,
    "sound.loudness": _ERROR,
    "sound.peak": _ERROR,
    "sound.clipping": _ERROR,
    "sound.silence": _ERROR,
    "sound.offset": _WARNING,
    "sound.channel": _ERROR,
    "tags.missing": _ERROR,
    "tags.version": _WARNING,
    "tags.required": _ERROR,
    "tags.record": _ERROR,
    "tags.transcript": _ERROR,
    "tags.cover": _ERROR,
    "chapters.missing": _ERROR,
    "chapters.contents": _ERROR,
    "chapters.order": _ERROR,
    "chapters.tiling": _ERROR,
    "chapters.end": _ERROR,
    "chapters.record": _ERROR,
    "chapters.speech": _ERROR,
    "record.unreadable": _ERROR,
    "record.file": _ERROR,
    "record.beside": _ERROR,
    "record.length": _ERROR,
    "record.segments": _ERROR,
    "record.words": _ERROR,
    "words.missing": _ERROR,
    "words.place": _ERROR,
    "words.order": _ERROR,
}
"""Each rule, and how bad it is to break it."""


def found(rule: str, message: str, where: str = "", *, severity: Severity | None = None) -> Finding:
    """A finding of this rule, as bad as it says there."""
    return Finding(rule, severity or RULES[rule], where, message)


def at(samples: int, rate: int) -> str:
    """A place in time, `1:02.345`."""
    ms = samples * 1000 // rate
    return f"{clock(ms)}.{ms % 1000:03}"
