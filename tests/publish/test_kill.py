"""Killed with SIGKILL at any moment, no feed that is there names what is not."""

import random
from pathlib import Path

from tests.publish.conftest import Place
from tests.publish.killing import killer
from tests.publish.making import Library, see_whole
from tts_pipeline.publish.contents import Phase, contents

KILLS = {"file": 20, "s3": 6, "sftp": 6, "dav": 6}
EPISODES = 4


def test_at_every_moment_the_published_feed_names_only_complete_files(
    place: Place, tmp_path: Path
) -> None:
    """And whatever happened before, the run that is left alone sends what is missing, no more."""
    library = Library(tmp_path / "library", size=150_000)
    chance = random.Random(5)
    version = kills = 0
    again = False

    def there(name: str) -> bool:
        return place.read(name) == (library.out / name).read_bytes()

    with killer() as running:

        def change() -> None:
            nonlocal version
            version += 1
            library.episodes(EPISODES, version)
            library.feed()

        change()
        _, whole = running.publish(library.out, place.to, place.endpoint)
        assert see_whole(place.read, library.show) == EPISODES
        while kills < KILLS[place.kind]:
            if not again:
                change()
            moment = whole * chance.random()
            killed, _ = running.publish(library.out, place.to, place.endpoint, seconds=moment)
            assert see_whole(place.read, library.show) == EPISODES
            kills += killed
            # Some are killed again before they get through with the same episodes.
            again = killed and chance.random() < 0.5

        # The last two in a row are killed when some of the sounds have gone.
        change()
        for _ in range(2):
            running.publish(library.out, place.to, place.endpoint, files=1)

    wanted = contents(library.show, library.out).files
    missing = {name for name in wanted if not there(name)}
    assert len(wanted) - len(missing) >= 2
    sent = library.publish(place.to, endpoint=place.endpoint)
    assert sent.findings == ()
    assert missing <= {*sent.sent}
    # Where only sizes can be seen, a page that was replaced by one of its size goes once more.
    repeated = {*sent.sent} - missing
    assert not repeated or place.kind in ("sftp", "dav")
    assert not {name for name in repeated if wanted[name] is Phase.MEDIA}
    assert see_whole(place.read, library.show) == EPISODES
    assert not [name for name in place.names() if "/." in name]
    assert library.publish(place.to, endpoint=place.endpoint).sent == ()
