"""feeds/NAME.toml -> Show."""

import re
import string
from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import AudioFormat, NamedSource, Show
from tts_pipeline.profile import categories, sources, toml
from tts_pipeline.profile.feed import Check, check_podcast, check_publish, checked_select, is_web
from tts_pipeline.profile.tables import AudioTable, ShowFile, ShowTable

PLAIN = """
[show]
title = "A plain reading"
description = "A post without a show."
base_url = "https://example.org"
[episode]
slate = "{title}, by {author}."
outro = ""
"""
"""What `tts-pipeline script` reads a post by when no show is given."""

PLACEHOLDERS = ("show", "title", "author", "date", "site", "tag")
"""What a slate, an outro and an episode's title may name."""


PRESETS = {"native": AudioFormat(), "directory": AudioFormat(44100, 96)}

_MPEG_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_BITRATES = {
    **dict.fromkeys((32000, 44100, 48000), _MPEG_1),
    **dict.fromkeys((16000, 22050, 24000), _MPEG_2),
}
"""Samples a second, to kbit/s: ISO/IEC 11172-3 and 13818-3, layer III."""


def load(path: Path) -> Show:
    """Read and check one show.

    Raises:
        ProfileError: naming file, line and key.
    """
    if path.is_dir():
        raise ProfileError(f"{path} is a folder; a show is a file such as feeds/example.toml")
    if path.name == sources.SHARED:
        raise ProfileError(f"{path} holds the sources that shows share; name the file of a show")
    text = toml.read(path, "show")
    return _checked(toml.convert(toml.parse(text, path), ShowFile, path, text), path, text)


def load_sources(path: Path) -> tuple[NamedSource, ...]:
    """Where the posts of the show in `path` come from.

    Raises:
        ProfileError: naming file, line and key.
    """
    text = toml.read(path, "show")
    given = toml.convert(toml.parse(text, path), ShowFile, path, text)
    return sources.of_show(path, text, given.show.sources, given.sources)


def plain() -> Show:
    """A show for a post that has none."""
    path = Path("plain.toml")
    return _checked(toml.convert(toml.parse(PLAIN, path), ShowFile, path, PLAIN), path, PLAIN)


def _checked(given: ShowFile, path: Path, text: str) -> Show:
    show, episode = given.show, given.episode

    def check(holds: object, keys: tuple[str, str], message: str) -> None:
        if not holds:
            raise toml.wrong(path, text, keys, message)

    _check_names(show, check)
    try:
        parsed = tuple(categories.parse(category) for category in show.categories)
    except ValueError as error:
        raise toml.wrong(path, text, ("show", "categories"), f"is wrong: {error}") from error
    _check_templates(given, check)
    check_podcast(given.podcast, check)
    check_publish(given.publish, check)
    _check_choices(given, check)
    audio = _audio(given.audio, check)
    sources.of_show(path, text, show.sources, given.sources)

    root = path.resolve().parent
    root = root.parent if root.name == "feeds" else root

    def beside(key: tuple[str, str], name: str | None) -> str | None:
        if name is None:
            return None
        for folder in (path.resolve().parent, root):
            if (folder / name).is_file():
                return str(folder / name)
        raise toml.wrong(
            path, text, key, f"names {name}, a file neither beside the show nor in {root}"
        )

    for name, url in given.site.links.items():
        check(is_web(url), ("site", "links"), f"must name http or https addresses, not {url!r} "
              f"for {name}")  # fmt: skip
    theme = _theme(given.site.theme, (path.resolve().parent, root))
    check(
        theme or given.site.theme is None,
        ("site", "theme"),
        f"names {given.site.theme}, a folder neither beside the show nor in {root}",
    )

    return Show(
        name=path.stem,
        title=show.title.strip(),
        author=show.author.strip() or show.title.strip(),
        email=show.email,
        description=show.description.strip(),
        link=show.link,
        language=show.language,
        categories=parsed,
        explicit=show.explicit,
        copyright=show.copyright,
        base_url=show.base_url.rstrip("/"),
        cover=beside(("show", "cover"), show.cover),
        episode_title=episode.title,
        episode_cover=episode.cover,
        slate=episode.slate,
        outro=episode.outro or None,
        voice=episode.voice,
        quote_voice=given.voices.quote,
        code_voice=given.voices.code,
        notes_voice=given.voices.notes,
        speaker_voices=tuple(given.voices.speakers),
        named_voices={name.casefold(): voice for name, voice in given.voices.named.items()},
        music=beside(("episode", "music"), episode.music),
        outro_music=beside(("episode", "outro_music"), episode.outro_music),
        sting=beside(("episode", "sting"), episode.sting),
        timestamps=episode.timestamps,
        reading=given.reading,
        lexicon=tuple(
            found
            for name in episode.lexicon
            if (found := beside(("episode", "lexicon"), name)) is not None
        ),
        sites=given.sites,
        audio=audio,
        root=str(root),
        type=show.type,
        new_feed_url=show.new_feed_url,
        block=show.block,
        complete=show.complete,
        podcast=given.podcast,
        select=checked_select(
            given.select,
            check,
            lambda name: Path(beside(("select", "removed_authors_file"), name) or name),
        ),
        duplicates=given.duplicates,
        publish=given.publish,
        theme=theme,
        posts=_posts(show.posts, root),
        ignore=tuple(show.ignore),
        links=given.site.links,
    )


def _check_names(show: ShowTable, check: Check) -> None:
    """See that apps and directories can show it."""
    check(show.title.strip(), ("show", "title"), "is empty; apps show it as the podcast's name")
    check(show.description.strip(), ("show", "description"), "is empty; directories require it")
    for key, url in (
        ("base_url", show.base_url),
        ("link", show.link),
        ("new_feed_url", show.new_feed_url),
    ):
        check(
            url is None or is_web(url),
            ("show", key),
            f"must be an http or https address such as https://example.org/podcast, not {url!r}",
        )
    check(
        re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", show.language),
        ("show", "language"),
        f"must be a language tag such as en or en-us, not {show.language!r}",
    )
    check(show.categories, ("show", "categories"), "is empty; directories require at least one")


def _check_templates(given: ShowFile, check: Check) -> None:
    """See that they name what posts have."""
    episode = given.episode
    for key, template in (
        ("title", episode.title),
        ("slate", episode.slate),
        ("outro", episode.outro or ""),
    ):
        problem = _template_problem(template)
        check(problem is None, ("episode", key), problem or "")
    check("{title}" in episode.title, ("episode", "title"), "must name {title}")
    check(
        episode.outro or not episode.outro_music,
        ("episode", "outro_music"),
        "lies under the outro, which is empty; give an `outro`, or leave the music out",
    )
    form = given.select.title
    problem = None if form is None else _template_problem(form)
    check(problem is None, ("select", "title"), problem or "")
    check(form is None or "{title}" in form, ("select", "title"), "must name {title}")


def _check_choices(given: ShowFile, check: Check) -> None:
    """See that what belongs together is there together."""
    check(
        given.reading.quotes != "voice" or given.voices.quote,
        ("reading", "quotes"),
        'is "voice", so [voices] must say which: quote = "..."',
    )
    for key in ("same", "different"):
        groups = getattr(given.duplicates, key)
        check(
            all(len(set(group)) > 1 for group in groups),
            ("duplicates", key),
            'must be a list of lists of two posts or more, such as [["posts/a.md", "posts/b.md"]]',
        )


def _audio(given: AudioTable, check: Check) -> AudioFormat:
    """The preset with what is given beside it, if MP3 can be so."""
    audio = PRESETS[given.preset]
    keys = ("rate", "bitrate", "vbr", "channels", "quality")
    chosen = {key: getattr(given, key) for key in keys}
    audio = structs.replace(audio, **{key: n for key, n in chosen.items() if n is not None})
    rates = ", ".join(map(str, sorted(_BITRATES)))
    check(audio.rate in _BITRATES, ("audio", "rate"), f"must be one of {rates}, not {audio.rate}")
    possible = _BITRATES[audio.rate]
    check(
        audio.bitrate in possible,
        ("audio", "bitrate"),
        f"must at {audio.rate} samples a second be one of {', '.join(map(str, possible))}, not "
        f"{audio.bitrate}",
    )
    check(
        given.bitrate is None or audio.vbr is None,
        ("audio", "vbr"),
        "stands beside `bitrate`; give one of them: a variable bit rate, or a constant one",
    )
    check(audio.vbr is None or 0 <= audio.vbr <= 9, ("audio", "vbr"), "must be 0 (best) to 9")
    check(audio.channels in (1, 2), ("audio", "channels"), "must be 1 or 2")
    check(0 <= audio.quality <= 9, ("audio", "quality"), "must be 0 (slowest) to 9 (fastest)")
    return audio


def _theme(name: str | None, folders: Iterable[Path]) -> str | None:
    """The folder of this name in the first of these folders that has it."""
    places = [folder / name for folder in folders] if name else []
    return next((str(place) for place in places if place.is_dir()), None)


def _posts(given: list[str] | None, root: Path) -> tuple[str, ...]:
    """The show's posts: posts/ if it says nothing and has such a folder."""
    if given is None:
        given = ["posts"] if (root / "posts").is_dir() else []
    return tuple(str(root / name) for name in given)


def _template_problem(template: str) -> str | None:
    """What is wrong with a template, as the end of a sentence."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError as error:
        return f"is not a template ({error}); write {{{{ and }}}} for braces that are text"
    for name in names:
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{placeholder}}}" for placeholder in PLACEHOLDERS)
            return f"names {{{name}}}, which no post has; known are {known}"
    return None
