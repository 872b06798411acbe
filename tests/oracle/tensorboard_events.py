"""A run's event files against TensorBoard's own reader: `tensorboard_events.py TRAINER`.

A tiny run is fitted, gone on with and gone back in, as after a crash. TensorBoard must see every
point once, with the figures that `log.csv` has.
"""

import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

PHOTOS = 24
# About ten photos are held back, so an epoch has three batches or so.
CONFIG = "side = 32\nepochs = 3\nbatch_size = 4\nholdout = 0.4\n"
# The files hold floats of 32 bits, the log has six digits after the point.
TOLERANCE = 1e-5


def main():
    trainer = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        make_photos(folder)
        run, last = folder / "run", folder / "run/last.safetensors"
        fit(trainer, folder, "--stop-after", "1")
        first = folder / "first.safetensors"
        shutil.copy(last, first)
        fit(trainer, folder, "--resume", str(last), "--stop-after", "2")
        # The second epoch is fitted again: what was written of it must go.
        fit(trainer, folder, "--resume", str(first))
        check(run)


def fit(trainer, folder, *more):
    data = ["--images", "photos", "--annotations", "instances.json"]
    command = [trainer, "train", "--model", "resnet18", "--config", "run.toml", "--out", "run"]
    subprocess.run([*command, *data, *more], cwd=folder, check=True, stderr=subprocess.DEVNULL)


def check(run):
    files = sorted(run.glob("events.out.tfevents.*"))
    assert len(files) == 3, files
    # Zero: keep everything.
    everything = {"scalars": 0, "images": 0, "tensors": 0}
    events = EventAccumulator(str(run), size_guidance=everything).Reload()
    rows = list(csv.DictReader((run / "log.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"], rows

    tags = events.Tags()
    for tag, column in [("loss/epoch", "loss"), ("validation/map", "validation_map")]:
        points = events.Scalars(tag)
        assert len(points) == len(rows), (tag, points)
        for point, row in zip(points, rows):
            assert abs(point.value - float(row[column])) < TOLERANCE, (point, row)
    steps = [point.step for point in events.Scalars("loss/step")]
    assert steps == list(range(1, len(steps) + 1)) and len(steps) >= 6, steps
    assert [point.step for point in events.Scalars("learning_rate")] == steps
    speeds = [point.value for point in events.Scalars("photos_per_second")]
    assert len(speeds) == len(steps) and min(speeds) > 0, speeds
    assert "ap/person" in tags["scalars"] and "ap/zebra" not in tags["scalars"], tags

    for number in range(1, 5):
        tag = f"photo/{number}"
        image = events.Images(tag)[0]
        assert (image.width, image.height) == (64, 48), image
        assert image.encoded_image_string.startswith(b"\xff\xd8\xff")
        texts = events.Tensors(tag)
        # What is void goes by curves and images; of texts this reader keeps the older one, too.
        assert len({text.step for text in texts}) == len(rows), texts
        assert b"person" in texts[0].tensor_proto.string_val[0], texts
        metadata = events.SummaryMetadata(tag)
        assert metadata.plugin_data.plugin_name == "text", metadata
    print(f"TensorBoard reads {len(tags['scalars'])} curves and {len(tags['images'])} photos")


def make_photos(folder):
    (folder / "run.toml").write_text(CONFIG)
    (folder / "photos").mkdir()
    generator = np.random.default_rng(1)
    images, annotations = [], []
    for index in range(1, PHOTOS + 1):
        name = f"{index}.png"
        pixels = generator.integers(0, 256, (48, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "photos" / name)
        images.append({"id": index, "file_name": name})
        if index % 2:
            annotations.append({"image_id": index, "category_id": 1})
    categories = [{"id": 1, "name": "person"}]
    instances = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "instances.json").write_text(json.dumps(instances))


if __name__ == "__main__":
    main()
