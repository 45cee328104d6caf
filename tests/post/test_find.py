"""Which files are posts: those that are named, and those below a folder, in order."""

import os
from pathlib import Path

import pytest

from tts_pipeline import post
from tts_pipeline.errors import PostError


def made(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A title\n\nText.\n")


def found(*paths: Path, root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in post.find(paths)]


def test_posts_below_a_folder_are_found_in_order(tmp_path: Path) -> None:
    made(tmp_path, "b.md", "a/z.txt", "a/b/c.HTML", "a.htm", "c/1.markdown")
    expected = ["a/b/c.HTML", "a/z.txt", "a.htm", "b.md", "c/1.markdown"]
    assert found(tmp_path, root=tmp_path) == expected


def test_what_is_hidden_or_no_post_is_passed_over(tmp_path: Path) -> None:
    made(
        tmp_path, "a.md", ".b.md", ".git/c.md", "d/.e/f.md", "g.png", "h", "md", "i.md~", "j.md.bak"
    )
    assert found(tmp_path, root=tmp_path) == ["a.md"]


def test_files_are_taken_as_they_are_named(tmp_path: Path) -> None:
    made(tmp_path, "b.md", ".hidden.md", "c/d.md")
    given = [tmp_path / name for name in ("c", "b.md", ".hidden.md", "none.png", "b.md")]
    expected = ["c/d.md", "b.md", ".hidden.md", "none.png", "b.md"]
    assert found(*given, root=tmp_path) == expected


def test_a_hidden_folder_that_is_named_is_searched(tmp_path: Path) -> None:
    made(tmp_path, ".drafts/a.md")
    assert found(tmp_path / ".drafts", root=tmp_path) == [".drafts/a.md"]


def test_links_to_files_are_followed_and_loops_are_not(tmp_path: Path) -> None:
    made(tmp_path, "away/a.md", "posts/b.md")
    (tmp_path / "posts" / "a.md").symlink_to(tmp_path / "away" / "a.md")
    (tmp_path / "posts" / "loop").symlink_to(tmp_path / "posts")
    assert found(tmp_path / "posts", root=tmp_path) == ["posts/a.md", "posts/b.md"]


def test_a_folder_without_posts_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(PostError, match=r"empty holds no post; posts are files that end in \.md,"):
        list(post.find([tmp_path / "empty"]))


def test_nothing_given_nothing_found() -> None:
    assert list(post.find([])) == []


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PostError, match=r"the folder .* cannot be read: Permission denied"):
        list(post.find([tmp_path]))
