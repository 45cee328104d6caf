"""A post goes in; what comes out is decoded and compared with a fresh synthesis."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import pytest
from mutagen.id3 import ID3
from numpy.typing import NDArray

from tts_pipeline.audio import frames, level, loudness, utterance
from tts_pipeline.check.heard import alike

from .conftest import Workspace

Samples = NDArray[np.int16]

POST = """---
title: The Harbour at Night
author: Field Notes
date: 2026-04-02
url: https://forum.example.org/posts/harbour
---
The lamps along the quay are lit one after the other. Nobody sees who does it, and nobody asks.

## Boats

Most of the boats are small, and they are older than the people who row them. In winter they lie
upside down on the shingle, like a row of sleeping animals.

## The ferry

The ferry leaves at dawn. It carries letters, bread and those who could not sleep; it comes back
with fish, newspapers and those who could not stay away.
"""


def decode(path: Path) -> Samples:
    """The MP3 as players that read the LAME tag hear it."""
    decoded = miniaudio.decode_file(
        str(path), miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=22050
    )
    return np.frombuffer(decoded.samples, "<i2")


def fresh(passages: list[list[tuple[str, float]]]) -> list[list[bytes]]:
    """The default voice's sound of each utterance, spoken apart from the program."""
    asked = {"engine": "pyttsx3", "options": {}, "passages": passages}
    done = subprocess.run(
        [sys.executable, "-m", "tests.fresh"],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
    )
    return [[base64.b64decode(pcm) for pcm in sounds] for sounds in json.loads(done.stdout)]


def agreement(record: dict[str, Any], sound: Samples, gain_db: float) -> list[float]:
    """For each segment, how well a fresh synthesis fits where the record says it lies."""
    grouped = [list(group) for _, group in groupby(record["segments"], key=lambda s: s["passage"])]
    scores = []
    for segments, sounds in zip(
        grouped,
        fresh([[(s["spoken"], s["timing"]["pace"]) for s in group] for group in grouped]),
        strict=True,
    ):
        # Clean, level and limit the passage as a whole, with the breaks that the record tells of.
        origin = segments[0]["start"]
        passage = np.zeros(segments[-1]["end"] - origin, "<i2")
        for segment, pcm in zip(segments, sounds, strict=True):
            at = segment["start"] - origin
            clean = utterance.clean(pcm, 22050)
            assert clean
            piece = np.frombuffer(clean.pcm, "<i2")[: len(passage) - at]
            passage[at : at + len(piece)] = piece
        levelled = np.frombuffer(level.apply_gain(passage.tobytes(), gain_db, 22050), "<i2")
        for segment in segments:
            start, end = segment["start"], segment["end"]
            scores.append(alike(sound[start:end], levelled[start - origin : end - origin]))
    return scores


@pytest.fixture(scope="module")
def made(make_workspace: Callable[[], Workspace]) -> Workspace:
    workspace = make_workspace()
    workspace.show(voice="default")
    workspace.post("harbour.md", POST)
    workspace.episode("posts")
    return workspace


@pytest.fixture(scope="module")
def record(made: Workspace) -> dict[str, Any]:
    return made.records()[0]


@pytest.fixture(scope="module")
def mp3(record: dict[str, Any]) -> Path:
    return Path(record["folder"] / record["audio"])


@pytest.fixture(scope="module")
def gain(made: Workspace) -> float:
    [path] = made.cache.glob("gains/*.txt")
    return float(path.read_text().split()[0])


def test_every_segment_is_where_the_record_says(
    record: dict[str, Any], mp3: Path, gain: float
) -> None:
    scores = agreement(record, decode(mp3), gain)
    assert len(scores) == len(record["segments"]) > 8
    assert min(scores) >= 0.99, scores


def test_a_dropped_word_would_be_noticed(record: dict[str, Any], mp3: Path, gain: float) -> None:
    segments = [dict(segment) for segment in record["segments"]]
    long = max(range(len(segments)), key=lambda i: len(segments[i]["spoken"]))
    segments[long]["spoken"] = segments[long]["spoken"].replace(" and ", " ", 1)
    scores = agreement({**record, "segments": segments}, decode(mp3), gain)
    assert scores[long] < 0.9


def test_swapped_segments_would_be_noticed(record: dict[str, Any], mp3: Path, gain: float) -> None:
    segments = [dict(segment) for segment in record["segments"]]
    one, two = segments[2], segments[3]
    one["spoken"], two["spoken"] = two["spoken"], one["spoken"]
    scores = agreement({**record, "segments": segments}, decode(mp3), gain)
    assert scores[2] < 0.9
    assert scores[3] < 0.9


def test_decoded_length_is_the_recorded_one_to_the_sample(
    record: dict[str, Any], mp3: Path
) -> None:
    assert len(decode(mp3)) == record["samples"]


def test_loudness_and_true_peak_of_the_decoded_file(mp3: Path) -> None:
    sound = decode(mp3).tobytes()
    assert loudness.integrated(sound, 22050) == pytest.approx(-16, abs=1)
    assert loudness.true_peak(sound, 22050) <= -1


def test_what_is_spoken_is_the_post_in_order(record: dict[str, Any]) -> None:
    text = [s["written"] for s in record["segments"] if s["role"] == "text"]
    body = POST.split("---\n", 2)[2].replace("## ", "")
    assert " ".join(text).split() == body.split()


def test_chapters_agree_in_the_record_and_in_the_tags(record: dict[str, Any], mp3: Path) -> None:
    titles = [chapter["title"] for chapter in record["chapters"]]
    assert titles == ["Test Show", "The Harbour at Night", "Boats", "The ferry"]
    tagged = sorted(ID3(mp3).getall("CHAP"), key=lambda chapter: chapter.start_time)
    assert [str(chapter.sub_frames["TIT2"]) for chapter in tagged] == titles
    assert [(c.start_time, c.end_time) for c in tagged] == [
        (chapter["start_ms"], chapter["end_ms"]) for chapter in record["chapters"]
    ]
    assert record["chapters"][2]["link"].startswith("https://forum.example.org/posts/harbour#")


def test_the_same_input_gives_the_same_bytes_with_any_number_of_jobs(
    made: Workspace, make_workspace: Callable[[], Workspace]
) -> None:
    other = make_workspace()
    other.show(voice="default")
    other.post("harbour.md", POST)
    other.episode("posts", "--jobs", "3")
    assert other.tree() == made.tree()
    other.episode("posts", "--jobs", "1", "--force")
    assert other.tree() == made.tree()


def test_a_second_run_writes_nothing_and_says_so(made: Workspace) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.root.rglob("*")}
    done = made.run("episode", "posts", "--show", "feeds/show.toml")
    assert "nothing to do: 1 episode unchanged" in done.stdout
    after = {path: path.stat().st_mtime_ns for path in made.root.rglob("*")}
    assert {p for p in after if p.is_file()} == {p for p in before if p.is_file()}
    assert {p: t for p, t in after.items() if p.is_file()} == {
        p: t for p, t in before.items() if p.is_file()
    }


def test_a_sentence_too_long_for_the_engine_is_joined_without_a_break(
    make_workspace: Callable[[], Workspace],
) -> None:
    workspace = make_workspace()
    workspace.show(voice="default")
    clause = "and the river went on through the fields where nobody had been for years, "
    workspace.post("long.md", f"# Long\n\nIt rained, {clause * 25}until it stopped.\n")
    workspace.episode("posts")
    [record] = workspace.records()
    sound = decode(record["folder"] / record["audio"]).astype(float)
    cut = [s for s in record["segments"] if s["written"].startswith(("It rained", "and the river"))]
    assert len(cut) > 1
    for one, two in pairwise(cut):
        assert one["end"] == two["start"]
        around = np.abs(sound[one["end"] - 3000 : two["start"] + 3000])
        loud = np.convolve(around, np.ones(220) / 220, "valid") > 200
        quiet = max((len(list(run)) for is_loud, run in groupby(loud) if not is_loud), default=0)
        assert quiet < 0.1 * 22050


def test_formulas_footnotes_and_quotes_are_heard_where_they_stand(
    make_workspace: Callable[[], Workspace],
) -> None:
    workspace = make_workspace()
    workspace.show(voice="default")
    workspace.post(
        "mixed.md",
        "# Mixed\n\nWe know $x^2$ well.[^1] It grows.\n\n[^1]: Since school.\n\n> Indeed.\n\nThe end.\n",
    )
    workspace.episode("posts")
    [record] = workspace.records()
    said = [segment["spoken"] for segment in record["segments"] if segment["role"] == "text"]
    assert said == [
        "We know x squared well.",
        "Footnote: Since school. End of footnote.",
        "It grows.",
        "Quote: Indeed. End quote.",
        "The end.",
    ]
    written = " ".join(s["written"] for s in record["segments"] if s["role"] == "text")
    assert written == "We know x^2 well. Since school. It grows. Indeed. The end."
    [path] = workspace.cache.glob("gains/*.txt")
    sound = decode(record["folder"] / record["audio"])
    assert min(agreement(record, sound, float(path.read_text().split()[0]))) >= 0.99


@pytest.mark.parametrize(
    ("audio", "rate"),
    [('preset = "directory"', 44100), ("vbr = 4\nchannels = 2", 22050), ("rate = 48000", 48000)],
)
def test_another_format_is_as_exact(
    make_workspace: Callable[[], Workspace], audio: str, rate: int
) -> None:
    workspace = make_workspace()
    path = workspace.show(voice="default")
    path.write_text(path.read_text() + f"[audio]\n{audio}\n")
    workspace.post("harbour.md", POST)
    workspace.episode("posts")
    [record] = workspace.records()
    mp3 = record["folder"] / record["audio"]
    decoded = miniaudio.decode_file(str(mp3), miniaudio.SampleFormat.SIGNED16, 1, rate)
    assert record["sample_rate"] == rate
    assert len(decoded.samples) == record["samples"]
    # Two channels add up: each is 3 dB below what one alone has.
    one = -19 if "channels = 2" in audio else -16
    assert loudness.integrated(bytes(decoded.samples), rate) == pytest.approx(one, abs=0.7)
    assert loudness.true_peak(bytes(decoded.samples), rate) <= -1
    _see_contents_true(mp3)
    assert workspace.episode("posts", "--fast")["episodes"][0]["status"] == "made"


def _see_contents_true(path: Path) -> None:
    """Players seek by the table of contents: a hundredth of the time, as 256ths of the bytes."""
    mp3 = path.read_bytes()
    start = 10 + sum(byte << 7 * (3 - place) for place, byte in enumerate(mp3[6:10]))
    _, *found = [(at - start, size) for at, size, _ in frames.iterate(mp3, start)]
    head = mp3.index(b"Xing" if b"Xing" in mp3[start : start + 200] else b"Info", start)
    contents = mp3[head + 16 : head + 116]
    total = len(mp3) - start
    assert int.from_bytes(mp3[head + 12 : head + 16], "big") == total
    assert int.from_bytes(mp3[head + 8 : head + 12], "big") == len(found)
    for step, entry in enumerate(contents):
        truth = found[step * len(found) // 100][0]
        assert abs(entry * total / 256 - truth) < total / 50


def test_a_quote_is_heard_in_its_own_voice(make_workspace: Callable[[], Workspace]) -> None:
    workspace = make_workspace()
    (workspace.root / "voices" / "other.toml").write_text(
        '[voice]\nengine = "pyttsx3"\n[engine]\nvoice = "en-us+f3"\n'
    )
    path = workspace.show(voice="default")
    text = path.read_text()
    path.write_text(text + '[reading]\nquotes = "voice"\n[voices]\nquote = "other"\n')
    workspace.post("one.md", "# One\n\nShe wrote this to me.\n\n> The river is high.\n\nI went.\n")
    workspace.episode("posts")
    [record] = workspace.records()
    voices = {s["spoken"]: s["voice"] for s in record["segments"]}
    assert voices["The river is high."] == "other"
    assert voices["I went."] == "default"
    sound = decode(record["folder"] / record["audio"])
    gains = [float(gain.read_text().split()[0]) for gain in workspace.cache.glob("gains/*.txt")]
    assert len(gains) == 2
    # Only the narrator's segments are like the narrator's synthesis.
    scores = max((agreement(record, sound, gain) for gain in gains), key=sum)
    by_voice = {s["voice"]: score for s, score in zip(record["segments"], scores, strict=True)}
    assert by_voice["default"] >= 0.99
    assert by_voice["other"] < 0.9
    assert loudness.integrated(sound.tobytes(), 22050) == pytest.approx(-16, abs=1)
    path.write_text(text + '[reading]\nquotes = "voice"\n')
    told = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2).stderr
    assert "[voices] must say which" in told


@pytest.mark.parametrize(("language", "told"), [("de", True), ("en-GB", False), ("EN", False)])
def test_words_of_another_language_are_told(
    workspace: Workspace, language: str, told: bool
) -> None:
    workspace.post("a.md", f"---\nlang: {language}\n---\n# A\n\nEin Wort.")
    workspace.show()
    command = ("episode", "posts", "--show", "feeds/show.toml")
    said = workspace.run(*command).stderr
    assert (f"posts/a.md is written in {language}, and the voice tone speaks en" in said) == told
    assert "is written in" not in workspace.run(*command).stderr
