"""QDQ ONNX: unsigned 8-bit activations and signed per-channel weights, onnxruntime's own scheme."""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from resnet import Add, Conv, Head, Pool

OPSET = 17


class Writer:
    def __init__(self):
        self.nodes, self.initializers = [], []

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
            pads=[layer.kernel // 2] * 4,
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
        # The logits stay float, as quantisation guides advise.
        self.node("Gemm", [flat, *self.parameters(layer, layer.weight)], "logits", transB=1)

    def rectified(self, real, layer):
        if not layer.output.rectified:
            return real
        return self.node("Relu", [real], f"{layer.name}.relu")


def write(network, path):
    writer = Writer()
    image = network.image
    # The graph's input is bytes, so that no peer spends time on quantising the image.
    scale = writer.constant("image.scale", np.float32(image.scale))
    zero = writer.constant("image.zero", np.uint8(128))
    writer.node("DequantizeLinear", ["image", scale, zero], "image.real")
    for layer in network.layers:
        writer.layer(layer)
    graph = helper.make_graph(
        writer.nodes,
        network.name,
        [helper.make_tensor_value_info("image", TensorProto.UINT8, [1, 3, image.side, image.side])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, network.output.channels])],
        writer.initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 10
    checker.check_model(model)
    path.write_bytes(model.SerializeToString())
