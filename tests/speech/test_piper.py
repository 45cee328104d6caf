"""Piper voices, through the real piper-tts and onnxruntime, on a small model made here."""

import hashlib
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from tests.conftest import Workspace
from tts_pipeline import profiles
from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import AudioFormat, Passage, Utterance
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine
from tts_pipeline.speech.speaker import Speaker
from tts_pipeline.speech.task import Setup, Spoken, Synthesis
from tts_pipeline.speech.workers import Workers

from . import smallvoice
from .contract import SENTENCES, EngineContract

QUIET = {"noise_scale": 0, "noise_w_scale": 0}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return smallvoice.make(tmp_path_factory.mktemp("voice"))


@pytest.fixture(scope="session")
def choir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return smallvoice.make(tmp_path_factory.mktemp("voice"), "choir", speakers=3)


def opened(model: Path, **options: Any) -> Engine:
    return registry.open_engine("piper", {"model": str(model), **options}, "en-us")


class TestPiper(EngineContract):
    """A voice with the noise that real ones have."""

    name = "piper"
    options: ClassVar[dict[str, Any]] = {}
    wrong: ClassVar[dict[str, Any]] = {"model": "/no/such/voice.onnx"}

    @pytest.fixture(autouse=True)
    def _model(self, small: Path) -> None:
        self.options["model"] = str(small)


class TestPiperQuiet(TestPiper):
    """A voice that draws no random numbers, and so needs no process of its own."""

    options: ClassVar[dict[str, Any]] = {**QUIET, "length_scale": 1.2}
    wrong: ClassVar[dict[str, Any]] = {"model": "x.onnx", "length_scale": 0}


def test_a_voice_with_noise_carries_state_and_one_without_does_not(small: Path) -> None:
    noisy = registry.facts("piper", {"model": str(small)})
    quiet = registry.facts("piper", {"model": str(small), **QUIET})
    on_gpu = registry.facts("piper", {"model": str(small), **QUIET, "provider": "cuda"})
    assert (noisy.carries_state, noisy.deterministic) == (True, True)
    assert (quiet.carries_state, quiet.deterministic) == (False, True)
    assert (on_gpu.carries_state, on_gpu.deterministic) == (False, False)


def test_what_is_declared_of_noise_is_so(small: Path) -> None:
    noisy, quiet = opened(small), opened(small, **QUIET)
    assert noisy.speak(SENTENCES[1]) != noisy.speak(SENTENCES[1])
    assert quiet.speak(SENTENCES[1]) == quiet.speak(SENTENCES[1])


def test_a_fork_begins_with_the_same_numbers_whatever_was_said_before(small: Path) -> None:
    said = []
    for first in ("Yes.", "Something else, and longer."):
        speaker = Speaker(lambda: opened(small))
        assert speaker.refusal() is None
        said += [speaker.say((Utterance(text),), 20) for text in (first, SENTENCES[1])]
        speaker.close()
    assert isinstance(said[1], list)
    assert said[1] == said[3]


@pytest.mark.parametrize("options", [{}, QUIET])
def test_workers_give_the_same_bytes_however_many_they_are(
    small: Path, options: dict[str, Any]
) -> None:
    setup = Setup("piper", {"model": str(small), **options}, "en-us")

    def spoken(jobs: int) -> dict[int, object]:
        tasks = [
            (number, setup, Synthesis(passage(setup, f"Word {number}.", SENTENCES[1])))
            for number in range(6)
        ]
        with Workers[int](jobs) as workers:
            return dict(workers.run(tasks))

    alone = spoken(1)
    assert all(isinstance(answer, Spoken) for answer in alone.values())
    assert alone == spoken(2)


def passage(setup: Setup, *texts: str) -> Passage:
    return Passage(
        engine=setup.engine,
        options=setup.options,
        language=setup.language,
        gain_db=0,
        audio=AudioFormat(),
        utterances=tuple(map(Utterance, texts)),
        identity={},
    )


def test_pace_divides_the_length_scale(small: Path) -> None:
    def length(pace: float = 1.0, **options: float) -> int:
        return len(opened(small, **QUIET, **options).speak(SENTENCES[1], pace).pcm)

    assert abs(length(0.8) / length() - 1.25) < 0.01
    assert abs(length(0.8, length_scale=1.6) / length() - 2) < 0.01


def test_sentences_are_not_levelled(tmp_path: Path) -> None:
    soft = smallvoice.make(tmp_path, volume=0.05)
    samples = np.frombuffer(opened(soft, **QUIET).speak("Soft.").pcm, "<i2")
    assert abs(int(np.abs(samples.astype(int)).max()) / 32767 - 0.05) < 0.002


def test_a_speaker_has_a_name_or_a_number(choir: Path) -> None:
    said = [
        opened(choir, **QUIET, **options).speak("Hello.").pcm
        for options in ({}, {"speaker": 0}, {"speaker": 2}, {"speaker": "speaker2"})
    ]
    assert said[0] == said[1] != said[2] == said[3]


@pytest.mark.parametrize("speaker", [3, -1, "nobody"])
def test_a_speaker_that_is_not_there_is_refused(choir: Path, small: Path, speaker: object) -> None:
    with pytest.raises(ProfileError, match="it has 0 to 2, with names such as speaker0"):
        registry.facts("piper", {"model": str(choir), "speaker": speaker})
    with pytest.raises(ProfileError, match="it has one speaker"):
        registry.facts("piper", {"model": str(small), "speaker": speaker})


def test_versions_name_the_model_by_its_content(tmp_path: Path) -> None:
    path = smallvoice.make(tmp_path)
    options = {"model": str(path)}
    before = registry.facts("piper", options).versions
    assert set(before) == {"piper-tts", "onnxruntime", "model", "model.json"}
    assert before["model"] == hashlib.sha256(path.read_bytes()).hexdigest()
    smallvoice.make(tmp_path, volume=0.25)
    after = registry.facts("piper", options).versions
    assert {key for key in after if after[key] != before[key]} == {"model"}


def test_a_word_that_the_voice_cannot_say_is_an_error(tmp_path: Path) -> None:
    # k a t; of "sheep" it knows nothing.
    some = {sound: [number] for number, sound in enumerate("_^$ .kæt")}
    engine = opened(smallvoice.make(tmp_path, phoneme_id_map=some))
    assert engine.speak("Cat.").pcm
    with pytest.raises(SpeechError, match=r"no sounds for \[.*\] in 'Cat, sheep.'"):
        engine.speak("Cat, sheep.")


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ({"audio": {"sample_rate": "high"}}, "small.onnx.json does not describe a voice"),
        ({"audio": {"sample_rate": 96000}}, "says 96000 samples a second"),
        ({"phoneme_type": "pinyin"}, "takes 'pinyin' phonemes"),
        ({"phoneme_id_map": None}, "small.onnx.json does not describe a voice"),
        ({"espeak": {}}, "small.onnx.json does not describe a voice"),
    ],
)
def test_a_wrong_description_is_told(
    tmp_path: Path, description: dict[str, Any], words: str
) -> None:
    path = smallvoice.make(tmp_path, **description)
    with pytest.raises(ProfileError, match=words):
        opened(path)


def test_a_damaged_model_and_one_of_another_kind_are_told(tmp_path: Path) -> None:
    path = smallvoice.make(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ProfileError, match=r"small.onnx cannot be opened: "):
        opened(path)
    number = helper.make_tensor_value_info("number", TensorProto.FLOAT, [1])
    same = helper.make_tensor_value_info("same", TensorProto.FLOAT, [1])
    node = helper.make_node("Identity", ["number"], ["same"])
    graph = helper.make_graph([node], "other", [number], [same])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), path
    )
    with pytest.raises(ProfileError, match="lacks the inputs input, input_lengths, scales"):
        opened(path)
    Path(f"{path}.json").unlink()
    with pytest.raises(ProfileError, match="is two files"):
        opened(path)


def test_cuda_that_is_not_there_is_told(small: Path) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has CUDA")
    with pytest.raises(ProfileError, match="pip install onnxruntime-gpu"):
        opened(small, provider="cuda")


@pytest.mark.parametrize("absent", [("piper-tts",), ("onnxruntime", "onnxruntime-gpu")])
def test_without_the_extra_the_way_to_install_it_is_told(
    small: Path, monkeypatch: pytest.MonkeyPatch, absent: tuple[str, ...]
) -> None:
    from tts_pipeline.speech.engines import piper

    def version(name: str) -> str:
        if name in absent:
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(piper, "_version", version)
    with pytest.raises(ProfileError, match=r"pip install 'tts-pipeline\[piper\]'"):
        registry.facts("piper", {"model": str(small)})


VOICE = '[voice]\nengine = "piper"\n[engine]\nmodel = "{}"\n'


@pytest.mark.parametrize("model", ["small", "small.onnx"])
def test_a_model_is_looked_for_beside_its_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    path = smallvoice.make(tmp_path / "voices")
    (tmp_path / "voices" / "near.toml").write_text(VOICE.format(model))
    monkeypatch.chdir(tmp_path)
    assert profiles.load_voice("near", None).options["model"] == str(path)


def test_a_model_that_is_nowhere_is_told_with_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "far.toml").write_text(VOICE.format("en_US-nobody-low"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProfileError, match=r"far.toml, line 4: .*voices install NAME"):
        profiles.load_voice("far", None)


def test_an_episode_by_piper_is_made_once_and_again_when_the_model_changes(
    workspace: Workspace,
) -> None:
    voices = workspace.root / "voices"
    (voices / "natural.toml").write_text(VOICE.format("small"))
    smallvoice.make(voices)
    workspace.show(voice="natural")
    workspace.post("one.md", "# One\n\nSome words here. And some more.\n\n## Two\n\nThe end.\n")
    assert len(workspace.episode("posts", "--jobs", "2")["episodes"]) == 1
    first = workspace.tree()
    assert workspace.episode("posts")["episodes"][0]["status"] == "unchanged"
    workspace.out.rename(workspace.root / "before")
    workspace.episode("posts", "--cache", "another", "--jobs", "1")
    assert workspace.tree() == first
    description = voices / "small.onnx.json"
    description.write_text(description.read_text() + " ")  # the same gain, by other bytes
    assert workspace.episode("posts")["episodes"][0]["status"] == "made"
