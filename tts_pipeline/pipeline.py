"""The stages in running order: post -> document -> script -> speech -> episode -> feed.

This module alone knows all the stages. What a run over many posts needs besides, such as workers
and the order of things, is in `batch`.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from tts_pipeline import document, files, fingerprint, post, template
from tts_pipeline.audio import frames as mp3
from tts_pipeline.audio import tune
from tts_pipeline.episode import companions, record, soundbite, stitch, tags, timeline, timing
from tts_pipeline.episode.suspects import clipped, suspects
from tts_pipeline.errors import DocumentError, PostError, SpeechError
from tts_pipeline.feed import build, cover, index
from tts_pipeline.feed.selection import Decision
from tts_pipeline.model import (
    AudioFormat,
    Cast,
    Copy,
    Document,
    Duplicates,
    Episode,
    Fallback,
    GroupKind,
    Music,
    MusicUse,
    Noun,
    Passage,
    Podcast,
    Post,
    Publish,
    Report,
    Role,
    Script,
    Segment,
    Select,
    Show,
    Voice,
)
from tts_pipeline.post.twins.difference import only_in
from tts_pipeline.segment import unknown
from tts_pipeline.segment.chapters import cut
from tts_pipeline.segment.lexicon import Lexicon
from tts_pipeline.segment.memory import Memory
from tts_pipeline.segment.normalize import normalize, spoken
from tts_pipeline.segment.script import Composer, Speaker
from tts_pipeline.speech import cache as speech_cache
from tts_pipeline.speech import passage, registry
from tts_pipeline.words import missing, words

if TYPE_CHECKING:
    from tts_pipeline.site import build as site

_VERSION = 4
"""Goes up when the same inputs would give another episode by a change of ours."""

_LARGEST_PICTURE = 50_000_000
"""Bytes; what is larger is cut off, so it is refused as damaged."""

TITLE_LIMIT = 250
"""Characters of an episode's title."""


class Source(Noun):
    """Where a post is read from."""

    label: str
    """As the user named it."""
    path: str | None
    data: bytes | None = None
    """What standard input held."""
    part: str | None = None
    """Which chapter of a book."""
    copies: tuple["Copied", ...] = ()
    """Other posts that this one stands for."""
    labelled: str | None = None
    """What was found of it: `excerpt` or `linkpost`."""


class Copied(Noun):
    """A post that is the same as another, and is heard as that one."""

    source: Source
    stamp: str
    """Changes when its file does."""
    reason: str
    score: float


class Picture(Noun):
    """A file that a post names as its picture."""

    path: str
    sha256: str


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


class Instead(Noun):
    """A passage in another voice than the one that was meant."""

    voice: str
    key: str
    part: Passage
    reason: str


class Tried(Noun):
    """A written span, how it is said, and why."""

    written: str
    spoken: str
    by: Literal["lexicon", "rule"]


class Assets(Noun):
    """What all episodes of a show share, by content, so that a changed picture or tune counts."""

    music: dict[MusicUse, Music]
    cover_key: str


# ---- post -> document -> script --------------------------------------------------------------


def read_post(source: Source, show: Show) -> Post:
    """The post, with its site and tag by the show's sites."""
    if source.path is None:
        return post.read_bytes(
            source.data or b"", source=source.label, name="-", suffix=None, sites=show.sites
        )
    path = Path(source.path)
    name = _name_within(path, Path(show.root))
    read = post.read(path, name=name, sites=show.sites, part=source.part)
    return msgspec.structs.replace(read, label=read.label or source.labelled)


def words_of(read: Post) -> list[str]:
    """The words of the body, footnotes last, as they stand."""
    told = document.read(read)
    return words("\n".join(block.text for block in (*told.blocks, *chain(*told.notes))))


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
            )
        )
    return tuple(copies)


def memory(cast: Cast, kept: bytes | None) -> Memory:
    """How the blocks of a post were cut before, if nothing else that shapes cuts has changed."""
    return Memory(_hash(fingerprint.code(), cast), kept)


def write_script(read: Post, show: Show, cast: Cast, memory: Memory | None = None) -> Script:
    """What will be spoken and what will not."""
    values = _values(read, show)
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
        assets, source.copies, source.labelled,
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


# ---- script -> speech ------------------------------------------------------------------------


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
    identity = record.identify(read, show.name)
    title = cut(template.fill(show.episode_title, _values(read, show)), TITLE_LIMIT)
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
        [(key, _pause(segments, show.audio.rate)) for key, segments, _ in parts],
        copies,
    ]
    return Plan(read, identity, title, script, parts, _hash(*shaping), own, copies=copies)


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


def picture_of(source: Source, read: Post) -> Picture | None:
    """The post's picture, if it names a file; an address is never fetched.

    Posts are not trusted, so it must lie beside the post or below.

    Raises:
        PostError: it lies elsewhere, or cannot be read.
    """
    if source.path is None or not read.image or ":" in read.image or read.image.startswith("/"):
        return None
    folder = Path(source.path).resolve().parent
    path = (folder / read.image).resolve()
    if not path.is_relative_to(folder):
        raise PostError(
            f"{source.label}: `image` in the front matter leads out of the post's folder: "
            f"{read.image}; put the picture beside the post"
        )
    try:
        return Picture(str(path), hashlib.sha256(_picture(path)).hexdigest())
    except OSError as error:
        raise PostError(
            f"{source.label}: the picture that `image` in the front matter names cannot be read: "
            f"{read.image}: {error.strerror or error}; put it beside the post or take `image` out"
        ) from error


def is_same(picture: Picture) -> bool:
    """Whether the file is what it was."""
    try:
        return hashlib.sha256(_picture(Path(picture.path))).hexdigest() == picture.sha256
    except OSError:
        return False


def _picture(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST_PICTURE)


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
            for segment in segments:
                places = told.setdefault((segment.voice, other.voice, other.reason), [])
                places.append(number + segments.index(segment))
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


def _hash(*things: object) -> str:
    return hashlib.sha256(msgspec.json.encode(things, order="deterministic")).hexdigest()


def unknown_words(scripts: Iterable[Script], voice: Voice) -> tuple[unknown.Unknown, ...]:
    """Words worth a look in all of these scripts together."""
    segments = (segment for script in scripts for segment in script.segments)
    return unknown.unknown(segments, voice.language, Lexicon(voice.lexicon))


def try_text(text: str, voice: Voice) -> tuple[tuple[Tried, ...], str]:
    """How a text is said: each written span that is said in another way, and the whole."""
    lexicon = Lexicon(voice.lexicon)
    pieces = normalize(text, voice.language, lexicon)
    plain = normalize(text, voice.language)
    by_rule = {piece for piece in plain if piece.written != piece.spoken}
    tried = tuple(
        Tried(piece.written, spoken([piece]), "rule" if piece in by_rule else "lexicon")
        for piece in pieces
        if piece.written != piece.spoken
    )
    return tried, spoken(pieces)


def preview_passage(voice: Voice, text: str, gain_db: float) -> Passage:
    """A text outside of any post, as one passage.

    Raises:
        SpeechError: there is nothing to say.
    """
    lexicon_ = Lexicon(voice.lexicon)
    said = " ".join(spoken(normalize(text, voice.language, lexicon_)).split())
    if not said:
        raise SpeechError("there is nothing to say; give a text with words")
    return passage.alone(said, voice, gain_db=gain_db, audio=AudioFormat())


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


def cover_name(show: Show) -> str:
    """A name for the picture below; it changes when the picture may."""
    return f"{cover.key(show)[:32]}-{cover.MAKER}.jpg"


def cover_image(show: Show) -> bytes:
    """The cover as it stands in the MP3."""
    return cover.embedded(show)


# ---- speech -> episode -----------------------------------------------------------------------


def finish(
    planned: Plan,
    show: Show,
    out: Path,
    *,
    heads: Mapping[str, speech_cache.Head],
    frames: Callable[[str], bytes],
    picture: Callable[[], bytes],
    published: datetime,
) -> tuple[Episode, Report]:
    """Lay out, tag, stitch and record; the record comes last, so that it names what is there."""
    frame = mp3.frame_samples(show.audio.rate)
    clips = []
    for key, segments, part in planned.parts:
        head = heads[key]
        pause = _pause(segments, part.audio.rate)
        clips.append(
            timeline.Clip(
                key=key,
                samples=head.samples,
                bytes=head.bytes,
                sha256=head.sha256,
                silence=timeline.silence_after(head.marks, head.samples, pause, frame),
                marks=head.marks,
                segments=segments,
            )
        )
    laid = timeline.lay(clips, planned.script.chapters, rate=show.audio.rate, frame=frame)
    read, folder = planned.post, episode_folder(out, planned.identity.slug)
    segments_ = planned.script.segments
    own = cover.of_episode(
        show, read, _picture(Path(planned.picture.path)) if planned.picture else None
    )
    own_name = cover.name_of_episode(planned.identity.slug, own) if own else None
    tag = tags.render(
        tags.Tags(
            title=planned.title,
            artist=read.author or show.author,
            album=show.title,
            date=read.date,
            language=read.language or show.language,
            comment=" ".join(s.written for s in segments_ if s.role is Role.SLATE),
            link=read.url,
            transcript="\n".join(s.written for s in segments_ if s.role is Role.TEXT),
            cover=cover.shrunk(own) if own else picture(),
            chapters=laid.chapters,
        )
    )
    audio = stitch.stitch(
        folder, planned.identity.slug, laid, tag=tag, audio=show.audio, read=frames
    )
    episode = record.episode(
        read,
        planned.identity,
        show=show,
        title=planned.title,
        inputs=planned.inputs,
        voice=planned.parts[0][1][0].voice,
        published=published,
        audio=audio,
        cover=own_name,
        laid=laid,
        links=planned.script.links,
        copies=planned.copies,
    )
    report = record.report(
        planned.script,
        suspects=suspects(laid.segments),
        clipped=clipped(laid.segments, [mark for clip in clips for mark in clip.marks]),
        fallbacks=planned.fallbacks,
        copies=planned.copies,
    )
    hashes: dict[str, str] = {}

    def write(name: str, parts: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        # They can be made again, which `record.intact` sees to: not worth a wait for the disk.
        files.write_parts(folder / name, _hashed(parts, digest.update))
        hashes[name] = digest.hexdigest()

    if own and own_name:
        write(own_name, [own])
    for name, parts in _told(planned, show, episode, laid):
        write(name, parts)
    write(record.REPORT, [record.encode(report)])
    episode = msgspec.structs.replace(episode, files=hashes)
    files.write(folder / record.RECORD, record.encode(episode))
    return episode, report


def _told(
    planned: Plan, show: Show, episode: Episode, laid: timeline.Timeline
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Names and parts of the files that tell the words in time: transcripts, and the timing."""
    times = timing.timing(
        laid,
        audio=show.audio,
        gains={segments[0].voice: part.gain_db for _, segments, part in planned.parts if segments},
        music=[part.music.sha256 if part.music else None for _, _, part in planned.parts],
    )
    for suffix, parts in companions.render(episode, times, show.title):
        yield companions.path(Path(), episode, suffix).name, parts
    yield record.TIMING, timing.encode(times)


def _hashed(parts: Iterable[bytes], update: Callable[[bytes], object]) -> Iterator[bytes]:
    for part in parts:
        update(part)
        yield part


def _pause(segments: tuple[Segment, ...], rate: int) -> int:
    """Samples of silence after a passage; a sting is followed by its own."""
    return passage.pause_after(segments[-1], rate) if segments else 0


def episode_folder(out: Path, slug: str) -> Path:
    """Where an episode's files lie."""
    return out / "episodes" / slug


def published(out: Path, planned: Plan) -> datetime | None:
    """When an episode whose record is lost was published, if a feed has been written since."""
    return index.published(out, planned.identity.slug)


# ---- episode -> feed, site -------------------------------------------------------------------


def write_feed(show: Show, out: Path, now: datetime, *, expire: bool = True) -> build.Result:
    """The show's feed from the records under `out`; with `expire`, old files go in their time."""
    return build.build(show, out, now, expire=expire)


def explain_feed(show: Show, out: Path, now: datetime) -> list[Decision]:
    """Why each episode under `out` stands in the show's feed or does not."""
    return build.explain(show, out, now)


def write_site(
    shows: Sequence[Show],
    out: Path,
    now: datetime,
    done: Callable[[int, int], None] = lambda _n, _of: None,
) -> "site.Result":
    """The pages of the shows from the records under `out`; `done` is told of each episode."""
    from tts_pipeline.site import build as site  # noqa: PLC0415  templates, which no other needs

    return site.build(shows, out, now=now, picture=cover_image, done=done)


def _values(read: Post, show: Show) -> dict[str, str | None]:
    """What templates may name."""
    return {
        "show": show.title,
        "title": read.title,
        "author": read.author,
        "date": template.spoken_date(read.date) if read.date else None,
        "site": read.site,
        "tag": read.tag,
    }


def _name_within(path: Path, root: Path) -> str:
    """The path below the show's folder, so that it names the post wherever the show is moved."""
    absolute = path.resolve()
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path.name
