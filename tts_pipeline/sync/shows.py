"""The shows of a run: which of them make episodes, and of which posts."""

from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path

from tts_pipeline import profiles, publish
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Cast, NamedSource, Noun, Show
from tts_pipeline.profile import show as show_files


class Member(Noun):
    """One show of a run."""

    path: Path
    show: Show
    sources: tuple[NamedSource, ...]
    posts: tuple[Path, ...]
    """Files and folders besides; none if it makes no episodes."""
    cast: Cast | None
    """Who speaks; None if it makes no episodes."""


def load(paths: Sequence[Path], posts: Sequence[Path] = ()) -> list[Member]:
    """The shows in these files; `posts` stand in for the folders that the one which makes names.

    Raises:
        ProfileError: a file is wrong, or two shows would make episodes of the same posts.
    """
    members = [_member(path, posts) for path in profiles.only_shows(paths)]
    makers = [member for member in members if member.cast]
    if posts and len(makers) > 1:
        raise ProfileError(
            f"--posts is for one show, and {_listed(makers)} all make episodes; write `posts` "
            "below [show] in each file instead"
        )
    profiles.together((member.path, member.sources) for member in members)
    _see_apart(makers)
    targets(members)
    return members


def targets(members: Sequence[Member]) -> list[tuple[publish.Target, list[Show]]]:
    """Where the shows are published, for those that say so.

    Raises:
        ProfileError: it is no target.
    """
    return publish.targets([each.show for each in members if each.show.publish.to])


def _member(path: Path, posts: Sequence[Path]) -> Member:
    show = profiles.load_show(path)
    sources = show_files.load_sources(path)
    if show.makes:
        folders = tuple(posts or own_posts(show))
        return Member(path, show, sources, folders, profiles.load_cast(show))
    if sources:
        raise ProfileError(
            f"{path}: it selects from {', '.join(show.select.shows)} and makes no episodes, so "
            f"nobody would hear the posts of its source {sources[0].name!r}; name its sources in "
            "the show that makes them"
        )
    return Member(path, show, (), (), None)


def own_posts(show: Show) -> tuple[Path, ...]:
    """The files and folders of posts that a show's file names; none if it makes no episodes."""
    return tuple(map(_near, map(Path, show.posts))) if show.makes else ()


def _near(path: Path) -> Path:
    """As a person would write it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) and path != here else path


def _see_apart(makers: Sequence[Member]) -> None:
    for first, second in combinations(makers, 2):
        if what := _read_by_both(first, second):
            raise ProfileError(
                f"{first.path} and {second.path} would both make episodes of {what}. Let one "
                f'make them, and the other select: [select] shows = ["{first.show.name}"]; or '
                "give each its own `posts` and `sources` below [show]"
            )


def _read_by_both(first: Member, second: Member) -> str | None:
    named = {source.name for source in first.sources}
    for source in second.sources:
        if source.name in named:
            return f"the posts of the source {source.name!r}"
    for one, other in product(first.posts, second.posts):
        ours, theirs = one.resolve(), other.resolve()
        if ours.is_relative_to(theirs):
            return f"the posts in {one}"
        if theirs.is_relative_to(ours):
            return f"the posts in {other}"
    return None


def _listed(members: Sequence[Member]) -> str:
    return ", ".join(str(member.path) for member in members)
