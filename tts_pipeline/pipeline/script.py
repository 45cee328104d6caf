"""post -> document -> script: what will be spoken, and what will not."""

import msgspec

from tts_pipeline import document, fingerprint, template
from tts_pipeline.errors import DocumentError
from tts_pipeline.model import (
    Cast,
    Document,
    GroupKind,
    Post,
    Role,
    Script,
    Show,
    Voice,
)
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.memory import Memory
from tts_pipeline.segment.script import Composer, Speaker
from tts_pipeline.speech import registry
from tts_pipeline.words import missing


def memory(cast: Cast, kept: bytes | None) -> Memory:
    """How the blocks of a post were cut before, if nothing else that shapes cuts has changed."""
    return Memory(fingerprint.of(fingerprint.code(), cast), kept)


def write_script(read: Post, show: Show, cast: Cast, memory: Memory | None = None) -> Script:
    """What will be spoken and what will not."""
    values = template_values(read, show)
    composer = Composer(
        _speaker(cast.narrator),
        kinds={kind: _speaker(voice) for kind, voice in _kinds(cast).items()},
        speakers=[_speaker(voice) for voice in cast.speakers],
        named={name: _speaker(voice) for name, voice in cast.named.items()},
        memory=memory,
    )
    composed = document.compose(
        read, show.reading, language=cast.narrator.language, title_is_spoken="{title}" in show.slate
    )
    script = composer.compose(
        composed,
        slate=template.fill(show.slate, values),
        outro=template.fill(show.outro, values) if show.outro else None,
        show=show.title,
        title=read.title,
        url=read.url,
        timestamps=show.timestamps,
    )
    _see_all_there(composed, script, read.source)
    return msgspec.structs.replace(script, links=document.links(composed, read.url))


def _kinds(cast: Cast) -> dict[GroupKind, Voice]:
    """Who reads groups of a kind."""
    named = {GroupKind.QUOTE: cast.quote, GroupKind.CODE: cast.code, GroupKind.NOTE: cast.notes}
    return {kind: voice for kind, voice in named.items() if voice}


def _speaker(voice: Voice) -> Speaker:
    """What a voice takes at once, those that it falls back to must take as well."""
    limit = min(registry.facts(one.engine, one.options).limit for one in voice.chain)
    return Speaker(voice.name, voice.language, limit, Lexicon(voice.lexicon))


def _see_all_there(composed: Document, script: Script, source: str) -> None:
    """Every word of the document is in a segment or an omission.

    Raises:
        DocumentError: naming words that are not.
    """
    blocks = [*composed.blocks, *(block for note in composed.notes for block in note)]
    whole = [block.text for block in blocks] + [left.text for left in composed.omissions]
    parts = [segment.written for segment in script.segments if segment.role is Role.TEXT]
    parts += [left.text for left in script.omissions]
    if lost := missing("\n".join(whole), "\n".join(parts)):
        raise DocumentError(
            f"{source}: words went missing on their way into the script, such as {lost}; this is "
            "a fault of the program, please report it with the post"
        )


def template_values(read: Post, show: Show) -> dict[str, str | None]:
    """What templates may name."""
    return {
        "show": show.title,
        "title": read.title,
        "author": read.author,
        "date": template.spoken_date(read.date) if read.date else None,
        "site": read.site,
        "tag": read.tag,
    }
