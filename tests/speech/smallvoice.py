"""A Piper voice of two kilobytes: a tone for each phoneme, with the noise that real ones have.

Its graph has the inputs of a Piper voice and, like one, draws random numbers inside when its noise
scales are not 0; what reads, phonemizes and runs it is the real piper-tts.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

RATE = 22050


def make(
    folder: Path, name: str = "small", *, speakers: int = 1, volume: float = 0.3, **config: Any
) -> Path:
    """Write NAME.onnx and NAME.onnx.json; `config` goes into the second."""
    path = folder / f"{name}.onnx"
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_model(speakers, volume), path)
    names = {f"speaker{number}": number for number in range(speakers)} if speakers > 1 else {}
    described = {
        "audio": {"sample_rate": RATE, "quality": "x_low"},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "num_symbols": 256,
        "num_speakers": speakers,
        "speaker_id_map": names,
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        **config,
    }
    Path(f"{path}.json").write_text(json.dumps(described), encoding="utf-8")
    return path


def _model(speakers: int, volume: float) -> onnx.ModelProto:
    """For each id 25 ms of a tone of its own at the usual pace; ids up to 3 are silent."""
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []

    def constant(value: object, dtype: type = np.float32) -> str:
        name = f"c{len(constants)}"
        constants.append(numpy_helper.from_array(np.array(value, dtype), name))
        return name

    def node(op: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(nodes)}"
        nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def scale(index: int) -> str:
        return node("Gather", "scales", constant(index, np.int64))

    ids = node("Cast", node("Transpose", "input", perm=[1, 0]), to=TensorProto.FLOAT)
    pitch = node("Add", node("Mul", ids, constant(9.0)), constant(120.0))
    if speakers > 1:
        higher = node("Mul", node("Cast", "sid", to=TensorProto.FLOAT), constant(0.1))
        pitch = node("Mul", pitch, node("Add", higher, constant(1.0)))
    drawn = node("RandomNormal", shape=[1], dtype=TensorProto.FLOAT)
    jitter = node("Mul", node("Mul", drawn, scale(2)), constant(0.05))
    length = node("Mul", node("Mul", scale(1), constant(RATE / 40)), node("Exp", jitter))
    count = node("Squeeze", node("Round", length), constant([0], np.int64))
    place = node("Range", constant(0.0), count, constant(1.0))
    time = node("Mul", node("Unsqueeze", place, constant([0], np.int64)), constant(6.2832 / RATE))
    tone = node("Sin", node("Mul", time, pitch))
    voiced = node("Cast", node("Greater", ids, constant(3.0)), to=TensorProto.FLOAT)
    loud = node("Mul", node("Mul", tone, voiced), constant(volume))
    hiss = node("Mul", node("RandomNormalLike", loud), node("Mul", scale(0), constant(0.01)))
    sound = node("Reshape", node("Add", loud, hiss), constant([1, 1, -1], np.int64))
    nodes.append(helper.make_node("Identity", [sound], ["output"]))

    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, "samples"])
    graph = helper.make_graph(nodes, "small", inputs, [output], initializer=constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
