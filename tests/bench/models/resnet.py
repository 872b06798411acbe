"""ResNet-18 and 50."""

from layers import Activation, Builder

BLOCKS = {"resnet18": (2, 2, 2, 2), "resnet50": (3, 4, 6, 3)}
WIDTHS = (64, 128, 256, 512)
LINEAR, RELU = Activation.LINEAR, Activation.RELU


def resnet(name):
    builder = Builder(name)
    block = bottleneck if name == "resnet50" else basic
    x = builder.conv("conv1", builder.network.image, 64, 7, 2, RELU)
    x = builder.pool(x)
    for stage, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS[name])):
        for number in range(blocks):
            stride = 2 if stage > 0 and number == 0 else 1
            x = block(builder, f"layer{stage + 1}.{number}", x, width, stride)
    builder.head(x)
    return builder.network


def basic(builder, name, x, width, stride):
    residual = shortcut(builder, name, x, width, stride)
    y = builder.conv(f"{name}.conv1", x, width, 3, stride, RELU)
    y = builder.conv(f"{name}.conv2", y, width, 3, 1, LINEAR)
    return builder.add(name, y, residual, RELU)


def bottleneck(builder, name, x, width, stride):
    residual = shortcut(builder, name, x, 4 * width, stride)
    y = builder.conv(f"{name}.conv1", x, width, 1, 1, RELU)
    y = builder.conv(f"{name}.conv2", y, width, 3, stride, RELU)
    y = builder.conv(f"{name}.conv3", y, 4 * width, 1, 1, LINEAR)
    return builder.add(name, y, residual, RELU)


def shortcut(builder, name, x, channels, stride):
    if stride == 1 and x.channels == channels:
        return x
    return builder.conv(f"{name}.downsample.0", x, channels, 1, stride, LINEAR)
