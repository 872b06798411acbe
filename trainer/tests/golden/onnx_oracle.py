"""Runs a QDQ model in onnxruntime: `onnx_oracle.py FOLDER`.

Reads model.onnx and pixels.bin (float32, CHW) there; writes every tensor of codes as NAME.bin
(int8, CHW) and the logits as logits.bin (float32).
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    model = onnx.load(folder / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    names = [node.output[0] for node in model.graph.node if node.op_type == "QuantizeLinear"]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    shape = [int(size) for size in session.get_inputs()[0].shape]
    pixels = np.fromfile(folder / "pixels.bin", dtype=np.float32).reshape(shape)
    outputs = session.run(["logits", *names], {"pixels": pixels})
    for name, value in zip(["logits", *names], outputs):
        value.tofile(folder / f"{name}.bin")


if __name__ == "__main__":
    main()
