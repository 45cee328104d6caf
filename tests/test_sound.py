"""The programme as a listener gets it, decoded: its loudness, its peaks, its music, its joints."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.audio import sound
from tests.conftest import Workspace
from tts_pipeline.audio import level, loudness

RATE = 22050
POSTS = Path(__file__).parents[1] / "examples" / "posts"
FLITE = """
engine = "command"
[engine]
argv = ["flite", "-voice", "{voice}", "-f", "{{file}}", "-o", "{{out}}"]
rate = 16000
"""
VOICES = {
    "us": 'engine = "pyttsx3"',
    "slow": 'engine = "pyttsx3"\n[engine]\nrate = 120\nvoice = "en-us+f3"',
    "fast": 'engine = "pyttsx3"\n[engine]\nrate = 320',
    "whisper": 'engine = "pyttsx3"\n[engine]\nvoice = "en-us+whisper"',
    "slt": FLITE.replace("{voice}", "slt").replace("{{", "{").replace("}}", "}"),
    "rms": FLITE.replace("{voice}", "rms").replace("{{", "{").replace("}}", "}"),
    "tone": 'engine = "tone"',
}
MUSIC = 'music = "tune.flac"\noutro_music = "tune.flac"\nsting = "sting.ogg"'


def make(workspace: Workspace, voice: str, episode: str = "", tail: str = "") -> None:
    if "flite" in VOICES[voice] and not shutil.which("flite"):
        pytest.skip("needs flite")
    for name, table in VOICES.items():
        (workspace.root / "voices" / f"{name}.toml").write_text(f"[voice]\n{table}\n")
    time = np.arange(40 * 44100) / 44100
    chord = sum(np.sin(2 * np.pi * hz * time) for hz in (196.0, 247.0, 294.0))
    tune = 0.1 * chord * (1 + 0.5 * np.sin(2 * np.pi * 1.7 * time))
    soundfile.write(workspace.root / "feeds/tune.flac", np.stack([tune, tune], 1), 44100)
    ding = np.exp(-4 * time[:66150]) * np.sin(2 * np.pi * 880 * time[:66150])
    soundfile.write(workspace.root / "feeds/sting.ogg", 0.5 * ding, 44100)
    path = workspace.show(voice=voice, episode=episode)
    path.write_text(path.read_text() + tail)


def heard(workspace: Workspace) -> tuple[dict[str, Any], bytes]:
    [record] = workspace.records()
    return record, sound.decode((record["folder"] / record["audio"]).read_bytes(), RATE)


@pytest.mark.parametrize("music", ["", MUSIC], ids=["bare", "music"])
@pytest.mark.parametrize("voice", VOICES)
def test_loudness_and_true_peak_of_every_engine(
    workspace: Workspace, voice: str, music: str
) -> None:
    make(workspace, voice, music)
    workspace.post("one.md", (POSTS / "why-read-aloud.md").read_text())
    workspace.episode("posts")
    record, pcm = heard(workspace)
    assert len(pcm) // 2 == record["samples"]
    assert loudness.integrated(pcm, RATE) == pytest.approx(-16, abs=0.5)
    assert loudness.true_peak(pcm, RATE) <= -1


def test_a_short_episode_that_is_half_music(workspace: Workspace) -> None:
    make(workspace, "us", MUSIC)
    workspace.post("one.md", "# Brief\n\nThis is all that there is to say about it today.\n")
    workspace.episode("posts")
    record, pcm = heard(workspace)
    assert record["duration_ms"] < 40_000
    assert loudness.integrated(pcm, RATE) == pytest.approx(-16, abs=1)
    assert loudness.true_peak(pcm, RATE) <= -1


def test_voices_of_several_engines_in_one_episode(workspace: Workspace) -> None:
    tail = '[reading]\nquotes = "voice"\n[voices]\nquote = "slt"\nspeakers = ["fast", "slow"]\n'
    make(workspace, "us", MUSIC, tail.replace("slt", "slt" if shutil.which("flite") else "slow"))
    lines = [f"**Ann:** {LINE}\n\n**Ben:** {LINE}" for _ in range(2)]
    workspace.post("one.md", "# Talk\n\n" + LINE + "\n\n> " + LINE + "\n\n" + "\n\n".join(lines))
    workspace.episode("posts")
    record, pcm = heard(workspace)
    assert len({segment["voice"] for segment in record["segments"]}) >= 2
    assert loudness.integrated(pcm, RATE) == pytest.approx(-16, abs=0.5)
    assert loudness.true_peak(pcm, RATE) <= -1


LINE = (
    "The committee met by the harbour and agreed on very little. We walked along the river "
    "afterwards, and somebody remembered a song about the ferry."
)


def test_music_lies_where_the_timing_says(workspace: Workspace) -> None:
    make(workspace, "tone", MUSIC)
    workspace.post("one.md", "# One\n\nWords.\n\n## Two\n\nMore words.\n\n## Three\n\nThe end.\n")
    workspace.episode("posts")
    record, pcm = heard(workspace)
    timing = workspace.timing()
    chapters = record["chapters"]
    assert [sting["start"] for sting in timing["stings"]] == [c["start"] for c in chapters[1:]]
    assert all(sting["start"] % 576 == sting["samples"] % 576 == 0 for sting in timing["stings"])
    under = [passage["music"] for passage in timing["passages"]]
    assert under[0] == under[-1] is not None
    assert set(under[1:-1]) == {None}
    assert {sting["music"] for sting in timing["stings"]} != {under[0]}
    samples = sound.signal(pcm)
    first, *others = (samples[s["start"] : s["start"] + s["samples"]] for s in timing["stings"])
    assert sound.rms_db(first) > -40
    assert all(sound.alike(first, other) > 0.99 for other in others)
    # Its own words follow each sting, after a breath.
    for sting in timing["stings"]:
        follows = min(s["start"] for s in record["segments"] if s["start"] >= sting["start"])
        assert 0.3 * RATE < follows - sting["start"] - 1.5 * RATE < 0.5 * RATE
    last = record["segments"][-1]["end"]
    assert 5 * RATE < record["samples"] - last < 8 * RATE
    assert sound.rms_db(samples[last + RATE : last + 2 * RATE]) > -22


def test_other_music_makes_another_episode_and_the_same_none(workspace: Workspace) -> None:
    make(workspace, "tone", MUSIC)
    workspace.post("one.md", "# One\n\nWords.\n")
    workspace.episode("posts")
    assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"
    soundfile.write(workspace.root / "feeds/sting.ogg", sound.sine(500, -9, 1, 44100), 44100)
    assert workspace.episode("posts")["episodes"][0]["status"] == "made"
    shutil.rmtree(workspace.cache)
    assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"


def test_a_sting_that_is_too_long_is_told_before_anything_is_spoken(workspace: Workspace) -> None:
    make(workspace, "tone", 'sting = "tune.flac"')
    workspace.post("one.md", "# One\n\nWords.\n")
    told = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2).stderr
    assert "lasts 40 s" in told
    assert not workspace.records()


def test_an_engine_that_clips_is_in_the_report(workspace: Workspace) -> None:
    """A program that gives sound cut off at full scale, for one sentence."""
    program = workspace.root / "loud.py"
    program.write_text(LOUD)
    (workspace.root / "voices" / "loud.toml").write_text(
        f'[voice]\nengine = "command"\n[engine]\nargv = ["python3", "{program}"]\n'
        'rate = 22050\nformat = "pcm"\n'
    )
    workspace.show(voice="loud")
    workspace.post("one.md", "# One\n\nSoft words. LOUD words. Soft words.\n")
    done = workspace.run("episode", "posts", "--show", "feeds/show.toml")
    assert "the engine itself clipped in 1 of" in done.stderr
    [path] = workspace.out.glob("episodes/*/report.json")
    [clipped] = json.loads(path.read_text())["clipped"]
    assert clipped["written"] == "LOUD words."
    assert clipped["times"] > 100
    record, _ = heard(workspace)
    assert record["segments"][clipped["segment"]]["start_ms"] == clipped["start_ms"]


LOUD = """
import array, math, sys
text = sys.stdin.read()
level = 60000 if "LOUD" in text else 8000
wave = (level * math.sin(i / 9) * abs(math.sin(i / 3000)) for i in range(2000 * len(text)))
whole = array.array("h", (max(-32768, min(32767, round(x))) for x in wave))
sys.stdout.buffer.write(whole.tobytes())
"""


@pytest.mark.parametrize("voice", ["us", "rms"])
def test_no_joint_clicks(workspace: Workspace, voice: str) -> None:
    """A click is a jump: the second difference at the joints against that within the speech."""
    make(workspace, voice)
    workspace.post("one.md", (POSTS / "why-read-aloud.md").read_text())
    workspace.episode("posts")
    record, pcm = heard(workspace)
    bend = np.abs(np.diff(sound.signal(pcm), 2))
    spoken = np.zeros(bend.size, bool)
    joints = []
    for segment in record["segments"]:
        spoken[segment["start"] + 500 : segment["end"] - 500] = True
        joints += [
            bend[at - 60 : at + 60].max() for at in (max(60, segment["start"]), segment["end"] - 10)
        ]
    usual = np.percentile(bend[spoken], 99.9)
    assert np.percentile(joints, 90) < 0.5 * usual
    assert max(joints) < usual


def test_the_limiter_bends_no_more_at_an_edge_than_inside() -> None:
    """The same peak in the middle of a passage and at its very end: the gain moves as smoothly."""
    tone = 0.4 * sound.sine(150, 0, 0.5, RATE)
    bends = []
    for at in (RATE // 4, tone.size - 40):
        loud = tone.copy()
        loud[at - 30 : at + 30] *= 1 + 1.2 * np.hanning(60)
        limited = sound.signal(level.apply_gain(sound.pcm(loud), 3.0, RATE))
        plain = np.clip(10 ** (3 / 20) * loud, -1, 1)
        bends.append(np.abs(np.diff(limited, 2)).max() / np.abs(np.diff(plain, 2)).max())
    assert max(bends) < 1.2
