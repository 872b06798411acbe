"""ONNX files: QDQ with unsigned 8-bit activations and signed per-channel weights, onnxruntime's own
scheme; and the same networks in floats, for runtimes that have no integers.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, shape_inference

from layers import Activation

OPSET = 17
# Of the float files; wonnx knows none later.
FLOAT_OPSET = 13


class Writer:
    dtype = "float32"

    def __init__(self):
        self.nodes, self.initializers = [], []
        self.limits = None

    def constant(self, name, array):
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def quantised(self, real, tensor):
        """Rounds `real` to the tensor's codes: what the consumers read is `<tensor>.real`."""
        scale = self.constant(f"{tensor.name}.scale", np.float32(tensor.scale))
        zero = self.constant(f"{tensor.name}.zero", np.uint8(0 if tensor.rectified else 128))
        codes = self.node("QuantizeLinear", [real, scale, zero], f"{tensor.name}.codes")
        self.node("DequantizeLinear", [codes, scale, zero], f"{tensor.name}.real")

    def parameters(self, layer, weight):
        name = layer.name
        scale = self.constant(f"{name}.weight_scale", layer.weight_scale)
        zero = self.constant(f"{name}.weight_zero", np.zeros(len(layer.weight_scale), np.int8))
        codes = self.constant(f"{name}.weight_codes", np.ascontiguousarray(weight))
        weight = self.node("DequantizeLinear", [codes, scale, zero], f"{name}.weight", axis=0)
        scale = self.constant(f"{name}.bias_scale", layer.weight_scale * layer.input.scale)
        zero = self.constant(f"{name}.bias_zero", np.zeros(len(layer.bias), np.int32))
        codes = self.constant(f"{name}.bias_codes", layer.bias)
        return [weight, self.node("DequantizeLinear", [codes, scale, zero], f"{name}.bias", axis=0)]

    def layer(self, layer):
        getattr(self, type(layer).__name__.lower())(layer)

    def conv(self, layer):
        parameters = self.parameters(layer, layer.weight.transpose(0, 3, 1, 2))
        real = self.node(
            "Conv",
            [f"{layer.input.name}.real", *parameters],
            f"{layer.name}.sum",
            kernel_shape=[layer.kernel] * 2,
            strides=[layer.stride] * 2,
            pads=[pad for pad in layer.padding for _ in range(2)],
            group=len(layer.weight) if layer.depthwise else 1,
        )
        self.quantised(self.rectified(real, layer), layer.output)

    def pool(self, layer):
        window = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
        real = self.node("MaxPool", [f"{layer.input.name}.real"], f"{layer.name}.max", **window)
        self.quantised(real, layer.output)

    def add(self, layer):
        inputs = [f"{layer.left.name}.real", f"{layer.right.name}.real"]
        real = self.node("Add", inputs, f"{layer.name}.sum")
        self.quantised(self.rectified(real, layer), layer.output)

    def head(self, layer):
        real = self.node("GlobalAveragePool", [f"{layer.input.name}.real"], "avgpool.mean")
        self.quantised(real, layer.pooled)
        flat = self.node("Flatten", [f"{layer.pooled.name}.real"], "flat")
        self.gemm(flat, layer)

    def gemm(self, flat, layer):
        # The logits stay float, as quantisation guides advise.
        self.node("Gemm", [flat, *self.parameters(layer, layer.weight)], "logits", transB=1)

    def rectified(self, real, layer):
        activation = layer.output.activation
        if activation is Activation.LINEAR:
            return real
        if activation is Activation.RELU:
            return self.node("Relu", [real], f"{layer.name}.relu")
        self.limits = self.limits or [
            self.constant(name, np.array(value, self.dtype)) for name, value in (("zero", 0), ("six", 6))
        ]
        return self.node("Clip", [real, *self.limits], f"{layer.name}.relu6")


class FloatWriter(Writer):
    """Writes floats where the quantised network has codes."""

    def __init__(self, dtype):
        super().__init__()
        self.dtype = dtype

    def quantised(self, _real, tensor):
        self.nodes[-1].output[0] = f"{tensor.name}.real"

    def parameters(self, layer, weight):
        # The last dimension is the outputs' here, for a moment.
        real = np.moveaxis(np.moveaxis(weight, 0, -1) * layer.weight_scale, -1, 0)
        return self.floats(layer, real)

    def gemm(self, flat, layer):
        real = layer.weight.T * layer.weight_scale
        self.node("Gemm", [flat, *self.floats(layer, real)], "logits")

    def floats(self, layer, weight):
        bias = layer.bias * layer.weight_scale * layer.input.scale
        constant = lambda name, values: self.constant(
            f"{layer.name}.{name}", np.ascontiguousarray(values, self.dtype)
        )
        return [constant("weight", weight), constant("bias", bias)]


def write(network, path):
    writer = Writer()
    image = network.image
    # The graph's input is bytes, so that no peer spends time on quantising the image.
    scale = writer.constant("image.scale", np.float32(image.scale))
    zero = writer.constant("image.zero", np.uint8(128))
    writer.node("DequantizeLinear", ["image", scale, zero], "image.real")
    save(writer, network, path, "image", TensorProto.UINT8, TensorProto.FLOAT, OPSET)


def write_float(network, path, dtype):
    """Of `dtype` throughout, input and output too."""
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    save(FloatWriter(dtype), network, path, "image.real", kind, kind, FLOAT_OPSET)


def save(writer, network, path, input_name, input_kind, output_kind, opset):
    for layer in network.layers:
        writer.layer(layer)
    side, classes = network.image.side, network.output.channels
    graph = helper.make_graph(
        writer.nodes,
        network.name,
        [helper.make_tensor_value_info(input_name, input_kind, [1, 3, side, side])],
        [helper.make_tensor_value_info("logits", output_kind, [1, classes])],
        writer.initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 10
    checker.check_model(model)
    # wonnx wants every tensor's shape.
    path.write_bytes(shape_inference.infer_shapes(model).SerializeToString())
