"""script -> passages: all that is decided about an episode before anything is spoken."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tts_pipeline import fingerprint, post, template
from tts_pipeline.audio import tune
from tts_pipeline.episode import record, soundbite
from tts_pipeline.errors import PostError
from tts_pipeline.feed import cover
from tts_pipeline.model import (
    Cast,
    Copy,
    Duplicates,
    Fallback,
    Former,
    Music,
    MusicUse,
    Noun,
    Passage,
    Podcast,
    Post,
    Publish,
    Role,
    Script,
    Segment,
    Select,
    Show,
    Voice,
)
from tts_pipeline.pipeline.script import template_values, write_script
from tts_pipeline.pipeline.source import Picture, Source, picture_of, read_post, words_of
from tts_pipeline.post.twins.difference import only_in
from tts_pipeline.segment.chapters import cut
from tts_pipeline.segment.memory import Memory
from tts_pipeline.speech import cache as speech_cache
from tts_pipeline.speech import passage, registry

_VERSION = 4
"""Goes up when the same inputs would give another episode by a change of ours."""


TITLE_LIMIT = 250
"""Characters of an episode's title."""


class Plan(Noun):
    """All that is decided about an episode before anything is spoken."""

    post: Post
    identity: record.Identity
    title: str
    script: Script
    parts: tuple[tuple[str, tuple[Segment, ...], Passage], ...]
    """(cache key, segments, passage), in order."""
    inputs: str
    picture: Picture | None = None
    """The post's own, where its episode is to show it."""
    fallbacks: tuple[Fallback, ...] = ()
    """Who speaks in another's place."""
    copies: tuple[Copy, ...] = ()
    former: tuple[Former, ...] = ()
    """Posts that this was the episode of before."""


class Instead(Noun):
    """A passage in another voice than the one that was meant."""

    voice: str
    key: str
    part: Passage
    reason: str


class Assets(Noun):
    """What all episodes of a show share, by content, so that a changed picture or tune counts."""

    music: dict[MusicUse, Music]
    cover_key: str


def assets(show: Show, cache: Path) -> Assets:
    """Read once a run; music is kept in the cache as it was decoded.

    Raises:
        ProfileError: the music cannot be played.
    """
    wanted = {
        MusicUse.SLATE: show.music,
        MusicUse.OUTRO: show.outro_music,
        MusicUse.STING: show.sting,
    }
    music = {
        use: tune.music(Path(path), use, show.audio.rate, cache / "music")
        for use, path in wanted.items()
        if path
    }
    return Assets(music, cover.key(show))


def stamp(
    source: Source, show: Show, cast: Cast, gains: Mapping[str, float], assets: Assets
) -> str:
    """A hash of all that a plan is made from: equal stamps, equal plans, and no need to read.

    Raises:
        PostError: the post cannot be read.
    """
    engines = [
        registry.facts(voice.engine, voice.options).versions for voice in cast.voices.values()
    ]
    conditions = [
        fingerprint.code(), source.label, source.part, _sounding(show), cast, engines, gains,
        assets, source.copies, source.labelled, source.identity, source.former,
        None if source.path else source.data,
    ]  # fmt: skip
    digest = hashlib.sha256(msgspec.json.encode(conditions, order="deterministic"))
    if source.path:
        digest.update(post.content(Path(source.path)))
    return digest.hexdigest()


def _sounding(show: Show) -> Show:
    """The show without what is its feed's alone, and costs no episode anything."""
    return msgspec.structs.replace(
        show,
        podcast=Podcast(),
        select=Select(),
        duplicates=Duplicates(),
        publish=Publish(),
        posts=(),
        ignore=(),
    )


def plan(
    source: Source,
    show: Show,
    cast: Cast,
    *,
    gains: Mapping[str, float],
    assets: Assets,
    memory: Memory | None = None,
) -> Plan:
    """Decide everything about one episode; reads the post and its copies, and nothing else."""
    read = read_post(source, show)
    script = write_script(read, show, cast, memory)
    _see_quoted(read, script)
    identity = source.identity or record.identify(read, show.name)
    title = cut(template.fill(show.episode_title, template_values(read, show)), TITLE_LIMIT)
    parts = tuple(
        (speech_cache.key(part), segments, part)
        for segments, part in passage.passages(
            script, cast.voices, gains=gains, audio=show.audio, music=assets.music
        )
    )
    metadata = msgspec.structs.replace(read, body="", source="", omissions=(), image=None)
    copies = _copies(source, read, show)
    own = picture_of(source, read) if show.episode_cover == "title" else None
    shaping = [
        _VERSION,
        metadata,
        identity,
        title,
        (show.name, show.title, show.author, show.language),
        assets.cover_key,
        cover.key_of_episode(show, own.sha256 if own else None),
        cast.narrator.name,
        script,
        [(key, pause_after(segments, show.audio.rate)) for key, segments, _ in parts],
        copies,
        source.former,
    ]
    return Plan(
        read,
        identity,
        title,
        script,
        parts,
        fingerprint.of(*shaping),
        own,
        copies=copies,
        former=source.former,
    )


def _copies(source: Source, read: Post, show: Show) -> tuple[Copy, ...]:
    """What is reported of the posts that this one stands for."""
    ours = words_of(read) if source.copies else []
    copies = []
    for copied in source.copies:
        other = read_post(copied.source, show)
        theirs = words_of(other)
        copies.append(
            Copy(
                source=other.name,
                url=other.url,
                site=other.site,
                tag=other.tag,
                reason=copied.reason,
                score=copied.score,
                words=len(theirs),
                only=only_in(theirs, ours),
                guid=copied.guid,
            )
        )
    return tuple(copies)


def _see_quoted(read: Post, script: Script) -> None:
    """What is quoted as a soundbite is in the post.

    Raises:
        PostError: naming the quote that is not.
    """
    said = (segment.written for segment in script.segments if segment.role is Role.TEXT)
    for quote in soundbite.missing(read.soundbites, said):
        raise PostError(
            f"{read.source}: `soundbite` in the front matter is not in what is read of the post: "
            f"`{quote[:80]}`; quote a sentence word for word, or leave it out"
        )


def pause_after(segments: tuple[Segment, ...], rate: int) -> int:
    """Samples of silence after a passage; a sting is followed by its own."""
    return passage.pause_after(segments[-1], rate) if segments else 0


def in_voice(part: Passage, voice: Voice, gain_db: float) -> tuple[Passage, str]:
    """The passage as this voice speaks it, and its key in the cache."""
    spoken_so = passage.instead(part, voice, gain_db)
    return spoken_so, speech_cache.key(spoken_so)


def recast(planned: Plan, chosen: Mapping[str, Instead]) -> Plan:
    """The plan with other voices in some passages, by their keys; its `inputs` are as before."""
    parts, number = [], 0
    told: dict[tuple[str, str, str], list[int]] = {}
    for key, segments, part in planned.parts:
        other = chosen.get(key)
        if other is None:
            parts.append((key, segments, part))
        else:
            said = tuple(msgspec.structs.replace(one, voice=other.voice) for one in segments)
            parts.append((other.key, said, other.part))
            for place, segment in enumerate(segments, number):
                told.setdefault((segment.voice, other.voice, other.reason), []).append(place)
        number += len(segments)
    segments = tuple(segment for _, of_part, _ in parts for segment in of_part)
    return msgspec.structs.replace(
        planned,
        parts=tuple(parts),
        script=msgspec.structs.replace(planned.script, segments=segments),
        fallbacks=tuple(
            Fallback(*who_and_why, tuple(places)) for who_and_why, places in told.items()
        ),
    )


def cover_name(show: Show) -> str:
    """A name for the picture below; it changes when the picture may."""
    return f"{cover.key(show)[:32]}-{cover.MAKER}.jpg"
