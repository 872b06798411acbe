"""TFLite flatbuffer: signed 8-bit activations, signed per-channel weights, TFLite's own scheme.

Field names are those of the schema (tensorflow/lite/schema/schema.fbs); the `tflite` package is its
generated code. "SAME" padding stands for a symmetric one too: the same work without a PAD layer.
Input and output are float, quantised inside, since LiteRT.js takes no 8-bit tensors.
"""

import flatbuffers
import numpy as np
import tflite
from tflite import ActivationFunctionType, BuiltinOperator, BuiltinOptions, Padding, TensorType

from layers import Activation

TYPES = {"float32": TensorType.FLOAT32, "int8": TensorType.INT8, "int32": TensorType.INT32}
ACTIVATIONS = {
    Activation.LINEAR: ActivationFunctionType.NONE,
    Activation.RELU: ActivationFunctionType.RELU,
    Activation.RELU6: ActivationFunctionType.RELU6,
}
SCHEMA_VERSION = 3
# The operator versions that introduced signed 8-bit tensors.
VERSIONS = {
    "ADD": 2,
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "DEQUANTIZE": 2,
    "FULLY_CONNECTED": 4,
    "MAX_POOL_2D": 2,
    "MEAN": 2,
    "QUANTIZE": 1,
    "RESHAPE": 1,
}


class Writer:
    def __init__(self):
        self.builder = flatbuffers.Builder(1 << 20)
        self.tensors, self.buffers, self.operators, self.codes = [], [], [], {}
        self.indices = {}
        self.buffer(b"")  # Buffer 0 means "no data".

    def table(self, kind, **fields):
        """Writes one table of the schema; every value is a scalar or an offset already written."""
        getattr(tflite, f"{kind}Start")(self.builder)
        for name, value in fields.items():
            getattr(tflite, f"{kind}Add{name}")(self.builder, value)
        return getattr(tflite, f"{kind}End")(self.builder)

    def vector(self, offsets):
        self.builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.builder.PrependUOffsetTRelative(offset)
        return self.builder.EndVector()

    def array(self, values, dtype=np.int32):
        return self.builder.CreateNumpyVector(np.asarray(values, dtype).reshape(-1))

    def buffer(self, data):
        if not data:
            self.buffers.append(self.table("Buffer"))
            return 0
        # Kernels read the data in place and want it aligned.
        self.builder.StartVector(1, len(data), 16)
        self.builder.head -= len(data)
        self.builder.Bytes[self.builder.head : self.builder.head + len(data)] = data
        self.buffers.append(self.table("Buffer", Data=self.builder.EndVector()))
        return len(self.buffers) - 1

    def tensor(self, name, shape, scales=None, zero=0, data=None, dtype="int8", dimension=0):
        dtype = dtype if data is None else str(data.dtype)
        fields = {"Shape": self.array(shape), "Name": self.builder.CreateString(name)}
        if data is not None:
            fields["Buffer"] = self.buffer(data.tobytes())
        if scales is not None:
            fields["Quantization"] = self.quantisation(np.atleast_1d(scales), zero, dimension)
        self.tensors.append(self.table("Tensor", Type=TYPES[dtype], **fields))
        return len(self.tensors) - 1

    def quantisation(self, scales, zero, dimension):
        """Per tensor, or per index of a weight's dimension."""
        return self.table(
            "QuantizationParameters",
            Scale=self.array(scales, np.float32),
            ZeroPoint=self.array(np.full(len(scales), zero), np.int64),
            QuantizedDimension=dimension,
        )

    def activation(self, tensor):
        if tensor.name not in self.indices:
            shape = [1, tensor.side, tensor.side, tensor.channels]
            zero = -128 if tensor.rectified else 0
            self.indices[tensor.name] = self.tensor(tensor.name, shape, tensor.scale, zero)
        return self.indices[tensor.name]

    def parameters(self, layer, weight, dimension=0):
        name, scales = f"{layer.name}.weight", layer.weight_scale
        weight = self.tensor(name, weight.shape, scales, data=weight, dimension=dimension)
        scale = layer.weight_scale * layer.input.scale
        return [weight, self.tensor(f"{layer.name}.bias", layer.bias.shape, scale, data=layer.bias)]

    def operator(self, kind, inputs, output, options, **fields):
        self.operators.append(
            self.table(
                "Operator",
                OpcodeIndex=self.codes.setdefault(kind, len(self.codes)),
                Inputs=self.array(inputs),
                Outputs=self.array([output]),
                BuiltinOptionsType=getattr(BuiltinOptions, options),
                BuiltinOptions=self.table(options, **fields),
            )
        )

    def operator_code(self, kind):
        code = getattr(BuiltinOperator, kind)
        fields = {"DeprecatedBuiltinCode": code, "BuiltinCode": code, "Version": VERSIONS[kind]}
        return self.table("OperatorCode", **fields)

    def layer(self, layer):
        getattr(self, type(layer).__name__.lower())(layer)

    def conv(self, layer):
        fields = {
            "Padding": Padding.SAME,
            "StrideW": layer.stride,
            "StrideH": layer.stride,
            "FusedActivationFunction": ACTIVATIONS[layer.output.activation],
        }
        source, output = self.activation(layer.input), self.activation(layer.output)
        if not layer.depthwise:
            inputs = [source, *self.parameters(layer, layer.weight)]
            self.operator("CONV_2D", inputs, output, "Conv2DOptions", **fields)
            return
        # Channels come last, behind a dimension of one.
        weight = np.ascontiguousarray(layer.weight.transpose(3, 1, 2, 0))
        inputs = [source, *self.parameters(layer, weight, dimension=3)]
        fields["DepthMultiplier"] = 1
        self.operator("DEPTHWISE_CONV_2D", inputs, output, "DepthwiseConv2DOptions", **fields)

    def pool(self, layer):
        self.operator(
            "MAX_POOL_2D",
            [self.activation(layer.input)],
            self.activation(layer.output),
            "Pool2DOptions",
            Padding=Padding.SAME,
            StrideW=2,
            StrideH=2,
            FilterWidth=3,
            FilterHeight=3,
        )

    def add(self, layer):
        inputs = [self.activation(layer.left), self.activation(layer.right)]
        output = self.activation(layer.output)
        activation = ACTIVATIONS[layer.output.activation]
        self.operator("ADD", inputs, output, "AddOptions", FusedActivationFunction=activation)

    def head(self, layer):
        axes = self.tensor("axes", [2], data=np.array([1, 2], np.int32))
        pooled = self.activation(layer.pooled)
        inputs = [self.activation(layer.input), axes]
        self.operator("MEAN", inputs, pooled, "ReducerOptions", KeepDims=True)
        flat = self.tensor("flat", [1, layer.pooled.channels], layer.pooled.scale, -128)
        shape = self.tensor("flat_shape", [2], data=np.array([1, -1], np.int32))
        self.operator("RESHAPE", [pooled, shape], flat, "ReshapeOptions")
        logits = self.tensor("logits", [1, layer.output.channels], layer.output.scale)
        inputs = [flat, *self.parameters(layer, layer.weight)]
        self.operator("FULLY_CONNECTED", inputs, logits, "FullyConnectedOptions")
        self.output = self.tensor("logits_real", [1, layer.output.channels], dtype="float32")
        self.operator("DEQUANTIZE", [logits], self.output, "DequantizeOptions")

    def image(self, image):
        shape = [1, image.side, image.side, image.channels]
        self.input = self.tensor("image_real", shape, dtype="float32")
        self.operator("QUANTIZE", [self.input], self.activation(image), "QuantizeOptions")

    def finish(self, network):
        subgraph = self.table(
            "SubGraph",
            Tensors=self.vector(self.tensors),
            Inputs=self.array([self.input]),
            Outputs=self.array([self.output]),
            Operators=self.vector(self.operators),
            Name=self.builder.CreateString(network.name),
        )
        codes = [self.operator_code(kind) for kind in self.codes]
        model = self.table(
            "Model",
            Version=SCHEMA_VERSION,
            OperatorCodes=self.vector(codes),
            Subgraphs=self.vector([subgraph]),
            Description=self.builder.CreateString("random weights, for benchmarks"),
            Buffers=self.vector(self.buffers),
        )
        self.builder.Finish(model, file_identifier=b"TFL3")
        return bytes(self.builder.Output())


def write(network, path):
    writer = Writer()
    writer.image(network.image)
    for layer in network.layers:
        writer.layer(layer)
    path.write_bytes(writer.finish(network))
