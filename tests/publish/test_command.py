"""`tts-pipeline publish` as a person and a script use it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Workspace
from tests.feed.making import NOW
from tests.publish import making
from tests.publish.making import Library
from tts_pipeline.publish import publish, targets

POST = (
    "---\ntitle: {title}\nauthor: {author}\ndate: 2026-04-0{day}\n---\n\nSome words by {author}.\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two episodes by two authors, with pages and a feed, made once."""
    root = tmp_path_factory.mktemp("made")
    workspace = Workspace(root)
    for day, author in enumerate(("Ada Example", "Bob Example"), 1):
        title = f"Post {day}"
        workspace.post(f"{day}.md", POST.format(title=title, author=author, day=day))
    workspace.episode("posts")
    _make(workspace)
    return root


def _make(workspace: Workspace) -> None:
    workspace.run("site", "feeds/show.toml")
    workspace.run("feed", "feeds/show.toml")


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(made, tmp_path / "work")
    found = Workspace.__new__(Workspace)
    found.root = tmp_path / "work"
    found.out, found.cache = found.root / "build", found.root / "cache"
    return found


def _publish(workspace: Workspace, *more: str, check: int = 0) -> dict[str, Any]:
    done = workspace.run(
        "publish", "feeds/show.toml", "--to", "../web", "--no-verify", "--json", *more, check=check
    )
    [published] = json.loads(done.stdout)["published"]
    found: dict[str, Any] = published
    return found


def test_a_person_sees_what_would_go_then_what_went(workspace: Workspace) -> None:
    arguments = ("publish", "feeds/show.toml", "--to", "../web", "--no-verify")
    web = workspace.root.parent / "web"
    dry = workspace.run(*arguments, "--dry-run").stdout.splitlines()
    assert dry[-2:-1] == ["send    feeds/show.xml"]
    assert "would be sent" in dry[-1]
    assert not web.exists()
    went = workspace.run(*arguments).stdout
    assert (
        went
        == f"{web}: {len(dry) - 1} files sent ({dry[-1].split('(')[1].split(')')[0]}), 0 unchanged\n"
    )
    assert {line.removeprefix("send    ") for line in dry[:-1]} == {
        path.relative_to(web).as_posix() for path in web.rglob("*") if path.is_file()
    }
    assert workspace.run(*arguments).stdout == (
        f"{web}: 0 files sent (0 bytes), {len(dry) - 1} unchanged\n"
    )
    for path in web.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (workspace.out / path.relative_to(web)).read_bytes()


def test_what_cannot_be_published_ends_in_1_and_what_is_wrong_in_2(workspace: Workspace) -> None:
    no_target = workspace.run("publish", "feeds/show.toml", check=2)
    assert "does not say where it is published; give --to" in no_target.stderr
    secret = workspace.run(
        "publish", "feeds/show.toml", "--to", "sftp://me:hush@host.example/web", check=2
    )
    assert "holds a password" in secret.stderr
    assert "hush" not in secret.stderr
    show = workspace.root / "feeds" / "show.toml"
    text = show.read_text()
    show.write_text(text + '[publish]\nto = "davs://me:hush@host.example/web"\n')
    refused = workspace.run("publish", "feeds/show.toml", check=2)
    assert f"line {text.count(chr(10)) + 2}: `publish.to` holds a password" in refused.stderr
    assert "WEBDAV_PASSWORD" in secret.stderr
    assert "WEBDAV_PASSWORD" in refused.stderr
    assert "hush" not in refused.stderr
    show.write_text(text)
    [sound, _] = sorted(workspace.out.glob("episodes/*/*.mp3"))
    sound.unlink()
    failed = _publish(workspace, check=1)
    assert [finding["rule"] for finding in failed["findings"]] == ["publish.contents"]


def test_the_show_says_where(workspace: Workspace) -> None:
    show = workspace.root / "feeds" / "show.toml"
    show.write_text(show.read_text() + '[publish]\nto = "../web"\n')
    workspace.run("publish", "feeds/show.toml", "--no-verify")
    assert (workspace.root.parent / "web" / "feeds" / "show.xml").is_file()


def test_who_opts_out_is_gone_from_the_feed_at_once_and_from_the_target_by_prune(
    workspace: Workspace,
) -> None:
    first = _publish(workspace)
    show = workspace.root / "feeds" / "show.toml"
    show.write_text(show.read_text() + '[select]\nremoved_authors = ["Ada Example"]\n')
    _make(workspace)
    web = workspace.root.parent / "web"
    without = _publish(workspace)
    assert without["deleted"] == []
    assert without["superfluous"] > 0
    for page in ("feeds/show.xml", "show/index.html", "show/search.json", "index.html"):
        assert b"Ada Example" not in (web / page).read_bytes()
    dry = _publish(workspace, "--prune", "--dry-run")
    pruned = _publish(workspace, "--prune")
    assert pruned["deleted"] == dry["deleted"]
    [folder] = {name.split("/")[1] for name in pruned["deleted"]}
    assert sorted(pruned["deleted"]) == sorted(
        name for name in first["sent"] if name.startswith(f"episodes/{folder}/")
    )
    assert not list(web.glob(f"episodes/{folder}/*"))
    assert len(list(web.glob("episodes/*/*.mp3"))) == 1
    assert _publish(workspace, "--prune")["deleted"] == []


def test_of_two_shows_each_publishes_its_own_and_prunes_its_own(tmp_path: Path) -> None:
    """Both stand in one output directory and go to one target."""
    one = Library(tmp_path / "library")
    two = Library(tmp_path / "library", name="two")
    one.episodes(2)
    one.feed()
    two.episode("other", show="two")
    two.feed()
    first = one.publish()
    assert not [name for name in first.sent if "two" in name or "other" in name]
    second = two.publish()
    assert {name for name in second.sent if name.startswith("episodes/")} == {
        name for name in second.sent if name.startswith("episodes/other/")
    }
    for name in second.sent:
        if not name.startswith("feeds/"):
            (two.out / name).unlink()
    late = one.publish(prune=True, now=NOW.replace(year=2040))
    assert late.deleted == ()
    assert making.see_whole(making.folder(two.target), two.show) == 1


def test_a_show_that_cannot_be_published_loses_nothing_by_prune(tmp_path: Path) -> None:
    """Even where the ledger was lost, so that nothing says what is whose."""
    one = Library(tmp_path / "library")
    two = Library(tmp_path / "library", name="two")
    one.episodes(2)
    two.episode("other", show="two")
    for each in (one, two):
        each.feed()
        each.publish()
    one.ledger().unlink()
    [sound] = two.out.glob("episodes/other/*.mp3")
    sound.write_bytes(sound.read_bytes()[::-1])
    late = NOW.replace(year=2040)
    [(target, both)] = targets([one.show, two.show], str(one.target))
    done = publish(one.out, both, target, now=late, agent="test", verify=False, prune=True)
    assert [finding.where for finding in done.findings] == ["two"]
    assert (done.sent, done.deleted) == ((), ())
    # What the ledger forgot of the other show is asked for when that is published again.
    sound.write_bytes(sound.read_bytes()[::-1])
    assert two.publish(prune=True, now=late).sent == ()
    assert making.see_whole(making.folder(two.target), two.show) == 1
