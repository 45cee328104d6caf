"""Voices from a mirror on loopback, which also misbehaves: whole or not at all."""

import json
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Workspace
from tests.speech import smallvoice
from tts_pipeline.errors import OutputError, ProfileError, VoiceError
from tts_pipeline.profile import voice as profile
from tts_pipeline.voice import install as voices
from tts_pipeline.voice.mirror import Mirror

from .loopback import Loopback, listed, serving

NAME = "en_US-small-medium"
ONNX = f"{NAME}.onnx"
BYTES = random.Random(1).randbytes(300_000)


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with serving() as mirror:
        mirror.offer(NAME, BYTES, b"{}")
        yield mirror


class Installing:
    """`voices install`, without the command line."""

    def __init__(self, folder: Path, loopback: Loopback) -> None:
        self.folder = folder
        self.loopback = loopback
        self.waited: list[float] = []
        self.gained = 0

    def __call__(self, name: str = NAME) -> Path:
        self.gained = 0
        with Mirror(self.loopback.url, sleep=self.waited.append, timeout=5) as mirror:
            offer = voices.catalogue(mirror).find(name)
            card = voices.card(mirror, offer)
            return voices.install(mirror, offer, card, self.folder, self._gain)

    def _gain(self, count: int) -> None:
        self.gained += count

    def there(self) -> set[str]:
        return {path.name for path in self.folder.glob("*")} if self.folder.exists() else set()


@pytest.fixture
def installing(tmp_path: Path, loopback: Loopback) -> Installing:
    return Installing(tmp_path / "voices", loopback)


WHOLE = {ONNX, f"{ONNX}.json", f"{NAME}.MODEL_CARD", f"{NAME}.toml"}


def test_a_voice_is_brought_with_all_that_it_needs(installing: Installing) -> None:
    path = installing()
    assert installing.there() == WHOLE
    assert (installing.folder / ONNX).read_bytes() == BYTES
    assert installing.gained == len(BYTES)
    given = profile.load(path)
    assert given.voice.engine == "piper"
    assert given.voice.language == "en-us"
    assert given.voice.lexicon == [str(profile.shipped() / "lexicons" / "en.tsv")]
    assert given.engine == {"model": ONNX}
    assert "licence: CC0[31m\n" in path.read_text()  # nothing that could steer a terminal


def test_what_is_there_is_not_fetched_again_and_a_changed_voice_is_left_alone(
    installing: Installing,
) -> None:
    path = installing()
    path.write_text("# mine\n" + path.read_text())
    installing()
    assert path.read_text().startswith("# mine\n")
    assert installing.loopback.asked_of(ONNX) == [None]
    assert installing.gained == len(BYTES)


def test_a_connection_that_is_cut_goes_on_where_it_stopped(installing: Installing) -> None:
    installing.loopback.faults.plan(ONNX, 100_000, 70_000, 0)
    installing()
    assert (installing.folder / ONNX).read_bytes() == BYTES
    assert installing.gained == len(BYTES)
    asked = installing.loopback.asked_of(ONNX)
    assert asked[0] is None
    starts = [int(part.removeprefix("bytes=").rstrip("-")) for part in asked[1:] if part]
    assert len(starts) == 3
    assert 0 < starts[0] <= 100_000
    assert starts[0] < starts[1] == starts[2] <= 170_000


def test_another_run_goes_on_where_the_last_one_stopped(installing: Installing) -> None:
    installing.loopback.faults.plan(ONNX, 100_000, 0, 0, 0, 0)
    with pytest.raises(VoiceError, match="goes on from where it stopped"):
        installing()
    [part] = installing.there()
    assert part.endswith(".part")
    held = (installing.folder / part).stat().st_size
    assert BYTES.startswith((installing.folder / part).read_bytes())
    installing.loopback.asked.clear()
    installing.loopback.faults.plan(ONNX)
    installing()
    assert installing.loopback.asked_of(ONNX) == [f"bytes={held}-"]
    assert installing.there() == WHOLE
    assert installing.gained == len(BYTES)


def test_a_server_that_cannot_resume_is_read_from_the_start(installing: Installing) -> None:
    installing.loopback.faults.plan(ONNX, 100_000, "ignore range")
    installing()
    assert (installing.folder / ONNX).read_bytes() == BYTES
    assert installing.gained == len(BYTES)


def test_what_is_left_of_something_else_is_thrown_away(installing: Installing) -> None:
    installing.loopback.faults.plan(ONNX, 100_000, 0, 0, 0, 0)
    with pytest.raises(VoiceError):
        installing()
    [part] = installing.folder.glob(".*")
    part.write_bytes(bytes(part.stat().st_size))
    installing.loopback.faults.plan(ONNX)
    installing()
    assert (installing.folder / ONNX).read_bytes() == BYTES
    assert installing.there() == WHOLE
    assert installing.gained == len(BYTES)


@pytest.mark.parametrize(
    ("ending", "fault", "words"),
    [
        (ONNX, "zeros", "checksum is not the one"),
        (f"{ONNX}.json", "zeros", "checksum is not the one"),
        ("MODEL_CARD", "zeros", "checksum is not the one"),
        (ONNX, "longer", "longer than the 300,000 bytes"),
        ("MODEL_CARD", "longer", "is longer than"),
        (ONNX, ("status", 404, {}), "the server answers 404"),
        ("voices.json", ("status", 404, {}), "voices.json cannot be fetched: the server answers"),
        ("voices.json", "zeros", "is not a catalogue of Piper voices"),
        ("voices.json", ("status", 302, {"Location": "/collection/voices.json"}), None),
        ("voices.json", ("status", 302, {"Location": "http://[x"}), None),
    ],
)
def test_what_is_not_what_it_should_be_leaves_no_voice(
    installing: Installing, ending: str, fault: Any, words: str | None
) -> None:
    installing.loopback.faults.plan(ending, fault)
    if words is None:
        installing()
        return
    with pytest.raises(VoiceError, match=words):
        installing()
    assert f"{NAME}.toml" not in installing.there()
    assert not installing.waited
    installing()
    assert (installing.folder / ONNX).read_bytes() == BYTES


def test_another_part_than_was_asked_for_is_refused(installing: Installing) -> None:
    installing.loopback.faults.plan(ONNX, 100_000, "another part")
    with pytest.raises(VoiceError, match="another part"):
        installing()
    assert ONNX not in installing.there()


@pytest.mark.parametrize("told", ["9999", "9" * 5000, "Thu, 31 Dec 2099 23:59:59 GMT"])
def test_a_busy_server_is_asked_again_when_it_says(installing: Installing, told: str) -> None:
    busy = ("status", 503, {"Retry_After": "9"})
    later = ("status", 429, {"Retry_After": told})
    installing.loopback.faults.plan("voices.json", ("status", 500, {}), busy, later)
    installing()
    assert installing.waited == [1, 9, 60]


def test_a_broken_server_is_given_up_on(installing: Installing) -> None:
    installing.loopback.faults.plan("voices.json", *[("status", 500, {})] * 9)
    with pytest.raises(VoiceError, match=r"the server answers 500\. It was tried 4 times"):
        installing()
    assert installing.waited == [1, 2, 4]


def test_no_server_is_told(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with Mirror(url, sleep=lambda _: None) as mirror, pytest.raises(VoiceError, match=url):
            voices.catalogue(mirror)


def test_a_silent_server_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with (
            Mirror(url, sleep=lambda _: None, timeout=0.05) as mirror,
            pytest.raises(VoiceError, match="tried 4 times"),
        ):
            voices.catalogue(mirror)


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org", "example.org/voices", "http://", "file:///x"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ProfileError, match="is not the address of a collection"):
        Mirror(url)


def test_an_unknown_name_names_those_that_are_near(installing: Installing) -> None:
    with pytest.raises(ProfileError, match=f"did you mean {NAME}?"):
        installing("en-us-small-medium")
    with pytest.raises(ProfileError, match="voices install --list"):
        installing("xyz")
    assert installing.there() == set()


def test_an_alias_finds_its_voice(installing: Installing) -> None:
    installing.loopback.catalogue[NAME]["aliases"] = ["en-us-small"]
    assert installing("en-us-small").name == f"{NAME}.toml"


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/evil", "..", "evil.toml", "a/b", "", "a\nb", "a\\b", "x" * 200]
)
def test_a_name_that_could_be_a_path_is_refused(installing: Installing, name: str) -> None:
    catalogue = installing.loopback.catalogue
    catalogue[name] = catalogue[NAME]
    with pytest.raises(VoiceError, match="its name could not be that of a file"):
        installing(name)
    assert installing.there() == set()


@pytest.mark.parametrize(
    "path",
    [
        "../../../secret.onnx", "/etc/x.onnx", "en//x.onnx", "en/../x.onnx", "C:\\x.onnx",
        "http://evil.example/x.onnx", "en/x.onnx?y=.onnx", "en/\x1b.onnx", ".onnx",
    ],
)  # fmt: skip
def test_a_file_outside_the_collection_is_refused(installing: Installing, path: str) -> None:
    entry = installing.loopback.catalogue[NAME]
    described = next(file for file in entry["files"] if file.endswith(".json"))
    entry["files"] = {path: listed(BYTES), described: entry["files"][described]}
    with pytest.raises(VoiceError, match="would lie outside the collection"):
        installing()
    assert installing.loopback.asked_of("onnx") == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"size_bytes": 0}, "cannot have 0 bytes"),
        ({"size_bytes": -1}, "cannot have -1 bytes"),
        ({"size_bytes": 10**15}, "cannot have 1000000000000000 bytes"),
        ({"size_bytes": "many"}, "its entry is incomplete"),
        ({"md5_digest": ""}, "has no checksum"),
    ],
)
def test_sizes_and_checksums_must_make_sense(
    installing: Installing, changed: dict[str, Any], words: str
) -> None:
    for file in installing.loopback.catalogue[NAME]["files"].values():
        file.update(changed)
    with pytest.raises(VoiceError, match=words):
        installing()


def test_a_disk_that_is_full_is_told_before_the_download(
    loopback: Loopback, small_disk: Callable[[int], str]
) -> None:
    installing = Installing(Path(small_disk(200_000)), loopback)
    with pytest.raises(OutputError, match="MB left, and the voice needs 10"):
        installing()
    assert loopback.asked_of(ONNX) == []


def test_a_disk_that_fills_up_leaves_no_voice(
    loopback: Loopback, small_disk: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "_SPARE", -1_000_000)
    installing = Installing(Path(small_disk(200_000)), loopback)
    with pytest.raises(OutputError, match=r"small-medium.onnx cannot be written: No space left"):
        installing()
    assert all(name.endswith(".part") for name in installing.there())


def test_a_folder_that_is_a_file_is_told(installing: Installing) -> None:
    installing.folder.write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        installing()


def test_installed_speaks(workspace: Workspace) -> None:
    model = smallvoice.make(workspace.root / "made")
    with serving() as mirror:
        mirror.offer(NAME, model.read_bytes(), Path(f"{model}.json").read_bytes())
        done = workspace.run("voices", "install", NAME, TTS_PIPELINE_VOICES_URL=mirror.url)
        again = json.loads(
            workspace.run("voices", "install", NAME, "--json", "--from", mirror.url).stdout
        )
        workspace.run("voices", "install", NAME, "--from", mirror.url, "--to", "voices")
    assert "licence: CC0" in done.stdout
    assert f'voice = "{NAME}"' in done.stdout
    assert done.stderr == ""  # a bar is for terminals
    assert again["path"] == str(workspace.root / "data/tts-pipeline/voices" / f"{NAME}.toml")
    near = workspace.root / "voices" / f"{NAME}.toml"
    lines = workspace.run("voices").stdout.splitlines()
    assert f"{NAME} piper      en-us    {near}" in lines
    near.unlink()
    assert f"{NAME} piper      en-us    {again['path']}" in workspace.run("voices").stdout
    workspace.show(voice=NAME)
    workspace.post("one.md", "# One\n\nSome words here.\n")
    [made] = workspace.episode("posts")["episodes"]
    assert made["status"] == "made"


def test_a_kill_leaves_no_voice_and_the_next_run_goes_on(
    workspace: Workspace, loopback: Loopback
) -> None:
    folder = workspace.root / "voices"
    command = ("voices", "install", NAME, "--from", loopback.url, "--to", str(folder))
    loopback.faults.plan(ONNX, -200_000)
    with subprocess.Popen([sys.executable, "-m", "tts_pipeline", *command]) as process:
        deadline = time.monotonic() + 60
        while not (held := [path.stat().st_size for path in folder.glob(".*.part")]) or not held[0]:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
    loopback.released.set()
    assert {path.name for path in folder.glob("[!.]*")} == {"tone.toml"}
    workspace.run(*command)
    assert (folder / ONNX).read_bytes() == BYTES
    [first, second] = loopback.asked_of(ONNX)
    assert first is None
    assert second is not None


def test_the_list_is_by_language_or_by_name(loopback: Loopback) -> None:
    loopback.offer("en_US-choir-low", BYTES, b"{}", num_speakers=9)
    german = {"code": "de_DE", "name_english": "German", "country_english": "Germany"}
    loopback.offer("de_DE-klein-low", BYTES, b"{}", language=german)
    loopback.catalogue["../evil"] = loopback.catalogue[NAME]
    loopback.catalogue["en_US-broken-low"] = {}
    with Mirror(loopback.url) as mirror:
        collection = voices.catalogue(mirror)

    def names(prefix: str = "") -> list[str]:
        return [offer.name for offer in collection.offers(prefix)]

    assert names() == ["de_DE-klein-low", "en_US-choir-low", NAME]
    assert names("en-us") == names("English") == names("en_US") == ["en_US-choir-low", NAME]
    assert names("german") == names("de") == ["de_DE-klein-low"]
    assert names("xx") == []


def test_the_list_is_for_people_and_for_scripts(workspace: Workspace) -> None:
    with serving() as mirror:
        mirror.offer("en_US-choir-low", BYTES, b"{}", num_speakers=9)
        where = ("--from", mirror.url)
        lines = workspace.run("voices", "install", "--list", "en", *where).stdout
        as_json = workspace.run("voices", "install", "--list", "--json", *where).stdout
        unknown = workspace.run("voices", "install", "x", *where, check=2).stderr
        mirror.faults.plan("voices.json", ("status", 403, {}))
        refused = workspace.run("voices", "install", "x", *where, check=1).stderr
    assert re.fullmatch(
        r"en_US-choir-low +0 MB  low     English, United States, 9 speakers\n", lines
    )
    [offer] = json.loads(as_json)
    assert (offer["name"], offer["language"], offer["speakers"]) == ("en_US-choir-low", "en-us", 9)
    assert "has no voice called 'x'" in unknown
    assert "answers 403" in refused
    assert "say which voice" in workspace.run("voices", "install", check=2).stderr
