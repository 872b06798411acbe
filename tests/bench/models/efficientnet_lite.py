"""EfficientNet-Lite2."""

from layers import Activation, Builder

NAME = "efficientnet_lite2"
# Expansion, width, blocks, stride and kernel of each stage: EfficientNet-B0's, 1.1 times as wide and 1.2
# times as deep.
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 3, 2, 3),
    (6, 48, 3, 2, 5),
    (6, 88, 4, 2, 3),
    (6, 120, 4, 1, 5),
    (6, 208, 5, 2, 5),
    (6, 352, 1, 1, 3),
)
STEM, LAST = 32, 1280
LINEAR, RELU6 = Activation.LINEAR, Activation.RELU6


def efficientnet_lite2():
    builder = Builder(NAME)
    image = builder.network.image
    x = builder.conv("stem", image, STEM, 3, 2, RELU6, same(3, 2, image.side))
    for stage, (expansion, width, blocks, first_stride, kernel) in enumerate(STAGES):
        for number in range(blocks):
            stride = first_stride if number == 0 else 1
            x = block(builder, f"stage{stage}.{number}", x, expansion, width, stride, kernel)
    builder.head(builder.conv("last", x, LAST, 1, 1, RELU6))
    return builder.network


def block(builder, name, x, expansion, width, stride, kernel):
    y = x
    if expansion > 1:
        y = builder.conv(f"{name}.expand", y, expansion * x.channels, 1, 1, RELU6)
    padding = same(kernel, stride, x.side)
    y = builder.depthwise(f"{name}.depthwise", y, kernel, stride, RELU6, padding)
    y = builder.conv(f"{name}.project", y, width, 1, 1, LINEAR)
    is_residual = stride == 1 and x.channels == width
    return builder.add(name, y, x, LINEAR) if is_residual else y


def same(kernel, stride, side):
    """TensorFlow's padding, before and after: what is odd of it comes after."""
    outputs = -(-side // stride)
    padding = max((outputs - 1) * stride + kernel - side, 0)
    return padding // 2, padding - padding // 2
