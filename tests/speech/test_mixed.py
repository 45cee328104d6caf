"""Voices of three engines and rates in one episode: one loudness, and nobody clipped."""

import shutil
from typing import Any

import miniaudio
import numpy as np
import pytest

from tests.conftest import Workspace
from tts_pipeline.audio import loudness

from .server import SpeechServer

SHOW = """
[show]
title = "Mixed"
description = "D"
base_url = "https://example.org"
[episode]
slate = "{title}."
outro = ""
[reading]
code = "speak"
quotes = "voice"
[voices]
quote = "flite"
code = "served"
named = { "Ada" = "served" }
"""
TURN = (
    '<div class="dialogue-message"><section class="dialogue-message-header"><b>{}</b></section>'
    '<div class="dialogue-message-content"><p>{}</p></div></div>'
)
POST = f"""<h1>Many voices</h1>
<p>The narrator begins, and says what the whole of it is about before anybody else is heard.</p>
<blockquote><p>What is quoted here was said by somebody else, at some length, in a voice that is not
ours.</p></blockquote>
<pre><code>print(sum(number for number in range(100) if number % 7))</code></pre>
{TURN.format("Ada", "I would like to say a word or two about the tide, since nobody else has done so.")}
{TURN.format("Bo", "By all means do so; we have waited for that since the lamps were lit on the quay.")}
{TURN.format("Ada", "Then I begin with the moon, which is the cause of it, as everybody has heard.")}
{TURN.format("Bo", "Everybody has heard that, and hardly anybody has thought about what it means.")}
<p>The narrator comes back, and ends with a sentence or two that nobody else has any part in.</p>
"""


@pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")
def test_voices_of_three_engines(workspace: Workspace, server: SpeechServer) -> None:
    voices = workspace.root / "voices"
    (voices / "flite.toml").write_text(
        '[voice]\nengine = "command"\n[engine]\nrate = 16000\n'
        'argv = ["flite", "-voice", "slt", "-f", "{file}", "-o", "{out}"]\n'
    )
    (voices / "served.toml").write_text(
        f'[voice]\nengine = "openai"\n[engine]\nbase_url = "{server.url}"\nmodel = "m"\nvoice = "v"\n'
    )
    (workspace.root / "feeds" / "show.toml").write_text(SHOW)
    workspace.post("one.html", POST)
    workspace.episode("posts")
    [record] = workspace.records()
    rate = record["sample_rate"]
    assert {segment["voice"] for segment in record["segments"]} == {"default", "flite", "served"}
    by_start = {segment["written"][:12]: segment["voice"] for segment in record["segments"]}
    assert by_start["What is quot"] == "flite"
    assert by_start["print(sum(nu"] == by_start["I would like"] == "served"
    assert by_start["The narrator"] == by_start["By all means"] == "default"

    sound = _decoded(record)
    assert len(sound) == record["samples"]
    assert loudness.integrated(sound.tobytes(), rate) == pytest.approx(-16, abs=0.5)
    assert loudness.true_peak(sound.tobytes(), rate) <= -1.0
    for voice in ("default", "flite", "served"):
        said = [sound[s["start"] : s["end"]] for s in record["segments"] if s["voice"] == voice]
        level = loudness.integrated(np.concatenate(said).tobytes(), rate)
        assert level == pytest.approx(-16, abs=1), voice


def _decoded(record: dict[str, Any]) -> Any:
    decoded = miniaudio.decode_file(
        str(record["folder"] / record["audio"]),
        miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=record["sample_rate"],
    )
    return np.frombuffer(decoded.samples, "<i2")
