"""Times this engine and its peers on the machine's graphics device, and prints a table.

    gpu.py TRAINER [--networks resnet18,…] [--batches 1,8,64] [--runs N] [--json FILE] [--software]

`trainer bench --backend webgpu` runs nothing that did not give the processor's logits first. PyTorch
(float16, channels last, a CUDA graph) and onnxruntime (float16, CUDA) are timed where this Python
has them and an NVIDIA device; a peer that is absent is named, and its cells stay empty. Weights are
random and images have 224 × 224 pixels. Every time is from codes or pixels in the program's memory to
logits in the program's memory, but PyTorch's and onnxruntime's begin with the pixels on the device.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

SIDE = 224
CLASSES = 80
UNTIMED_RUNS = 10
OURS, PYTORCH, ONNXRUNTIME = "Tagsight, webgpu", "PyTorch, float16", "onnxruntime, float16"
# What a device can do at most: 10¹² operations a second of four-way 8-bit dot products (CUDA C++
# programming guide, "Throughput of native arithmetic instructions": 64 results a clock and
# multiprocessor for compute capability 9.0; 132 of them at 1.98 GHz), and 10⁹ bytes a second (data
# sheets).
LIMITS = {"H200": (134.0, 4800.0), "H100 80GB HBM3": (134.0, 3350.0)}


def main():
    arguments = parse()
    peers = [PYTORCH, ONNXRUNTIME]
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        if not arguments.software:
            refuse_software(arguments, pathlib.Path(folder))
        for network in arguments.networks:
            for batch in arguments.batches:
                found = {OURS: ours(arguments, pathlib.Path(folder), network, batch)}
                for peer, measure in zip(peers, (pytorch, onnxruntime)):
                    try:
                        found[peer] = measure(network, batch, arguments.runs, folder)
                    except (ImportError, RuntimeError, AttributeError) as error:
                        print(f"{peer} is not timed: {error}")
                results[f"{network} {batch}"] = found
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results, peers))
    for name, found in results.items():
        print_layers(name, found[OURS])


def parse():
    parser = argparse.ArgumentParser()
    names = lambda text: text.split(",")
    numbers = lambda text: [int(number) for number in text.split(",")]
    parser.add_argument("trainer")
    parser.add_argument("--networks", type=names, default=names("mobilenet_v2,resnet18,resnet34,resnet50"))
    parser.add_argument("--batches", type=numbers, default=[1, 8, 64])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--software", action="store_true", help="time a processor that plays a device")
    return parser.parse_args()


def refuse_software(arguments, folder):
    found = bench(arguments, folder, arguments.networks[0], "--runs", "1")
    if found["is_software"]:
        raise SystemExit(
            f"no graphics device was found, only a processor that plays one ({found['engine']}); "
            "install the device's Vulkan driver, or say --software to time this one"
        )


def ours(arguments, folder, network, batch):
    sizes = ["--batch", str(batch), "--runs", str(arguments.runs)]
    return bench(arguments, folder, network, "--tune", "--layers", *sizes)


def bench(arguments, folder, network, *options):
    artifact = folder / network
    if not artifact.exists():
        export = ["export", "--random", "--model", network, "--out", str(artifact)]
        subprocess.run([arguments.trainer, *export], check=True, stdout=subprocess.DEVNULL)
    command = [arguments.trainer, "bench", "--backend", "webgpu", "--json", *options]
    command += ["--artifact", str(artifact)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def pytorch(network, batch, runs, _folder):
    import torch

    model, images = half_network(network, batch)
    stream = torch.cuda.Stream()
    with torch.no_grad(), torch.cuda.stream(stream):
        for _ in range(3):
            model(images)
    stream.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.no_grad(), torch.cuda.graph(graph):
        logits = model(images)

    def run():
        graph.replay()
        return logits.cpu()

    return summary(run, runs, batch)


def half_network(network, batch):
    import torch
    import torchvision

    if not torch.cuda.is_available():
        raise RuntimeError("PyTorch finds no CUDA device")
    torch.backends.cudnn.benchmark = True
    model = getattr(torchvision.models, network)(weights=None, num_classes=CLASSES).eval()
    model = model.half().cuda().to(memory_format=torch.channels_last)
    images = torch.randn(batch, 3, SIDE, SIDE, dtype=torch.half, device="cuda")
    return model, images.contiguous(memory_format=torch.channels_last)


def onnxruntime(network, batch, runs, folder):
    import onnxruntime as runtime
    import torch

    if "CUDAExecutionProvider" not in runtime.get_available_providers():
        raise RuntimeError("this onnxruntime has no CUDA provider")
    model, images = half_network(network, batch)
    path = str(pathlib.Path(folder) / f"{network}-{batch}.onnx")
    torch.onnx.export(model, images, path, input_names=["images"], output_names=["logits"])
    session = runtime.InferenceSession(path, providers=["CUDAExecutionProvider"])
    on_device = runtime.OrtValue.ortvalue_from_numpy(images.contiguous().cpu().numpy(), "cuda", 0)
    binding = session.io_binding()

    def run():
        binding.bind_ortvalue_input("images", on_device)
        binding.bind_output("logits", "cpu")
        session.run_with_iobinding(binding)
        return binding.copy_outputs_to_cpu()

    return summary(run, runs, batch)


def summary(run, runs, batch):
    for _ in range(UNTIMED_RUNS):
        run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    median = statistics.median(times)
    return {"median_ms": median, "photos_per_second": batch / median * 1e3}


def table(results, peers):
    engines = [OURS, *(peer for peer in peers if any(peer in found for found in results.values()))]
    rows = ["| network, photos at a time | " + " | ".join(engines) + " |"]
    rows.append("|---|" + "--:|" * len(engines))
    for name, found in results.items():
        base = found[OURS]["median_ms"]
        cell = lambda figures: (
            f"{figures['median_ms']:.2f} ms ({figures['median_ms'] / base:.2f}×), "
            f"{figures['photos_per_second']:.0f}/s"
        )
        cells = [cell(found[engine]) if engine in found else "" for engine in engines]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def print_layers(name, figures):
    limit = next((limit for device, limit in LIMITS.items() if device in figures["engine"]), None)
    print(f"\n{name} on {figures['engine']}")
    for layer in figures["layers"]:
        shares = ""
        if limit:
            shares = f"  {layer['tops'] / limit[0]:6.1%} of arithmetic"
            shares += f"  {layer['gigabytes_per_second'] / limit[1]:6.1%} of bandwidth"
        print(f"{layer['name']:<28} {layer['ms']:9.4f} ms {layer['tops']:8.2f} TOP/s{shares}")


main()
