"""Words in episodes of every kind: music, other rates, several voices, voices that cannot be had."""

import shutil
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tts_pipeline import pipeline, profiles
from tts_pipeline.check import episode
from tts_pipeline.check.checked import Checked
from tts_pipeline.check.fates import Fate, findings
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Episode, Role, SegmentRecord, Voice

from ..conftest import Workspace
from .planting import Copy

JINGLE = Path(__file__).parents[2] / "feeds" / "jingle.wav"
POST = "# One\n\nShe wrote this to me.\n\n> The river is high.\n\nI went.\n\n## Two\n\nIt was.\n"


def checked(workspace: Workspace, *, music: bool = False) -> Checked:
    show = profiles.load_show(workspace.root / "feeds" / "show.toml")
    [path] = workspace.out.glob("episodes/*/*.mp3")
    tunes = pipeline.assets(show, workspace.cache).music if music else {}
    return episode.check(
        path, episode.Speaking(lambda name: profiles.load_voice(name, show), tunes, 2)
    )


@pytest.mark.parametrize(
    "audio",
    ['preset = "directory"', "vbr = 4\nchannels = 2\nrate = 16000", "rate = 44100\nbitrate = 32"],
)
def test_music_two_voices_and_other_formats(
    make_workspace: Callable[[], Workspace], audio: str
) -> None:
    workspace = make_workspace()
    (workspace.root / "voices" / "other.toml").write_text(
        '[voice]\nengine = "pyttsx3"\n[engine]\nvoice = "en-us+f3"\nrate = 140\n'
    )
    shutil.copy(JINGLE, workspace.root / "feeds")
    path = workspace.show(voice="default", episode='music = "jingle.wav"\nsting = "ding.wav"')
    with wave.open(str(path.with_name("ding.wav")), "wb") as ding:
        ding.setparams((1, 2, 8000, 0, "NONE", ""))
        ding.writeframes(b"\x00\x10\x00\xf0" * 1600)
    quotes = '[reading]\nquotes = "voice"\n[voices]\nquote = "other"\n'
    path.write_text(f"{path.read_text()}{quotes}[audio]\n{audio}\n")
    workspace.post("one.md", POST)
    workspace.episode("posts")
    for music in (True, False):
        found = checked(workspace, music=music)
        # So little speech is not always at its loudness.
        wrong = [f for f in found.findings if f.rule != "sound.loudness"]
        assert wrong == []
        assert found.words_checked == found.segments
    assert found.lufs == pytest.approx(-16, abs=1.5)


def test_a_wrong_word_is_found_at_a_low_bit_rate(make_workspace: Callable[[], Workspace]) -> None:
    workspace = make_workspace()
    path = workspace.show(voice="default")
    path.write_text(f"{path.read_text()}[audio]\nrate = 44100\nbitrate = 32\n")
    workspace.post("one.md", POST)
    workspace.episode("posts")
    [record] = workspace.out.glob("episodes/*/episode.json")
    copy = Copy(record.parent)
    for segment in copy.record["segments"]:
        segment["spoken"] = segment["spoken"].replace("river", "liver")
    copy.write()
    [missing] = copy.messages("words.missing", words=True)
    assert "The river is high" in missing


def test_a_voice_that_is_not_there_is_said(copy: Copy) -> None:
    def gone(name: str) -> Voice:
        raise ProfileError(f"there is no voice called {name!r}")

    found = episode.check(copy.path, episode.Speaking(gone))
    assert found.right
    assert found.words_checked == 0
    assert found.words_unchecked == "there is no voice called 'default'"


def test_a_voice_that_has_changed_since_is_said(copy: Copy) -> None:
    def higher(name: str) -> Voice:
        return Voice(name, "pyttsx3", "en-us", {"voice": "en-us", "rate": 175, "pitch": 90})

    found = episode.check(copy.path, episode.Speaking(higher))
    assert found.right
    assert found.words_checked == 0
    assert "has changed since the episode was made" in (found.words_unchecked or "")


def test_an_engine_that_never_says_the_same_twice_is_not_judged(copy: Copy) -> None:
    options = {"argv": [sys.executable, "-c", ""], "rate": 22050, "deterministic": False}

    def moody(name: str) -> Voice:
        return Voice(name, "command", "en-us", options)

    found = episode.check(copy.path, episode.Speaking(moody))
    assert found.right
    assert "never says the same twice" in (found.words_unchecked or "")


def _with(record: Episode, starts: list[int]) -> Episode:
    segments = tuple(
        SegmentRecord("word", "word", at, at + 90, at, at + 90, 0, 0, "default", Role.TEXT)
        for at in starts
    )
    return msgspec.structs.replace(record, sample_rate=1000, samples=5000, segments=segments)


@pytest.mark.parametrize(
    ("shifts", "rules"),
    [
        ([0, 0, 0, 0], []),
        ([0, None, -100, -100], ["words.missing", "words.place"]),
        ([0, 100, -100, 0], ["words.order", "words.order"]),
        ([0, 200, 0, 0], ["words.order"]),
        ([100, 100, 100, 100], ["words.place"]),
        ([0, None, None, 0], ["words.missing"]),
    ],
)
def test_fates_are_told_run_by_run(copy: Copy, shifts: list[int | None], rules: list[str]) -> None:
    fates = [Fate(number, shift) for number, shift in enumerate(shifts)]
    told = list(findings(fates, _with(copy.episode(), [0, 100, 200, 300])))
    assert [finding.rule for finding in told] == rules
