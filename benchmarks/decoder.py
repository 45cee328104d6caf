"""What a Piper voice costs at least: python benchmarks/decoder.py.

Most of the work of a voice is done by its last part, which makes waves of what the first parts
decided. Here is a network of the shape of that part in a voice of medium quality, filled with
random numbers: it makes noise at the cost of speech, by onnxruntime, on one core.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

RATE = 22050
HOP = 256
"""Samples that each column of the input becomes."""
CHANNELS = 192, 256
"""Of the input, and of the first layer; each upsampling halves them."""
UPSAMPLING = ((8, 16), (8, 16), (4, 8))
"""How many times, and by a kernel of which size."""
RESIDUAL = ((3, (1, 2)), (5, (2, 6)), (7, (3, 12)))
"""Kernel sizes, and the dilations of each."""


class Network:
    """Nodes and weights, one after another."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def node(self, op: str, *inputs: str, **attributes: object) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], **attributes))  # type: ignore[arg-type]
        return name

    def weight(self, *shape: int) -> str:
        name = f"w{len(self.weights)}"
        values = (0.02 * self._random.standard_normal(shape)).astype(np.float32)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def conv(self, x: str, given: int, made: int, size: int, dilation: int = 1) -> str:
        kernel, bias = self.weight(made, given, size), self.weight(made)
        pads = [(size - 1) * dilation // 2] * 2
        return self.node("Conv", x, kernel, bias, pads=pads, dilations=[dilation])


def model() -> bytes:
    net = Network()
    x, channels = net.conv("x", *CHANNELS, 7), CHANNELS[1]
    for factor, size in UPSAMPLING:
        kernel, bias = net.weight(channels, channels // 2, size), net.weight(channels // 2)
        pads, steep = [(size - factor) // 2] * 2, net.node("LeakyRelu", x, alpha=0.1)
        x = net.node("ConvTranspose", steep, kernel, bias, strides=[factor], pads=pads)
        channels //= 2
        sums = []
        for width, dilations in RESIDUAL:
            y = x
            for dilation in dilations:
                steep = net.node("LeakyRelu", y, alpha=0.1)
                y = net.node("Add", y, net.conv(steep, channels, channels, width, dilation))
            sums.append(y)
        x = net.node("Sum", *sums)
    x = net.node("Tanh", net.conv(net.node("LeakyRelu", x), channels, 1, 7))
    given = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, CHANNELS[0], "t"])
    made = helper.make_tensor_value_info(x, onnx.TensorProto.FLOAT, [1, 1, "s"])
    graph = helper.make_graph(net.nodes, "decoder", [given], [made], initializer=net.weights)
    opset = [helper.make_opsetid("", 15)]
    made_model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    return bytes(made_model.SerializeToString())


def main() -> None:
    """A row a length, each in this process: its peak only grows."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decoder.onnx"
        path.write_bytes(model())
        session = onnxruntime.InferenceSession(str(path), settings)
    print("| seconds of sound | x realtime | MB at most |\n|---|---|---|")
    for seconds in (5, 10, 20, 30):
        columns = np.zeros((1, CHANNELS[0], seconds * RATE // HOP), np.float32)
        began = time.process_time()
        session.run(None, {"x": columns})
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak //= 1 << 20 if sys.platform == "darwin" else 1 << 10
        print(f"| {seconds} | {seconds / spent:.0f} | {peak} |")


if __name__ == "__main__":
    main()
