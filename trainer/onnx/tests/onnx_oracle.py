"""Runs a model in onnxruntime: `onnx_oracle.py FOLDER`.

Reads model.onnx and pixels.bin (float32, one photo, CHW) there and checks that types and shapes of all values
are those that are inferred. Writes every tensor of codes as NAME.bin (8 bits, CHW), the logits as logits.bin
(float32) and those with all optimisations as optimised.bin.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime


def session(model, level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def check(model) -> None:
    """Of the shapes that are written down none contradicts those that follow, and none is absent."""
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    bare = onnx.ModelProto.FromString(model.SerializeToString())
    del bare.graph.value_info[:]
    inferred = onnx.shape_inference.infer_shapes(bare, strict_mode=True, data_prop=True)
    written = {value.name: value.type for value in model.graph.value_info}
    for value in inferred.graph.value_info:
        assert written[value.name] == value.type, f"{value.name}: {written[value.name]}, not {value.type}"


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    model = onnx.load(folder / "model.onnx")
    check(model)
    pixels = np.fromfile(folder / "pixels.bin", dtype=np.float32)
    side = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
    # Two photos, where any number may come: the same one twice gives the same twice.
    is_dynamic = bool(model.graph.input[0].type.tensor_type.shape.dim[0].dim_param)
    photos = np.stack([pixels.reshape(3, side, side)] * (2 if is_dynamic else 1))
    levels = onnxruntime.GraphOptimizationLevel
    logits = session(model, levels.ORT_ENABLE_ALL).run(["logits"], {"pixels": photos})[0]
    assert np.allclose(logits[0], logits[-1], atol=1e-4), "photos of a batch have to do with one another"
    logits[0].tofile(folder / "optimised.bin")

    outputs = [name for node in model.graph.node for name in node.output]
    names = [name for name in outputs if name.startswith("codes_")]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    values = session(model, levels.ORT_DISABLE_ALL).run(["logits", *names], {"pixels": photos})
    for name, value in zip(["logits", *names], values):
        value[0].tofile(folder / f"{name}.bin")


if __name__ == "__main__":
    main()
