"""What a person may write as a target, and what is refused."""

from pathlib import Path

import pytest

from tests.feed.making import show
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Publish
from tts_pipeline.publish.target import Target, parse, targets


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("web", Target("file", "/base/web", "/base/web")),
        ("/srv/web/", Target("file", "/srv/web", "/srv/web")),
        ("file:///srv/my%20web", Target("file", "/srv/my web", "/srv/my web")),
        ("s3://shows", Target("s3", "s3://shows", "shows")),
        ("s3://shows/a/b/", Target("s3", "s3://shows/a/b", "shows/a/b")),
        (
            "sftp://me@host.example:2222/srv/web",
            Target(
                "sftp", "sftp://me@host.example:2222/srv/web", "/srv/web", "host.example", 2222,
                "me",
            ),
        ),
        (
            "davs://me@host.example/a%20b/",
            Target(
                "dav", "davs://me@host.example/a%20b", "", "host.example", None, "me",
                "https://host.example/a%20b",
            ),
        ),
        (
            "dav://127.0.0.1:8080",
            Target(
                "dav", "dav://127.0.0.1:8080", "", "127.0.0.1", 8080, None,
                "http://127.0.0.1:8080",
            ),
        ),
    ],
)  # fmt: skip
def test_targets(written: str, target: Target) -> None:
    assert parse(written, Path("/base")) == target


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("sftp://me:secret@host.example/web", "holds a password"),
        ("davs://me:@host.example/web", "holds a password"),
        ("s3://id:secret@shows", "holds a password"),
        ("s3://id@shows", "names a user"),
        ("s3:///shows", "names no host or bucket"),
        ("sftp://host.example", "names no folder"),
        ("sftp://host.example/a/../../etc", "leads upwards"),
        ("sftp://host.example:port/a", "not an address"),
        ("davs://host.example/web?x=1", "goes on after its path"),
        ("ftp://host.example/web", "of no kind that is known"),
        ("https://host.example/web", "of no kind that is known"),
    ],
)
def test_what_is_refused_is_told_and_no_secret_repeated(written: str, says: str) -> None:
    with pytest.raises(ProfileError, match=says) as raised:
        parse(written, Path("/base"))
    assert "secret" not in str(raised.value)


def test_shows_are_grouped_by_target_and_an_option_overrules_their_files() -> None:
    one, two = show(name="one", publish=Publish(to="web")), show(name="two", root="/base")
    two_at_web = show(name="two", publish=Publish(to="/web"))
    assert targets([one, two_at_web]) == [(Target("file", "/web", "/web"), [one, two_at_web])]
    with pytest.raises(ProfileError, match=r"'two' does not say where.*--to"):
        targets([one, two])
    [(target, both)] = targets([one, two], "s3://shows")
    assert (target.address, both) == ("s3://shows", [one, two])
