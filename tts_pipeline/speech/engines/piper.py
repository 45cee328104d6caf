"""`piper`: neural voices on this machine, by piper-tts and onnxruntime, without a network.

A Piper voice draws random numbers inside its model, unless its noise scales are 0. The generator is
seeded when the model is opened and advances with each utterance; so such a voice carries state,
and speaks in forks of the process in which it stands ready. Each passage then begins with the
same numbers, and gives the same bytes whatever was said before.

Utterances are not batched. The graph would take several, yet gives their sounds padded to one
length without saying where each ends, and the random numbers of one would hang on the others. Each
worker runs its own copy on one core instead, and so N workers keep N cores busy.
"""

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec

from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import Noun
from tts_pipeline.speech.engine import Facts, Sound
from tts_pipeline.speech.engines.pipermodel import model, speaker

_version = cache(version)

_LIMIT = 300
"""Characters, about 20 s of speech: a model needs 20 MB or more for each second of a sentence."""

_SECONDS = 180
"""For one utterance: a ninth of the speed of speech, which old and small machines reach."""

_SEED = 1

_RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
"""Packages of which either brings onnxruntime; the second one can stand in for the first."""

_CUDA = "CUDAExecutionProvider"


class PiperOptions(Noun, kw_only=True):
    """[engine] of a piper voice; what is absent is as the voice itself says."""

    model: str
    """An .onnx file, or the name of an installed voice."""
    speaker: str | int | None = None
    """Name or number, in a voice of several speakers."""
    length_scale: float | None = None
    """How long sounds are: above 1 is slower."""
    noise_scale: float | None = None
    """How much the sounds vary."""
    noise_w_scale: float | None = None
    """How much their lengths vary."""
    provider: Literal["cpu", "cuda"] = "cpu"
    """What runs the model."""

    def __post_init__(self) -> None:
        if self.length_scale is not None and not 0.25 <= self.length_scale <= 4:
            raise ValueError("length_scale must be 0.25 to 4")
        for noise in (self.noise_scale, self.noise_w_scale):
            if noise is not None and not 0 <= noise <= 2:
                raise ValueError("noise_scale and noise_w_scale must be 0 to 2")


class Piper:
    """A voice of Piper's."""

    Options: ClassVar[type[Noun]] = PiperOptions

    @classmethod
    def placed(cls, options: PiperOptions, folders: Sequence[Path]) -> PiperOptions:
        """The options with `model` as an absolute path: a file in one of these folders."""
        for folder in folders:
            for name in (options.model, f"{options.model}.onnx"):
                if (path := folder / name).is_file():
                    return msgspec.structs.replace(options, model=str(path.resolve()))
        looked = ", ".join(dict.fromkeys(map(str, folders)))
        raise ProfileError(
            f"names {options.model!r}, which is neither a file nor an installed voice (looked in "
            f"{looked}); `tts-pipeline voices install NAME` brings one"
        )

    @classmethod
    def facts(cls, options: PiperOptions) -> Facts:
        """By the voice's own description; the same model gives the same sound on one machine."""
        versions = _versions()
        found = model(options.model)
        speaker(options.model, options.speaker, found.described)
        noise = (
            _or(options.noise_scale, found.described.inference.noise_scale),
            _or(options.noise_w_scale, found.described.inference.noise_w),
        )
        on_cpu, draws = options.provider == "cpu", any(noise)
        return Facts(
            sample_rate=found.described.audio.sample_rate,
            limit=_LIMIT,
            deterministic=on_cpu and (hasattr(os, "fork") or not draws),
            carries_state=on_cpu and draws,  # what holds a GPU cannot be forked
            word_times=False,
            phonemes=False,
            gpu=not on_cpu,
            seconds=_SECONDS,
            versions=versions | found.versions,
        )

    def __init__(self, options: PiperOptions, language: str) -> None:
        """Open the model, on one core; the voice itself decides the language."""
        self.facts(options)
        from piper import PiperConfig, PiperVoice, SynthesisConfig  # noqa: PLC0415

        # Piper warns of each sound that a voice lacks; here a word that is lost is an error.
        logging.getLogger("piper").setLevel(logging.ERROR)
        described = model(options.model).described
        try:
            raw = msgspec.json.decode(Path(f"{options.model}.json").read_bytes())
            config = PiperConfig.from_dict(raw)
        except (KeyError, TypeError, ValueError) as error:
            raise ProfileError(
                f"{options.model}.json does not describe a voice of Piper's: {error!r}"
            ) from error
        self._voice = PiperVoice(session=_session(options), config=config)
        self._length_scale = _or(options.length_scale, described.inference.length_scale)
        # Levelling each sentence for itself would undo what makes one louder than another.
        self._synthesis = SynthesisConfig(
            speaker_id=speaker(options.model, options.speaker, described),
            noise_scale=options.noise_scale,
            noise_w_scale=options.noise_w_scale,
            normalize_audio=False,
        )

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """Say one utterance."""
        self._synthesis.length_scale = self._length_scale / pace
        pieces = []
        try:
            # `[[` would begin phonemes.
            for chunk in self._voice.synthesize(text.replace("[[", "[ ["), self._synthesis):
                self._see_all_said(chunk.phonemes, text)
                pieces.append(chunk.audio_int16_bytes)
        except SpeechError:
            raise
        except Exception as error:
            raise SpeechError(f"piper failed at {text!r}: {error}") from error
        return Sound(pcm=b"".join(pieces))

    def _see_all_said(self, phonemes: Sequence[str], text: str) -> None:
        """Piper passes over phonemes that a voice does not know; a whole word must not go so."""
        known = self._voice.config.phoneme_id_map
        word: list[str] = []
        for phoneme in (*phonemes, " "):
            if phoneme != " ":
                word.append(phoneme)
                continue
            sounds = [sound for sound in word if sound.isalnum()]
            if sounds and not any(sound in known for sound in sounds):
                raise SpeechError(f"the voice has no sounds for [{''.join(word)}] in {text!r}")
            word = []


def _or(given: float | None, own: float) -> float:
    return own if given is None else given


def _versions() -> dict[str, str]:
    """Of Piper, and of each build of onnxruntime that is installed.

    Raises:
        ProfileError: the extra is not installed.
    """
    found = {}
    for name in ("piper-tts", *_RUNTIMES):
        with suppress(PackageNotFoundError):
            found[name] = _version(name)
    if "piper-tts" not in found or len(found) == 1:
        raise ProfileError(
            "the engine piper is not installed; install it with: pip install 'tts-pipeline[piper]'"
        )
    return found


def _session(options: PiperOptions) -> Any:
    """The model, open: one thread, so that a fork of it works and workers do not compete.

    Raises:
        ProfileError: it is damaged, or what should run it does not work here.
    """
    import onnxruntime  # noqa: PLC0415  20 MB, which only the process that speaks needs

    onnxruntime.set_seed(_SEED)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    settings.log_severity_level = 3  # errors
    wanted: list[Any] = ["CPUExecutionProvider"]
    if options.provider == "cuda":
        if _CUDA not in onnxruntime.get_available_providers():
            raise ProfileError(
                "`provider` is cuda, and this onnxruntime has no CUDA; bring one that has with: "
                "pip uninstall onnxruntime; pip install onnxruntime-gpu"
            )
        wanted = [(_CUDA, {"cudnn_conv_algo_search": "HEURISTIC"}), *wanted]
    try:
        session = onnxruntime.InferenceSession(options.model, settings, providers=wanted)
    except Exception as error:  # onnxruntime's errors share no type
        reason = str(error).splitlines()[0]
        raise ProfileError(f"the voice {options.model} cannot be opened: {reason}") from error
    if options.provider == "cuda" and _CUDA not in session.get_providers():
        raise ProfileError("`provider` is cuda, and CUDA does not work here; cpu does")
    missing = {"input", "input_lengths", "scales"} - {each.name for each in session.get_inputs()}
    if missing:
        raise ProfileError(
            f"{options.model} is a model, yet not a voice of Piper's: it lacks the inputs "
            f"{', '.join(sorted(missing))}"
        )
    return session
